/* mime-link.c - where a link goes, and where it says it goes */
#include "mime-link.h"

#include <string.h>

#include "base-text.h"

#define URL_MAX 8192u
#define HOST_MAX 255u

/* ---- URLs ---- */

char *
mime_link_url(const char *href)
{
	static const char *const schemes[] = {
	    "http:", "https:", "ftp:", "mailto:", "tel:", "news:"};
	GString *url = g_string_new(NULL);

	/* as browsers do: blanks around it and line ends in it are nothing */
	while (*href != '\0' && (guchar)*href <= ' ')
		href++;
	for (; *href != '\0' && url->len < URL_MAX; href++)
		if (*href != '\t' && *href != '\n' && *href != '\r')
			g_string_append_c(url, *href);
	while (url->len > 0 && (guchar)url->str[url->len - 1] <= ' ')
		g_string_truncate(url, url->len - 1);
	for (guint i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(url->str, schemes[i],
					strlen(schemes[i])) == 0)
			return g_string_free(url, FALSE);
	g_string_free(url, TRUE);
	return NULL;
}

bool
mime_link_is_remote(const char *url)
{
	while (*url != '\0' && (guchar)*url <= ' ')
		url++;
	return g_ascii_strncasecmp(url, "http:", 5) == 0 ||
	       g_ascii_strncasecmp(url, "https:", 6) == 0 ||
	       g_ascii_strncasecmp(url, "ftp:", 4) == 0 ||
	       strncmp(url, "//", 2) == 0;
}

/* ---- hosts ---- */

/* In lower case and ASCII, without a dot at its end. */
static char *
normal_host(const char *host, gsize len)
{
	g_autofree char *copy = g_strndup(host, MIN(len, HOST_MAX));
	g_autofree char *ascii = NULL;
	gsize n;

	ascii =
	    g_utf8_validate(copy, -1, NULL) ? g_hostname_to_ascii(copy) : NULL;
	if (ascii == NULL)
		ascii = g_str_to_ascii(copy, "C");
	n = strlen(ascii);
	while (n > 0 && ascii[n - 1] == '.')
		ascii[--n] = '\0';
	return g_ascii_strdown(ascii, -1);
}

/* At an authority: what stands before the last "@" is no host, whatever it
 * looks like; browsers take "\" for "/". */
static char *
authority_host(const char *p)
{
	gsize len = strcspn(p, "/\\?#");
	const char *at = memrchr(p, '@', len);
	gsize n = 0;

	if (at != NULL) {
		len -= (gsize)(at + 1 - p);
		p = at + 1;
	}
	if (len > 0 && *p == '[')
		while (n < len && p[n] != ']')
			n++;
	else
		while (n < len && p[n] != ':')
			n++;
	return normal_host(p, n + (n < len && p[n] == ']'));
}

static char *
url_host(const char *url)
{
	const char *p = strchr(url, ':');

	if (p == NULL)
		return NULL;
	p++;
	if (g_ascii_strncasecmp(url, "mailto:", 7) == 0) {
		gsize len = strcspn(p, "?");
		const char *at = memrchr(p, '@', len);

		if (at == NULL)
			return NULL;
		return normal_host(at + 1, len - (gsize)(at + 1 - p));
	}
	if (g_ascii_strncasecmp(url, "tel:", 4) == 0)
		return NULL;
	while (*p == '/' || *p == '\\')
		p++;
	return authority_host(p);
}

/* ---- what the text says ---- */

static bool
is_host_char(const char *p)
{
	return g_ascii_isalnum(*p) || *p == '-' || *p == '.' ||
	       (guchar)*p >= 0x80;
}

