/* imap-bridge.h - libetpan's stream over the wire; private to src/imap */
#pragma once

#include <libetpan/mailimap.h>

#include "imap-wire.h"

typedef struct ImapBridge ImapBridge;

/** imap_bridge_new: @wire: borrowed, outlives it; the wire hands it what
 * libetpan waits for */
ImapBridge *imap_bridge_new(ImapWire *wire);
/** imap_bridge_free: (nullable): after libetpan let go of the stream */
void imap_bridge_free(ImapBridge *bridge);
/** imap_bridge_stream: for mailimap_connect(); closing it closes nothing */
mailstream *imap_bridge_stream(ImapBridge *bridge);
/** imap_bridge_ride: the next command libetpan writes is not sent: its answer
 * is that of our @tag, sent before; 0: no more */
void imap_bridge_ride(ImapBridge *bridge, guint tag);
/** imap_bridge_take_reply: (transfer full): of the last stock command, of which
 * libetpan keeps only part; without a text if none was sent since the last
 * take */
ImapReply imap_bridge_take_reply(ImapBridge *bridge);
