/* base-thread.h - threads with room on the stack and no signals */
#pragma once

#include <pthread.h>

#include <glib.h>

/** thread_start: 8 MB of stack, all signals blocked; @name: at most 15 bytes;
 * failure to start one aborts, as a failed allocation does */
pthread_t thread_start(const char *name, void *(*func)(void *), void *user);
