/* base-log.c - one log file; never the terminal */
#include "base-log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-text.h"
#include "base-time.h"

#define LOG_MAX (1 << 20)

static int log_fd = -1;
static gboolean log_debug;

static const char *
level_name(GLogLevelFlags level)
{
	switch (level & G_LOG_LEVEL_MASK) {
	case G_LOG_LEVEL_ERROR:
		return "error";
	case G_LOG_LEVEL_CRITICAL:
		return "critical";
	case G_LOG_LEVEL_WARNING:
		return "warning";
	case G_LOG_LEVEL_DEBUG:
		return "debug";
	default:
		return "info";
	}
}

static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields,
	  gpointer user G_GNUC_UNUSED)
{
	const char *message = "";
	const char *domain = "pennon";
	g_autofree char *when = NULL;
	g_autofree char *clean = NULL;
	g_autofree char *line = NULL;

	if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_DEBUG && !log_debug)
		return G_LOG_WRITER_HANDLED;
	for (gsize i = 0; i < n_fields; i++) {
		if (g_str_equal(fields[i].key, "MESSAGE"))
			message = fields[i].value;
		else if (g_str_equal(fields[i].key, "GLIB_DOMAIN"))
			domain = fields[i].value;
	}
	when = time_to_rfc3339(g_get_real_time());
	clean = text_clean_line(message, -1);
	line = g_strdup_printf("%s %d %s %s: %s\n", when, (int)getpid(), domain,
			       level_name(level), clean);
	/* a bug that ends the program has to be seen somewhere */
	if (level & (G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL))
		(void)!write(STDERR_FILENO, line, strlen(line));
	if (log_fd >= 0)
		(void)!write(log_fd, line, strlen(line));
	return G_LOG_WRITER_HANDLED;
}

void
log_start(const char *path)
{
	struct stat info;

	log_debug = g_getenv("PENNON_DEBUG") != NULL;
	if (path != NULL) {
		if (stat(path, &info) == 0 && info.st_size > LOG_MAX) {
			g_autofree char *old = g_strconcat(path, ".1", NULL);

			(void)rename(path, old);
		}
		log_fd =
		    open(path,
			 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
			 0600);
	}
	g_log_set_writer_func(write_log, NULL, NULL);
}
