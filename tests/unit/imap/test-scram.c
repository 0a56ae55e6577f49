/* test-scram.c - the server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677) */
#include "test-scram.h"

#include <string.h>

#include <gsasl.h>

struct Scram {
	Gsasl *context;
	Gsasl_session *session;
};

static int
tell(Gsasl *context G_GNUC_UNUSED, Gsasl_session *session,
     Gsasl_property property)
{
	if (property != GSASL_PASSWORD)
		return GSASL_NO_CALLBACK;
	return gsasl_property_set(session, GSASL_PASSWORD, "password");
}

Scram *
scram_new(void)
{
	Scram *scram = g_new0(Scram, 1);

	g_assert_cmpint(gsasl_init(&scram->context), ==, GSASL_OK);
	gsasl_callback_set(scram->context, tell);
	g_assert_cmpint(gsasl_server_start(scram->context, "SCRAM-SHA-256",
					   &scram->session),
			==, GSASL_OK);
	return scram;
}

void
scram_free(Scram *scram)
{
	if (scram == NULL)
		return;
	gsasl_finish(scram->session);
	gsasl_done(scram->context);
	g_free(scram);
}

/* "v=<base64>": another bit in the signature, and base64 all the same. */
static char *
spoiled(const char *message)
{
	g_autofree guchar *text = NULL;
	g_autofree guchar *signature = NULL;
	g_autofree char *wrong = NULL;
	g_autofree char *whole = NULL;
	gsize len, signature_len;

	text = g_base64_decode(message, &len);
	g_assert_true(len > 2 && memcmp(text, "v=", 2) == 0);
	whole = g_strndup((char *)text + 2, len - 2);
	signature = g_base64_decode(whole, &signature_len);
	g_assert_cmpuint(signature_len, ==, 32);
	signature[31] ^= 1;
	wrong = g_base64_encode(signature, signature_len);
	g_free(whole);
	whole = g_strconcat("v=", wrong, NULL);
	return g_base64_encode((guchar *)whole, strlen(whole));
}

char *
scram_step(Scram *scram, const char *message, bool spoil)
{
	char *answer = NULL;
	char *out;
	int code = gsasl_step64(scram->session, message, &answer);

	if (code != GSASL_OK && code != GSASL_NEEDS_MORE)
		return NULL;
	out = spoil && code == GSASL_OK ? spoiled(answer) : g_strdup(answer);
	gsasl_free(answer);
	return out;
}
