/* base-guard.h - test builds abort where the UI thread would block */
#pragma once

#include <glib.h>

/**
 * guard_mark_ui_thread:
 *
 * Called once by the UI thread. From then on GUARD_NOT_ON_UI() aborts there in
 * builds with -Dtest-hooks=true; release builds hold no such code.
 */
#ifdef PENNON_TEST_HOOKS
void guard_mark_ui_thread(void);
void guard_not_on_ui(const char *what);
#define GUARD_NOT_ON_UI(what) guard_not_on_ui(what)
#else
#define guard_mark_ui_thread() ((void)0)
#define GUARD_NOT_ON_UI(what) ((void)0)
#endif
