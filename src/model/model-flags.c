/* model-flags.c - flags and keywords of a message */
#include "model-flags.h"

#include <string.h>

/* In the order of the bits; names as they are best written on the wire. */
static const char *const flag_names[] = {
    "\\Seen",   "\\Answered",    "\\Flagged",     "\\Deleted",     "\\Draft",
    "\\Recent", "$Forwarded",    "$Important",    "$Junk",         "$NotJunk",
    "$MDNSent", "$label1",       "$label2",       "$label3",       "$label4",
    "$label5",  "$MailFlagBit0", "$MailFlagBit1", "$MailFlagBit2",
};

void
mail_flags_clear(MailFlags *flags)
{
	flags->bits = 0;
	g_clear_pointer(&flags->keywords, g_free);
}

MailFlags
mail_flags_copy(const MailFlags *flags)
{
	return (MailFlags){flags->bits, g_strdup(flags->keywords)};
}

bool
mail_flags_equal(const MailFlags *a, const MailFlags *b)
{
	if (a->bits != b->bits)
		return false;
	if (a->keywords == NULL || b->keywords == NULL)
		return a->keywords == b->keywords;
	return g_ascii_strcasecmp(a->keywords, b->keywords) == 0;
}

guint32
mail_flag_from_name(const char *name, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(flag_names); i++)
		if (strlen(flag_names[i]) == len &&
		    g_ascii_strncasecmp(flag_names[i], name, len) == 0)
			return 1u << i;
	return 0;
}

const char *
mail_flag_name(guint32 bit)
{
	for (guint i = 0; i < G_N_ELEMENTS(flag_names); i++)
		if (bit == 1u << i)
			return flag_names[i];
	return NULL;
}

static bool
is_keyword(const char *name, gsize len)
{
	if (len == 0 || len > MAIL_KEYWORD_LEN_MAX)
		return false;
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)name[i];

		if (c <= 0x20 || c >= 0x7f || strchr("(){%*\"\\]", c) != NULL)
			return false;
	}
	return true;
}

bool
mail_keyword_is_valid(const char *name)
{
	return is_keyword(name, strlen(name));
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return g_ascii_strcasecmp(*(char *const *)a, *(char *const *)b);
}

/* The keywords of @text as an array of its own copies. */
static GPtrArray *
split_keywords(const char *text)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = NULL;

	if (text == NULL)
		return names;
	parts = g_strsplit(text, " ", -1);
	for (guint i = 0; parts[i] != NULL; i++)
		if (parts[i][0] != '\0')
			g_ptr_array_add(names, g_strdup(parts[i]));
	return names;
}

static char *
join_keywords(GPtrArray *names)
{
	GString *text;

	if (names->len == 0)
		return NULL;
	g_ptr_array_sort(names, compare_names);
	text = g_string_new(NULL);
	for (guint i = 0; i < names->len; i++) {
		if (i > 0)
			g_string_append_c(text, ' ');
		g_string_append(text, g_ptr_array_index(names, i));
	}
	return g_string_free(text, FALSE);
}

static gint
find_keyword(const GPtrArray *names, const char *name, gsize len)
{
	for (guint i = 0; i < names->len; i++) {
		const char *other = g_ptr_array_index(names, i);

		if (strlen(other) == len &&
		    g_ascii_strncasecmp(other, name, len) == 0)
			return (gint)i;
	}
	return -1;
}

void
mail_flags_add_name(MailFlags *flags, const char *name, gsize len)
{
	guint32 bit = mail_flag_from_name(name, len);
	g_autoptr(GPtrArray) names = NULL;

	if (bit != 0) {
		if (bit != MAIL_FLAG_RECENT)
			flags->bits |= bit;
		return;
	}
	if (!is_keyword(name, len))
		return;
	names = split_keywords(flags->keywords);
	if (names->len >= MAIL_KEYWORDS_MAX ||
	    find_keyword(names, name, len) >= 0)
		return;
	g_ptr_array_add(names, g_strndup(name, len));
	g_free(flags->keywords);
	flags->keywords = join_keywords(names);
}

MailFlags
mail_flags_parse(const char *names, gssize len)
{
	const char *end = names + (len < 0 ? strlen(names) : (gsize)len);
	MailFlags flags = {0};

	while (names < end) {
		const char *blank = memchr(names, ' ', (gsize)(end - names));
		const char *stop = blank == NULL ? end : blank;

		if (stop > names)
			mail_flags_add_name(&flags, names,
					    (gsize)(stop - names));
		names = stop + 1;
	}
	return flags;
}

char *
mail_flags_to_names(const MailFlags *flags)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(flag_names); i++)
		if (flags->bits & (1u << i))
			g_string_append_printf(text, "%s%s",
					       text->len > 0 ? " " : "",
					       flag_names[i]);
	if (flags->keywords != NULL)
		g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "",
				       flags->keywords);
	return g_string_free(text, FALSE);
}

void
mail_flags_apply(MailFlags *flags, const MailFlags *add,
		 const MailFlags *remove)
{
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GPtrArray) gone = NULL;
	g_autoptr(GPtrArray) come = NULL;

	flags->bits = (flags->bits | add->bits) & ~remove->bits;
	if (add->keywords == NULL &&
	    (remove->keywords == NULL || flags->keywords == NULL))
		return;
	names = split_keywords(flags->keywords);
	come = split_keywords(add->keywords);
	gone = split_keywords(remove->keywords);
	for (guint i = 0; i < come->len; i++) {
		const char *name = g_ptr_array_index(come, i);

		if (names->len < MAIL_KEYWORDS_MAX &&
		    find_keyword(names, name, strlen(name)) < 0)
			g_ptr_array_add(names, g_strdup(name));
	}
	for (guint i = 0; i < gone->len; i++) {
		const char *name = g_ptr_array_index(gone, i);
		gint at = find_keyword(names, name, strlen(name));

		if (at >= 0)
			g_ptr_array_remove_index(names, (guint)at);
	}
	g_free(flags->keywords);
	flags->keywords = join_keywords(names);
}

bool
mail_flags_has(const MailFlags *flags, const MailFlags *wanted)
{
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GPtrArray) needed = NULL;

	if ((flags->bits & wanted->bits) != wanted->bits)
		return false;
	if (wanted->keywords == NULL)
		return true;
	names = split_keywords(flags->keywords);
	needed = split_keywords(wanted->keywords);
	for (guint i = 0; i < needed->len; i++) {
		const char *name = g_ptr_array_index(needed, i);

		if (find_keyword(names, name, strlen(name)) < 0)
			return false;
	}
	return true;
}

bool
mail_flags_intersects(const MailFlags *flags, const MailFlags *other)
{
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GPtrArray) others = NULL;

	if (flags->bits & other->bits)
		return true;
	if (flags->keywords == NULL || other->keywords == NULL)
		return false;
	names = split_keywords(flags->keywords);
	others = split_keywords(other->keywords);
	for (guint i = 0; i < others->len; i++) {
		const char *name = g_ptr_array_index(others, i);

		if (find_keyword(names, name, strlen(name)) >= 0)
			return true;
	}
	return false;
}

bool
mail_flags_is_empty(const MailFlags *flags)
{
	return flags->bits == 0 && flags->keywords == NULL;
}
