/* cli-options.c - the command line, read */
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n.h>

#include "cli-private.h"

/* clang-format would put spaces into the name */
/* clang-format off */
G_DEFINE_QUARK(cli-error-quark, cli_error)
/* clang-format on */

typedef enum { OPTION_FLAG, OPTION_TEXT, OPTION_NUMBER } OptionKind;

/* @commands: where it may stand; NULL: everywhere */
typedef struct {
	const char *name;
	char letter;
	OptionKind kind;
	gsize offset;
	const char *commands;
} OptionSpec;

#define AT(field) G_STRUCT_OFFSET(CliOptions, field)
static const OptionSpec option_specs[] = {
    {"config", 'c', OPTION_TEXT, AT(config), NULL},
    {"account", 'a', OPTION_TEXT, AT(account), NULL},
    {"offline", 0, OPTION_FLAG, AT(offline), NULL},
    {"json", 0, OPTION_FLAG, AT(json), NULL},
    {"trace", 0, OPTION_TEXT, AT(trace), NULL},
    {"ascii", 0, OPTION_FLAG, AT(ascii), NULL},
    {"version", 'V', OPTION_FLAG, AT(version), NULL},
    {"help", 'h', OPTION_FLAG, AT(help), NULL},
    {"cache", 0, OPTION_FLAG, AT(cache), " check "},
    {"repair", 0, OPTION_FLAG, AT(repair), " check "},
    {"limit", 0, OPTION_NUMBER, AT(limit), " list search "},
    {"query", 0, OPTION_TEXT, AT(query), " list "},
    {"raw", 0, OPTION_FLAG, AT(raw), " show "},
    {"headers", 0, OPTION_FLAG, AT(headers), " show "},
    {"part", 0, OPTION_TEXT, AT(part), " show save "},
    {"force", 0, OPTION_FLAG, AT(force), " show "},
    {"mark-read", 0, OPTION_FLAG, AT(mark_read), " show "},
    {"to", 0, OPTION_TEXT, AT(to), " save "},
    {"due", 0, OPTION_TEXT, AT(due), " followup "},
    {"done", 0, OPTION_FLAG, AT(done), " followup "},
    {"forever", 0, OPTION_FLAG, AT(forever), " delete "},
    {"replace", 0, OPTION_NUMBER, AT(replace), " draft "},
    {"at", 0, OPTION_TEXT, AT(at), " send "},
    {"in", 0, OPTION_TEXT, AT(in), " search "},
    {"server", 0, OPTION_FLAG, AT(server), " search "},
};
#undef AT

static const OptionSpec *
find_option(const char *name, gsize len, char letter)
{
	for (guint i = 0; i < G_N_ELEMENTS(option_specs); i++) {
		const OptionSpec *spec = &option_specs[i];

		if (letter != 0 ? spec->letter == letter
				: strlen(spec->name) == len &&
				      strncmp(spec->name, name, len) == 0)
			return spec;
	}
	return NULL;
}

static bool
set_option(CliOptions *options, const OptionSpec *spec, const char *value,
	   GError **error)
{
	gpointer field = G_STRUCT_MEMBER_P(options, spec->offset);
	guint64 number;

	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_TEXT:
		*(const char **)field = value;
		return true;
	case OPTION_NUMBER:
		if (!g_ascii_string_to_unsigned(value, 10, 1, G_MAXUINT32,
						&number, NULL)) {
			g_set_error(error, CLI_ERROR, 0,
				    _("--%s: \"%s\" is not a number over 0"),
				    spec->name, value);
			return false;
		}
		*(guint32 *)field = (guint32)number;
		return true;
	}
	return false;
}

/* "--name=value", "--name value", "-xVALUE", "-x value" */
static bool
parse_option(CliOptions *options, char **argv, int argc, int *i,
	     GPtrArray *seen, GError **error)
{
	const char *word = argv[*i];
	bool is_long = word[1] == '-';
	const char *equals = is_long ? strchr(word, '=') : NULL;
	const OptionSpec *spec;
	const char *value = NULL;

	if (is_long)
		spec = find_option(word + 2,
				   equals != NULL ? (gsize)(equals - word - 2)
						  : strlen(word + 2),
				   0);
	else
		spec = find_option(NULL, 0, word[1]);
	if (spec == NULL) {
		g_set_error(error, CLI_ERROR, 0, _("unknown option %s"), word);
		return false;
	}
	if (is_long && equals != NULL)
		value = equals + 1;
	else if (!is_long && word[2] != '\0')
		value = word + 2;
	if (spec->kind == OPTION_FLAG && value != NULL) {
		g_set_error(error, CLI_ERROR, 0, _("--%s takes no value"),
			    spec->name);
		return false;
	}
	if (spec->kind != OPTION_FLAG && value == NULL) {
		if (*i + 1 >= argc) {
			g_set_error(error, CLI_ERROR, 0,
				    _("--%s needs a value"), spec->name);
			return false;
		}
		value = argv[++*i];
	}
	g_ptr_array_add(seen, (gpointer)spec);
	return set_option(options, spec, value, error);
}

/* An option of another command is a mistake, not a wish that is ignored. */
static bool
check_places(const CliOptions *options, const GPtrArray *seen, GError **error)
{
	g_autofree char *place = g_strdup_printf(
	    " %s ", options->command != NULL ? options->command : "");

	for (guint i = 0; i < seen->len; i++) {
		const OptionSpec *spec = g_ptr_array_index(seen, i);

		if (spec->commands == NULL ||
		    strstr(spec->commands, place) != NULL)
			continue;
		g_set_error(error, CLI_ERROR, 0, _("--%s does not go with %s"),
			    spec->name,
			    options->command != NULL ? options->command
						     : _("the screen"));
		return false;
	}
	return true;
}

bool
cli_parse(int argc, char **argv, CliOptions *ret_options, GError **error)
{
	g_autoptr(GPtrArray) seen = g_ptr_array_new();
	g_autoptr(GPtrArray) args = g_ptr_array_new();
	bool options_end = false;
	CliOptions options = {0};

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		bool is_option =
		    !options_end && word[0] == '-' && word[1] != '\0';

		if (is_option && strcmp(word, "--") == 0) {
			options_end = true;
			continue;
		}
		/* flag MAILBOX UIDS -seen */
		if (is_option && word[1] != '-' && options.command != NULL &&
		    strcmp(options.command, "flag") == 0 && args->len >= 2)
			is_option = false;
		if (is_option) {
			if (!parse_option(&options, argv, argc, &i, seen,
					  error))
				return false;
		} else if (options.command == NULL && args->len == 0 &&
			   !options_end && cli_command_exists(word)) {
			options.command = word;
		} else {
			g_ptr_array_add(args, argv[i]);
		}
	}
	if (!check_places(&options, seen, error))
		return false;
	options.n_args = args->len;
	g_ptr_array_add(args, NULL);
	options.args =
	    (const char **)g_ptr_array_free(g_steal_pointer(&args), FALSE);
	*ret_options = options;
	return true;
}

void
cli_options_clear(CliOptions *options)
{
	g_clear_pointer(&options->args, g_free);
}
