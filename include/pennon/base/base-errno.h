/* base-errno.h - the system's errors in words of our own */
#pragma once

/**
 * errno_text:
 * @code: an errno value
 *
 * Those that people meet are sentences that po/ has; the C library's own
 * translations are not on every machine. Others are as strerror() says.
 *
 * Returns: (transfer none): one line
 */
const char *errno_text(int code);
