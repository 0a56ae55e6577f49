/* test-size.h - how much a test does: the same checks on less where each step
 * is dear, on much more where somebody asked for it */
#pragma once

#include <stdbool.h>
#include <time.h>

#include <glib.h>

#ifdef __has_feature
#define TEST_HAS_FEATURE(name) __has_feature(name)
#else
#define TEST_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
    TEST_HAS_FEATURE(address_sanitizer) || TEST_HAS_FEATURE(thread_sanitizer)
#define TEST_SANITIZED true
#else
#define TEST_SANITIZED false
#endif

/** test_is_exhaustive: "-m slow", or PENNON_EXHAUSTIVE=1; after g_test_init */
static inline bool
test_is_exhaustive(void)
{
	return g_test_slow() ||
	       g_strcmp0(g_getenv("PENNON_EXHAUSTIVE"), "1") == 0;
}

/** test_is_quick: a sanitizer is built in, and nobody asked for everything */
static inline bool
test_is_quick(void)
{
	return TEST_SANITIZED && !test_is_exhaustive();
}

/** test_size: @all with a sanitizer only if everything was asked for */
static inline guint
test_size(guint all, guint quick)
{
	return test_is_quick() ? quick : all;
}

/** test_time_used: by this thread, in µs; a busy machine makes nothing slow */
static inline gint64
test_time_used(void)
{
	struct timespec now;

	g_assert_cmpint(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), ==, 0);
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}
