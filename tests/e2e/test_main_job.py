"""The main job by keys; Python's imaplib is the judge."""

import os
import time

import harness
import screens


class Keys(screens.ScreenCase):
    def setUp(self):
        super().setUp()
        self.mail = self.fill()
        self.sync()

    def ready(self, **options):
        screen = self.open(**options)
        screen.screen_has("Ada Lovelace")
        screen.screen_has("online", 10)
        return screen

    def on_server(self, check, seconds=2.0):
        """Issue's promise: on the server within two seconds."""
        return harness.eventually(check, seconds)

    def test_flag(self):
        screen = self.ready()
        screen.keys("f")
        self.on_server(lambda: "\\Flagged" in self.flags("INBOX",
                                                         self.mail[-1]))
        screen.keys("f")
        self.on_server(lambda: "\\Flagged" not in self.flags("INBOX",
                                                             self.mail[-1]))

    def test_important_and_unread(self):
        screen = self.ready()
        screen.keys("i")
        self.on_server(lambda: "$Important" in self.flags("INBOX",
                                                          self.mail[-1]))
        screen.keys("u")
        self.on_server(lambda: "\\Seen" in self.flags("INBOX",
                                                      self.mail[-1]))

    def test_delete_then_undo(self):
        screen = self.ready()
        screen.keys("d")
        screen.screen_lacks("Ada Lovelace")
        self.on_server(lambda: len(self.uids("Trash")) == 1)
        screen.keys("z")
        screen.screen_has("Ada Lovelace")
        self.on_server(lambda: self.uids("Trash") == [])

    def test_archive(self):
        screen = self.ready()
        screen.keys("a")
        self.on_server(lambda: len(self.uids("Archive")) == 1)
        self.assertNotIn(self.mail[-1], self.uids("INBOX"))

    def test_move_by_name(self):
        self.imap().create("Projects")
        self.sync()
        screen = self.ready()
        screen.keys("j")
        screen.keys("m")
        screen.screen_has("Move to:")
        screen.type("Proj")
        screen.screen_has("Projects")
        screen.keys("Enter")
        self.on_server(lambda: len(self.uids("Projects")) == 1)
        screen.screen_lacks("Konrad Zuse")

    def test_tag_and_act(self):
        screen = self.ready()
        screen.keys("t", "t")
        screen.keys(";", "f")
        self.on_server(lambda: all(
            "\\Flagged" in self.flags("INBOX", uid)
            for uid in self.mail[-2:]))

    def test_tag_by_query(self):
        screen = self.ready()
        screen.keys("T")
        screen.screen_has("Tag (")
        screen.type("is:unread")
        screen.keys("Enter")
        screen.screen_has("2 tagged")
        screen.keys("T")
        screen.type("!")
        screen.keys("Enter")
        screen.screen_has("6 tagged")
        screen.keys("T")
        screen.type("from:nobody")
        screen.keys("Enter")
        screen.screen_has("no message matches")
        screen.keys("T")
        screen.type("before:never")
        screen.keys("Enter")
        screen.screen_has("warning: ")
        screen.keys(";", "a")
        self.on_server(lambda: len(self.uids("Archive") or []) == 6)

    def test_mark_a_mailbox_as_read(self):
        screen = self.ready()
        screen.keys("b")
        screen.screen_has("unread  flagged")
        screen.keys("M")
        screen.screen_has("Marked 2 as read (z undoes)")
        self.on_server(lambda: all("\\Seen" in self.flags("INBOX", uid)
                                   for uid in self.mail))
        screen.keys("M")
        screen.screen_has("no unread message here")
        screen.keys("z")
        self.on_server(lambda: "\\Seen" not in self.flags("INBOX",
                                                          self.mail[-1]))

    def test_screens_of_changes_go_round(self):
        screen = self.ready()
        screen.keys("a")
        screen.screen_has("Archived 1 (z undoes)")
        screen.keys("@")
        screen.screen_has("Nothing waits", 5)
        screen.keys("Tab")
        screen.screen_has("Moved 1 to Archive")
        screen.keys("Tab")
        screen.screen_has("notice  work     Archived 1 (z undoes)")
        screen.keys("Tab")
        screen.screen_has("Nothing waits")
        screen.keys("q")
        screen.screen_has("Konrad Zuse")
        screen.keys("z")
        screen.screen_has("Moved 1 back to Inbox")

    def test_read_marks_as_read(self):
        screen = self.ready()
        screen.keys("Enter")
        screen.screen_has("this is number 8.")
        self.on_server(lambda: "\\Seen" in self.flags("INBOX",
                                                      self.mail[-1]))
        screen.keys("q")
        screen.screen_has("Konrad Zuse")

    def test_flag_from_elsewhere_shows(self):
        """Within two seconds, without a key press."""
        screen = self.ready()
        client = self.selected("INBOX", readonly=False)
        self.assertNotIn("!", screen.row_with("Grace Hopper")[:6])
        client.uid("STORE", str(self.mail[5]), "+FLAGS", "(\\Flagged)")
        screen.wait(lambda _: "!" in screen.row_with("Grace Hopper")[:6],
                    "flag of Grace's message", 2.0)

    def test_new_mail_shows(self):
        screen = self.ready()
        self.append(subject="fresh from the server")
        screen.screen_has("fresh from the server", 2.0)

    def test_mail_removed_elsewhere_goes(self):
        screen = self.ready()
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(self.mail[5]), "+FLAGS", "(\\Deleted)")
        client.uid("EXPUNGE", str(self.mail[5]))
        screen.screen_lacks("Grace Hopper", 2.0)

    def test_draft_by_the_editor(self):
        editor = self.home.path("editor")
        with open(editor, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nprintf 'To: bob@example.com\\nSubject: "
                       "from the editor\\n\\nText by hand.\\n' >\"$1\"\n")
        os.chmod(editor, 0o700)
        screen = self.ready(env={"EDITOR": editor, "VISUAL": editor})
        screen.keys("c")
        screen.screen_has("from the editor")
        screen.keys("q")
        self.on_server(lambda: len(self.uids("Drafts")) == 1)
        self.assertIn(b"Text by hand.", self.text(
            "Drafts", self.uids("Drafts")[0]))

    def test_quit_restores_the_terminal(self):
        screen = self.ready()
        screen.keys("Q")
        screen.ended(0)


