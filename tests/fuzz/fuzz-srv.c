/* fuzz-srv.c - an answer of the resolver, of any bytes */
#include <string.h>

#include "net-srv.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GPtrArray) found = net_srv_parse(data, size);

	g_assert_cmpuint(found->len, <=, NET_SRV_MAX);
	for (guint i = 0; i < found->len; i++) {
		const NetService *service = g_ptr_array_index(found, i);

		g_assert_cmpuint(service->port, >, 0);
		g_assert_cmpuint(strlen(service->host), <=, 253);
	}
	return 0;
}
