/* test-base-secret.c - passwords in memory; threads without signals */
#include "base-secret.h"

#include <signal.h>
#include <string.h>

#include "base-thread.h"

static void
test_secret(void)
{
	g_autoptr(Secret) secret = secret_new("hunter2\nrest", 7);
	g_autoptr(Secret) copy = secret_copy(secret);
	g_autoptr(Secret) empty = secret_new("", -1);
	char memory[] = "hunter2";

	g_assert_cmpstr(secret_text(secret), ==, "hunter2");
	g_assert_cmpstr(secret_text(copy), ==, "hunter2");
	g_assert_true(secret_text(copy) != secret_text(secret));
	g_assert_cmpstr(secret_text(empty), ==, "");
	secret_wipe(memory, sizeof(memory));
	for (gsize i = 0; i < sizeof(memory); i++)
		g_assert_cmpint(memory[i], ==, 0);
	secret_free(NULL);
}

/* Fills a megabyte of stack, and says which signals it could get. */
static void *
look_around(void *user)
{
	sigset_t *mask = user;
	volatile char stack[4 << 20];

	memset((char *)stack, 1, sizeof(stack));
	pthread_sigmask(SIG_SETMASK, NULL, mask);
	return stack[sizeof(stack) - 1] == 1 ? user : NULL;
}

static void
test_thread(void)
{
	sigset_t inside, before, after;
	void *result;
	pthread_t thread;

	pthread_sigmask(SIG_SETMASK, NULL, &before);
	sigemptyset(&inside);
	thread = thread_start("test", look_around, &inside);
	pthread_join(thread, &result);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	g_assert_true(result == &inside);
	g_assert_true(sigismember(&inside, SIGTERM));
	g_assert_true(sigismember(&inside, SIGPIPE));
	g_assert_cmpint(sigismember(&after, SIGTERM), ==,
			sigismember(&before, SIGTERM));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/secret", test_secret);
	g_test_add_func("/base/thread", test_thread);
	return g_test_run();
}
