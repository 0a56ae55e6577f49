/* base-path.h - where pennon keeps its files (XDG base directories) */
#pragma once

#include <glib.h>

/** path_config: Returns: (transfer full): the configuration file */
char *path_config(void);
/** path_cache: folder of what can be fetched again; @account: a folder below,
 * or %NULL. Returns: (transfer full) */
char *path_cache(const char *account);
/** path_state: folder of what only this machine knows */
char *path_state(const char *account);
/** path_download: where attachments go if not told. Returns: (transfer full) */
char *path_download(void);
