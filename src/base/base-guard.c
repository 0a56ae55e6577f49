/* base-guard.c - test builds abort where the UI thread would block */
#include "base-guard.h"

#ifdef PENNON_TEST_HOOKS
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static atomic_bool marked;
static pthread_t ui_thread;

void
guard_mark_ui_thread(void)
{
	ui_thread = pthread_self();
	atomic_store(&marked, true);
}

void
guard_not_on_ui(const char *what)
{
	if (atomic_load(&marked) && pthread_equal(pthread_self(), ui_thread))
		g_error("the UI thread must not wait: %s", what);
}
#endif
