/* ui-certificate.h - a certificate that is not trusted */
#pragma once

#include "ui-view.h"

/** ui_certificate_open: what is wrong with the one that was refused last, and
 * the offer to pin it, which no single key accepts */
void ui_certificate_open(Ui *ui, Account *account);
/** ui_certificate_is_open: for whichever account */
bool ui_certificate_is_open(Ui *ui);
/** ui_certificate_hash: the @line-th 16 bytes of its SHA-256 value.
 * Returns: (transfer full) (nullable) */
char *ui_certificate_hash(const CertificateInfo *info, guint line);
/** ui_certificate_proof: @typed begins its SHA-256 value, with at least four
 * digits; colons do not count */
bool ui_certificate_proof(const CertificateInfo *info, const char *typed);