/* "example.org", not "3.14" nor "notes.pdf" */
static bool
looks_like_host(const char *host, gsize len)
{
	static const char *const files[] = {
	    "pdf", "txt", "doc", "docx", "xls", "xlsx", "ppt",  "pptx",
	    "jpg", "png", "gif", "zip",  "htm", "html", "js",   "php",
	    "py",  "md",  "xml", "csv",  "ics", "json", "jpeg", "exe",
	};
	const char *dot = memrchr(host, '.', len);
	gsize n;

	if (dot == NULL || dot == host)
		return false;
	n = len - (gsize)(dot + 1 - host);
	if (n < 2 || n > 63)
		return false;
	for (gsize i = 1; i <= n; i++)
		if (!g_ascii_isalpha(dot[i]) && (guchar)dot[i] < 0x80 &&
		    g_ascii_strncasecmp(dot + 1, "xn--", MIN(n, 4)) != 0)
			return false;
	for (guint i = 0; i < G_N_ELEMENTS(files); i++)
		if (strlen(files[i]) == n &&
		    g_ascii_strncasecmp(files[i], dot + 1, n) == 0)
			return false;
	return true;
}

/* One word of the text: the host that it names, or NULL. */
static char *
word_host(const char *word, gsize len, bool alone, bool mail)
{
	const char *end = word + len;
	const char *scheme = memmem(word, len, "://", 3);
	g_autofree char *authority = NULL;
	gsize n = 0;

	if (scheme != NULL) {
		authority = g_strndup(scheme + 3, (gsize)(end - scheme - 3));
		return authority_host(authority);
	}
	while (len > 0 && strchr("(<[\"'", *word) != NULL) {
		word++;
		len--;
	}
	if (memchr(word, '@', len) != NULL) {
		const char *at = memrchr(word, '@', len);

		if (!mail)
			return NULL;
		word = at + 1;
		len = (gsize)(end - word);
		alone = true;
	}
	while (n < len && is_host_char(word + n))
		n++;
	while (n > 0 && word[n - 1] == '.')
		n--;
	if (!alone && (n < 5 || g_ascii_strncasecmp(word, "www.", 4) != 0))
		return NULL;
	return looks_like_host(word, n) ? normal_host(word, n) : NULL;
}

static char *
shown_host(const char *shown, bool mail)
{
	bool alone = strchr(shown, ' ') == NULL;
	const char *p = shown;

	while (*p != '\0') {
		gsize len;
		char *host;

		while (*p == ' ')
			p++;
		len = strcspn(p, " ");
		host = len > 0 ? word_host(p, len, alone, mail) : NULL;
		if (host != NULL && host[0] != '\0')
			return host;
		g_free(host);
		p += len;
	}
	return NULL;
}

/*
 * The part of a host that someone registers. Without the public suffix list a
 * guess: "co.uk" and the like have short second labels below a country's.
 */
static const char *
registrable(const char *host)
{
	static const char *const second[] = {"co",  "com", "net", "org", "gov",
					     "edu", "ac",  "or",  "ne",  "go",
					     "gob", "mil", "nom", "ltd", "plc"};
	const char *dots[3] = {NULL};
	gsize len = strlen(host);
	guint n = 0;

	for (gsize i = len; i-- > 0 && n < 3;)
		if (host[i] == '.')
			dots[n++] = host + i;
	if (n < 2)
		return host;
	if (strlen(dots[0] + 1) == 2)
		for (guint i = 0; i < G_N_ELEMENTS(second); i++)
			if (strncmp(dots[1] + 1, second[i],
				    strlen(second[i])) == 0 &&
			    dots[1] + 1 + strlen(second[i]) == dots[0])
				return n < 3 ? host : dots[2] + 1;
	return dots[1] + 1;
}

static bool
is_number(const char *host)
{
	return host[0] == '[' || host[strspn(host, "0123456789.")] == '\0';
}

bool
mime_link_lies(const char *url, const char *shown, char **ret_shown,
	       char **ret_real)
{
	g_autofree char *copy = text_clean_line(shown, -1);
	bool mail = g_ascii_strncasecmp(url, "mailto:", 7) == 0;
	g_autofree char *said = NULL;
	g_autofree char *real = url_host(url);
	bool same;

	if (real == NULL)
		return false;
	said = shown_host(g_strstrip(copy), mail);
	if (said == NULL)
		return false;
	same = is_number(real) || is_number(said)
		   ? strcmp(real, said) == 0
		   : strcmp(registrable(real), registrable(said)) == 0;
	if (same)
		return false;
	*ret_shown = text_clean_line(said, -1);
	*ret_real = text_clean_line(real, -1);
	return true;
}
