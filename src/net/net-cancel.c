/* net-cancel.c - ends whatever waits, from any thread */
#include <errno.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net-stream.h"

struct NetCancel {
	atomic_int references;
	atomic_bool triggered;
	int fd; /* an eventfd that is never read: it stays readable */
};

NetCancel *
net_cancel_new(void)
{
	NetCancel *cancel = g_new0(NetCancel, 1);

	atomic_init(&cancel->references, 1);
	cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cancel->fd < 0)
		g_error("eventfd: %s", g_strerror(errno));
	return cancel;
}

NetCancel *
net_cancel_ref(NetCancel *cancel)
{
	atomic_fetch_add(&cancel->references, 1);
	return cancel;
}

void
net_cancel_unref(NetCancel *cancel)
{
	if (cancel == NULL || atomic_fetch_sub(&cancel->references, 1) != 1)
		return;
	close(cancel->fd);
	g_free(cancel);
}

void
net_cancel_trigger(NetCancel *cancel)
{
	atomic_store(&cancel->triggered, true);
	eventfd_write(cancel->fd, 1);
}

bool
net_cancel_is_triggered(const NetCancel *cancel)
{
	return atomic_load(&cancel->triggered);
}

int
net_cancel_fd(const NetCancel *cancel)
{
	return cancel->fd;
}
