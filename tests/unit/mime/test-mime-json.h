/* test-mime-json.h - just enough JSON to read what a corpus expects */
#pragma once

#include <stdbool.h>

#include <glib.h>

typedef enum {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
} JsonKind;

/** Json: @items: of arrays and objects; @keys: of objects, beside them */
typedef struct Json {
	JsonKind kind;
	double number;
	char *string;
	GPtrArray *items;
	GPtrArray *keys;
} Json;

/** json_read: Returns: (transfer full) (nullable) */
Json *json_read(const char *text);
void json_free(Json *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_free)
/** json_get: (nullable): of an object; @json: (nullable) */
const Json *json_get(const Json *json, const char *key);
/** json_string: (nullable); @json: (nullable) */
const char *json_string(const Json *json, const char *key);
