/* test-model-change.c - changes, styled lines, status values: who owns what */
#include "model-change.h"

#include "model-status.h"
#include "model-text.h"

static void
test_names(void)
{
	g_assert_cmpstr(change_kind_name(CHANGE_FLAGS), ==, "flags");
	g_assert_cmpstr(change_kind_name(CHANGE_FOLLOWUP), ==, "followup");
	g_assert_cmpstr(change_kind_name((ChangeKind)0), ==, "unknown");
	g_assert_cmpstr(change_kind_name((ChangeKind)99), ==, "unknown");
	g_assert_cmpstr(change_state_name(CHANGE_SUPERSEDED), ==, "superseded");
	g_assert_cmpstr(change_state_name((ChangeState)0), ==, "unknown");
	g_assert_true(change_state_is_open(CHANGE_UNKNOWN));
	g_assert_true(change_state_is_open(CHANGE_FAILED));
	g_assert_false(change_state_is_open(CHANGE_CONFIRMED));
	g_assert_false(change_state_is_open(CHANGE_SUPERSEDED));
}

static void
test_copy(void)
{
	Change *change = change_new(CHANGE_MOVE);
	g_autoptr(Change) copy = NULL;
	const ChangeMessage *message;

	change->mailbox = g_strdup("INBOX");
	change->dest = g_strdup("Archive");
	change->add = mail_flags_parse("\\Seen kept", -1);
	change->attempts = 3;
	g_ptr_array_add(change->messages,
			change_message_new(5, "INBOX", 7, 9, "id@x"));
	((ChangeMessage *)g_ptr_array_index(change->messages, 0))->dest_uid =
	    11;
	copy = change_copy(change);
	change_free(change);
	g_assert_cmpstr(copy->dest, ==, "Archive");
	g_assert_cmpstr(copy->add.keywords, ==, "kept");
	g_assert_cmpuint(copy->attempts, ==, 3);
	g_assert_cmpuint(copy->messages->len, ==, 1);
	message = g_ptr_array_index(copy->messages, 0);
	g_assert_cmpint(message->id, ==, 5);
	g_assert_cmpstr(message->message_id, ==, "id@x");
	g_assert_cmpuint(message->dest_uid, ==, 11);
	change_free(NULL);
}

static void
test_spans(void)
{
	g_autoptr(TextLine) line = text_line_new(g_strdup("0123456789"));
	const TextSpan *span;

	text_line_add_span(line, 0, 3, TEXT_NORMAL);
	text_line_add_span(line, 0, 0, TEXT_LINK);
	g_assert_null(line->spans);
	text_line_add_span(line, 0, 3, TEXT_LINK);
	text_line_add_span(line, 3, 2, TEXT_LINK);
	text_line_add_span(line, 5, 1, TEXT_QUOTE1);
	text_line_add_span(line, 7, 1, TEXT_QUOTE1);
	g_assert_cmpuint(line->spans->len, ==, 3);
	span = &g_array_index(line->spans, TextSpan, 0);
	g_assert_cmpuint(span->len, ==, 5);
}

static void
test_certificate_copy(void)
{
	CertificateInfo *info = g_new0(CertificateInfo, 1);
	g_autoptr(CertificateInfo) copy = NULL;

	info->host = g_strdup("h");
	info->pin = g_strdup("p");
	info->changed = true;
	copy = certificate_info_copy(info);
	certificate_info_free(info);
	g_assert_cmpstr(copy->host, ==, "h");
	g_assert_cmpstr(copy->pin, ==, "p");
	g_assert_null(copy->reason);
	g_assert_true(copy->changed);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/change/names", test_names);
	g_test_add_func("/model/change/copy", test_copy);
	g_test_add_func("/model/text/spans", test_spans);
	g_test_add_func("/model/status/certificate-copy",
			test_certificate_copy);
	return g_test_run();
}
