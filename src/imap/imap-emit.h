/* imap-emit.h - server data written anew for libetpan; private to src/imap */
#pragma once

#include "imap-wire.h"

/** imap_emit_reply: a status response under @tag */
void imap_emit_reply(GString *out, const char *tag, const ImapReply *reply);
/** imap_emit_data: Returns: %false if it cannot be put in words that libetpan
 * is sure to read: nothing was added then */
bool imap_emit_data(GString *out, ImapData kind, guint32 number,
		    const ImapReader *rest);
