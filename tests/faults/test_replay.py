"""A dozen mixed changes on their way out, and the line is cut (DATA-08).

Whatever happened, the next syncs end where the undisturbed run ends: nothing
is lost, nothing is there twice. Points are chosen by PENNON_SEED, which a
failure names; PENNON_EXHAUSTIVE=1 tries many more.
"""

import os
import random
import time

import proxy
import queued

EXHAUSTIVE = os.environ.get("PENNON_EXHAUSTIVE") == "1"
SEED = int(os.environ.get("PENNON_SEED", "1"))
CUTS = 1000 if EXHAUSTIVE else 30      # of each profile
# the line is dead: the command must notice, and end
DEADLINE = 30


class Replay(queued.QueuedCase):
    def test_cut(self):
        chance = random.Random(SEED)
        streams = self.record()
        for number, (side, offset) in enumerate(
                self.points(streams, CUTS, chance)):
            how = (proxy.end_of_file, proxy.reset)[number % 2]
            with self.subTest(seed=SEED, side=side, offset=offset,
                              how=how.__name__), self.attempt():
                self.proxy.cut_after(**{side: offset}, how=how)
                begin = time.monotonic()
                result = self.home.run("sync", timeout=DEADLINE)
                self.assertLess(time.monotonic() - begin, DEADLINE)
                self.assertIn(result.status, (0, 3, 5), str(result))
                self.settle()
                self.assertDone()


class ReplayWithoutExtensions(Replay):
    profile = "rev1"
    has_uidplus = False
