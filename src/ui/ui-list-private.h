/* ui-list-private.h - shared by the files of the message list */
#pragma once

#include "ui-list.h"
#include "ui-private.h"

/** UI_PREVIEW_FROM: columns of a screen that has room for it */
#define UI_PREVIEW_FROM 140

/**
 * UiList:
 * @list: (nullable): %NULL until the mailbox is known
 * @wanted: (nullable): name of the mailbox to be opened then
 * @preview_off: switched off by "p"
 * @in_range: "V": rows that are passed are tagged
 */
typedef struct {
	UiView view;
	MessageList *list;
	char *wanted;
	UiPreview *preview;
	bool preview_off;
	bool in_range;
	guint height;
} UiList;

/** ui_list_act: UiViewClass.action */
bool ui_list_act(UiView *view, UiAction action, const char *argument);
/** ui_list_preview_rect: where the preview is; %false: nowhere */
bool ui_list_preview_rect(Ui *ui, const UiList *self, UiRect content,
			  UiRect *ret_rect);
/** ui_list_rect: where the rows are */
UiRect ui_list_rect(Ui *ui, UiRect content);
/** ui_list_tagging: "x" and "T" */
void ui_list_tag_thread(UiList *self);
void ui_list_tag_query(UiList *self, const char *argument);
