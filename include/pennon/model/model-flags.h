/* model-flags.h - flags and keywords of a message */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * MailFlag: system flags (RFC 9051 section 2.3.2) and the keywords that mean
 * something to pennon, one bit each. Every other keyword is kept by name.
 * The values are stored in files: never renumber them.
 */
typedef enum {
	MAIL_FLAG_SEEN = 1u << 0,
	MAIL_FLAG_ANSWERED = 1u << 1,
	MAIL_FLAG_FLAGGED = 1u << 2,
	MAIL_FLAG_DELETED = 1u << 3,
	MAIL_FLAG_DRAFT = 1u << 4,
	MAIL_FLAG_RECENT = 1u << 5,    /* never stored, never set by a client */
	MAIL_FLAG_FORWARDED = 1u << 6, /* $Forwarded */
	MAIL_FLAG_IMPORTANT = 1u << 7, /* $Important (RFC 8457) */
	MAIL_FLAG_JUNK = 1u << 8,      /* $Junk */
	MAIL_FLAG_NOT_JUNK = 1u << 9,  /* $NotJunk */
	MAIL_FLAG_MDN_SENT = 1u << 10, /* $MDNSent */
	MAIL_FLAG_LABEL1 = 1u << 11,   /* $label1 … $label5 (Thunderbird) */
	MAIL_FLAG_LABEL2 = 1u << 12,
	MAIL_FLAG_LABEL3 = 1u << 13,
	MAIL_FLAG_LABEL4 = 1u << 14,
	MAIL_FLAG_LABEL5 = 1u << 15,
	MAIL_FLAG_BIT0 = 1u << 16, /* $MailFlagBit0 … 2 (Apple's colours) */
	MAIL_FLAG_BIT1 = 1u << 17,
	MAIL_FLAG_BIT2 = 1u << 18,
} MailFlag;
#define MAIL_FLAG_SYSTEM                                                       \
	(MAIL_FLAG_SEEN | MAIL_FLAG_ANSWERED | MAIL_FLAG_FLAGGED |             \
	 MAIL_FLAG_DELETED | MAIL_FLAG_DRAFT)

/** MAIL_KEYWORDS_MAX: keywords of one message that are kept; more are dropped
 */
#define MAIL_KEYWORDS_MAX 100u
/** MAIL_KEYWORD_LEN_MAX: bytes of one keyword; a longer one is dropped */
#define MAIL_KEYWORD_LEN_MAX 200u

/**
 * MailFlags:
 * @bits: or of #MailFlag
 * @keywords: (nullable): the other keywords, sorted without regard to case,
 *   each once, parted by single blanks; %NULL if none
 */
typedef struct {
	guint32 bits;
	char *keywords;
} MailFlags;

/** mail_flags_clear: frees what @flags holds and empties it */
void mail_flags_clear(MailFlags *flags);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailFlags, mail_flags_clear)
/** mail_flags_copy: Returns: (transfer full): by value; clear it */
MailFlags mail_flags_copy(const MailFlags *flags);
bool mail_flags_equal(const MailFlags *a, const MailFlags *b);

/**
 * mail_flag_from_name:
 * @name: as on the wire, "\Seen" or "$Important", in any case
 *
 * Returns: its bit, or 0 for a keyword that has none
 */
guint32 mail_flag_from_name(const char *name, gsize len);
/** mail_flag_name: Returns: the wire name of a single bit, %NULL for none */
const char *mail_flag_name(guint32 bit);
/** mail_keyword_is_valid: an atom a server can take (RFC 9051 flag-keyword) */
bool mail_keyword_is_valid(const char *name);

/** mail_flags_add_name: sets a flag or keyword by its wire name; \Recent and
 * unknown system flags are ignored, as is what breaks the limits above */
void mail_flags_add_name(MailFlags *flags, const char *name, gsize len);
/** mail_flags_parse: @names: blank-separated wire names; (transfer full) */
MailFlags mail_flags_parse(const char *names, gssize len);
/** mail_flags_to_names: Returns: (transfer full): wire names, system flags
 * first, parted by blanks; "" for none */
char *mail_flags_to_names(const MailFlags *flags);

/** mail_flags_apply: @flags = (@flags | @add) without @remove */
void mail_flags_apply(MailFlags *flags, const MailFlags *add,
		      const MailFlags *remove);
/** mail_flags_has: all of @wanted is in @flags */
bool mail_flags_has(const MailFlags *flags, const MailFlags *wanted);
/** mail_flags_intersects: any of @other is in @flags */
bool mail_flags_intersects(const MailFlags *flags, const MailFlags *other);
bool mail_flags_is_empty(const MailFlags *flags);
