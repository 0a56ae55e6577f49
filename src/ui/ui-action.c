/* ui-action.c - names and words of all actions */
#include "ui-action.h"

#include <string.h>

#include "ui-i18n.h"

/**
 * ActionWords: @word: for the key line, one word where the language allows;
 * @argument, @summary: for the command line and help
 */
typedef struct {
	const char *name;
	const char *word;
	const char *argument;
	const char *summary;
} ActionWords;

static const ActionWords actions[UI_N_ACTIONS] = {
    [UI_ACTION_COMMAND] = {"command", N_("Command"), "", N_("type a command")},
    [UI_ACTION_HELP] = {"help", N_("Help"), "", N_("help for this place")},
    [UI_ACTION_REDRAW] = {"redraw", N_("Redraw"), "", N_("paint all again")},
    [UI_ACTION_CHECK_MAIL] = {"check-mail", N_("Try again"), "",
			      N_("check mail now, try again now")},
    [UI_ACTION_STOP] = {"stop", N_("Stop"), "", N_("stop the work shown")},
    [UI_ACTION_SUSPEND] = {"suspend", N_("Suspend"), "",
			   N_("back to the shell for a while")},
    [UI_ACTION_BACK] = {"back", N_("Back"), "", N_("where you came from")},
    [UI_ACTION_QUIT] = {"quit", N_("Quit"), "", N_("leave pennon")},
    [UI_ACTION_CLEAR] = {"clear", N_("Clear"), "",
			 N_("clear prompt, tags, filter, notice")},
    [UI_ACTION_UNDO] = {"undo", N_("Undo"), "",
			N_("take the last change back")},
    [UI_ACTION_DONE] = {"done", N_("Done"), "", N_("what was done")},
    [UI_ACTION_WAITING] = {"waiting", N_("Waiting"), "",
			   N_("changes that wait for the server")},
    [UI_ACTION_MESSAGES] = {"messages", N_("Messages"), "",
			    N_("the log of notices and errors")},
    [UI_ACTION_DOWN] = {"down", N_("Down"), "", N_("next")},
    [UI_ACTION_UP] = {"up", N_("Up"), "", N_("previous")},
    [UI_ACTION_PAGE_DOWN] = {"page-down", N_("Next page"), "", N_("page down")},
    [UI_ACTION_PAGE_UP] = {"page-up", N_("Page up"), "", N_("page up")},
    [UI_ACTION_HALF_DOWN] = {"half-down", N_("Half down"), "",
			     N_("half a page down")},
    [UI_ACTION_HALF_UP] = {"half-up", N_("Half up"), "", N_("half a page up")},
    [UI_ACTION_FIRST] = {"first", N_("First"), "", N_("first")},
    [UI_ACTION_LAST] = {"last", N_("Last"), "", N_("last")},
    [UI_ACTION_OPEN] = {"open", N_("Read"), "", N_("open, read")},
    [UI_ACTION_LEFT] = {"left", N_("Left"), "", N_("back, mailboxes")},
    [UI_ACTION_MAILBOXES] = {"mailboxes", N_("Mailboxes"), "",
			     N_("choose a mailbox")},
    [UI_ACTION_COMPOSE] = {"compose", N_("Compose"), "", N_("write a message")},
    [UI_ACTION_NEXT_UNREAD] = {"next-unread", N_("Unread"), "",
			       N_("next unread")},
    /* TRANSLATORS: stands for what is typed behind the command "mailbox" */
    [UI_ACTION_MAILBOX] = {"mailbox", N_("Mailbox"), N_("NAME"),
			   N_("open a mailbox")},
    [UI_ACTION_REPLY] = {"reply", N_("Reply"), "", N_("reply")},
    [UI_ACTION_REPLY_ALL] = {"reply-all", N_("All"), "", N_("reply to all")},
    [UI_ACTION_FORWARD] = {"forward", N_("Forward"), "", N_("forward")},
    [UI_ACTION_FLAG] = {"flag", N_("Flag"), "", N_("flag for follow-up")},
    [UI_ACTION_IMPORTANT] = {"important", N_("Important"), "",
			     N_("mark as important")},
    [UI_ACTION_UNREAD] = {"unread", N_("Unread"), "",
			  N_("mark as unread or read")},
    [UI_ACTION_LABEL] = {"label", N_("Label"), N_("NAME"),
			 N_("set or clear a label")},
    [UI_ACTION_MOVE] = {"move", N_("Move"), N_("MAILBOX"),
			N_("move the message or the tagged ones")},
    [UI_ACTION_COPY] = {"copy", N_("Copy"), N_("MAILBOX"),
			N_("copy the message or the tagged ones")},
    [UI_ACTION_ARCHIVE] = {"archive", N_("Archive"), "",
			   N_("move to the archive")},
    [UI_ACTION_DELETE] = {"delete", N_("Delete"), "", N_("move to Trash")},
    [UI_ACTION_DELETE_FOREVER] = {"delete-forever", N_("Delete"), "",
				  N_("delete for ever")},
    [UI_ACTION_SPAM] = {"spam", N_("Spam"), "", N_("move to Junk")},
    [UI_ACTION_SAVE] = {"save", N_("Save"), N_("FOLDER"),
			N_("save an attachment")},
    [UI_ACTION_TAG] = {"tag", N_("Tag"), "", N_("tag, and go down")},
    [UI_ACTION_PARENT] = {"parent", N_("Parent"), "",
			  N_("the message this one answers")},
    [UI_ACTION_CONVERSATION] = {"conversation", N_("Thread"), "",
				N_("show this thread")},
    [UI_ACTION_PARTS] = {"parts", N_("Parts"), "",
			 N_("the parts of the message")},
    [UI_ACTION_NEXT_IN_THREAD] = {"next-in-thread", N_("Next"), "",
				  N_("next in thread")},
    [UI_ACTION_PREVIOUS_IN_THREAD] = {"previous-in-thread", N_("Previous"), "",
				      N_("previous in thread")},
    [UI_ACTION_NEXT_MESSAGE] = {"next-message", N_("Next"), "",
				N_("next thread or message")},
    [UI_ACTION_PREVIOUS_MESSAGE] = {"previous-message", N_("Previous"), "",
				    N_("previous thread or message")},
    [UI_ACTION_MARK_READ] = {"mark-read", N_("Mark read"), "",
			     N_("mark as read")},
    [UI_ACTION_FIND] = {"find", N_("Find"), N_("TEXT"),
			N_("find in this text")},
    [UI_ACTION_FIND_NEXT] = {"find-next", N_("Next hit"), "", N_("next hit")},
    [UI_ACTION_FIND_PREVIOUS] = {"find-previous", N_("Previous hit"), "",
				 N_("previous hit")},
    [UI_ACTION_SEARCH] = {"search", N_("Search"), N_("QUERY"),
			  N_("find messages in this mailbox")},
    [UI_ACTION_FILTER] = {"filter", N_("Filter"), N_("QUERY"),
			  N_("filter this list")},
    [UI_ACTION_ORDER] = {"order", N_("Order"), "", N_("by date or by thread")},
    [UI_ACTION_TAG_RANGE] = {"tag-range", N_("Range"), "",
			     N_("tag from here to where you go")},
    [UI_ACTION_TAG_THREAD] = {"tag-thread", N_("Tag thread"), "",
			      N_("tag the thread")},
    [UI_ACTION_TAG_QUERY] = {"tag-query", N_("Tag by query"), N_("QUERY"),
			     N_("tag by query")},
    [UI_ACTION_ON_TAGGED] = {"on-tagged", N_("On tagged"), "",
			     N_("next command acts on the tagged")},
    [UI_ACTION_PREVIEW] = {"preview", N_("Preview"), "",
			   N_("preview on or off")},
    [UI_ACTION_NEW_MAILBOX] = {"new-mailbox", N_("New"), N_("NAME"),
			       N_("create a mailbox")},
    [UI_ACTION_RENAME_MAILBOX] = {"rename-mailbox", N_("Rename"), N_("NAME"),
				  N_("rename the mailbox")},
    [UI_ACTION_DELETE_MAILBOX] = {"delete-mailbox", N_("Delete"), "",
				  N_("delete the mailbox")},
    [UI_ACTION_SUBSCRIBE] = {"subscribe", N_("Subscribe"), "",
			     N_("subscribe or unsubscribe")},
    [UI_ACTION_FOLD] = {"fold", N_("Fold"), "", N_("fold or open")},
    [UI_ACTION_FOLD_ALL] = {"fold-all", N_("Fold all"), "",
			    N_("fold or open all")},
    [UI_ACTION_QUOTES] = {"quotes", N_("Quotes"), "",
			  N_("fold or show quoted lines")},
    [UI_ACTION_HTML] = {"html", N_("Plain"), "", N_("HTML or plain text")},
    [UI_ACTION_HEADERS] = {"headers", N_("Headers"), "",
			   N_("short headers, all headers, source")},
    [UI_ACTION_LINK] = {"link", N_("Link"), N_("NUMBER"),
			N_("show the address of a link")},
    [UI_ACTION_SAVE_ALL] = {"save-all", N_("Save all"), N_("FOLDER"),
			    N_("save all attachments")},
    [UI_ACTION_EDIT] = {"edit", N_("Edit"), "", N_("edit the text")},
    [UI_ACTION_TO] = {"to", N_("To"), N_("ADDRESSES"), N_("set To")},
    [UI_ACTION_CC] = {"cc", N_("Cc"), N_("ADDRESSES"), N_("set Cc")},
    [UI_ACTION_BCC] = {"bcc", N_("Bcc"), N_("ADDRESSES"), N_("set Bcc")},
    [UI_ACTION_SUBJECT] = {"subject", N_("Subject"), N_("TEXT"),
			   N_("set the subject")},
    [UI_ACTION_ATTACH] = {"attach", N_("Attach"), N_("FILE"),
			  N_("attach a file")},
    [UI_ACTION_DETACH] = {"detach", N_("Detach"), "",
			  N_("remove an attachment")},
    [UI_ACTION_DISCARD] = {"discard", N_("Discard"), "",
			   N_("throw the draft away")},
    [UI_ACTION_KEEP_HERE] = {"keep-here", N_("Keep here"), "",
			     N_("keep the version of this computer")},
    [UI_ACTION_KEEP_THERE] = {"keep-there", N_("Keep there"), "",
			      N_("keep the version on the server")},
    [UI_ACTION_KEEP_BOTH] = {"keep-both", N_("Keep both"), "",
			     N_("keep both versions")},
    [UI_ACTION_RETRY] = {"retry", N_("Retry"), "", N_("try it again")},
    [UI_ACTION_RETRY_ALL] = {"retry-all", N_("Retry all"), "",
			     N_("try all that failed again")},
    [UI_ACTION_DROP] = {"drop", N_("Drop"), "", N_("give the change up")},
    [UI_ACTION_TAB] = {"next-screen", N_("Next"), "",
		       N_("the next of these screens")},
    [UI_ACTION_ERRORS] = {"errors-only", N_("Errors only"), "",
			  N_("errors only, or all")},
    [UI_ACTION_MARKS] = {"marks", N_("Marks"), "",
			 N_("what marks and colours mean")},
    [UI_ACTION_PIN] = {"pin", N_("Pin"), "", N_("trust this one certificate")},
    [UI_ACTION_COPY_TEXT] = {"copy-text", N_("Copy"), "",
			     N_("copy to the clipboard")},
    [UI_ACTION_YES] = {"yes", N_("Yes"), "", N_("do it")},
};

const char *
ui_action_name(UiAction action)
{
	g_assert(action < UI_N_ACTIONS);
	return actions[action].name;
}

static const char *
translated(const char *text)
{
	/* gettext("") is the catalogue's head */
	return text == NULL || text[0] == '\0' ? "" : _(text);
}

const char *
ui_action_word(UiAction action)
{
	g_assert(action < UI_N_ACTIONS);
	return translated(actions[action].word);
}

const char *
ui_action_argument(UiAction action)
{
	g_assert(action < UI_N_ACTIONS);
	return translated(actions[action].argument);
}

const char *
ui_action_summary(UiAction action)
{
	g_assert(action < UI_N_ACTIONS);
	return translated(actions[action].summary);
}

UiAction
ui_action_from_name(const char *name)
{
	UiAction found = UI_ACTION_NONE;
	guint n = 0;

	for (guint i = UI_ACTION_NONE + 1; i < UI_N_ACTIONS; i++) {
		if (g_str_equal(actions[i].name, name))
			return i;
		if (g_str_has_prefix(actions[i].name, name)) {
			found = i;
			n++;
		}
	}
	return n == 1 ? found : UI_ACTION_NONE;
}
