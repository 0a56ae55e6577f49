/* ui-certificate.c - a certificate that is not trusted */
#include "ui-certificate.h"

#include <string.h>

#include "base-text.h"
#include "base-time.h"
#include "model-text.h"
#include "ui-i18n.h"
#include "ui-notice.h"
#include "ui-prompt.h"
#include "words.h"

#define LABEL_WIDTH 12
#define HASH_GROUP 16u /* bytes of the hash on a line */
#define PROOF 4        /* characters to be typed */

typedef struct {
	UiView view;
	Account *account;
	CertificateInfo *info;
} Certificate;

/* ---- drawing ---- */

typedef struct {
	UiTerm *term;
	UiRect rect;
	int y;
} Pen;

static void
put(Pen *pen, int x, guint role, const char *text)
{
	if (pen->y < pen->rect.rows)
		ui_text_put(pen->term, pen->rect.y + pen->y, pen->rect.x + x,
			    pen->rect.columns - x, role, text);
}

static void
put_line(Pen *pen, guint role, const char *text)
{
	put(pen, 2, role, text);
	pen->y++;
}

static void
put_field(Pen *pen, const char *label, const char *value)
{
	put(pen, 2, UI_HEAD, label);
	put(pen, 2 + LABEL_WIDTH, UI_TEXT, value);
	pen->y++;
}

static char *
dates(const CertificateInfo *info)
{
	g_autofree char *from = time_to_local_minute(info->not_before);
	g_autofree char *to = time_to_local_minute(info->not_after);

	from[10] = '\0';
	to[10] = '\0';
	/* TRANSLATORS: two days */
	return g_strdup_printf(_("%s to %s"), from, to);
}

static void
draw(UiView *view, UiRect rect)
{
	const Certificate *certificate = (const Certificate *)view;
	const CertificateInfo *info = certificate->info;
	Pen pen = {ui_term(view->ui), rect, 1};
	g_autofree char *valid = dates(info);
	char *hash;
	g_autofree char *reason = words_translate(info->reason);
	g_autofree char *head = g_strdup_printf(
	    /* TRANSLATORS: %s: a host */
	    info->changed ? _("The certificate of %s is another one than the "
			      "one that was pinned.")
			  : _("The certificate of %s is not trusted."),
	    info->host);

	put_line(&pen, UI_SUBJECT, head);
	pen.y++;
	put_field(&pen, _("Why"), reason);
	put_field(&pen, _("Name"), info->names);
	put_field(&pen, _("Issuer"), info->issuer);
	put_field(&pen, _("Valid"), valid);
	for (guint i = 0; (hash = ui_certificate_hash(info, i)) != NULL; i++) {
		put_field(&pen, i == 0 ? "SHA-256" : "", hash);
		g_free(hash);
	}
	pen.y++;
	put_line(&pen, UI_TEXT,
		 _("Nothing was sent: no name, no password. Your mail stays "
		   "readable offline."));
	pen.y++;
	put_line(&pen, UI_TEXT,
		 _("Compare the SHA-256 value with your administrator's, over "
		   "another way than"));
	put_line(&pen, UI_TEXT, _("this network. Then either"));
	pen.y++;
	put_line(&pen, UI_TEXT,
		 _("p    pin it: trust the key of this certificate here, until "
		   "it changes"));
	put_line(&pen, UI_TEXT, _("Esc  do not connect (stay offline)"));
	ui_cursor(view->ui, rect.y + 1, rect.x + 2);
}

static void
top(UiView *view, UiTop *words)
{
	const Certificate *certificate = (const Certificate *)view;

	g_string_assign(words->place, account_name(certificate->account));
	g_string_assign(words->view, _("certificate not trusted"));
}

/* ---- pinning ---- */

/* what counts of a hash that was typed or read out: its digits */
static char *
digits_of(const char *text)
{
	GString *digits = g_string_new(NULL);

	for (; *text != '\0'; text++)
		if (*text != ':' && *text != ' ')
			g_string_append_c(digits, g_ascii_toupper(*text));
	return g_string_free(digits, FALSE);
}

bool
ui_certificate_proof(const CertificateInfo *info, const char *typed)
{
	g_autofree char *hash = digits_of(info->sha256);
	g_autofree char *begin = digits_of(typed);

	return strlen(begin) >= PROOF && g_str_has_prefix(hash, begin);
}

