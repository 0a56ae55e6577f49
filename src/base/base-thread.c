/* base-thread.c - threads with room on the stack and no signals */
#include "base-thread.h"

#include <signal.h>

#define STACK_SIZE ((gsize)8 << 20)

pthread_t
thread_start(const char *name, void *(*func)(void *), void *user)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int code;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	/* the new thread inherits the mask: signals stay the main loop's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&thread, &attributes, func, user);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	if (code != 0)
		g_error("thread %s: %s", name, g_strerror(code));
	pthread_setname_np(thread, name);
	return thread;
}
