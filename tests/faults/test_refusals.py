"""Answers that refuse, lie or never come, to changes that wait in the queue.

A real server stands behind; single answers come from the test.
"""

import os
import random
import re

import harness
import queued

EXHAUSTIVE = os.environ.get("PENNON_EXHAUSTIVE") == "1"
SEED = int(os.environ.get("PENNON_SEED", "1"))
DRAFT = "From: alice@example.org\nSubject: {}\n\ntext\n"
GARBAGE = b"\0\xff\x1b[2J ) garbage {\r\n* 4 FETCH (((\r\n* 99999999999 " \
    b"EXISTS\r\nno tag at all\r\n"


class Answers(harness.ServerCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, self.proxy, "answer", None)
        self.addCleanup(setattr, self.proxy, "rewrite", None)

    def new_home(self, *arguments, **keys):
        keys.setdefault("timeout", "20")
        keys.setdefault("disable_extensions", "COMPRESS=DEFLATE")
        home = super().new_home(*arguments, **keys)
        home.environment["PENNON_TEST_PAUSE_MS"] = queued.PAUSE
        return home

    def answers(self, pattern, *told):
        """The first commands that match are answered so, later ones by the
        server. Returns: the list of those answered."""
        left, seen = list(told), []

        def answer(line):
            if not left or not re.search(pattern, line):
                return None
            seen.append(line)
            return left.pop(0)

        self.proxy.answer = answer
        return seen

    def commands(self, verb):
        return [command for command in self.proxy.commands_of(self.user)
                if f" {verb}" in command]


class Refused(Answers):
    def test_later(self):
        """UNAVAILABLE and INUSE: said later, not failed."""
        uid = self.append()
        self.sync()
        for code in (b"UNAVAILABLE", b"INUSE"):
            with self.subTest(code=code):
                seen = self.answers(" UID STORE ", b"%(tag)s NO [" + code +
                                    b"] not now\r\n")
                self.pennon("flag", "INBOX", str(uid), "+" + code.decode())
                self.assertEqual(len(seen), 1)
                self.assertIn(code.decode(), self.flags("INBOX", uid))
        self.assertEqual(self.json("queue"), [])

    def test_unavailable_when_a_draft_comes(self):
        self.sync()
        seen = self.answers(" APPEND ",
                            b"%(tag)s NO [UNAVAILABLE] not now\r\n")
        self.pennon("draft", stdin=DRAFT.format("once"))
        self.assertEqual(len(seen), 1)
        self.assertEqual(len(self.uids("Drafts")), 1)

    def test_over_quota(self):
        """DATA-14: told, kept over a restart, not tried again and again."""
        self.sync()
        seen = self.answers(" APPEND ", *[
            b"%(tag)s NO [OVERQUOTA] \x1b]0;full\x07 is full\r\n"] * 20)
        result = self.pennon("draft", stdin=DRAFT.format("too much"),
                             status=1)
        self.assertIn("is full", result.err)
        self.assertNotIn("\x1b", result.err)
        for _ in range(3):
            told = self.json("sync", "Drafts")
        self.assertEqual([row["pending"] for row in told], [1])
        self.assertEqual(len(seen), 1)
        waiting = self.json("queue")
        self.assertEqual([change["state"] for change in waiting], ["failed"])
        self.assertIn("is full", waiting[0]["error"])
        kept = [path for path in harness.written_files(self.home)
                if path.endswith(".eml")]
        self.assertEqual(len(kept), 1)
        with open(kept[0], "rb") as file:
            self.assertIn(b"Subject: too much", file.read())
        self.proxy.answer = None
        self.pennon("queue", "retry", str(waiting[0]["id"]))
        self.assertEqual(len(self.uids("Drafts")), 1)
        self.assertEqual(self.json("queue"), [])

    def test_no_without_a_code(self):
        """Three tries, then failed; the message is where it was."""
        uid = self.append()
        self.sync()
        seen = self.answers(" UID MOVE ", *[b"%(tag)s NO no\r\n"] * 20)
        self.pennon("move", "INBOX", str(uid), "Archive", status=1)
        self.assertEqual(len(seen), 3)
        self.assertEqual(self.uids("INBOX"), [uid])
        self.assertEqual(self.uids("Archive"), [])
        self.assertEqual([row["uid"] for row in self.rows("INBOX")], [uid])

    def test_bad_is_not_tried_again(self):
        uid = self.append()
        self.sync()
        seen = self.answers(" UID STORE ", *[b"%(tag)s BAD what\r\n"] * 20)
        self.pennon("flag", "INBOX", str(uid), "+flagged", status=1)
        self.assertEqual(len(seen), 1)
        self.assertNotIn("\\Flagged", self.row("INBOX", uid)["flags"])


