/* ui-command.h - the command line (:) */
#pragma once

#include "ui-view.h"

void ui_command_open(Ui *ui);
