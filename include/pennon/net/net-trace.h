/* net-trace.h - what went over the line, without secrets, for a person */
#pragma once

#include <stdbool.h>

#include <glib.h>

/**
 * NetTrace: a file that all connections of a run write to, a line at a time
 *
 * The layer that speaks the protocol decides what is written: it gives lines as
 * text, secrets and literals as a count. Nothing of a password reaches it.
 */
typedef struct NetTrace NetTrace;

typedef enum {
	NET_TRACE_OUT, /* we to the server */
	NET_TRACE_IN,
	NET_TRACE_NOTE, /* connected, TLS, closed */
} NetTraceKind;

/** NET_TRACE_LINE_MAX: bytes of a line that are written; more are counted */
#define NET_TRACE_LINE_MAX 2000u

/** net_trace_open: @path: made with 0600; never a link; appended to */
NetTrace *net_trace_open(const char *path, GError **error);
/** net_trace_free: (nullable) */
void net_trace_free(NetTrace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetTrace, net_trace_free)

/** net_trace_text: @trace: (nullable); one line, controls replaced; any
 * thread */
void net_trace_text(NetTrace *trace, guint connection, NetTraceKind kind,
		    const char *text, gssize len);
/** net_trace_secret: a line that is not told, not even its length */
void net_trace_secret(NetTrace *trace, guint connection);
/** net_trace_bytes: @len bytes of data: "<n bytes>" */
void net_trace_bytes(NetTrace *trace, guint connection, NetTraceKind kind,
		     guint64 len);
