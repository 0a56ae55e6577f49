/* ui-read-lines.c - a message as the lines of the reader and the preview */
#include <string.h>

#include "base-text.h"
#include "ui-format.h"
#include "ui-i18n.h"
#include "ui-read-private.h"
#include "words.h"

#define LABEL_COLUMNS 9
#define ATTACHMENTS_MAX 6u
#define PEOPLE_MAX 20u

static void
line_free(gpointer data)
{
	ReadLine *line = data;

	g_free(line->text);
	g_free(line->right);
	g_free(line);
}

/* @text: (transfer full) */
static ReadLine *
add(GPtrArray *lines, const char *label, char *text, guint role)
{
	ReadLine *line = g_new0(ReadLine, 1);

	line->label = label;
	line->text = text;
	line->role = role;
	g_ptr_array_add(lines, line);
	return line;
}

static void
add_blank(GPtrArray *lines)
{
	add(lines, NULL, g_strdup(""), UI_TEXT);
}

/* ---- heads ---- */

static void
append_people(GString *text, const Account *account, const GPtrArray *people)
{
	for (guint i = 0; i < MIN(people->len, PEOPLE_MAX); i++) {
		g_autofree char *name =
		    ui_format_person(account, people->pdata[i]);

		if (i > 0)
			g_string_append(text, ", ");
		g_string_append(text, name);
	}
	if (people->len > PEOPLE_MAX)
		/* TRANSLATORS: behind a list of names: so many more */
		g_string_append_printf(text, _(" and %u more"),
				       people->len - PEOPLE_MAX);
}

static char *
recipients(const Account *account, const MessageRow *row)
{
	GString *text = g_string_new(NULL);

	append_people(text, account, row->to);
	if (row->cc->len > 0) {
		/* TRANSLATORS: between recipients and those in copy */
		g_string_append(text, text->len > 0 ? _("; cc ") : _("cc "));
		append_people(text, account, row->cc);
	}
	return g_string_free(text, FALSE);
}

static char *
sender(const Account *account, const MessageRow *row)
{
	if (row->from->len == 0)
		return g_strdup("");
	return ui_format_address(account, row->from->pdata[0]);
}

/* what the marks of the list stand for, beside the subject */
static char *
marks(const MessageRow *row, guint *ret_role)
{
	guint32 bits = row->flags.bits;
	GString *text = g_string_new(NULL);
	bool overdue = false;

	*ret_role = UI_FLAG;
	if (bits & MAIL_FLAG_ANSWERED)
		/* TRANSLATORS: the message was answered, forwarded */
		g_string_append(text, _("answered "));
	if (bits & MAIL_FLAG_FORWARDED)
		g_string_append(text, _("forwarded "));
	if (bits & MAIL_FLAG_IMPORTANT) {
		*ret_role = UI_IMPORTANT;
		g_string_append(text, bits & MAIL_FLAG_FLAGGED ? "I " : "i ");
	} else if (bits & MAIL_FLAG_FLAGGED) {
		g_string_append(text, "! ");
	}
	if (row->due > 0) {
		g_autofree char *due = NULL;

		due = ui_format_due(row->due, ui_now(), &overdue);
		*ret_role = overdue ? UI_OVERDUE : *ret_role;
		g_string_append(text, due);
	}
	return g_strchomp(g_string_free(text, FALSE));
}

static bool
add_attachment(const Part *part, guint depth, gpointer user)
{
	(void)depth;
	if (!part_is_multipart(part) && part_is_attachment(part))
		g_ptr_array_add(user, (gpointer)part);
	return true;
}

GPtrArray *
ui_read_attachments(const MessageText *text)
{
	GPtrArray *parts = g_ptr_array_new();

	if (text->structure != NULL)
		part_walk(text->structure, add_attachment, parts);
	return parts;
}

char *
ui_read_part_kind(const Part *part)
{
	const char *slash = strchr(part->type, '/');
	g_autofree char *name = NULL;

	if (g_str_equal(part->type, "application/pdf"))
		return g_strdup(_("PDF document"));
	if (g_str_equal(part->type, "message/rfc822"))
		return g_strdup(_("message"));
	if (g_str_has_prefix(part->type, "image/") && slash != NULL) {
		name = g_ascii_strup(slash + 1, -1);
		/* TRANSLATORS: %s: a format: "PNG picture" */
		return g_strdup_printf(_("%s picture"), name);
	}
	return text_clean_line(part->type, -1);
}

