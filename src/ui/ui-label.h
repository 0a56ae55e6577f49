/* ui-label.h - setting and clearing labels (#) */
#pragma once

#include "ui-view.h"

/** ui_label_ask: @argument: (nullable): "work", "-work"; else it is asked for.
 * A label that the selected message has is taken away from all. */
void ui_label_ask(Ui *ui, const UiTarget *target, const char *argument);
