/* ui-help.h - the keys of a place */
#pragma once

#include "ui-view.h"

/** ui_help_open: the keys of @place */
void ui_help_open(Ui *ui, UiPlace place);
