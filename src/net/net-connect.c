/* net-connect.c - from a name to a connected socket */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base-errno.h"
#include "base-guard.h"
#include "base-word.h"
#include "net-private.h"

/* an address that does not answer must not hold up the next one (RFC 8305) */
#define NEXT_ADDRESS_US ((gint64)300000)
/* a name with more addresses than this is not asked further */
#define ADDRESSES_MAX 16u

/*
 * getaddrinfo() cannot be interrupted, so it runs in a thread of its own that
 * the caller may abandon. Whoever is last frees the look-up.
 */
typedef struct {
	atomic_int references; /* the thread's and the waiter's */
	char *host;
	char port[8];
	int ready_fd;
	atomic_bool done; /* code and list may be read */
	int code;
	struct addrinfo *list;
} Lookup;

static void
lookup_unref(Lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->references, 1) != 1)
		return;
	if (lookup->list != NULL)
		freeaddrinfo(lookup->list);
	close(lookup->ready_fd);
	g_free(lookup->host);
	g_free(lookup);
}

static void *
lookup_thread(void *data)
{
	Lookup *lookup = data;
	struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG,
	};

	lookup->code =
	    getaddrinfo(lookup->host, lookup->port, &hints, &lookup->list);
	if (lookup->code == EAI_NONAME || lookup->code == EAI_ADDRFAMILY) {
		/* no address but loopback is configured: localhost still is */
		hints.ai_flags = AI_NUMERICSERV;
		lookup->code = getaddrinfo(lookup->host, lookup->port, &hints,
					   &lookup->list);
	}
	atomic_store(&lookup->done, true);
	eventfd_write(lookup->ready_fd, 1);
	lookup_unref(lookup);
	return NULL;
}

static Lookup *
lookup_start(const NetAddress *address)
{
	Lookup *lookup = g_new0(Lookup, 1);
	pthread_attr_t attributes;
	pthread_t thread;

	atomic_init(&lookup->references, 2);
	lookup->host = g_strdup(address->host);
	g_snprintf(lookup->port, sizeof(lookup->port), "%u", address->port);
	lookup->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (lookup->ready_fd < 0 ||
	    pthread_create(&thread, &attributes, lookup_thread, lookup) != 0) {
		lookup->code = EAI_SYSTEM;
		atomic_store(&lookup->done, true);
		eventfd_write(lookup->ready_fd, 1);
		lookup_unref(lookup);
	}
	pthread_attr_destroy(&attributes);
	return lookup;
}

/* poll() that also ends on a cancel; what is left of the time in *until */
static int
poll_until(struct pollfd *fds, guint n, NetCancel *cancel, gint64 until_us)
{
	for (;;) {
		gint64 left = until_us - g_get_monotonic_time();
		int result;

		fds[n] = (struct pollfd){
		    .fd = cancel != NULL ? net_cancel_fd(cancel) : -1,
		    .events = POLLIN};
		if (left < 0)
			left = 0;
		result = poll(fds, n + 1, (int)((left + 999) / 1000));
		if (cancel != NULL && net_cancel_is_triggered(cancel))
			return -1;
		if (result >= 0 || errno != EINTR)
			return result;
	}
}

static bool
set_cancelled(const NetAddress *address, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CANCELLED, "%s: cancelled",
		    address->host);
	return false;
}

static bool
resolve(const NetAddress *address, gint64 timeout_us, NetCancel *cancel,
	Lookup **ret_lookup, GError **error)
{
	Lookup *lookup = lookup_start(address);
	struct pollfd fds[2] = {{.fd = lookup->ready_fd, .events = POLLIN}};
	int ready =
	    poll_until(fds, 1, cancel, g_get_monotonic_time() + timeout_us);

	if (ready > 0 && atomic_load(&lookup->done) && lookup->code == 0 &&
	    lookup->list != NULL) {
		*ret_lookup = lookup;
		return true;
	}
	if (ready < 0)
		set_cancelled(address, error);
	else if (ready == 0)
		g_set_error(error, NET_ERROR, NET_ERROR_TIMEOUT,
			    "%s: the name service does not answer",
			    address->host);
	else
		g_set_error(error, NET_ERROR, NET_ERROR_RESOLVE, "%s: %s",
			    address->host,
			    lookup->code == EAI_NONAME
				? N_("host not known")
				: gai_strerror(lookup->code));
	lookup_unref(lookup);
	return false;
}

/* IPv6 and IPv4 by turns, in the order the resolver gave each family */
static guint
interleave(struct addrinfo *list, struct addrinfo **ret_order)
{
	struct addrinfo *six = list;
	struct addrinfo *four = list;
	guint n = 0;

	while (n < ADDRESSES_MAX && (six != NULL || four != NULL)) {
		while (six != NULL && six->ai_family != AF_INET6)
			six = six->ai_next;
		if (six != NULL && n < ADDRESSES_MAX) {
			ret_order[n++] = six;
			six = six->ai_next;
		}
		while (four != NULL && four->ai_family != AF_INET)
			four = four->ai_next;
		if (four != NULL && n < ADDRESSES_MAX) {
			ret_order[n++] = four;
			four = four->ai_next;
		}
	}
	return n;
}

