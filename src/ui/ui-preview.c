/* ui-preview.c - the text of the selected message beside the list */
#include "ui-list.h"
#include "ui-read-private.h"

/* the selection has to rest so long before a text is asked for */
#define REST_MS 200

/**
 * UiPreview:
 * @id: of the row it follows, 0 for none
 * @lines: (nullable): of ReadLine
 */
struct UiPreview {
	Ui *ui;
	Account *account;
	gint64 id;
	int columns;
	MessageText *text;
	GPtrArray *lines;
	guint rest_source;
	int top;
};

UiPreview *
ui_preview_new(Ui *ui)
{
	UiPreview *preview = g_new0(UiPreview, 1);

	preview->ui = ui;
	return preview;
}

static void
stop_resting(UiPreview *preview)
{
	if (preview->rest_source != 0)
		g_source_remove(preview->rest_source);
	preview->rest_source = 0;
}

static void
forget(UiPreview *preview)
{
	stop_resting(preview);
	g_clear_pointer(&preview->lines, g_ptr_array_unref);
	if (preview->text != NULL)
		account_read_close(preview->account);
	preview->text = NULL;
	preview->top = 0;
	preview->id = 0;
}

void
ui_preview_free(UiPreview *preview)
{
	if (preview == NULL)
		return;
	forget(preview);
	g_free(preview);
}

void
ui_preview_stop(UiPreview *preview)
{
	forget(preview);
}

static void
lay_out(UiPreview *preview)
{
	ReadLayout layout = {
	    .account = preview->account,
	    .columns = preview->columns,
	    .preview = true,
	};

	g_clear_pointer(&preview->lines, g_ptr_array_unref);
	preview->lines = ui_read_lines(preview->ui, preview->text, &layout);
}

static void
text_came(MessageText *text, gpointer user)
{
	UiPreview *preview = user;

	preview->text = text;
	lay_out(preview);
	ui_redraw(preview->ui);
}

static gboolean
rested(gpointer user)
{
	UiPreview *preview = user;
	ReadOptions options = {
	    .width = (guint)preview->columns,
	    .plain = true,
	    .fold_quotes = true,
	};

	preview->rest_source = 0;
	preview->top = 0;
	preview->text = account_read(preview->account, preview->id, &options,
				     text_came, preview);
	lay_out(preview);
	ui_redraw(preview->ui);
	return G_SOURCE_REMOVE;
}

void
ui_preview_follow(UiPreview *preview, Account *account, const MessageRow *row,
		  int columns)
{
	gint64 id = row != NULL ? row->id : 0;

	if (preview->id == id && preview->columns == columns &&
	    preview->account == account)
		return;
	/* what is there stays until the next text comes: to wipe it and write
	 * it at each step would cost a screen a step */
	if (id == 0 || preview->account != account ||
	    preview->columns != columns)
		forget(preview);
	stop_resting(preview);
	preview->account = account;
	preview->id = id;
	preview->columns = columns;
	if (id != 0)
		preview->rest_source = g_timeout_add(REST_MS, rested, preview);
}

void
ui_preview_draw(UiPreview *preview, UiRect rect)
{
	for (int y = 0; preview->lines != NULL && y < rect.rows; y++) {
		guint index = (guint)(preview->top + y);
		UiRect line = {rect.y + y, rect.x, 1, rect.columns};

		if (index >= preview->lines->len)
			break;
		ui_read_line_draw(ui_term(preview->ui), line,
				  preview->lines->pdata[index], NULL);
	}
}

bool
ui_preview_scroll(UiPreview *preview, int rows, int height)
{
	int last = preview->lines != NULL
		       ? MAX(0, (int)preview->lines->len - height)
		       : 0;
	int top = CLAMP(preview->top + rows, 0, last);

	if (top == preview->top)
		return false;
	preview->top = top;
	return true;
}
