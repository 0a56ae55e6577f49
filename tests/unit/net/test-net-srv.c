/* test-net-srv.c - SRV records out of answers as resolvers send them */
#include <string.h>

#include "net-srv.h"

/* ---- answers, made by hand (RFC 1035 section 4) ---- */

static void
put16(GByteArray *out, guint value)
{
	const guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};

	g_byte_array_append(out, bytes, sizeof(bytes));
}

static void
put_name(GByteArray *out, const char *name)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);
	const guint8 end = 0;

	for (guint i = 0; labels[i] != NULL && labels[i][0] != '\0'; i++) {
		guint8 len = (guint8)strlen(labels[i]);

		g_byte_array_append(out, &len, 1);
		g_byte_array_append(out, (const guint8 *)labels[i], len);
	}
	g_byte_array_append(out, &end, 1);
}

static GByteArray *
answer_new(guint n_answers)
{
	GByteArray *out = g_byte_array_new();

	put16(out, 1);      /* id */
	put16(out, 0x8180); /* an answer without error */
	put16(out, 1);
	put16(out, n_answers);
	put16(out, 0);
	put16(out, 0);
	put_name(out, "_imaps._tcp.example.org");
	put16(out, 33);
	put16(out, 1);
	return out;
}

static void
put_record(GByteArray *out, guint type, guint priority, guint weight,
	   guint port, const char *target)
{
	g_autoptr(GByteArray) data = g_byte_array_new();

	put16(data, priority);
	put16(data, weight);
	put16(data, port);
	put_name(data, target);
	put16(out, 0xc00c); /* the name of the question */
	put16(out, type);
	put16(out, 1);
	put16(out, 0);
	put16(out, 300);
	put16(out, data->len);
	g_byte_array_append(out, data->data, data->len);
}

static GPtrArray *
parse(const GByteArray *answer)
{
	return net_srv_parse(answer->data, answer->len);
}

static void
test_order(void)
{
	g_autoptr(GByteArray) answer = answer_new(4);
	g_autoptr(GPtrArray) found = NULL;
	static const char *const hosts[] = {
	    "heavy.example.org", "light.example.org", "spare.example.net"};

	put_record(answer, 33, 20, 0, 993, "spare.example.net");
	put_record(answer, 33, 10, 1, 993, "light.example.org");
	put_record(answer, 1, 0, 0, 1, "x"); /* an A record: passed over */
	put_record(answer, 33, 10, 9, 1993, "heavy.example.org");
	found = parse(answer);
	g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(hosts));
	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		const NetService *service = g_ptr_array_index(found, i);

		g_assert_cmpstr(service->host, ==, hosts[i]);
	}
	g_assert_cmpuint(((NetService *)g_ptr_array_index(found, 0))->port, ==,
			 1993);
}

static void
test_decidedly_none(void)
{
	g_autoptr(GByteArray) answer = answer_new(1);
	g_autoptr(GPtrArray) found = NULL;

	put_record(answer, 33, 0, 0, 1, "");
	found = parse(answer);
	g_assert_cmpuint(found->len, ==, 1);
	g_assert_cmpstr(((NetService *)g_ptr_array_index(found, 0))->host, ==,
			"");
}

static void
test_hostile(void)
{
	static const char *const targets[] = {
	    "a b.example.org", "x\033[2J.example.org", "\"quoted\".example.org",
	    "gr\303\274n.example.org"};

	for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
		g_autoptr(GByteArray) answer = answer_new(2);
		g_autoptr(GPtrArray) found = NULL;

		put_record(answer, 33, 0, 0, 993, targets[i]);
		put_record(answer, 33, 0, 0, 0, "no-port.example.org");
		found = parse(answer);
		g_assert_cmpuint(found->len, ==, 0);
	}
}

static void
test_many(void)
{
	g_autoptr(GByteArray) answer = answer_new(100);
	g_autoptr(GPtrArray) found = NULL;

	for (guint i = 0; i < 100; i++)
		put_record(answer, 33, i, 0, 993, "imap.example.org");
	found = parse(answer);
	g_assert_cmpuint(found->len, ==, NET_SRV_MAX);
}

/* Cut anywhere, and a name that points at itself. */
static void
test_cut(void)
{
	g_autoptr(GByteArray) answer = answer_new(1);
	g_autoptr(GByteArray) loop = answer_new(1);
	g_autoptr(GPtrArray) found = NULL;

	put_record(answer, 33, 0, 0, 993, "imap.example.org");
	for (guint len = 0; len < answer->len; len++) {
		g_autoptr(GPtrArray) part = net_srv_parse(answer->data, len);

		g_assert_cmpuint(part->len, ==, 0);
	}
	put_record(loop, 33, 0, 0, 993, "a");
	loop->data[loop->len - 3] = 0xc0;
	loop->data[loop->len - 2] = (guint8)(loop->len - 3);
	found = parse(loop);
	g_assert_cmpuint(found->len, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/srv/order", test_order);
	g_test_add_func("/srv/decidedly-none", test_decidedly_none);
	g_test_add_func("/srv/hostile", test_hostile);
	g_test_add_func("/srv/many", test_many);
	g_test_add_func("/srv/cut", test_cut);
	return g_test_run();
}
