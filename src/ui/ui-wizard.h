/* ui-wizard.h - the first account, in four steps */
#pragma once

#include "base-secret.h"
#include "ui-view.h"

/**
 * UiWizardFunc:
 * @path: (nullable): where the configuration was written; %NULL: the user left
 * @password: (nullable): what was typed, where it is to be asked for at each
 *   start: not again now
 */
typedef void (*UiWizardFunc)(Ui *ui, const char *path, const Secret *password);

/** ui_wizard_open: needs no controller; nothing is written before the last
 * step. Frees itself after @func. */
void ui_wizard_open(Ui *ui, UiWizardFunc func);
