/* mail-fixture.h - a controller over stores that hold some mail; no network */
#pragma once

#include "controller.h"
#include "model-part.h"

/** MAIL_TEXT_HEADER: of messages that tests write themselves */
#define MAIL_BEGIN                                                             \
	"From: Bob <bob@example.com>\r\nTo: Alice <alice@example.org>\r\n"     \
	"Subject: the plan\r\nMessage-ID: <plan@example.com>\r\n"              \
	"Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"

/** MailBox: an account of its own for each test */
typedef struct {
	char *name;
	char *cache;
	char *state;
	Config *config;
	Controller *controller; /* NULL while it is closed */
	Account *account;
	/* what came last for each job */
	GHashTable *states; /* job → JobState + 1 */
	GHashTable *texts;  /* job → text, or "" */
	GHashTable *errors; /* job → code + 1 */
} MailBox;

/** mail_init: once in main, before anything else */
void mail_init(int *argc, char ***argv);
/** mail_end: removes all files; @status is returned */
int mail_end(int status);

/** mail_box_new: with Drafts (UIDVALIDITY 7), INBOX and, if wanted, Trash;
 * nothing is started */
MailBox *mail_box_new(bool trash);
/** mail_box_free: closes it first */
void mail_box_free(MailBox *box);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailBox, mail_box_free)
/** mail_box_open: a controller that works offline */
void mail_box_open(MailBox *box);
/** mail_box_close: as a program that ends, without closing what is open */
void mail_box_close(MailBox *box);

/**
 * mail_box_add: while it is closed
 * @size: as the server told it, 0: the length of @whole
 *
 * Returns: local id of a new message in @mailbox
 */
gint64 mail_box_add(MailBox *box, const char *mailbox, guint32 uid,
		    const char *header, gint64 size);
/** mail_box_keep: its section @section is kept here */
void mail_box_keep(MailBox *box, gint64 id, const char *section,
		   const char *bytes, gsize len);
void mail_box_set_structure(MailBox *box, gint64 id, const Part *root);
/** mail_box_add_whole: a message that is kept whole */
gint64 mail_box_add_whole(MailBox *box, const char *mailbox, guint32 uid,
			  const char *text);

/** mail_wait: runs the main loop until @value is not 0; fails after 10 s */
void mail_wait(const volatile gint *value);
/** mail_wait_job: until @job has come to @state or to its end */
JobState mail_wait_job(MailBox *box, gint64 job, JobState state);
/** mail_settle: what is on its way has arrived: some turns of the loop */
void mail_settle(guint milliseconds);
const char *mail_job_text(MailBox *box, gint64 job);
/** mail_job_error: a #ControllerError, -1 for none */
gint mail_job_error(MailBox *box, gint64 job);