MOVES = ("j", "k", "Down", "Up", "Space", "-", "C-d", "C-u", "G", "g", "End",
         "Home")


class NoDeadKeys(screens.ScreenCase):
    """What a key table names does something: no key says that it "does
    nothing here"."""

    DEAD = "does nothing here"

    def press(self, screen, *keys):
        for key in keys:
            screen.keys(key)
            # a key right behind Esc would be one with Alt
            time.sleep(0.1)
            self.assertNotIn(self.DEAD, screen.text(), key)

    def test_every_place(self):
        self.fill()
        self.sync()
        screen = self.open(env={"EDITOR": "true", "VISUAL": "true"})
        screen.screen_has("online", 10)
        self.press(screen, *MOVES, "o", "P", "C", ".", ",", "J", "K", "x",
                   "Escape", "V", "V", "Escape", "o", "Tab", "p", "t",
                   "Escape", "f", "i", "u", "z", "z")
        screen.keys("g", "Enter")
        screen.screen_has("this is number 8.")
        self.press(screen, *MOVES, "e", "h", "h", "h", "H", "n", "N", "o", "f",
                   "i", "u", "t")
        screen.keys("v")
        screen.screen_has("parts of:")
        self.press(screen, *MOVES)
        screen.keys("q", "q")
        screen.screen_has("Konrad Zuse")
        screen.keys("b")
        screen.screen_has("unread  flagged")
        self.press(screen, *MOVES, "e", "E")
        screen.keys("b")
        screen.screen_has("Konrad Zuse")
        for key, place, own in (("@", " Waiting", "rAdz"), ("Z", " Done", ""),
                                ("%", " Messages", "ee"), ("?", " Help", "nN"),
                                ("c", "new message", "")):
            screen.keys(key)
            screen.screen_has(place)
            self.press(screen, *MOVES, *own)
            screen.keys("q")
            screen.screen_has("Konrad Zuse")


