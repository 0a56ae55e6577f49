"""Several pennons on one account: nothing is lost, nothing happens twice."""

import subprocess

import harness

DRAFT = b"From: alice@example.org\nSubject: draft %d\n\ntext\n"


class Processes(harness.ServerCase):
    def run_all(self, commands):
        """Starts them all, then waits. Returns: the exit statuses."""
        running = [self.home.start(
            *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) for command, _ in commands]
        results = []
        for process, (_, text) in zip(running, commands):
            out, err = process.communicate(text, 90)
            results.append((process.returncode, out, err))
        return results

    def test_flags_at_the_same_time(self):
        uids = [self.append() for _ in range(6)]
        self.sync()
        results = self.run_all([(("flag", "INBOX", str(uid), "+flagged"), b"")
                                for uid in uids])
        self.assertEqual([status for status, _, _ in results], [0] * 6,
                         results)
        for uid in uids:
            self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})

    def test_different_kinds_at_the_same_time(self):
        uids = [self.append(subject=str(at)) for at in range(4)]
        self.sync()
        results = self.run_all([
            (("move", "INBOX", str(uids[0]), "Archive"), b""),
            (("copy", "INBOX", str(uids[1]), "Archive"), b""),
            (("delete", "INBOX", str(uids[2])), b""),
            (("folder", "create", "Made"), b""),
            (("sync",), b""),
            (("draft",), DRAFT % 1),
            (("draft",), DRAFT % 2),
        ])
        self.assertEqual([status for status, _, _ in results], [0] * 7,
                         results)
        self.assertEqual(self.uids("INBOX"), [uids[1], uids[3]])
        self.assertEqual(len(self.uids("Archive")), 2)
        self.assertEqual(len(self.uids("Trash")), 1)
        self.assertEqual(len(self.uids("Drafts")), 2)
        self.assertIn("Made", self.folders())

    def test_the_holder_is_killed(self):
        uids = [self.append() for _ in range(3)]
        self.sync()
        self.proxy.stall()
        holder = self.home.start("flag", "INBOX", str(uids[0]), "+flagged",
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        harness.eventually(lambda: self.json("queue"))
        harness.kill_now(holder)
        self.proxy.release()
        self.pennon("flag", "INBOX", str(uids[1]), "+flagged")
        self.sync()
        self.assertEqual(self.flags("INBOX", uids[0]), {"\\Flagged"})
        self.assertEqual(self.flags("INBOX", uids[1]), {"\\Flagged"})
        self.assertEqual(self.json("queue"), [])

    def test_the_holder_hangs(self):
        """A waiting command takes the role over, or says that it waits."""
        uid = self.append()
        self.sync()
        self.proxy.stall()
        holder = self.home.start("sync", stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        harness.eventually(lambda: self.proxy.accepted > 1)
        other = self.home.start("flag", "INBOX", str(uid), "+flagged",
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        try:
            harness.eventually(lambda: self.json("queue"))
            self.proxy.release()
            out, err = other.communicate(timeout=60)
            self.assertIn(other.returncode, (0, 5), (out, err))
        finally:
            holder.kill()
            holder.wait()
            other.kill()
            other.wait()
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})

    def test_no_change_is_sent_twice(self):
        uid = self.append()
        self.sync()
        results = self.run_all([(("copy", "INBOX", str(uid), "Archive"), b"")]
                               + [(("sync",), b"")] * 3)
        self.assertEqual([status for status, _, _ in results], [0] * 4,
                         results)
        self.assertEqual(len(self.uids("Archive")), 1)
