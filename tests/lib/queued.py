"""A dozen changes of all kinds, queued once; then sent as often as wanted.

What is queued lies in files: the user's mail on the server and pennon's home.
Both are copied for each attempt, so that all begin alike.
"""

import contextlib
import imaplib
import os
import re
import shutil

import harness
import pennon

DRAFT = "From: alice@example.org\nSubject: {}\n\n" + "some text\n" * 40
PAUSE = "50"
SUBJECT = re.compile(rb"Subject: (.*?)\r\n", re.IGNORECASE)
# where each message is when all is done, by subject: mailbox → how many
DONE = {
    "flagged": {"INBOX": 1}, "read": {"INBOX": 1}, "unread": {"INBOX": 1},
    "word": {"INBOX": 1}, "moved": {"Archive": 1},
    "several 0": {"Archive": 1}, "several 1": {"Archive": 1},
    "several 2": {"Archive": 1}, "copied": {"INBOX": 1, "Archive": 1},
    "deleted": {"Trash": 1}, "gone": {}, "into new": {"New": 1},
    "renamed": {"Renamed": 1}, "draft": {"Drafts": 1},
    "new draft": {"Drafts": 1}, "bystander": {"INBOX": 1},
}


def ends(stream):
    """Offsets worth a cut: around the start and the end of each line."""
    at, found = 0, {0, len(stream)}
    for line in bytes(stream).split(b"\r\n"):
        end = at + len(line)
        found |= {at, at + 1, at + len(line) // 2, end - 1, end, end + 1,
                  end + 2}
        at = end + 2
    return sorted(offset for offset in found if 0 <= offset <= len(stream))


