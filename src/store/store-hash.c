/* store-hash.c - SipHash-1-3 (Aumasson, Bernstein 2012) */
#include "store-hash.h"

#include <string.h>

static guint64
turn(guint64 value, guint bits)
{
	return value << bits | value >> (64 - bits);
}

static void
mix(guint64 v[4])
{
	v[0] += v[1];
	v[1] = turn(v[1], 13) ^ v[0];
	v[0] = turn(v[0], 32);
	v[2] += v[3];
	v[3] = turn(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = turn(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = turn(v[1], 17) ^ v[2];
	v[2] = turn(v[2], 32);
}

gint64
store_hash(const StoreHashKey *key, const void *data, gsize len)
{
	guint64 v[4] = {key->a ^ G_GUINT64_CONSTANT(0x736f6d6570736575),
			key->b ^ G_GUINT64_CONSTANT(0x646f72616e646f6d),
			key->a ^ G_GUINT64_CONSTANT(0x6c7967656e657261),
			key->b ^ G_GUINT64_CONSTANT(0x7465646279746573)};
	const guint8 *bytes = data;
	guint64 last = (guint64)len << 56;
	guint64 hash;
	gsize whole = len & ~(gsize)7;

	for (gsize i = 0; i < whole; i += 8) {
		guint64 word;

		memcpy(&word, bytes + i, 8);
		word = GUINT64_FROM_LE(word);
		v[3] ^= word;
		mix(v);
		v[0] ^= word;
	}
	for (gsize i = whole; i < len; i++)
		last |= (guint64)bytes[i] << (8 * (i - whole));
	v[3] ^= last;
	mix(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		mix(v);
	hash = v[0] ^ v[1] ^ v[2] ^ v[3];
	return hash == 0 ? 1 : (gint64)hash;
}
