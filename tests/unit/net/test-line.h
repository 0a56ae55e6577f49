/* test-line.h - a server's end of a connection: plain, TLS, compressed */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** Line: one connection; what is started on it stays on */
typedef struct Line Line;

/** line_new: @fd: closed with it */
Line *line_new(int fd);
/** line_free: (nullable) */
void line_free(Line *line);
void line_put(Line *line, const char *data, gsize len);
/** line_get: one byte. Returns: %false at the end */
bool line_get(Line *line, char *ret_byte);
/** line_start_tls: the handshake, with a certificate made for the run */
bool line_start_tls(Line *line);
/** line_start_deflate: RFC 4978, both ways */
void line_start_deflate(Line *line);
/** line_finish_deflate: the compressed stream ends: what is put next is the
 * last of it */
void line_finish_deflate(Line *line);
/** line_pin: of that certificate's key, as NetTls has it */
const char *line_pin(void);
