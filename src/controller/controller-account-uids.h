/* controller-account-uids.h - sets of UIDs as people type them; private to
 * src/controller */
#pragma once

#include "model-uidset.h"

/**
 * account_parse_uids:
 * @text: "4,7:9,12:*"
 * @stored: UIDs of the mailbox
 *
 * "12:*" is 12 and all higher that are @stored, nothing where there is none (a
 * server would take the highest then); "*" alone is the highest. What is named
 * by number is in the answer whether it is @stored or not.
 *
 * Returns: (transfer full) (nullable): %CONTROLLER_ERROR_USAGE
 */
UidSet *account_parse_uids(const char *text, const UidSet *stored,
			   GError **error);
