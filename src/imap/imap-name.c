/* imap-name.c - modified UTF-7 (RFC 3501 section 5.1.3) */
#include "imap-name.h"

#include <string.h>

#include "imap-error.h"
#include "model-mailbox.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* Bits wait until six of them make a character. */
typedef struct {
	GString *out;
	guint32 bits;
	guint n_bits;
	bool shifted;
} Encoder;

static void
put_unit(Encoder *encoder, guint16 unit)
{
	if (!encoder->shifted)
		g_string_append_c(encoder->out, '&');
	encoder->shifted = true;
	encoder->bits = encoder->bits << 16 | unit;
	encoder->n_bits += 16;
	while (encoder->n_bits >= 6) {
		encoder->n_bits -= 6;
		g_string_append_c(
		    encoder->out,
		    alphabet[encoder->bits >> encoder->n_bits & 63]);
	}
	encoder->bits &= (1u << encoder->n_bits) - 1;
}

static void
shift_back(Encoder *encoder)
{
	if (!encoder->shifted)
		return;
	if (encoder->n_bits > 0)
		g_string_append_c(
		    encoder->out,
		    alphabet[encoder->bits << (6 - encoder->n_bits) & 63]);
	g_string_append_c(encoder->out, '-');
	encoder->bits = 0;
	encoder->n_bits = 0;
	encoder->shifted = false;
}

static char *
encode(const char *name)
{
	Encoder encoder = {.out = g_string_new(NULL)};

	for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c >= 0x20 && c < 0x7f) {
			shift_back(&encoder);
			g_string_append_c(encoder.out, (char)c);
			if (c == '&')
				g_string_append_c(encoder.out, '-');
		} else if (c >= 0x10000) {
			put_unit(&encoder,
				 (guint16)(0xd800 + ((c - 0x10000) >> 10)));
			put_unit(&encoder,
				 (guint16)(0xdc00 + ((c - 0x10000) & 0x3ff)));
		} else {
			put_unit(&encoder, (guint16)c);
		}
	}
	shift_back(&encoder);
	return g_string_free(encoder.out, FALSE);
}

/* One unit of UTF-16 after the other; a lone surrogate is an error. */
static bool
take_unit(GString *out, guint32 unit, guint32 *high)
{
	if (unit >= 0xd800 && unit < 0xdc00 && *high == 0) {
		*high = unit;
		return true;
	}
	if (unit >= 0xdc00 && unit < 0xe000) {
		if (*high == 0)
			return false;
		g_string_append_unichar(
		    out, 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00));
		*high = 0;
		return true;
	}
	if (*high != 0 || unit < 0x20 || unit == 0x7f)
		return false;
	g_string_append_unichar(out, unit);
	return true;
}

/* Behind "&", to the "-". Returns: what stands behind it, or NULL */
static const char *
decode_shifted(const char *p, GString *out)
{
	guint32 bits = 0;
	guint n_bits = 0;
	guint32 high = 0;

	for (; *p != '-'; p++) {
		const char *at = *p == '\0' ? NULL : strchr(alphabet, *p);

		if (at == NULL)
			return NULL;
		bits = bits << 6 | (guint32)(at - alphabet);
		n_bits += 6;
		if (n_bits >= 16) {
			n_bits -= 16;
			if (!take_unit(out, bits >> n_bits & 0xffff, &high))
				return NULL;
			bits &= (1u << n_bits) - 1;
		}
	}
	return high != 0 || n_bits >= 6 || bits != 0 ? NULL : p + 1;
}

/* NULL where @wire is no modified UTF-7 */
static char *
decode(const char *wire)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *p = wire;

	while (p != NULL && *p != '\0') {
		if ((guchar)*p < 0x20 || (guchar)*p >= 0x7f)
			return NULL;
		if (*p != '&')
			g_string_append_c(out, *p++);
		else if (p[1] == '-') {
			g_string_append_c(out, '&');
			p += 2;
		} else
			p = decode_shifted(p + 1, out);
	}
	return p == NULL ? NULL : g_string_free(g_steal_pointer(&out), FALSE);
}

char *
imap_name_to_wire(const char *name, GError **error)
{
	gsize len = strlen(name);
	char *wire;

	if (len == 0 || len > MAILBOX_NAME_MAX || strchr(name, '\r') != NULL ||
	    strchr(name, '\n') != NULL || !g_utf8_validate(name, -1, NULL)) {
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_INVALID,
			    "no mailbox can have this name");
		return NULL;
	}
	if (name[0] == '=' && len > 1)
		return g_strdup(name + 1);
	if (g_ascii_strcasecmp(name, "INBOX") == 0)
		return g_strdup("INBOX");
	wire = encode(name);
	if (strlen(wire) > MAILBOX_NAME_MAX) {
		g_free(wire);
		g_set_error(error, IMAP_ERROR, IMAP_ERROR_INVALID,
			    "no mailbox can have this name");
		return NULL;
	}
	return wire;
}

char *
imap_name_from_wire(const char *wire)
{
	g_autofree char *name = decode(wire);
	g_autofree char *again = name == NULL ? NULL : encode(name);
	g_autofree char *valid = NULL;

	/* a name that begins with "=" would be read as a raw one */
	if (again != NULL && strcmp(again, wire) == 0 && name[0] != '=')
		return g_steal_pointer(&name);
	valid = g_utf8_make_valid(wire, -1);
	return g_strconcat("=", valid, NULL);
}
