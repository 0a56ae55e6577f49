"""The STARTTLS cases of the Email-Analysis-Toolkit's fake mail server.

PENNON_CORPUS names the folder that holds them (corpora/starttls, and the
player in starttls/player.py). They are not part of the tree.
"""

import glob
import importlib.util
import os
import unittest

import harness
import hostile

FOLDER = os.environ.get("PENNON_CORPUS", "")
PLAYER = os.path.join(FOLDER, "starttls", "player.py")
CASES = sorted(glob.glob(os.path.join(FOLDER, "corpora", "starttls", "imap",
                                      "**", "*.ron"), recursive=True))


def load_player():
    spec = importlib.util.spec_from_file_location("player", PLAYER)
    player = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(player)
    return player


@unittest.skipUnless(FOLDER and CASES and os.path.exists(PLAYER),
                     "PENNON_CORPUS names no folder with the cases")
class Corpus(hostile.HostileCase):
    def test_nothing_goes_out_in_clear(self):
        player = load_player()
        # the player looks for its certificate where it stands
        os.symlink(harness.certificates() + "/server.pem",
                   self.home.path("srv.pem"))
        os.symlink(harness.certificates() + "/server.key",
                   self.home.path("srv.key"))
        here = os.getcwd()
        os.chdir(self.home.folder)
        self.addCleanup(os.chdir, here)
        for path in CASES:
            if os.path.basename(path) == "setup.ron":
                continue
            with self.subTest(case=os.path.basename(path)):
                self.play(player, path)

    def play(self, player, path):
        def client(port):
            self.home.account(f"imap://localhost:{port}", user="alice",
                              password=self.password, timeout="6",
                              ca_file=harness.certificates() + "/ca.pem")
            words = [f"{name}={value}" for name, value in
                     self.home.environment.items()]
            return ["env", "-i", *words, self.home.binary, "sync"]

        log, status, out = player.run(player.load(path), client, timeout=40)
        told = "\n".join(log) + f"\nexit status {status}\n{out}"
        self.assertNotEqual(status, "timeout", told)
        self.assertFalse(player.verdict(log).startswith("LEAK"), told)
        self.assertIn(status, (0, 1, 3, 4), told)
