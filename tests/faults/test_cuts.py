"""A cut at any byte, a kill at any instant: one draft, one copy, all flags.

A spread of points is tried; PENNON_EXHAUSTIVE=1 tries every one.
"""

import os
import time

import harness

EXHAUSTIVE = os.environ.get("PENNON_EXHAUSTIVE") == "1"
DRAFT = "From: alice@example.org\nSubject: cut\n\n" + "some text\n" * 20


def points(end, few):
    step = 1 if EXHAUSTIVE else max(1, end // few)
    return range(0, end + step, step)


class Impatient(harness.ServerCase):
    """The pause before a second look for what became of a lost command is
    5 s: here it is shorter."""

    def new_home(self, *arguments, **keys):
        home = super().new_home(*arguments, **keys)
        home.environment["PENNON_TEST_PAUSE_MS"] = "50"
        return home


class Cuts(Impatient):
    def measure(self, work):
        """Bytes that a whole run sends and receives."""
        up, down = self.proxy.received, self.proxy.sent
        work()
        return self.proxy.received - up, self.proxy.sent - down

    def settle(self):
        """Whatever was cut is finished now."""
        self.proxy.cut_after()
        for _ in range(3):
            self.sync(timeout=90)
            if not self.json("queue"):
                return
        self.fail(f"still in the queue: {self.json('queue')}")

    def test_draft(self):
        self.sync()
        up, down = self.measure(lambda: self.pennon("draft", stdin=DRAFT))
        known = len(self.uids("Drafts"))
        for side, end in (("up", up), ("down", down)):
            for at in points(end, 12):
                with self.subTest(side=side, at=at):
                    self.proxy.cut_after(**{side: at})
                    result = self.home.run("draft", stdin=DRAFT.encode(),
                                           timeout=90)
                    self.assertIn(result.status, (0, 3, 5), str(result))
                    self.settle()
                    known += 1 if result.status in (0, 5) else 0
                    self.assertEqual(len(self.uids("Drafts")), known,
                                     f"after {result}")

    def test_move(self):
        self.sync()
        uid = self.append(subject="moved")
        self.sync()
        up, down = self.measure(
            lambda: self.pennon("move", "INBOX", str(uid), "Archive"))
        for side, end in (("up", up), ("down", down)):
            for at in points(end, 10):
                with self.subTest(side=side, at=at):
                    known = len(self.uids("Archive"))
                    uid = self.append(subject=f"moved, {side} {at}")
                    self.sync()
                    self.proxy.cut_after(**{side: at})
                    result = self.home.run("move", "INBOX", str(uid),
                                           "Archive", timeout=90)
                    self.assertIn(result.status, (0, 3, 5), str(result))
                    self.settle()
                    moved = 1 if result.status in (0, 5) else 0
                    self.assertEqual(len(self.uids("Archive")),
                                     known + moved)
                    if moved:
                        self.assertNotIn(uid, self.uids("INBOX"))
                    else:
                        self.pennon("delete", "INBOX", str(uid),
                                    "--forever")


class Kills(Impatient):
    def test_what_is_journaled_arrives(self):
        """The journal shows it: then it is on the server after kill -9 and
        the next start, once."""
        self.sync()
        begin = time.monotonic()
        self.pennon("draft", stdin=DRAFT)
        whole = time.monotonic() - begin
        known = 1
        rounds = 60 if EXHAUSTIVE else 12
        for at in range(rounds):
            with self.subTest(at=at):
                process = self.home.start("draft", stdin=-1, stdout=-3,
                                          stderr=-3)
                process.stdin.write(DRAFT.encode())
                process.stdin.close()
                time.sleep(whole * at / rounds)
                harness.kill_now(process)
                journaled = len(self.json("queue"))
                before = len(self.uids("Drafts"))
                self.sync(timeout=90)
                after = len(self.uids("Drafts"))
                self.assertLessEqual(after, known + 1)
                self.assertGreaterEqual(after, before)
                if journaled:
                    self.assertEqual(after, known + 1)
                known = after
        self.assertEqual(self.json("queue"), [])

    def test_stalled_then_killed(self):
        uid = self.append()
        self.sync()
        self.proxy.stall()
        process = self.home.start("flag", "INBOX", str(uid), "+flagged",
                                  stdout=-3, stderr=-3)
        harness.eventually(lambda: self.json("queue"))
        harness.kill_now(process)
        self.proxy.cut()
        self.proxy.release()
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})


class Server(harness.ServerCase):
    def test_restart_between_commands(self):
        uid = self.append()
        self.sync()
        self.server.restart()
        self.pennon("flag", "INBOX", str(uid), "+flagged")
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})

    def test_stopped_server_keeps_lists_and_queue(self):
        uid = self.append(subject="still here")
        self.sync()
        self.server.stop()
        try:
            self.assertEqual(len(self.rows("INBOX")), 1)
            self.pennon("flag", "INBOX", str(uid), "+flagged", status=5)
            self.pennon("move", "INBOX", str(uid), "Archive", status=5)
        finally:
            self.server.start()
        self.sync()
        self.assertEqual(self.uids("INBOX"), [])
        self.assertEqual(self.flags("Archive", self.uids("Archive")[0]),
                         {"\\Flagged"})


class Damage(harness.ServerCase):
    """A damaged or newer store: said or rebuilt; the journal never lost."""

    def stores(self, name):
        return [path for path in harness.written_files(self.home)
                if os.path.basename(path) == name]

    def test_cache_is_gone(self):
        self.append(subject="one")
        self.sync()
        for path in self.stores("mail.db") + self.stores("mail.db-wal"):
            os.unlink(path)
        self.sync()
        self.assertEqual(len(self.rows("INBOX")), 1)

    def test_cache_is_garbage(self):
        uid = self.append(subject="one")
        self.sync()
        self.pennon("--offline", "flag", "INBOX", str(uid), "+flagged",
                    status=5)
        for path in self.stores("mail.db-wal"):
            os.unlink(path)
        for path in self.stores("mail.db"):
            with open(path, "r+b") as file:
                file.write(os.urandom(8192))
        self.home.run("sync")
        self.sync()
        self.assertEqual(len(self.rows("INBOX")), 1)
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})

    def test_store_of_a_newer_version(self):
        self.append()
        self.sync()
        for path in self.stores("journal.db"):
            with harness.sqlite3.connect(path) as db:
                db.execute("PRAGMA user_version = 9999")
        result = self.home.run("folders")
        self.assertNotEqual(result.status, 0)
        self.assertEqual(len(result.err.splitlines()), 1, str(result))

    def test_read_only_folder(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        os.chmod(self.home.path("state"), 0o500)
        result = self.home.run("sync")
        os.chmod(self.home.path("state"), 0o700)
        self.assertNotEqual(result.status, 0)
        self.assertEqual(len(result.err.splitlines()), 1, str(result))
