/* imap-reply.c - status responses and their codes (RFC 9051 section 7.1) */
#include <string.h>

#include "imap-wire.h"

void
imap_reply_clear(ImapReply *reply)
{
	g_clear_pointer(&reply->code, g_free);
	g_clear_pointer(&reply->text, g_free);
}

ImapReply
imap_reply_copy(const ImapReply *reply)
{
	return (ImapReply){
	    .status = reply->status,
	    .code = g_strdup(reply->code),
	    .text = g_strdup(reply->text),
	};
}

/* The end of a code: a "]" outside of quotes and lists; NULL if there is none
 */
static const char *
code_end(const char *p, const char *end)
{
	bool quoted = false;
	int depth = 0;

	for (; p < end; p++) {
		if (*p == ']' && !quoted && depth == 0)
			return p;
		if (*p == '\\' && quoted && p + 1 < end)
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (!quoted && *p == '(')
			depth++;
		else if (!quoted && *p == ')')
			depth--;
	}
	return NULL;
}

static char *
copy_without_nul(const char *text, gsize len)
{
	char *copy = g_malloc(len + 1);
	gsize kept = 0;

	for (gsize i = 0; i < len; i++)
		if (text[i] != '\0')
			copy[kept++] = text[i];
	copy[kept] = '\0';
	return copy;
}

void
imap_reply_parse(const char *text, gsize len, ImapStatus status,
		 ImapReply *ret_reply)
{
	const char *end = text + len;
	const char *p = text;

	*ret_reply = (ImapReply){.status = status};
	while (p < end && *p == ' ')
		p++;
	if (p < end && *p == '[') {
		const char *bracket = code_end(p + 1, end);

		if (bracket != NULL) {
			ret_reply->code =
			    copy_without_nul(p + 1, (gsize)(bracket - p - 1));
			p = bracket + 1;
			while (p < end && *p == ' ')
				p++;
		}
	}
	ret_reply->text =
	    copy_without_nul(p, MIN((gsize)(end - p), IMAP_REPLY_TEXT_MAX));
}

bool
imap_reply_code_is(const ImapReply *reply, const char *upper)
{
	gsize len = strlen(upper);

	return reply->code != NULL &&
	       g_ascii_strncasecmp(reply->code, upper, len) == 0 &&
	       (reply->code[len] == '\0' || reply->code[len] == ' ');
}
