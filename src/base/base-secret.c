/* base-secret.c - a password in memory, gone when it is freed */
#include "base-secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

struct Secret {
	gsize len;
	char *text;
};

Secret *
secret_new(const char *text, gssize len)
{
	Secret *secret = g_new(Secret, 1);

	secret->len = len < 0 ? strlen(text) : (gsize)len;
	g_assert(secret->len <= 65536);
	secret->text = g_malloc(secret->len + 1);
	/* best effort: a small RLIMIT_MEMLOCK is no reason to stop */
	(void)mlock(secret->text, secret->len + 1);
	memcpy(secret->text, text, secret->len);
	secret->text[secret->len] = '\0';
	return secret;
}

Secret *
secret_copy(const Secret *secret)
{
	return secret_new(secret->text, (gssize)secret->len);
}

void
secret_free(Secret *secret)
{
	if (secret == NULL)
		return;
	secret_wipe(secret->text, secret->len + 1);
	(void)munlock(secret->text, secret->len + 1);
	g_free(secret->text);
	g_free(secret);
}

const char *
secret_text(const Secret *secret)
{
	return secret->text;
}

void
secret_wipe(void *memory, gsize len)
{
	explicit_bzero(memory, len);
}

void
secret_no_core(void)
{
	struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