class QueuedCase(harness.ServerCase):
    """The template is user0's; attempts take the other users by turns."""

    has_uidplus = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = None
        cls.attempts = 0

    def new_home(self, folder="home", **keys):
        keys.setdefault("timeout", "20")
        # offsets in the stream mean lines only where it is not compressed
        keys.setdefault("disable_extensions", "COMPRESS=DEFLATE")
        home = super().new_home(folder, **keys)
        home.environment["PENNON_TEST_PAUSE_MS"] = PAUSE
        return home

    # ---- the template ----

    def prepare(self):
        """Returns: the folder of a home with the dozen queued."""
        cls = type(self)
        if cls.template is None:
            cls.template_user = self.user
            self.fill()
            self.queue_all()
            self.end_sessions()
            cls.template = os.path.join(cls.folder, "template")
            shutil.copytree(self.home.folder, cls.template)
            shutil.copytree(os.path.dirname(
                self.server.maildir(self.user)), cls.template + "-mail")
        return cls.template

    def fill(self):
        for name in ("Old", "Archive"):
            self.imap().create(harness.quoted(self.server.mailbox(name)))
        uids = {}
        for subject in DONE:
            if "draft" in subject:
                continue
            where = "Old" if subject == "renamed" else "INBOX"
            flags = "\\Seen" if subject == "unread" else ""
            uids[subject] = self.append(where, subject=subject, flags=flags)
        self.sync()
        first = self.pennon("draft", stdin=DRAFT.format("old draft"))
        uids["old draft"] = int(first.out)
        self.sync()
        type(self).uids_before = uids

    def queue_all(self):
        uids = self.uids_before

        def queue(*command, stdin=""):
            self.pennon("--offline", *command, stdin=stdin, status=5)

        queue("flag", "INBOX", str(uids["flagged"]), "+flagged")
        queue("flag", "INBOX", f"{uids['read']},{uids['into new']}", "+seen")
        queue("flag", "INBOX", str(uids["unread"]), "-seen", "+answered")
        queue("flag", "INBOX", str(uids["word"]), "+$Important", "+later")
        queue("move", "INBOX", str(uids["moved"]), "Archive")
        queue("move", "INBOX", ",".join(
            str(uids[f"several {at}"]) for at in range(3)), "Archive")
        queue("copy", "INBOX", str(uids["copied"]), "Archive")
        queue("delete", "INBOX", str(uids["deleted"]))
        if self.has_uidplus:
            queue("delete", "INBOX", str(uids["gone"]), "--forever")
        queue("folder", "create", "New")
        queue("move", "INBOX", str(uids["into new"]), "New")
        queue("flag", "Old", str(uids["renamed"]), "+flagged")
        queue("folder", "rename", "Old", "Renamed")
        queue("draft", stdin=DRAFT.format("draft"))
        queue("draft", "--replace", str(uids["old draft"]),
              stdin=DRAFT.format("new draft"))

    def end_sessions(self):
        """The second client's: then the server's files are whole."""
        for client in self.clients:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()
        self.clients.clear()

    def setUp(self):
        self.clients = []
        super().setUp()

    def imap(self):
        client = super().imap()
        self.clients.append(client)
        return client

    # ---- an attempt ----

    @contextlib.contextmanager
    def attempt(self):
        """Another user with the same mail and the same queue."""
        template = self.prepare()
        cls = type(self)
        own = self.user, self.home
        cls.attempts += 1
        self.user = f"user{100 + cls.attempts % 100}"
        self.proxy.label = self.id()
        mail = os.path.dirname(self.server.maildir(self.user))
        shutil.rmtree(mail, ignore_errors=True)
        shutil.copytree(template + "-mail", mail)
        self.server.give_to_mail(mail)
        self.home = self.new_home(f"attempt{cls.attempts}")
        for name in ("cache", "state"):
            shutil.rmtree(self.home.path(name))
            shutil.copytree(os.path.join(template, name),
                            self.home.path(name))
        try:
            yield self.home
            self.check_journaled_expunges()
            self.check_secrets()
        finally:
            self.proxy.cut_after()
            self.end_sessions()
            self.home.remove()
            shutil.rmtree(mail, ignore_errors=True)
            self.user, self.home = own

    def settle(self):
        """The line is good again: a few syncs bring all to its end."""
        self.proxy.cut_after()
        for _ in range(4):
            result = self.home.run("sync", timeout=60)
            self.assertIn(result.status, (0, 5), str(result))
            if not self.json("queue"):
                return
        self.fail(f"still in the queue: {self.json('queue')}")

    def found(self):
        """Returns: {subject: {mailbox: how many}} and {(mailbox, subject):
        sorted flags} on the server."""
        where, flags = {}, {}
        client = self.imap()
        for name in self.folders():
            short = name.removeprefix(self.server.prefix)
            client.select(f'"{name}"', True)
            status, rows = client.uid(
                "FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            self.assertEqual(status, "OK")
            for at, row in enumerate(rows):
                if not isinstance(row, tuple):
                    continue
                behind = rows[at + 1] if at + 1 < len(rows) else b""
                words = imaplib.ParseFlags(row[0]) or \
                    imaplib.ParseFlags(behind)
                words = {word.decode() for word in words} - {"\\Recent"}
                subject = SUBJECT.search(row[1]).group(1).decode()
                if "\\Deleted" in words and not self.has_uidplus:
                    continue
                places = where.setdefault(subject, {})
                places[short] = places.get(short, 0) + 1
                flags[short, subject] = sorted(words)
        return where, flags

    def assertDone(self):
        where, flags = self.found()
        expected = {subject: places for subject, places in DONE.items()
                    if places}
        if not self.has_uidplus:
            expected["gone"] = {"INBOX": 1}
        self.assertEqual(where, expected)
        for key, words in (
                (("INBOX", "flagged"), ["\\Flagged"]),
                (("INBOX", "read"), ["\\Seen"]),
                (("INBOX", "unread"), ["\\Answered"]),
                (("INBOX", "word"), ["$Important", "later"]),
                (("INBOX", "bystander"), []),
                (("INBOX", "copied"), []),
                (("Archive", "copied"), []),
                (("Archive", "moved"), []),
                (("New", "into new"), ["\\Seen"]),
                (("Renamed", "renamed"), ["\\Flagged"]),
                (("Drafts", "draft"), ["\\Draft", "\\Seen"]),
                (("Drafts", "new draft"), ["\\Draft", "\\Seen"])):
            self.assertEqual(flags[key], words, key)
        # and the store tells the same
        for row in self.rows("INBOX"):
            self.assertEqual(
                sorted(set(row["flags"]) - {"\\Recent"}),
                flags["INBOX", row["subject"]], row)
        self.assertEqual(
            sorted(row["subject"] for row in self.rows("Archive")),
            sorted(subject for subject, places in expected.items()
                   if "Archive" in places))

    # ---- where to cut ----

    def record(self):
        """Returns: what an undisturbed run says and hears."""
        with self.attempt():
            streams = self.proxy.keep_streams()
            self.sync()
            self.proxy.streams = None
            self.assertEqual(self.json("queue"), [])
            self.assertDone()
        return streams

    def points(self, streams, count, chance):
        """Returns: (direction, offset), both directions alike."""
        chosen = []
        for side in ("up", "down"):
            offsets = ends(streams[side])
            chosen += [(side, offset) for offset in
                       chance.sample(offsets, min(count // 2, len(offsets)))]
        return chosen