class RefusedMove(Answers):
    profile = "rev1"

    def test_refused_behind_the_copy(self):
        """What was copied is not copied again because \\Deleted was
        refused."""
        for code in (b"[INUSE] ", b""):
            with self.subTest(code=code):
                uid = self.append(subject=f"once {code}")
                self.sync()
                before = len(self.uids("Archive") or [])
                seen = self.answers(" UID STORE ", b"%(tag)s NO " + code +
                                    b"not now\r\n")
                self.pennon("move", "INBOX", str(uid), "Archive")
                self.assertEqual(len(seen), 1)
                self.assertEqual(len(self.uids("Archive")), before + 1)
                self.assertIn("\\Deleted", self.flags("INBOX", uid))

    def test_refused_for_good_behind_the_copy(self):
        uid = self.append()
        self.sync()
        self.answers(" UID STORE ",
                     *[b"%(tag)s NO [NOPERM] never\r\n"] * 20)
        self.pennon("move", "INBOX", str(uid), "Archive", status=1)
        failed = self.json("queue")
        self.assertEqual(failed[0]["state"], "failed")
        self.proxy.answer = None
        self.pennon("queue", "retry", str(failed[0]["id"]))
        self.assertEqual(len(self.uids("Archive")), 1)
        self.assertIn("\\Deleted", self.flags("INBOX", uid))


class Lies(Answers):
    def rewriting(self, pattern, text):
        found = []

        def rewrite(data):
            changed, times = re.subn(pattern, text, data)
            found.append(times)
            return changed

        self.proxy.rewrite = rewrite
        return found

    def test_copyuid_nonsense(self):
        """IMAP-10: ignored; nothing is mapped to other messages."""
        for number, text in enumerate((
                rb"[COPYUID 1 1:4294967295 1:4294967295]",
                rb"[COPYUID 1 1:3 7]", rb"[COPYUID 0 1 1]",
                rb"[COPYUID 4294967296 1 1]", rb"[COPYUID 1 * 1]",
                rb"[COPYUID 1 99 1]", rb"[COPYUID x]")):
            with self.subTest(text=text):
                bystander = self.append("Archive", subject="bystander")
                uid = self.append(subject=f"number {number}")
                self.sync()
                found = self.rewriting(rb"\[COPYUID [^\]]*\]", text)
                self.pennon("copy", "INBOX", str(uid), "Archive")
                self.pennon("move", "INBOX", str(uid), "Archive")
                self.assertEqual(sum(found), 2)
                self.proxy.rewrite = None
                self.sync()
                self.home.run("undo")
                self.home.run("undo")
                self.assertIn(bystander, self.uids("Archive"))
                self.assertEqual(
                    sorted(row["uid"] for row in self.rows("Archive")),
                    self.uids("Archive"))

    def test_appenduid_nonsense(self):
        """A draft that is replaced is the one that we know, not what the
        server's number names."""
        bystander = self.append("Drafts", subject="bystander")
        for text in (b"[APPENDUID %d 1]", b"[APPENDUID 1 %d]",
                     b"[APPENDUID 0 0]", b"[APPENDUID 4294967296 1]",
                     b"[APPENDUID 1 4294967296]", b"[APPENDUID 1 1:9]"):
            with self.subTest(text=text):
                self.sync()
                told = text.replace(b"%d", str(bystander).encode())
                found = self.rewriting(rb"\[APPENDUID (\d+) \d+\]",
                                       told.replace(b"[APPENDUID 1 ",
                                                    rb"[APPENDUID \1 "))
                self.home.run("draft", stdin=DRAFT.format("one").encode())
                self.assertEqual(sum(found), 1)
                self.proxy.rewrite = None
                self.sync()
                for uid in self.uids("Drafts"):
                    if uid == bystander:
                        continue
                    self.home.run("draft", "--replace", str(uid),
                                  stdin=DRAFT.format("two").encode())
                self.sync()
                self.assertIn(bystander, self.uids("Drafts"))
                self.assertIn(b"Subject: bystander",
                              self.text("Drafts", bystander))

    def test_keyword_is_not_permitted(self):
        uid = self.append()
        found = self.rewriting(rb"PERMANENTFLAGS \([^)]*\)",
                               rb"PERMANENTFLAGS (\\Seen \\Flagged)")
        self.sync()
        self.assertGreater(sum(found), 0)
        self.home.run("flag", "INBOX", str(uid), "+later", "+flagged")
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})
        for command in self.commands("UID STORE"):
            self.assertNotIn("later", command)
        self.assertEqual(self.json("queue"), [])

    def test_hostile_text_reaches_no_terminal(self):
        """TERM-02 for commands: names, subjects, alerts, refusals."""
        self.imap().create('"evil&ABs-[2J&AJs-31m"')
        uid = self.append(
            subject="=?utf-8?q?a=1B]0;b=07=C2=9Bc=E2=80=AEd?=",
            sender="=?utf-8?q?=1B[31mEve=0D=0A?= <eve@example.com>")
        self.proxy.rewrite = lambda data: re.sub(
            rb" OK ([^\[\r\n]*done|[^\[\r\n]*completed)",
            b" OK [ALERT] \x1b]0;pwned\x07\xc2\x9b31m\x7f alert", data)
        results = [self.home.run("sync"), self.home.run("folders"),
                   self.home.run("list", "INBOX"),
                   self.home.run("show", "INBOX", str(uid)),
                   self.home.run("parts", "INBOX", str(uid))]
        self.proxy.rewrite = None
        self.answers(" UID (STORE|COPY|MOVE)", *[
            b"%(tag)s NO [NOPERM] \x1b]0;pwned\x07\xc2\x9b31m\r\n"] * 9)
        results += [self.home.run("flag", "INBOX", str(uid), "+flagged"),
                    self.home.run("queue"),
                    self.home.run("move", "INBOX", str(uid), "Nowhere\x1b")]
        for result in results:
            for text in (result.out, result.err):
                self.assertRegex(text, r"\A[^\0-\x08\x0b-\x1f\x7f-\x9f\u202a"
                                 r"-\u202e\u2066-\u2069]*\Z", str(result))