static char *
attachment_text(const Part *part)
{
	g_autofree char *name = NULL;
	g_autofree char *kind = ui_read_part_kind(part);
	g_autofree char *size = NULL;
	gint64 bytes = part->size;

	/* base64 carries three bytes in four */
	if (bytes > 0 && g_strcmp0(part->encoding, "base64") == 0)
		bytes = bytes / 78 * 57 + bytes % 78 * 3 / 4;
	size = ui_format_size(bytes);
	name = text_clean_line(
	    part->filename != NULL ? part->filename : _("(no name)"), -1);
	return g_strdup_printf("%s %s  %s, %s", part->section, name, kind,
			       size);
}

static void
add_attachments(GPtrArray *lines, const MessageText *text)
{
	g_autoptr(GPtrArray) parts = ui_read_attachments(text);

	for (guint i = 0; i < MIN(parts->len, ATTACHMENTS_MAX); i++)
		add(lines, i == 0 ? _("Attached") : "",
		    attachment_text(parts->pdata[i]), UI_DUE);
	if (parts->len > ATTACHMENTS_MAX)
		add(lines, "",
		    /* TRANSLATORS: attachments not listed */
		    g_strdup_printf(_("and %u more (v shows all)"),
				    parts->len - ATTACHMENTS_MAX),
		    UI_DUE);
}

/* the link whose address has @host; 0: none */
static guint
link_to(const MessageText *text, const char *host)
{
	g_autofree char *wanted = g_strconcat("://", host, NULL);

	for (guint i = 0; text->links != NULL && i < text->links->len; i++)
		if (strstr(text->links->pdata[i], wanted) != NULL)
			return i + 1;
	return 0;
}

static void
add_cautions(GPtrArray *lines, const MessageText *text)
{
	for (guint i = 0; text->cautions != NULL && i < text->cautions->len;
	     i++) {
		g_auto(GStrv) hosts =
		    g_strsplit(text->cautions->pdata[i], "\n", 2);
		guint number;

		if (g_strv_length(hosts) != 2)
			continue;
		number = link_to(text, hosts[1]);
		add(lines, i == 0 ? _("Caution") : "",
		    number > 0
			/* TRANSLATORS: number, host shown, host it leads to */
			? g_strdup_printf(_("link %u shows %s but goes to %s"),
					  number, hosts[0], hosts[1])
			: g_strdup_printf(_("a link shows %s but goes to %s"),
					  hosts[0], hosts[1]),
		    UI_BADLINK);
	}
}

/* what a signature or encryption would be about; nothing is checked yet */
typedef struct {
	bool is_signed;
	bool is_secret;
} Protection;

static bool
note_protection(const Part *part, guint depth, gpointer user)
{
	static const char *const signatures[] = {
	    "multipart/signed", "application/pgp-signature",
	    "application/pkcs7-signature", "application/x-pkcs7-signature"};
	static const char *const secrets[] = {"multipart/encrypted",
					      "application/pkcs7-mime",
					      "application/x-pkcs7-mime"};
	Protection *found = user;

	(void)depth;
	for (guint i = 0; i < G_N_ELEMENTS(signatures); i++)
		found->is_signed |= g_str_equal(part->type, signatures[i]);
	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++)
		found->is_secret |= g_str_equal(part->type, secrets[i]);
	return true;
}

static void
add_protection(GPtrArray *lines, const MessageText *text)
{
	Protection found = {false, false};

	if (text->structure != NULL)
		part_walk(text->structure, note_protection, &found);
	if (found.is_signed)
		add(lines, _("Signed"),
		    g_strdup(_("NOT VERIFIED: signatures are not checked "
			       "yet")),
		    UI_WARN);
	if (found.is_secret)
		add(lines, _("Secret"),
		    g_strdup(_("encrypted: it cannot be opened yet")), UI_WARN);
}

static void
add_short_heads(GPtrArray *lines, const MessageText *text,
		const ReadLayout *layout)
{
	const MessageRow *row = text->row;
	ReadLine *line;

	line = add(lines, _("From"), sender(layout->account, row), UI_TEXT);
	line->right = ui_format_moment(row->sent, ui_now());
	add(lines, _("To"), recipients(layout->account, row), UI_TEXT);
	line = add(lines, _("Subject"), g_strdup(row->subject), UI_SUBJECT);
	line->right = marks(row, &line->right_role);
	add_protection(lines, text);
	add_attachments(lines, text);
	add_cautions(lines, text);
	add_blank(lines);
}

