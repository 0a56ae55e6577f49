/* net-deflate.c - COMPRESS=DEFLATE below the protocol (RFC 4978) */
#include <string.h>

#include "net-private.h"

#define COMPRESSED_SIZE 16384u
#define RAW_WINDOW (-15) /* no zlib header: RFC 4978 section 4 */

NetDeflate *
net_deflate_new(const void *leftover, gsize len)
{
	NetDeflate *deflate = g_new0(NetDeflate, 1);

	deflate->compressed = g_malloc(MAX(COMPRESSED_SIZE, len));
	if (len > 0)
		memcpy(deflate->compressed, leftover, len);
	deflate->len = len;
	if (inflateInit2(&deflate->in, RAW_WINDOW) != Z_OK ||
	    deflateInit2(&deflate->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 RAW_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		g_error("zlib cannot start");
	return deflate;
}

void
net_deflate_free(NetDeflate *deflate)
{
	if (deflate == NULL)
		return;
	inflateEnd(&deflate->in);
	deflateEnd(&deflate->out);
	g_free(deflate->compressed);
	g_free(deflate);
}

bool
net_deflate_pending(const NetDeflate *deflate)
{
	return deflate->pos < deflate->len || deflate->more;
}

guchar *
net_deflate_buffer(NetDeflate *deflate, gsize *ret_size)
{
	g_assert(deflate->pos == deflate->len);
	*ret_size = COMPRESSED_SIZE;
	return deflate->compressed;
}

void
net_deflate_fill(NetDeflate *deflate, gsize len)
{
	deflate->pos = 0;
	deflate->len = len;
}

gssize
net_inflate(NetDeflate *deflate, void *buffer, gsize size, bool *ret_ended)
{
	z_stream *in = &deflate->in;
	gsize got;
	int result;

	in->next_in = deflate->compressed + deflate->pos;
	in->avail_in = (uInt)(deflate->len - deflate->pos);
	in->next_out = buffer;
	in->avail_out = (uInt)MIN(size, G_MAXINT);
	result = inflate(in, Z_SYNC_FLUSH);
	got = MIN(size, G_MAXINT) - in->avail_out;
	deflate->pos = deflate->len - in->avail_in;
	deflate->more = in->avail_out == 0;
	*ret_ended = result == Z_STREAM_END;
	/* an end that comes with data is data first (Dovecot's LOGOUT) */
	if (got == 0 && result != Z_OK && result != Z_BUF_ERROR)
		return -1;
	return (gssize)got;
}

GByteArray *
net_deflate(NetDeflate *state, const void *data, gsize size)
{
	GByteArray *out = g_byte_array_new();
	z_stream *stream = &state->out;
	guchar chunk[4096];

	stream->next_in = (Bytef *)data;
	stream->avail_in = (uInt)size;
	do {
		stream->next_out = chunk;
		stream->avail_out = sizeof(chunk);
		deflate(stream, Z_SYNC_FLUSH);
		g_byte_array_append(out, chunk,
				    (guint)(sizeof(chunk) - stream->avail_out));
	} while (stream->avail_out == 0);
	return out;
}
