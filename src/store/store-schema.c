/* store-schema.c - the numbered migrations of both files */
#include "store-schema.h"

#include "store-sql.h"

static const char *const mail_migrations[] = {mail_1};
static const char *const journal_migrations[] = {journal_1};

/* application_id: "pnnM" and "pnnJ" */
const StoreSchema store_mail_schema = {
    mail_migrations, G_N_ELEMENTS(mail_migrations), 0x706e6e4d};
const StoreSchema store_journal_schema = {
    journal_migrations, G_N_ELEMENTS(journal_migrations), 0x706e6e4a};