static void
add_preview_heads(GPtrArray *lines, const MessageText *text,
		  const ReadLayout *layout)
{
	const MessageRow *row = text->row;
	g_autofree char *moment = ui_format_moment(row->sent, ui_now());
	g_autofree char *to = recipients(layout->account, row);
	g_autofree char *due = NULL;

	add(lines, NULL, g_strdup(row->subject), UI_SUBJECT);
	add(lines, NULL, sender(layout->account, row), UI_TEXT);
	if (row->due > 0)
		due = ui_format_due(row->due, ui_now(), NULL);
	add(lines, NULL,
	    /* TRANSLATORS: recipients, date, due date or nothing */
	    due != NULL ? g_strdup_printf(_("to %s   %s, %s"), to, moment, due)
			: g_strdup_printf(_("to %s   %s"), to, moment),
	    UI_TEXT);
	add_protection(lines, text);
	add_cautions(lines, text);
	add_blank(lines);
}

/* ---- text ---- */

/* a run of quotes that is folded is a number and nothing else */
static bool
is_fold(const TextLine *line, guint *ret_n)
{
	const TextSpan *span;
	char *end;

	if (line->spans == NULL || line->spans->len != 1)
		return false;
	span = &g_array_index(line->spans, TextSpan, 0);
	if (span->style != TEXT_NOTE || !g_ascii_isdigit(line->text[0]))
		return false;
	*ret_n = (guint)g_ascii_strtoull(line->text, &end, 10);
	return *end == '\0';
}

/* (transfer full): no key of a list unfolds what the preview folds */
static char *
fold_text(guint n, bool preview)
{
	if (preview)
		return g_strdup_printf(
		    ngettext("+ %u quoted line", "+ %u quoted lines", n), n);
	return g_strdup_printf(ngettext("+ %u quoted line (e shows)",
					"+ %u quoted lines (e shows)", n),
			       n);
}

static void
add_text(GPtrArray *lines, const GPtrArray *text, bool preview)
{
	for (guint i = 0; text != NULL && i < text->len; i++) {
		const TextLine *line = text->pdata[i];
		guint n = 0;

		if (is_fold(line, &n)) {
			add(lines, NULL, fold_text(n, preview), UI_SIG);
			continue;
		}
		add(lines, NULL, NULL, UI_TEXT)->line = line;
	}
}

static bool
is_bad_link(const MessageText *text, const char *link)
{
	for (guint i = 0; text->cautions != NULL && i < text->cautions->len;
	     i++) {
		const char *real = strchr(text->cautions->pdata[i], '\n');
		g_autofree char *wanted = NULL;

		if (real == NULL)
			continue;
		wanted = g_strconcat("://", real + 1, NULL);
		if (strstr(link, wanted) != NULL)
			return true;
	}
	return false;
}

static void
add_end(GPtrArray *lines, const MessageText *text)
{
	guint n = text->links != NULL ? text->links->len : 0;

	if (n > 0 || text->remote_pictures > 0)
		add_blank(lines);
	if (text->remote_pictures > 0)
		add(lines, NULL,
		    g_strdup_printf(ngettext("%u remote picture, not loaded",
					     "%u remote pictures, not loaded",
					     text->remote_pictures),
				    text->remote_pictures),
		    UI_SIG);
	for (guint i = 0; i < n; i++) {
		const char *link = text->links->pdata[i];
		bool bad = is_bad_link(text, link);

		add(lines, i == 0 ? _("Links") : "",
		    g_strdup_printf("%u%s %s", i + 1, bad ? "!" : " ", link),
		    bad ? UI_BADLINK : UI_LINK);
	}
}

