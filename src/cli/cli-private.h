/* cli-private.h - shared by the files of src/cli */
#pragma once

#include "cli.h"
#include "controller.h"

/**
 * Cli: one run of one command
 * @job: the job waited for; @job_over: it has come to an end
 */
typedef struct {
	const CliOptions *options;
	const Config *config;
	Controller *controller; /* owned */
	Account *account;       /* the one the command is about */
	gint64 job;
	bool job_over;
	bool job_journaled;
	GError *job_error;      /* owned */
	GPtrArray *job_changes; /* owned, of Change */
	char *job_text;         /* owned */
} Cli;

/** CliFunc: Returns: a #CliStatus, its error line written */
typedef int (*CliFunc)(Cli *cli);

bool cli_command_exists(const char *word);

/* ---- running ---- */

/**
 * cli_wait: runs the main context until @job is over
 *
 * With --offline a job that changes something is over when it is journaled.
 * @job 0: @error is what the caller got already.
 *
 * Returns: %false with @error set as the job ended
 */
bool cli_wait(Cli *cli, gint64 job, GError **error);
/** cli_start: starts the engines: the command talks to the server */
bool cli_start(Cli *cli, GError **error);
/** cli_fail: writes the error line. Returns: its status */
int cli_fail(const GError *error);
/** cli_done_or_queued: of a change that went well: with --offline it waits */
int cli_done_or_queued(const Cli *cli);
/** cli_finish_change: waits for @job, prints its changes */
int cli_finish_change(Cli *cli, gint64 job, GError *error);

/* ---- printing ---- */

/** cli_text: foreign text, filtered for the terminal, to standard output */
void cli_print_text(const char *text);
/** cli_print_cell: the same, cut and padded to @columns */
void cli_print_cell(const char *text, guint columns);
void cli_print_mailbox(const Cli *cli, const Mailbox *mailbox);
void cli_print_row(const Cli *cli, const char *mailbox, const MessageRow *row);
void cli_print_changes(const Cli *cli, const GPtrArray *changes);
void cli_print_part(const Cli *cli, const Part *part, guint depth);

/* ---- JSON: one object a line ---- */

typedef struct {
	GString *out;
	bool first;
} Json;
void json_begin(Json *json);
/** json_end: writes the line */
void json_end(Json *json);
/** json_string: @value: (nullable): null */
void json_string(Json *json, const char *key, const char *value);
void json_number(Json *json, const char *key, gint64 value);
void json_null(Json *json, const char *key);
void json_bool(Json *json, const char *key, bool value);
/** json_time: @us since 1970 as RFC 3339 in UTC; 0 and %MESSAGE_NO_DATE: null
 */
void json_time(Json *json, const char *key, gint64 us);
/** json_addresses: [{"name","address"}…] */
void json_addresses(Json *json, const char *key, const GPtrArray *list);
/** json_strings: @values: (nullable) (element-type utf8): null */
void json_strings(Json *json, const char *key, const GPtrArray *values);
void json_flags(Json *json, const char *key, const MailFlags *flags);
/** json_raw: @value is JSON already */
void json_raw(Json *json, const char *key, const char *value);
/** json_row: the keys of a message */
void json_row(Json *json, const char *mailbox, const MessageRow *row);

/* ---- commands ---- */

int cli_check(Cli *cli);
int cli_sync(Cli *cli);
int cli_folders(Cli *cli);
int cli_folder(Cli *cli);
int cli_list(Cli *cli);
int cli_show(Cli *cli);
int cli_parts(Cli *cli);
int cli_save(Cli *cli);
int cli_flag(Cli *cli);
int cli_followup(Cli *cli);
int cli_move(Cli *cli);
int cli_copy(Cli *cli);
int cli_delete(Cli *cli);
int cli_draft(Cli *cli);
int cli_send(Cli *cli);
int cli_search(Cli *cli);
int cli_queue(Cli *cli);
int cli_undo(Cli *cli);
