"""Writing: the editor, the review screen, Drafts, and what a crash leaves."""

import email
import email.policy
import os
import signal
import time

import harness
import screens

# above the text that is there
TYPES = "#!/bin/sh\nsed -i '0,/^$/s/^$/\\nTyped by hand./' \"$1\"\n"
WAITS = ("#!/bin/sh\nprintf 'Typed by hand.\\n' >>\"$1\"\n"
         "touch \"$0.started\"\nsleep 60\n")
NOTHING = "#!/bin/sh\nexit 0\n"


class WritingCase(screens.ScreenCase):
    def setUp(self):
        super().setUp()
        self.mail = self.fill()

    def editor(self, script):
        path = self.home.path("editor")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        os.chmod(path, 0o700)
        return path

    def ready(self, script=TYPES):
        self.sync()
        editor = self.editor(script)
        screen = self.open(env={"EDITOR": editor, "VISUAL": editor})
        screen.screen_has("Ada Lovelace")
        screen.screen_has("online", 10)
        return screen

    def kept(self, screen):
        # the second comes with the answer of the server
        screen.wait(lambda text: "Draft kept" in text or
                    "draft on the server" in text, "the draft is kept")

    def drafts(self):
        """What Drafts holds, parsed."""
        return [email.message_from_bytes(self.text("Drafts", uid),
                                         policy=email.policy.default)
                for uid in self.uids("Drafts") or []]

    def one_draft(self, check=lambda draft: True):
        """Drafts holds one message, and that is as it shall be."""
        def found():
            drafts = self.drafts()
            return drafts if len(drafts) == 1 and check(drafts[0]) else None

        return harness.eventually(found, 8, 0.2)[0]


