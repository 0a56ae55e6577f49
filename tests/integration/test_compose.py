"""Drafts and reading as a screen does it: the controller without a screen."""

import email
import os
import sqlite3
import subprocess

import harness

HEADLESS = os.path.join(os.path.dirname(os.path.dirname(harness.BINARY)),
                        "tests", "unit", "controller", "headless")


class Screen:
    def __init__(self, case, *options):
        self.process = subprocess.Popen(
            [HEADLESS, *options], env=case.home.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.notices = []
        case.addCleanup(self.kill)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        while True:
            answer = self.process.stdout.readline().strip()
            if not answer.startswith("notice "):
                return answer
            self.notices.append(int(answer.split()[1]))

    def quit(self):
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        return status

    def kill(self):
        if self.process.poll() is None:
            harness.kill_now(self.process)
        self.process.stdin.close()
        self.process.stdout.close()


class Compose(harness.ServerCase):
    def screen(self, *options):
        return Screen(self, *options)

    def begin(self, screen, *words):
        state, _, uuid = screen.ask(*words).partition(" ")
        self.assertEqual(state, "ready", uuid)
        return uuid

    def says(self, screen, answer, *words):
        self.assertEqual(screen.ask(*words), answer, words)

    def payload(self, uid):
        return email.message_from_bytes(self.text("Drafts", uid))

    def test_postponed(self):
        self.sync()
        screen = self.screen()
        uuid = self.begin(screen, "new")
        self.says(screen, "typed", "type", "Dear Bob,")
        self.says(screen, "done", "postpone")
        uid, = self.uids("Drafts")
        message = self.payload(uid)
        self.assertIn("Dear Bob,", message.get_payload())
        self.assertTrue(message["X-Pennon-Draft"].startswith(uuid))
        self.assertEqual(self.flags("Drafts", uid), {"\\Draft", "\\Seen"})
        self.assertEqual(screen.quit(), 0)

    def test_resumed_replaces(self):
        self.sync()
        screen = self.screen()
        uuid = self.begin(screen, "new")
        screen.ask("type", "one")
        self.says(screen, "done", "postpone")
        old, = self.uids("Drafts")
        self.assertEqual(self.begin(screen, "resume", "Drafts", old), uuid)
        screen.ask("write", "two")
        self.says(screen, "done", "postpone")
        new, = self.uids("Drafts")
        self.assertGreater(new, old)
        self.assertIn("one\r\ntwo", self.payload(new).get_payload())
        # not edited: not uploaded
        self.begin(screen, "resume", "Drafts", new)
        self.says(screen, "done", "postpone")
        self.assertEqual(self.uids("Drafts"), [new])
        self.assertEqual(screen.quit(), 0)

    def test_uploaded_while_written(self):
        self.sync()
        screen = self.screen()
        self.begin(screen, "new")
        screen.ask("type", "one")
        self.says(screen, "yes", "uploaded")
        first, = self.uids("Drafts")
        screen.ask("type", "two")
        self.says(screen, "done", "postpone")
        second, = self.uids("Drafts")
        self.assertGreater(second, first)
        self.assertIn("two", self.payload(second).get_payload())
        self.assertEqual(screen.quit(), 0)

    def test_discarded_goes_to_trash(self):
        self.sync()
        screen = self.screen()
        self.begin(screen, "new")
        screen.ask("type", "one")
        self.says(screen, "done", "postpone")
        uid, = self.uids("Drafts")
        self.begin(screen, "resume", "Drafts", uid)
        self.says(screen, "done", "discard")
        self.assertEqual(self.uids("Drafts"), [])
        self.assertEqual(len(self.uids("Trash")), 1)
        self.assertEqual(screen.quit(), 0)

    def test_killed_while_written(self):
        self.sync()
        screen = self.screen()
        uuid = self.begin(screen, "new")
        screen.ask("type", "saved")
        screen.ask("write", "not yet saved")
        screen.kill()
        screen = self.screen()
        self.assertEqual(self.begin(screen, "kept", uuid), uuid)
        self.says(screen, "done", "postpone")
        uid, = self.uids("Drafts")
        self.assertIn("saved\r\nnot yet saved",
                      self.payload(uid).get_payload())
        self.assertEqual(screen.quit(), 0)

    def test_killed_while_uploading(self):
        """However often: one draft on the server."""
        self.sync()
        for delay in range(12):
            screen = self.screen()
            uuid = self.begin(screen, "new")
            screen.ask("type", f"text {delay}")
            screen.process.stdin.write("postpone\n")
            screen.process.stdin.flush()
            try:
                screen.process.wait(delay * 0.01)
            except subprocess.TimeoutExpired:
                pass
            screen.kill()
            screen = self.screen()
            if os.path.exists(self.home.path(
                    "state", "pennon", "test", "drafts", uuid + ".txt")):
                self.begin(screen, "kept", uuid)
                self.says(screen, "done", "postpone")
            screen.quit()
            harness.eventually(self.synced)
            texts = [self.text("Drafts", uid)
                     for uid in self.uids("Drafts")]
            self.assertEqual(sum(uuid.encode() in text for text in texts), 1,
                             f"after {delay * 10} ms")

    def synced(self):
        """the queue is empty"""
        self.sync()
        with sqlite3.connect(self.home.path("state", "pennon", "test",
                                            "journal.db")) as db:
            return db.execute("SELECT count(*) FROM change WHERE state NOT "
                              "IN (4, 7)").fetchone()[0] == 0

    def test_made_elsewhere_keeps_every_byte(self):
        odd = (b"Content-Type: application/x-odd;\r\n\tname=\"a b\"\r\n"
               b"X-Odd: 1\r\nContent-Transfer-Encoding: base64\r\n\r\n"
               b"AAEC\r\nAw==\r\n")
        old = self.append("Drafts", flags="\\Draft", message=(
            b"From: Alice <alice@example.org>\r\nSubject: two parts\r\n"
            b"Message-ID: <elsewhere@example.org>\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
            b"Content-Type: text/plain\r\n\r\nhello\r\n--B\r\n" + odd +
            b"--B--\r\n"))
        self.sync()
        screen = self.screen()
        self.begin(screen, "resume", "Drafts", old)
        screen.ask("type", "more")
        self.says(screen, "done", "postpone")
        new, = self.uids("Drafts")
        text = self.text("Drafts", new)
        self.assertIn(odd, text)
        self.assertIn(b"more", text)
        self.assertEqual(screen.quit(), 0)

    def test_edited_elsewhere_meanwhile(self):
        """Both stay."""
        old = self.append("Drafts", flags="\\Draft", body="here")
        self.sync()
        screen = self.screen()
        uuid = self.begin(screen, "resume", "Drafts", old)
        screen.ask("type", "mine")
        self.says(screen, "done", "postpone")
        mine, = self.uids("Drafts")
        self.begin(screen, "resume", "Drafts", mine)
        other = self.append("Drafts", flags="\\Draft", message=self.text(
            "Drafts", mine).replace(b"rev=1", b"rev=2"))
        client = self.selected("Drafts", readonly=False)
        client.uid("STORE", str(mine), "+FLAGS", "(\\Deleted)")
        client.uid("EXPUNGE", str(mine))
        screen.ask("type", "mine again")
        self.says(screen, "done", "postpone")
        texts = [self.text("Drafts", uid) for uid in self.uids("Drafts")]
        self.assertIn(other, self.uids("Drafts"))
        self.assertEqual(len(texts), 2)
        self.assertTrue(any(b"mine again" in text for text in texts))
        self.assertEqual(sum(uuid.encode() in text for text in texts), 2)
        self.assertEqual(screen.quit(), 0)

    def test_answers(self):
        uid = self.append(body="the question")
        self.sync()
        screen = self.screen()
        for verb, words in (("reply", "> the question"),
                            ("forward", "the question")):
            self.begin(screen, verb, "INBOX", uid)
            screen.ask("type", "my words")
            self.says(screen, "done", "postpone")
            text = self.text("Drafts", self.uids("Drafts")[-1]).decode()
            self.assertIn(words, text)
            self.assertIn("my words", text)
        self.assertEqual(screen.quit(), 0)

    def test_large_message_is_not_fetched(self):
        """Only the text that is shown."""
        big = b"A" * 76 + b"\r\n"
        uid = self.append(message=(
            b"From: b@example.net\r\nSubject: big\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
            b"Content-Type: text/plain\r\n\r\nsee below\r\n--B\r\n"
            b"Content-Type: application/zip\r\nContent-Disposition: "
            b"attachment; filename=x.zip\r\nContent-Transfer-Encoding: "
            b"base64\r\n\r\n" + big * 40000 + b"--B--\r\n"))
        self.sync()
        before = self.proxy.sent
        screen = self.screen()
        self.says(screen, "state 1 lines 1: see below", "read", "INBOX", uid)
        self.assertLess(self.proxy.sent - before, 200000)
        self.assertEqual(screen.quit(), 0)

    def test_read_offline(self):
        uid = self.append(body="far away")
        self.sync()
        screen = self.screen("offline")
        self.says(screen, "state 2 lines 0:", "read", "INBOX", uid)
        self.assertEqual(screen.quit(), 0)
