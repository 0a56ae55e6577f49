/* mime-link.h - where a link goes, and where it says it goes */
#pragma once

#include <stdbool.h>

#include <glib.h>

/** mime_link_url: what may be opened: http, https, ftp, mailto, tel, news; as
 * written, without blanks around it and line ends in it.
 * Returns: (transfer full) (nullable) */
char *mime_link_url(const char *href);
/** mime_link_is_remote: to be fetched over the network */
bool mime_link_is_remote(const char *url);
/**
 * mime_link_lies:
 * @url: from mime_link_url()
 * @shown: its text
 * @ret_shown, @ret_real: the two hosts, filtered; @ret_real in ASCII
 *
 * Returns: %true if the text names a host of another owner than @url's
 */
bool mime_link_lies(const char *url, const char *shown, char **ret_shown,
		    char **ret_real);
