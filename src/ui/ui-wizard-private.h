/* ui-wizard-private.h - shared by the files of the wizard */
#pragma once

#include "controller-setup.h"
#include "ui-wizard.h"

typedef enum {
	WIZARD_WHO,
	WIZARD_SERVER,
	WIZARD_PASSWORD,
	WIZARD_WRITE,
} WizardStep;

typedef struct {
	UiView view;
	UiWizardFunc func;
	Setup *setup;
	WizardStep step;
	AccountConfig *account;
	GPtrArray *servers; /* of char*: URLs to offer, best first */
	GPtrArray *outside; /* of char*: those outside the mail domain */
	GPtrArray *tools;   /* of SetupTool */
	char *url;          /* as it was typed */
	Secret *password;
	bool ask; /* for the password, at each start */
	bool busy;
	CertificateInfo *certificate; /* that was refused */
	char *path;
	/* what the screen tells of the steps so far */
	char *server_state;
	char *login_state;
	char *trouble; /* what was wrong with the last answer */
} Wizard;

/* ui-wizard.c */
/** wizard_set: @value: (transfer full) */
void wizard_set(char **text, char *value);
/** wizard_complain: @text: (nullable): on the screen until the next answer */
void wizard_complain(Wizard *wizard, const char *text);
void wizard_ask_server(Wizard *wizard);

/* ui-wizard-login.c */
/** wizard_ask_login: step 3 */
void wizard_ask_login(Wizard *wizard);

/* ui-wizard-draw.c */
void ui_wizard_draw(UiView *view, UiRect rect);
void ui_wizard_top(UiView *view, UiTop *words);
/** wizard_ask_again: a password that was typed, else how it comes */
void wizard_ask_again(Wizard *wizard);
