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
} Wizard;

/* ui-wizard-draw.c */
void ui_wizard_draw(UiView *view, UiRect rect);
void ui_wizard_top(UiView *view, UiTop *words);