static void
add_state(GPtrArray *lines, const MessageText *text)
{
	g_autofree char *why =
	    words_translate(text->error != NULL ? text->error : "?");

	switch (text->state) {
	case MESSAGE_TEXT_LOADING:
		if (text->lines == NULL || text->lines->len == 0)
			add(lines, NULL, g_strdup(_("The text is coming.")),
			    UI_SIG);
		break;
	case MESSAGE_TEXT_OFFLINE:
		add(lines, NULL,
		    g_strdup(_("The text is not kept here, and there is no "
			       "connection.")),
		    UI_SIG);
		break;
	case MESSAGE_TEXT_FAILED:
		add(lines, NULL,
		    g_strdup_printf(
			/* TRANSLATORS: %s: why */
			_("The text cannot be shown: %s"), why),
		    UI_ERROR);
		break;
	case MESSAGE_TEXT_READY:
		break;
	}
}

GPtrArray *
ui_read_lines(Ui *ui, const MessageText *text, const ReadLayout *layout)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);

	(void)ui;
	if (layout->preview && text->row != NULL) {
		add_preview_heads(lines, text, layout);
	} else if (text->headers != NULL && text->headers->len > 0) {
		add_text(lines, text->headers, false);
		add_blank(lines);
	} else if (text->row != NULL) {
		add_short_heads(lines, text, layout);
	}
	add_text(lines, text->lines, layout->preview);
	add_state(lines, text);
	if (text->state == MESSAGE_TEXT_READY)
		add_end(lines, text);
	return lines;
}

/* ---- drawing ---- */

static guint
role_of(TextStyle style)
{
	static const UiRole roles[] = {
	    [TEXT_NORMAL] = UI_TEXT,     [TEXT_QUOTE1] = UI_QUOTE1,
	    [TEXT_QUOTE2] = UI_QUOTE2,   [TEXT_QUOTE3] = UI_QUOTE3,
	    [TEXT_SIGNATURE] = UI_SIG,   [TEXT_LINK] = UI_LINK,
	    [TEXT_BADLINK] = UI_BADLINK, [TEXT_HEADING] = UI_SUBJECT,
	    [TEXT_NOTE] = UI_SIG,
	};

	return style < G_N_ELEMENTS(roles) ? roles[style] : UI_TEXT;
}

static int
put_piece(UiTerm *term, UiRect rect, int x, guint role, const char *text,
	  gsize len)
{
	g_autofree char *piece = g_strndup(text, len);

	return x + ui_text_put(term, rect.y, rect.x + x, rect.columns - x, role,
			       piece);
}

static void
put_spans(UiTerm *term, UiRect rect, const TextLine *line)
{
	gsize len = strlen(line->text);
	gsize at = 0;
	int x = 0;

	for (guint i = 0; line->spans != NULL && i < line->spans->len; i++) {
		const TextSpan *span = &g_array_index(line->spans, TextSpan, i);

		if (span->start < at || span->start + span->len > len)
			break;
		x = put_piece(term, rect, x, UI_TEXT, line->text + at,
			      span->start - at);
		x = put_piece(term, rect, x, role_of(span->style),
			      line->text + span->start, span->len);
		at = span->start + span->len;
	}
	put_piece(term, rect, x, UI_TEXT, line->text + at, len - at);
}

/* the first hit, where case alone was folded and so the bytes are the same */
static void
put_match(UiTerm *term, UiRect rect, const char *text, const char *match)
{
	g_autofree char *lower = g_utf8_strdown(text, -1);
	g_autofree char *before = NULL;
	const char *found;

	if (strlen(lower) != strlen(text) ||
	    (found = strstr(lower, match)) == NULL)
		return;
	before = g_strndup(text, (gsize)(found - lower));
	put_piece(term, rect, ui_text_width(before), UI_MATCH,
		  text + (found - lower), strlen(match));
}

void
ui_read_line_draw(UiTerm *term, UiRect rect, const ReadLine *line,
		  const char *match)
{
	int x = 0;
	int width = ui_text_width(line->right);
	int end = rect.columns - (width > 0 ? width + 2 : 0);

	if (line->line != NULL) {
		put_spans(term, rect, line->line);
		if (match != NULL)
			put_match(term, rect, line->line->text, match);
		return;
	}
	if (line->label != NULL) {
		ui_text_put(term, rect.y, rect.x, LABEL_COLUMNS, UI_HEAD,
			    line->label);
		x = LABEL_COLUMNS;
	}
	ui_text_put(term, rect.y, rect.x + x, MAX(0, end - x), line->role,
		    line->text);
	if (width > 0 && rect.columns > width + 20)
		ui_text_put(term, rect.y, rect.x + rect.columns - width, width,
			    line->right_role, line->right);
}