class Drafts(WritingCase):
    def answered(self, key):
        self.append(message=(
            b"From: Grace Hopper <grace@navy.example>\r\n"
            b"To: Alice Example <alice@example.org>,\r\n"
            b" Konrad Zuse <konrad@z3.example>\r\n"
            b"Cc: Ada Lovelace <ada@analytical.example>\r\n"
            b"Subject: Nanoseconds\r\nMessage-ID: <ns@navy.example>\r\n\r\n"
            b"A nanosecond is 30 cm.\r\n"))
        screen = self.ready()
        screen.keys(key)
        screen.screen_has("Typed by hand.")
        screen.screen_has("> A nanosecond is 30 cm.")
        screen.keys("q")
        self.kept(screen)
        return self.one_draft()

    def test_reply_quotes_and_names_what_it_answers(self):
        draft = self.answered("r")
        self.assertEqual(draft["To"], "Grace Hopper <grace@navy.example>")
        self.assertIsNone(draft["Cc"])
        self.assertEqual(draft["Subject"], "Re: Nanoseconds")
        self.assertEqual(draft["In-Reply-To"], "<ns@navy.example>")
        self.assertIn("> A nanosecond is 30 cm.", draft.get_content())

    def test_reply_to_all_has_the_others_in_copy(self):
        draft = self.answered("R")
        self.assertIn("grace@navy.example", draft["To"])
        everybody = f"{draft['To']} {draft['Cc']}"
        self.assertIn("konrad@z3.example", everybody)
        self.assertIn("ada@analytical.example", draft["Cc"])
        self.assertNotIn("alice@example.org", everybody)

    def test_forward_holds_the_message(self):
        screen = self.ready()
        screen.keys("j", "j", "w")
        screen.screen_has("Typed by hand.")
        screen.keys("q")
        draft = self.one_draft()
        self.assertEqual(draft["Subject"], "Fwd: Nanoseconds, as promised")
        self.assertIn("this is number 6.", str(draft))

    def test_from_the_reader(self):
        screen = self.ready()
        screen.keys("Enter")
        screen.screen_has("this is number 8.")
        screen.keys("r")
        screen.screen_has("Typed by hand.")
        screen.screen_has("> this is number 8.")
        screen.keys("q")
        screen.screen_has("this is number 8.")
        self.one_draft()

    def test_nothing_written_is_not_kept(self):
        screen = self.ready(NOTHING)
        for key in ("c", "r", "w"):
            screen.keys(key)
            screen.screen_has("Nothing was written (q leaves, e edits)")
            screen.keys("q")
            screen.screen_has("Nothing was written: no draft is kept")
        time.sleep(0.5)
        self.assertIn(self.uids("Drafts"), (None, []))
        self.assertEqual(self.json("queue"), [])

    def put_draft(self):
        message = email.message.EmailMessage()
        message["From"] = "Alice Example <alice@example.org>"
        message["To"] = "Bob Carter <bob@example.com>"
        message["Subject"] = "Plans"
        message["Message-ID"] = "<plans@elsewhere.example>"
        message.set_content("The text so far.\n")
        message.add_attachment(b"\x00\x01 binary", maintype="application",
                               subtype="octet-stream", filename="plan.bin")
        return self.append("Drafts", bytes(message), flags="\\Draft \\Seen")

    def to_drafts(self, screen):
        screen.type(":mailbox Drafts")
        screen.keys("Enter")
        screen.screen_has("Plans")

    def test_resumed_from_drafts(self):
        uid = self.put_draft()
        screen = self.ready()
        self.to_drafts(screen)
        screen.keys("Enter")
        screen.screen_has("The text so far.")
        screen.screen_has("plan.bin")
        screen.keys("e")
        screen.screen_has("Typed by hand.")
        screen.keys("q")
        self.kept(screen)
        draft = self.one_draft(lambda draft: "by hand" in str(draft))
        self.assertNotEqual(self.uids("Drafts"), [uid])
        self.assertEqual(draft["Subject"], "Plans")
        body = draft.get_body().get_content()
        self.assertIn("The text so far.", body)
        self.assertIn("Typed by hand.", body)
        files = list(draft.iter_attachments())
        self.assertEqual([(part.get_filename(), part.get_content())
                          for part in files],
                         [("plan.bin", b"\x00\x01 binary")])

    def test_resumed_and_left_as_it_was(self):
        uid = self.put_draft()
        screen = self.ready(NOTHING)
        self.to_drafts(screen)
        screen.keys("Enter")
        screen.screen_has("The text so far.")
        screen.keys("q")
        screen.screen_has("The draft is unchanged")
        self.assertEqual(self.uids("Drafts"), [uid])

    def test_attach_and_detach(self):
        path = self.home.path("table.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("1,2,3\n")
        screen = self.ready()
        screen.keys("c")
        screen.screen_has("Typed by hand.")
        for _ in range(2):
            screen.keys("a")
            screen.screen_has("Attach file:")
            screen.type(path)
            screen.keys("Enter")
            screen.screen_has("table.csv")
        screen.screen_has("2 files")
        screen.keys("d")
        screen.screen_has("Detach number:")
        screen.type("1")
        screen.keys("Enter")
        screen.screen_has("1 file,")
        screen.keys("s")
        screen.screen_has("Subject:")
        screen.type("With a table")
        screen.keys("Enter")
        screen.screen_has("With a table")
        screen.keys("q")
        draft = self.one_draft(lambda draft: draft["Subject"] ==
                               "With a table")
        files = list(draft.iter_attachments())
        self.assertEqual([part.get_filename() for part in files],
                         ["table.csv"])
        self.assertEqual(files[0].get_content(), "1,2,3\n")

    def test_a_file_that_is_not_there(self):
        screen = self.ready()
        screen.keys("c")
        screen.screen_has("Typed by hand.")
        screen.keys("a")
        screen.screen_has("Attach file:")
        screen.type("/no/such/file")
        screen.keys("Enter")
        screen.screen_has("error: ")
        screen.screen_has("/no/such/file")
        screen.keys("q")
        self.assertIn("Typed by hand.", str(self.one_draft()))

    def test_discarded(self):
        screen = self.ready()
        screen.keys("c")
        screen.screen_has("Typed by hand.")
        screen.keys("D")
        screen.screen_has("Discard this draft")
        screen.keys("y")
        screen.screen_has("Draft discarded")
        time.sleep(0.5)
        self.assertIn(self.uids("Drafts"), (None, []))


class Editor(WritingCase):
    """What can go wrong while $EDITOR has the terminal."""

    def started(self, script=WAITS):
        screen = self.ready(script)
        screen.keys("c")
        harness.eventually(lambda: os.path.exists(
            self.home.path("editor.started")))
        return screen

    def offered(self):
        """The next start offers the draft; it is taken up and kept."""
        editor = self.editor(NOTHING)
        screen = self.open(env={"EDITOR": editor, "VISUAL": editor})
        screen.screen_has("not finished")
        screen.keys("y")
        screen.screen_has("Typed by hand.")
        screen.keys("q")
        self.kept(screen)
        self.assertIn("Typed by hand.", str(self.one_draft()))
        return screen

    def test_killed_while_it_runs(self):
        screen = self.started()
        os.kill(screen.pid(), signal.SIGKILL)
        screen.hang_up()
        self.offered()

    def test_terminal_goes_away_while_it_runs(self):
        screen = self.started()
        pid = screen.pid()
        screen.hang_up()
        harness.eventually(lambda: not os.path.exists(f"/proc/{pid}/exe"), 5)
        self.offered()

    def test_a_password_is_asked_for_behind_the_offer(self):
        screen = self.started()
        os.kill(screen.pid(), signal.SIGKILL)
        screen.hang_up()
        with open(self.home.config_file, encoding="utf-8") as file:
            lines = [line for line in file
                     if not line.startswith("password-command")]
        self.home.configure("".join(lines))
        screen = self.open()
        screen.screen_has("not finished")
        screen.keys("Escape")
        screen.screen_has("Password of ", 10)
        screen.type(self.password)
        screen.keys("Enter")
        screen.screen_has("online", 20)

    def test_no_such_editor(self):
        self.sync()
        screen = self.open(env={"EDITOR": "/no/such/editor", "VISUAL": ""})
        screen.screen_has("online", 10)
        screen.keys("c")
        screen.screen_has("error: the editor did not start: /no/such/editor")
        screen.keys("q")
        screen.screen_has("Ada Lovelace")
        self.assertIn(self.uids("Drafts"), (None, []))

    def test_editor_that_fails(self):
        screen = self.ready("#!/bin/sh\nprintf 'Typed by hand.\\n' >>\"$1\"\n"
                            "exit 3\n")
        screen.keys("c")
        screen.screen_has("what it wrote is kept")
        screen.screen_has("Typed by hand.")

    def test_quit_with_an_open_draft(self):
        screen = self.ready()
        screen.keys("c")
        screen.screen_has("Typed by hand.")
        screen.keys("Q")
        screen.screen_has("Quit?")
        screen.keys("Escape")
        screen.screen_has("Typed by hand.")
        screen.keys("Q")
        screen.screen_has("Quit?")
        screen.keys("y")
        screen.ended(0)
        self.offered()
