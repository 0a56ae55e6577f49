/* mime-error.c - the error domain, and the layer's start */
#include "mime-error.h"

#include <gmime/gmime.h>
#include <libxml/parser.h>

G_DEFINE_QUARK(pennon-mime-error, mime_error)

void
mime_init(void)
{
	(void)mime_error_quark();
	g_mime_init();
	xmlInitParser();
}