static bool
is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return (ntohl(four->sin_addr.s_addr) >> 24) == 127;
	if (address->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
	return false;
}

static void
set_options(int fd)
{
	const int on = 1;

	/* a command is one write: waiting for more only costs time */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* IDLE is silent for half an hour; a dead peer is noticed by this */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &(int){120}, sizeof(int));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &(int){20}, sizeof(int));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &(int){4}, sizeof(int));
}

/**
 * Race: attempts that run side by side
 */
typedef struct {
	struct pollfd fds[ADDRESSES_MAX + 1];
	guint which[ADDRESSES_MAX];
	gint64 until[ADDRESSES_MAX];
	guint n;
	int last_errno;
} Race;

static void
race_drop(Race *race, guint i)
{
	close(race->fds[i].fd);
	race->n--;
	race->fds[i] = race->fds[race->n];
	race->which[i] = race->which[race->n];
	race->until[i] = race->until[race->n];
}

/* Returns: a socket that is connected at once, else -1 */
static int
race_add(Race *race, const struct addrinfo *address, guint which,
	 gint64 timeout_us)
{
	int fd = socket(address->ai_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		race->last_errno = errno;
		return -1;
	}
	set_options(fd);
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return fd;
	if (errno != EINPROGRESS) {
		race->last_errno = errno;
		close(fd);
		return -1;
	}
	race->fds[race->n] = (struct pollfd){.fd = fd, .events = POLLOUT};
	race->which[race->n] = which;
	race->until[race->n] = g_get_monotonic_time() + timeout_us;
	race->n++;
	return -1;
}

/* Returns: a socket that got through, else -1; failed ones are dropped */
static int
race_look(Race *race)
{
	gint64 now = g_get_monotonic_time();

	for (guint i = 0; i < race->n;) {
		int failure = 0;
		socklen_t len = sizeof(failure);

		if (race->fds[i].revents == 0) {
			if (now < race->until[i]) {
				i++;
				continue;
			}
			race->last_errno = ETIMEDOUT;
			race_drop(race, i);
			continue;
		}
		if (getsockopt(race->fds[i].fd, SOL_SOCKET, SO_ERROR, &failure,
			       &len) == 0 &&
		    failure == 0) {
			int fd = race->fds[i].fd;

			race->fds[i].fd = -1;
			return fd;
		}
		race->last_errno = failure;
		race_drop(race, i);
	}
	return -1;
}

static gint64
race_next_end(const Race *race, gint64 until_us)
{
	for (guint i = 0; i < race->n; i++)
		until_us = MIN(until_us, race->until[i]);
	return until_us;
}

static int
run_race(struct addrinfo **order, guint n, gint64 timeout_us, NetCancel *cancel,
	 Race *race, bool *ret_cancelled)
{
	guint next = 0;
	int fd = -1;

	while (fd < 0 && (next < n || race->n > 0)) {
		gint64 until = G_MAXINT64;

		if (next < n) {
			fd = race_add(race, order[next], next, timeout_us);
			next++;
			if (fd >= 0)
				break;
			if (race->n == 0)
				continue;
			until = g_get_monotonic_time() +
				(next < n ? NEXT_ADDRESS_US : timeout_us);
		}
		if (poll_until(race->fds, race->n, cancel,
			       race_next_end(race, until)) < 0) {
			*ret_cancelled = true;
			break;
		}
		fd = race_look(race);
	}
	for (guint i = 0; i < race->n; i++)
		if (race->fds[i].fd >= 0)
			close(race->fds[i].fd);
	return fd;
}

int
net_resolve_and_connect(const NetAddress *address, const NetTimeouts *timeouts,
			NetCancel *cancel, bool *ret_loopback, GError **error)
{
	struct addrinfo *order[ADDRESSES_MAX];
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	Lookup *lookup = NULL;
	Race race = {.last_errno = ENETUNREACH};
	bool cancelled = false;
	guint n;
	int fd;

	GUARD_NOT_ON_UI("connect");
	if (!resolve(address, timeouts->resolve_us, cancel, &lookup, error))
		return -1;
	n = interleave(lookup->list, order);
	fd =
	    run_race(order, n, timeouts->connect_us, cancel, &race, &cancelled);
	lookup_unref(lookup);
	if (fd < 0 && cancelled) {
		set_cancelled(address, error);
		return -1;
	}
	if (fd < 0) {
		g_set_error(error, NET_ERROR,
			    race.last_errno == ETIMEDOUT ? NET_ERROR_TIMEOUT
							 : NET_ERROR_CONNECT,
			    "%s:%u: %s", address->host, address->port,
			    errno_text(race.last_errno));
		return -1;
	}
	*ret_loopback = getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
			is_loopback((struct sockaddr *)&peer);
	return fd;
}
