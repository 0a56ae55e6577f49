/* base-path.c - where pennon keeps its files (XDG base directories) */
#include "base-path.h"

/*
 * Read from the environment each time: GLib keeps what it saw first, and a
 * relative path there must be ignored (XDG Base Directory Specification).
 */
static char *
base_folder(const char *variable, const char *below_home)
{
	const char *value = g_getenv(variable);

	if (value != NULL && g_path_is_absolute(value))
		return g_strdup(value);
	return g_build_filename(g_get_home_dir(), below_home, NULL);
}

char *
path_config(void)
{
	g_autofree char *base = base_folder("XDG_CONFIG_HOME", ".config");

	return g_build_filename(base, "pennon", "config", NULL);
}

char *
path_cache(const char *account)
{
	g_autofree char *base = base_folder("XDG_CACHE_HOME", ".cache");

	return g_build_filename(base, "pennon", account, NULL);
}

char *
path_state(const char *account)
{
	g_autofree char *base = base_folder("XDG_STATE_HOME", ".local/state");

	return g_build_filename(base, "pennon", account, NULL);
}

char *
path_download(void)
{
	const char *folder = g_get_user_special_dir(G_USER_DIRECTORY_DOWNLOAD);

	if (folder != NULL && g_file_test(folder, G_FILE_TEST_IS_DIR))
		return g_strdup(folder);
	return g_get_current_dir();
}
