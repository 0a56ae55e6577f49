/* ui-certificate.h - a certificate that is not trusted */
#pragma once

#include "ui-view.h"

/** ui_certificate_open: what is wrong with the one that was refused last, and
 * the offer to pin it, which no single key accepts */
void ui_certificate_open(Ui *ui, Account *account);