class Stalls(screens.ScreenCase):
    """Promise 1: keys show their effect while the line is stalled."""

    def test_keys_in_a_stall(self):
        self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("online", 10)
        self.proxy.stall()
        try:
            worst = 0.0
            for key, name in (("f", "Ada Lovelace"), ("j", None),
                              ("f", "Konrad Zuse"), ("j", None),
                              ("f", "Grace Hopper")):
                begin = time.monotonic()
                screen.keys(key)
                if name:
                    screen.wait(lambda _, name=name: "!" in
                                screen.row_with(name)[:6] or "I" in
                                screen.row_with(name)[:6],
                                f"flag of {name}", 2.0)
                worst = max(worst, time.monotonic() - begin)
            self.assertLess(worst, 1.0)
            screen.keys("Enter")
            screen.keys("q")
            screen.screen_has("Ada Lovelace")
        finally:
            self.proxy.release()
        client = self.selected("INBOX")

        def flagged():
            client.noop()
            return len(client.uid("SEARCH", "FLAGGED")[1][0].split()) == 4

        harness.eventually(flagged, 10)

    def test_quit_in_a_stall(self):
        self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("online", 10)
        self.proxy.stall()
        self.addCleanup(self.proxy.release)
        screen.keys("f")
        begin = time.monotonic()
        screen.keys("Q")
        screen.ended(0)
        self.assertLess(time.monotonic() - begin, 3.0)
        self.proxy.release()
        self.sync()
        self.assertEqual(self.json("queue"), [])


class Offline(screens.ScreenCase):
    def test_server_stops_and_comes_back(self):
        uids = self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("online", 10)
        self.proxy.refuse()
        screen.screen_has("offline since", 10)
        screen.screen_has("Ada Lovelace")
        screen.keys("f")
        screen.screen_has("1 waiting")
        screen.keys("j", "d")
        screen.screen_has("2 waiting")
        self.proxy.accept()
        screen.keys("C-r")
        screen.screen_has("online", 20)
        screen.screen_lacks("waiting", 10)
        self.assertIn("\\Flagged", self.flags("INBOX", uids[-1]))
        self.assertEqual(len(self.uids("Trash")), 1)

    def test_start_without_server(self):
        self.fill()
        self.sync()
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        screen.screen_has("offline since", 10)

    def test_wrong_password_keeps_the_list(self):
        self.fill()
        self.sync()
        self.home.secret("work", "wrong")
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        screen.screen_has("login refused", 10)


class Endings(screens.ScreenCase):
    """The terminal goes away, or a signal comes."""

    def test_terminal_goes_away(self):
        uids = self.fill()
        self.sync()
        self.proxy.refuse()
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        screen.keys("f")
        screen.screen_has("1 waiting")
        pid = screen.pid()
        screen.hang_up()
        harness.eventually(lambda: not os.path.exists(f"/proc/{pid}/exe"), 3)
        self.proxy.accept()
        self.sync()
        self.assertIn("\\Flagged", self.flags("INBOX", uids[-1]))

    def test_killed_after_the_pending_mark_went(self):
        uids = self.fill()
        self.sync()
        self.proxy.refuse()
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        screen.keys("f")
        screen.screen_has("1 waiting")
        os.kill(screen.pid(), 9)
        self.proxy.accept()
        self.sync()
        self.assertIn("\\Flagged", self.flags("INBOX", uids[-1]))

    def test_sigterm_restores_the_terminal(self):
        self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        os.kill(screen.pid(), 15)
        screen.wait(lambda text: "ended with" in text and
                    "\nicanon" in text, "terminal restored", 3.0)


class Hostile(screens.ScreenCase):
    def test_escape_sequences_do_not_reach_the_terminal(self):
        """TERM-02, TERM-03: the cleanup looks at every byte written."""
        self.append(message=(
            b"From: \"\x1b]0;owned\x07\" <esc@example.net>\r\nSubject: "
            b"\x1b[31mred\x1bP1;2|x\x1b\\ \xc2\x9b2J\r\n\r\nBody "
            b"\x1b]0;owned\x07 \x1b_apc\x1b\\ end.\r\n"))
        self.imap().create('"A\x1b]0;owned"')
        self.sync()
        screen = self.open()
        screen.screen_has("esc@example.net")
        screen.keys("Enter")
        screen.screen_has("end.")
        screen.keys("q")

    def test_every_size(self):
        self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("Ada Lovelace")
        for columns, rows in ((20, 6), (10, 3), (1, 1), (300, 100), (60, 10),
                              (80, 24)):
            screen.resize(columns, rows)
        screen.screen_has("Ada Lovelace")
        screen.keys("Q")
        screen.ended(0)
