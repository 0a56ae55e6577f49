"""kill -9 at any instant: nothing is lost, nothing is done twice.

Instants are chosen by PENNON_SEED; PENNON_EXHAUSTIVE=1 tries many more.
"""

import os
import random
import re
import time

import harness
import proxy
import queued
import screens

EXHAUSTIVE = os.environ.get("PENNON_EXHAUSTIVE") == "1"
SEED = int(os.environ.get("PENNON_SEED", "1"))
KILLS = 200 if EXHAUSTIVE else 10      # of each profile
DEADLINE = 30


class Kill(queued.QueuedCase):
    """While a dozen queued changes go out."""

    def test_kill(self):
        chance = random.Random(SEED + 1)
        streams = self.record()
        for side, offset in self.points(streams, KILLS, chance):
            with self.subTest(seed=SEED, side=side, offset=offset), \
                    self.attempt():
                process = self.home.start("sync", stdout=-3, stderr=-3)
                self.proxy.cut_after(
                    **{side: offset},
                    how=lambda writer: (process.kill(),
                                        proxy.reset(writer)))
                process.wait(DEADLINE)
                self.settle()
                self.assertDone()


class KillWithoutExtensions(Kill):
    profile = "rev1"
    has_uidplus = False


class Journaled(harness.ServerCase):
    """What the journal shows is on the server after kill -9 and the next
    start; what it does not show never happened."""

    def new_home(self, *arguments, **keys):
        home = super().new_home(*arguments, **keys)
        home.environment["PENNON_TEST_PAUSE_MS"] = queued.PAUSE
        return home

    def kill_at_random(self, chance, whole, *command):
        process = self.home.start(*command, stdout=-3, stderr=-3)
        time.sleep(chance.random() * whole)   # the instant, not a wait
        harness.kill_now(process)

    def test_kill_while_it_is_said(self):
        chance = random.Random(SEED + 2)
        uid, other = self.append(), self.append()
        self.sync()
        begin = time.monotonic()
        self.pennon("flag", "INBOX", str(other), "+flagged")
        whole = time.monotonic() - begin
        for at in range(100 if EXHAUSTIVE else 20):
            word = f"word{at}"
            with self.subTest(seed=SEED, at=at):
                self.kill_at_random(chance, whole, "flag", "INBOX", str(uid),
                                    "+" + word)
                waiting = self.json("queue")
                before = self.flags("INBOX", uid)
                self.sync()
                self.assertEqual(self.json("queue"), [])
                after = self.flags("INBOX", uid)
                if waiting or word in before:
                    self.assertIn(word, after)
                self.assertLessEqual(after - before, {word})
                self.assertLessEqual(before, after)

    def test_killed_moves_go_on(self):
        chance = random.Random(SEED + 3)
        begin = time.monotonic()
        self.sync()
        whole = time.monotonic() - begin
        rounds = 60 if EXHAUSTIVE else 12
        for at in range(rounds):
            subject = f"to be moved {at}"
            uid = self.append(subject=subject)
            self.sync()
            with self.subTest(seed=SEED, at=at):
                self.kill_at_random(chance, whole, "move", "INBOX", str(uid),
                                    "Archive")
                waiting = self.json("queue")
                gone = uid not in self.uids("INBOX")
                self.sync()
                self.assertEqual(self.json("queue"), [])
                there = [row["subject"] for row in self.rows("Archive")]
                if waiting or gone:
                    self.assertEqual(there.count(subject), 1)
                    self.assertNotIn(uid, self.uids("INBOX"))
                else:
                    self.assertEqual(there.count(subject), 0)
                    self.assertIn(uid, self.uids("INBOX"))


@harness.needs_screen
class Screen(screens.ScreenCase):
    """The same while somebody works with keys."""

    def new_home(self, folder="home", **keys):
        home = super().new_home(folder, **keys)
        home.environment["PENNON_TEST_PAUSE_MS"] = queued.PAUSE
        return home

    def everywhere(self):
        """Returns: subjects on the server, and those with a flag."""
        subjects, flagged = [], set()
        for mailbox in ("INBOX", "Archive", "Trash"):
            for row in self.rows(mailbox):
                self.assertIsNotNone(row["uid"], row)
                subjects.append(row["subject"])
                if "\\Flagged" in row["flags"]:
                    flagged.add(row["subject"])
        return sorted(subjects), flagged

    def on_server(self):
        """Returns: {(mailbox, UID): is it flagged}."""
        client, found = self.imap(), {}
        for mailbox in ("INBOX", "Archive", "Trash"):
            client.select(mailbox, True)
            _, answer = client.uid("FETCH", "1:*", "(FLAGS)")
            for row in filter(None, answer):
                uid = re.search(rb"UID (\d+)", row).group(1)
                found[mailbox, int(uid)] = b"\\Flagged" in row
        client.logout()
        return found

    def test_kill_while_keys_are_pressed(self):
        chance = random.Random(SEED + 4)
        self.fill()
        self.sync()
        subjects, _ = self.everywhere()
        for at in range(30 if EXHAUSTIVE else 6):
            with self.subTest(seed=SEED, at=at):
                screen = self.open()
                screen.screen_has("online", 10)
                pid = screen.pid()
                self.proxy.cut_after(
                    up=chance.randrange(1, 1500),
                    how=lambda writer: (os.kill(pid, 9),
                                        proxy.reset(writer)))
                keys = ["f", "j", "a" if at % 2 else "d", "f", "z", "f"]
                try:
                    for key in keys:
                        screen.keys(key)
                    if not self.proxy.was_cut():
                        os.kill(pid, 9)
                except ProcessLookupError:
                    pass
                screen.screen_has("ended with 137")
                self.proxy.cut_after()
                # the store catches up with the journal at the next start
                self.home.run("--offline", "queue", "drop", "999999")
                waiting = self.json("queue")
                meant = {(row["mailbox"], row["uid"]):
                         "\\Flagged" in row["flags"]
                         for name in ("INBOX", "Archive", "Trash")
                         for row in self.rows(name) if row["uid"]}
                self.sync()
                self.assertEqual(self.json("queue"), [], waiting)
                found, _ = self.everywhere()
                self.assertEqual(found, subjects)
                # what the store showed as meant is so on the server now
                there = self.on_server()
                for key, word in meant.items():
                    if key in there:
                        self.assertEqual(there[key], word, (key, waiting))
