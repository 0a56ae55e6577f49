/* model-status.h - how an account and its work stand */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** JobState: journaled comes first for a command that changes something; then
 * exactly one of done, failed, cancelled. */
typedef enum {
	JOB_JOURNALED,
	JOB_DONE,
	JOB_FAILED,
	JOB_CANCELLED,
} JobState;

/** NoticeKind: what @text of a notice is about; ui has the sentence for it */
typedef enum {
	NOTICE_ALERT,              /* the server's ALERT */
	NOTICE_CHANGE_FAILED,      /* a queued change failed: @text is why */
	NOTICE_CHANGE_UNKNOWN,     /* its outcome is not known */
	NOTICE_KEYWORD_LOCAL,      /* the server keeps no keyword @text */
	NOTICE_STORE_REBUILT,      /* the cache was damaged and is built anew */
	NOTICE_JOURNAL_SALVAGED,   /* the journal was damaged; @text: where */
	NOTICE_MASS_REMOVAL,       /* @count messages gone at once: verifying */
	NOTICE_UIDVALIDITY,        /* the server renumbered @text */
	NOTICE_MAILBOX_GONE,       /* @text is no longer on the server */
	NOTICE_MESSAGE_UNREADABLE, /* one message cannot be read */
	NOTICE_DRAFT_CONFLICT,     /* a draft was changed elsewhere too */
	NOTICE_DRAFT_UPLOADED,
	NOTICE_NETWORK_FILESYSTEM, /* the store lies on one: slower */
	NOTICE_KEPT_NEWER,         /* undo left @count that changed since */
	NOTICE_DELETED_MARK_STAYS, /* no UIDPLUS: the mark stays in the source
				    */
} NoticeKind;

/** ConnectionState: in the words of the screen's freshness */
typedef enum {
	CONNECTION_OFFLINE, /* --offline, or waiting: @next_try */
	CONNECTION_CONNECTING,
	CONNECTION_UPDATING, /* connected, not yet in sync */
	CONNECTION_ONLINE,   /* the server reports changes at once */
	CONNECTION_CHECKED,  /* connected, last asked at @since */
	CONNECTION_LOGIN_REFUSED,
	CONNECTION_UNTRUSTED,
	CONNECTION_OTHER_PROCESS, /* another pennon syncs this account */
} ConnectionState;
/**
 * Connection:
 * @since: µs since 1970: when the state began; for offline states the last
 *   word from the server
 * @next_try: µs since 1970, 0 for none
 * @reason: (nullable): why, one line
 */
typedef struct {
	ConnectionState state;
	gint64 since;
	gint64 next_try;
	const char *reason;
} Connection;

/** ProgressKind: long work, SCREENS.md section 10 */
typedef enum {
	PROGRESS_NONE,
	PROGRESS_HEADERS, /* of @mailbox */
	PROGRESS_BODY,    /* bytes of a message */
	PROGRESS_CHANGES, /* queued changes going out */
	PROGRESS_SEARCH,
} ProgressKind;
/** Progress: @total 0: unknown; @seconds_left -1: unknown */
typedef struct {
	ProgressKind kind;
	const char *mailbox;
	guint64 done;
	guint64 total;
	gint seconds_left;
} Progress;

/** CertificateInfo: what a person needs to decide; all text unfiltered */
typedef struct {
	char *host;
	char *subject;
	char *issuer;
	char *names;
	gint64 not_before; /* µs since 1970 */
	gint64 not_after;
	char *sha256; /* "5F:9A:…" of the certificate */
	char *pin;    /* base64 of the SPKI's SHA-256: value of pin-sha256 */
	char *reason;
	bool changed; /* another key was pinned before */
} CertificateInfo;
/** certificate_info_free: (nullable) */
void certificate_info_free(CertificateInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertificateInfo, certificate_info_free)
CertificateInfo *certificate_info_copy(const CertificateInfo *info);

/** SyncResult: what a sync did to one mailbox (UTF-8 name) */
typedef struct {
	char *mailbox;
	guint new_messages;
	guint changed;
	guint removed;
	guint pending;
} SyncResult;
/** sync_result_free: (nullable) */
void sync_result_free(SyncResult *result);

/** CheckFact: one line of `pennon check` */
typedef struct {
	char *name; /* "tls", "certificate", "login", "capabilities", … */
	bool ok;
	char *value; /* (nullable) */
} CheckFact;
CheckFact *check_fact_new(const char *name, bool ok, const char *value);
/** check_fact_free: (nullable) */
void check_fact_free(CheckFact *fact);
