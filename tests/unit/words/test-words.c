/* test-words.c - messages of the layers below in another language */
#include "words.h"

#include <string.h>

static const char *const sentences[] = {
    "no such mailbox",
    "%s: no such mailbox",
    "there is nothing to undo",
    "no such key; did you mean %s?",
    "\"%s\" is not a number from %d to %d",
    "%s: certificate not trusted: %s",
    "its key is not the one that was pinned",
    "%s: login of %s refused; the server says: %s",
    "the server says: %s: ",
    "the server closed the connection",
    "%s: the server sends us away%s%s",
    "change %ld: %s",
    "not waiting",
    "part %s is no text (%s)",
    NULL,
};

static const struct {
	const char *format;
	const char *translation;
} catalogue[] = {
    {"no such mailbox", "KEIN POSTFACH"},
    {"%s: no such mailbox", "%s: KEIN POSTFACH"},
    {"there is nothing to undo", "NICHTS"},
    {"no such key; did you mean %s?", "UNBEKANNT; %s GEMEINT?"},
    {"\"%s\" is not a number from %d to %d", "»%s« NICHT VON %d BIS %d"},
    {"%s: certificate not trusted: %s", "%s: ZERTIFIKAT: %s"},
    {"its key is not the one that was pinned", "FALSCHER SCHLÜSSEL"},
    {"%s: login of %s refused; the server says: %s",
     "%s: ANMELDUNG VON %s ABGELEHNT; DER SERVER SAGT: %s"},
    {"the server says: %s: ", "DER SERVER SAGT: %s: "},
    {"the server closed the connection", "GESCHLOSSEN"},
    {"%s: the server sends us away%s%s", "%s: ABGEWIESEN%s%s"},
    {"change %ld: %s", "ÄNDERUNG %ld: %s"},
    {"not waiting", "STEHT NICHT AUS"},
    /* another order of words */
    {"part %s is no text (%s)", "%2$s IN TEIL %1$s IST KEIN TEXT"},
};

static const char *
look_up(const char *format)
{
	for (guint i = 0; i < G_N_ELEMENTS(catalogue); i++)
		if (strcmp(catalogue[i].format, format) == 0)
			return catalogue[i].translation;
	return format;
}

static const struct {
	const char *message;
	const char *expected;
} cases[] = {
    {"there is nothing to undo", "NICHTS"},
    {"Nowhere: no such mailbox", "Nowhere: KEIN POSTFACH"},
    {"a: b: c: no such mailbox", "a: b: c: KEIN POSTFACH"},
    /* a mailbox may be named like a sentence */
    {"no such mailbox: no such mailbox", "no such mailbox: KEIN POSTFACH"},
    {"/c/config:5: emial: no such key; did you mean email?",
     "/c/config:5: emial: UNBEKANNT; email GEMEINT?"},
    {"/c/config:5: timeout: \"x\" is not a number from 1 to 3600",
     "/c/config:5: timeout: »x« NICHT VON 1 BIS 3600"},
    /* what is no number does not fit where one belongs */
    {"\"x\" is not a number from 1 to many",
     "\"x\" is not a number from 1 to many"},
    {"host: certificate not trusted: its key is not the one that was pinned",
     "host: ZERTIFIKAT: FALSCHER SCHLÜSSEL"},
    {"host: certificate not trusted: self-signed certificate",
     "host: ZERTIFIKAT: self-signed certificate"},
    /* the server's words stay, whatever they are */
    {"host: login of al refused; the server says: no such mailbox",
     "host: ANMELDUNG VON al ABGELEHNT; DER SERVER SAGT: no such mailbox"},
    {"the server says: no such mailbox", "the server says: no such mailbox"},
    {"the server says: too busy: host: the server closed the connection",
     "DER SERVER SAGT: too busy: host: GESCHLOSSEN"},
    {"host: the server sends us away", "host: ABGEWIESEN"},
    {"host: the server sends us away: too busy", "host: ABGEWIESEN: too busy"},
    {"change 12: not waiting", "ÄNDERUNG 12: STEHT NICHT AUS"},
    {"part 1.2 is no text (image/png)", "image/png IN TEIL 1.2 IST KEIN TEXT"},
    {"nothing that is known", "nothing that is known"},
    {"no such mailbox.", "no such mailbox."},
    {"100% %s %d %n", "100% %s %d %n"},
    {"", ""},
};

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *said =
		    words_translate_by(cases[i].message, sentences, look_up);

		g_assert_cmpstr(said, ==, cases[i].expected);
	}
}

/* A translator's slip costs a value, never a read behind the last one. */
static const char *
slip(const char *format)
{
	if (strcmp(format, "change %ld: %s") == 0)
		return "%7$s %9$s %s %s %s %0$s";
	return strchr(format, '%') != NULL ? "100 %" : format;
}

static void
test_slips(void)
{
	static const struct {
		const char *message;
		const char *expected;
	} slips[] = {
	    {"change 7: x", "change 7: x"},
	    {"a: no such mailbox", "a: no such mailbox"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(slips); i++) {
		g_autofree char *said =
		    words_translate_by(slips[i].message, sentences, slip);

		g_assert_cmpstr(said, ==, slips[i].expected);
	}
}

/* Separators without end, and values without end, cost little. */
static void
test_hostile(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *many = NULL;
	g_autofree char *large = NULL;

	for (guint i = 0; i < 1000; i++)
		g_string_append(text, "a: ");
	g_string_append(text, "no such mailbox");
	many = words_translate_by(text->str, sentences, look_up);
	g_assert_true(g_str_has_suffix(many, ": KEIN POSTFACH"));
	for (guint i = 0; i < 100000; i++)
		g_string_append(text, ": change 1");
	large = words_translate_by(text->str, sentences, look_up);
	g_assert_cmpstr(large, ==, text->str);
}

/* The table that the build makes: every sentence finds itself, and only one
 * that is made of values alone would swallow all others. */
static void
test_table(void)
{
	g_autofree char *none = words_translate(NULL);
	g_autofree char *other = words_translate("x: y: zzz");

	g_assert_null(none);
	g_assert_cmpstr(other, ==, "x: y: zzz");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/cases", test_cases);
	g_test_add_func("/words/slips", test_slips);
	g_test_add_func("/words/hostile", test_hostile);
	g_test_add_func("/words/table", test_table);
	return g_test_run();
}
