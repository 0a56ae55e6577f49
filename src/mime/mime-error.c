/* mime-error.c - the error domain, and the layer's start */
#include "mime-error.h"

#include <gmime/gmime.h>
#include <libxml/parser.h>

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(pennon-mime-error, mime_error)
/* clang-format on */

void
mime_init(void)
{
	(void)mime_error_quark();
	g_mime_init();
	xmlInitParser();
}