class Renumbered(Answers):
    """DATA-09: UIDVALIDITY changes while the queue waits."""

    def renumber(self, silently):
        """The server loses its numbers: what is left counts from 1 again;
        @silently under the old UIDVALIDITY, which no server may do."""
        folder = self.server.maildir(self.user)
        with open(os.path.join(folder, "dovecot-uidlist"),
                  encoding="ascii") as file:
            words = file.readline().split()
        old = int(words[1][1:])
        for name in os.listdir(folder):
            if name.startswith("dovecot") and name != "dovecot-keywords":
                os.unlink(os.path.join(folder, name))
        # the server's own choice is the time: it could be the old one, too
        words[1:3] = [f"V{old if silently else old + 1}", "N1"]
        path = os.path.join(folder, "dovecot-uidlist")
        with open(path, "w", encoding="ascii") as file:
            file.write(" ".join(words) + "\n")
        self.server.give_to_mail(folder)

    def test_nothing_hits_another_message(self):
        self.nothing_hits_another(False)

    def test_nothing_hits_another_where_the_server_says_nothing(self):
        self.nothing_hits_another(True)

    def nothing_hits_another(self, silently):
        subjects = ["first", "second", "flag", "move", "delete", "stay",
                    "twin", "twin"]
        uids = [self.append(subject=subject, token="twin" if
                            subject == "twin" else None)
                for subject in subjects]
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", f"{uids[0]}:{uids[1]}", "+FLAGS", "(\\Deleted)")
        client.expunge()
        client.logout()
        self.sync()
        self.pennon("--offline", "flag", "INBOX", str(uids[2]), "+flagged",
                    status=5)
        self.pennon("--offline", "move", "INBOX", str(uids[3]), "Archive",
                    status=5)
        self.pennon("--offline", "delete", "INBOX", str(uids[4]),
                    "--forever", status=5)
        self.pennon("--offline", "flag", "INBOX", str(uids[6]), "+later",
                    status=5)
        self.renumber(silently)
        # where each subject is after it
        client = self.imap()
        client.select("INBOX", True)
        _, rows = client.uid("FETCH", "1:*",
                             "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        count = len([row for row in rows if isinstance(row, tuple)])
        self.assertEqual(count, 6)
        client.logout()
        self.home.run("sync")
        self.sync()
        found = {}
        for row in self.rows("INBOX"):
            if row["uid"] is None:
                # one of the twins of before, kept for its change
                self.assertEqual(row["subject"], "twin")
                continue
            found.setdefault(row["subject"], []).append(
                (row["uid"], set(row["flags"]) - {"\\Recent"}))
        self.assertEqual(set(found), {"flag", "stay", "twin"})
        self.assertEqual(found["flag"][0][1], {"\\Flagged"})
        self.assertEqual(found["stay"][0][1], set())
        # of twins nobody knows which: neither, and the change is kept
        self.assertEqual([flags for _, flags in found["twin"]],
                         [set(), set()])
        self.assertEqual([(change["kind"], change["state"])
                          for change in self.json("queue")],
                         [("flags", "failed")])
        for subject, rows in found.items():
            for uid, flags in rows:
                self.assertEqual(self.flags("INBOX", uid), flags, subject)
        self.assertEqual([row["subject"] for row in self.rows("Archive")],
                         ["move"])

    def test_a_large_one_is_matched_before_it_is_changed(self):
        """The change waits for the mailbox to be whole again."""
        self.bulk(700)
        self.sync()
        oldest = min(self.rows("INBOX"), key=lambda row: row["uid"])
        before = {row["message_id"] for row in self.rows("INBOX")
                  if "\\Flagged" in row["flags"]}
        self.pennon("--offline", "flag", "INBOX", str(oldest["uid"]),
                    "+flagged", status=5)
        self.renumber(False)
        self.sync()
        self.assertEqual(self.json("queue"), [])
        rows = self.rows("INBOX")
        self.assertEqual(len(rows), 700)
        self.assertEqual({row["message_id"] for row in rows
                          if "\\Flagged" in row["flags"]},
                         before | {oldest["message_id"]})
        self.assertEqual(len(self.uids("INBOX")), 700)


class Gone(Answers):
    """DATA-21: a mailbox is deleted under us while the queue waits."""

    def test_source_and_target(self):
        self.imap().create("Work")
        uid = self.append("Work")
        other = self.append()
        self.sync()
        self.pennon("--offline", "flag", "Work", str(uid), "+flagged",
                    status=5)
        self.pennon("--offline", "move", "INBOX", str(other), "Work",
                    status=5)
        self.imap().delete("Work")
        self.home.run("sync")
        self.sync()
        self.assertNotIn("Work", self.folders())
        self.assertEqual(self.uids("INBOX"), [other])
        self.assertEqual(self.flags("INBOX", other), set())
        waiting = self.json("queue")
        self.assertEqual([(change["kind"], change["state"])
                          for change in waiting],
                         [("flags", "failed"), ("move", "failed")])
        for change in waiting:
            self.assertTrue(change["error"])

    def test_expunged_elsewhere(self):
        """DATA-18: nothing else is touched, and it is said."""
        uid, other = self.append(), self.append()
        self.sync()
        self.pennon("--offline", "flag", "INBOX", str(uid), "+flagged",
                    status=5)
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
        client.expunge()
        self.sync()
        self.assertEqual(self.flags("INBOX", other), set())
        self.assertEqual([change["state"] for change in self.json("queue")],
                         ["failed"])


class Misbehaviour(queued.QueuedCase):
    """Says nothing, garbage or BYE in the place of any command's answer."""

    def misbehave(self, how, timeout, count):
        chance = random.Random(SEED)
        streams = self.record()
        total = bytes(streams["up"]).count(b"\r\n")
        chosen = range(total) if EXHAUSTIVE else \
            chance.sample(range(total), count)
        for point in chosen:
            with self.subTest(seed=SEED, point=point), self.attempt():
                self.home = self.new_home(os.path.basename(self.home.folder),
                                          timeout=timeout)
                at = [0]

                def answer(line):
                    at[0] += 1
                    return how(at[0] - 1 - point)

                self.proxy.answer = answer
                result = self.home.run("sync", timeout=60)
                self.assertIn(result.status, (0, 3, 5), str(result))
                for byte in range(32):
                    if byte not in (9, 10):
                        self.assertNotIn(chr(byte), result.err)
                self.proxy.answer = None
                self.settle()
                self.assertDone()

    def test_silence(self):
        self.misbehave(lambda at: b"" if at >= 0 else None, "2", 5)

    def test_bye(self):
        self.misbehave(lambda at: b"* BYE [UNAVAILABLE] \x1b[2Jgoing\r\n"
                       if at == 0 else None, "20", 10)

    def test_garbage(self):
        """Then a no to the command, and the session goes on."""
        self.misbehave(lambda at: GARBAGE + b"%(tag)s NO [UNAVAILABLE] \x1b["
                       b"2Jsick\r\n" if at == 0 else None, "20", 10)