char *
ui_certificate_hash(const CertificateInfo *info, guint line)
{
	gsize from = (gsize)line * HASH_GROUP * 3;

	return from >= strlen(info->sha256)
		   ? NULL
		   : g_strndup(info->sha256 + from, HASH_GROUP * 3);
}

static void
on_proof(Ui *ui, const char *text, gpointer user)
{
	Certificate *certificate = user;
	g_autoptr(GError) error = NULL;

	if (text == NULL)
		return;
	if (!ui_certificate_proof(certificate->info, text)) {
		/* in the place of the error, which would stand before it */
		ui_notice_for(ui, UI_NOTICE_ERROR, certificate->account,
			      "certificate", "%s",
			      _("that is not how the SHA-256 value begins; "
				"nothing was pinned"));
		return;
	}
	if (!account_pin_certificate(certificate->account, &error)) {
		ui_error(ui, certificate->account, error);
		return;
	}
	ui_notice_over(ui, certificate->account, "certificate");
	ui_notice(ui, UI_NOTICE_PLAIN, _("Pinned; connecting"));
	ui_drop(ui, &certificate->view);
}

static void
ask_proof(Certificate *certificate)
{
	const UiPrompt prompt = {
	    .label =
		_("Trust it?  First four characters of the SHA-256 value:"),
	    .done = on_proof,
	    .enter = _("Pin"),
	    .user = certificate};

	ui_prompt_open(certificate->view.ui, &prompt);
}

static bool
action(UiView *view, UiAction what, const char *argument)
{
	Certificate *certificate = (Certificate *)view;

	(void)argument;
	switch (what) {
	case UI_ACTION_PIN:
		ask_proof(certificate);
		return true;
	case UI_ACTION_COPY_TEXT:
		ui_term_copy(ui_term(view->ui), certificate->info->sha256);
		ui_notice(view->ui, UI_NOTICE_PLAIN, _("SHA-256 value copied"));
		return true;
	case UI_ACTION_BACK:
	case UI_ACTION_LEFT:
	case UI_ACTION_CLEAR:
		ui_pop(view->ui);
		return true;
	default:
		return false;
	}
}

static const UiAction *
offers(UiView *view)
{
	static const UiAction list[] = {UI_ACTION_BACK, UI_ACTION_PIN,
					UI_ACTION_COPY_TEXT, UI_ACTION_NONE};

	(void)view;
	return list;
}

static void
on_event(UiView *view, const ControllerEvent *event)
{
	Certificate *certificate = (Certificate *)view;
	Connection connection;

	if (event->kind != CONTROLLER_EVENT_CONNECTION ||
	    event->account != certificate->account)
		return;
	connection = account_connection(certificate->account);
	if (connection.state == CONNECTION_UPDATING ||
	    connection.state == CONNECTION_ONLINE ||
	    connection.state == CONNECTION_CHECKED)
		ui_drop(view->ui, view);
}

static void
certificate_free(UiView *view)
{
	Certificate *certificate = (Certificate *)view;

	certificate_info_free(certificate->info);
	g_free(certificate);
}

static const UiViewClass certificate_class = {
    .place = UI_PLACE_CERTIFICATE,
    .top = top,
    .draw = draw,
    .action = action,
    .offers = offers,
    .event = on_event,
    .free = certificate_free,
};

bool
ui_certificate_is_open(Ui *ui)
{
	return ui_find(ui, &certificate_class) != NULL;
}

void
ui_certificate_open(Ui *ui, Account *account)
{
	const CertificateInfo *info = account_certificate(account);
	Certificate *certificate =
	    (Certificate *)ui_find(ui, &certificate_class);

	if (info == NULL)
		return;
	/* it is on the screen already: the newest counts */
	if (certificate != NULL && certificate->account == account) {
		certificate_info_free(certificate->info);
		certificate->info = certificate_info_copy(info);
		ui_redraw(ui);
		return;
	}
	certificate = g_new0(Certificate, 1);
	certificate->view.ui = ui;
	certificate->view.class = &certificate_class;
	certificate->account = account;
	certificate->info = certificate_info_copy(info);
	ui_push(ui, &certificate->view);
}
