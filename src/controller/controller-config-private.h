/* controller-config-private.h - shared by the files that read and write a
 * configuration */
#pragma once

#include "controller-config.h"
#include "controller.h"

struct Config {
	char *path;
	GPtrArray *accounts; /* of AccountConfig */
	UiConfig ui;
};

/**
 * ConfigPlace: where a value stands, for the line that complains about it
 * @line: from 1; 0: no line
 * @key: (nullable)
 */
typedef struct {
	const char *path;
	guint line;
	const char *key;
} ConfigPlace;

/** config_complain: "PATH:LINE: KEY: WHY". Returns: %false */
bool config_complain(const ConfigPlace *place, GError **error,
		     const char *format, ...) G_GNUC_PRINTF(3, 4);

/* ---- controller-config-keys.c: which groups and keys there are ---- */

typedef enum {
	CONFIG_GROUP_ACCOUNT,
	CONFIG_GROUP_UI,
} ConfigGroup;

/** ConfigSetter: checks @value and puts it where it belongs; @target: an
 * #AccountConfig or a #UiConfig */
typedef bool (*ConfigSetter)(gpointer target, const char *value,
			     const ConfigPlace *place, GError **error);

/** ConfigKey: @set: %NULL: known, but its feature is not there yet, or (with
 * @advice) never will be */
typedef struct {
	const char *name;
	ConfigSetter set;
	const char *advice;
} ConfigKey;

/** config_key_find: (nullable) */
const ConfigKey *config_key_find(ConfigGroup group, const char *name);
/** config_key_nearest: (nullable): what was meant, if it is near enough */
const char *config_key_nearest(ConfigGroup group, const char *name);

/* ---- controller-config-url.c ---- */

/** config_set_imap: imaps://, imap://, imap+plain:// */
bool config_set_imap(gpointer target, const char *value,
		     const ConfigPlace *place, GError **error);
