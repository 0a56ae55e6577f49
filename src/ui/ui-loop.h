/* ui-loop.h - for ui-child.c, the wizard and ^Z */
#pragma once

#include <stdbool.h>

#include <glib.h>

#include "ui-view.h"

/** ui_watch_keys: the terminal is ours (again) */
void ui_watch_keys(Ui *ui);
/** ui_suspend: gives the sync role away, then stops until the shell goes on */
void ui_suspend(Ui *ui);
/** ui_open_stores: the controller over the configuration, started */
bool ui_open_stores(Ui *ui, GError **error);
