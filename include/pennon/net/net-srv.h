/* net-srv.h - where a domain says that a service is (RFC 2782) */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "net-stream.h"

/** NET_SRV_MAX: records of one answer that are looked at */
#define NET_SRV_MAX 20u

/** NetService: one SRV record; @host: "" (the target ".") says that there is
 * no such service, decidedly */
typedef struct {
	char *host;
	guint16 port;
	guint16 priority;
	guint16 weight;
} NetService;

/**
 * net_srv_lookup:
 * @service: "_imaps._tcp"
 * @domain: ASCII
 *
 * Blocks until there is an answer, @timeout_us is over or @cancel triggered;
 * what the resolver does then goes on in a thread nobody waits for. No record
 * and no answer are an empty array. Targets are names: letters, digits, "-",
 * "_" and "." only; others are left out.
 *
 * Returns: (transfer full): array of #NetService, best first
 */
GPtrArray *net_srv_lookup(const char *service, const char *domain,
			  gint64 timeout_us, NetCancel *cancel);
/** net_srv_parse: an answer as it came from the resolver; for tests too.
 * Returns: (transfer full) */
GPtrArray *net_srv_parse(const guchar *answer, gsize len);
