"""Promises 1 and 2 on a hundred thousand messages: nothing here is timed;
what a key does is seen while the line is stalled, or while headers still come
in."""

import re

import harness
import screens

COUNT = 100000


def headers_done(text):
    """How many headers the status line says have come; None: it does not."""
    found = re.search(r"headers .*?([\d,]+) of [\d,]+", text)
    return int(found.group(1).replace(",", "")) if found else None


class Large(screens.ScreenCase):
    def first_screen(self, screen):
        screen.screen_has(f"bulk message {COUNT} ", 20)
        screen.screen_has(f"bulk message {COUNT - 19} ")

    def marked(self, screen, number, mark, there=True):
        """The row of message @number has @mark before the date, or not."""
        screen.wait(lambda text: any(
            f"bulk message {number} " in line and (mark in line[:6]) is there
            for line in text.split("\n")),
            f"{number} {'has' if there else 'lacks'} {mark}")

    def keys_show(self, screen):
        """Each key's effect, on a screen whose first row is selected."""
        screen.keys("f")
        self.marked(screen, COUNT, "!")
        screen.keys("j", "i")
        self.marked(screen, COUNT - 1, "i")
        screen.keys("Space")
        screen.screen_lacks(f"bulk message {COUNT} ")
        screen.keys("g")
        self.marked(screen, COUNT, "!")

    def test_never_seen_before_and_while_headers_come_in(self):
        self.bulk(COUNT)
        screen = self.open()
        self.first_screen(screen)
        # the newest screenful is there, and can be used, long before the rest
        text = screen.wait(headers_done, "how many headers have come", 10)
        self.proxy.stall()
        self.addCleanup(self.proxy.release)
        self.assertLess(headers_done(text), COUNT)
        # how many the server has, not how many are here
        self.assertIn(f"1 of {COUNT:,}", text.split("\n")[0])
        self.assertIn("more is coming; ", text)
        self.keys_show(screen)
        self.assertLess(headers_done(screen.text()) or 0, COUNT)
        self.proxy.release()
        # and again with the headers rushing in, not stalled
        screen.keys("f")
        self.marked(screen, COUNT, "!", False)
        screen.keys("j", "i")
        self.marked(screen, COUNT - 1, "i", False)
        screen.wait(lambda text: "headers " not in text and "online" in text,
                    "all headers are there", 120)
        screen.screen_has(f"of {COUNT:,}")
        screen.screen_lacks("more is coming")
        self.known_mailbox(screen)

    def known_mailbox(self, screen):
        """The same mailbox, opened again with the line stalled."""
        screen.keys("Q")
        screen.ended(0)
        self.proxy.stall()
        screen = self.open()
        self.first_screen(screen)
        screen.screen_has(f"1 of {COUNT:,}")
        screen.keys("G")
        screen.screen_has("bulk message 1 ")
        screen.screen_has(f"{COUNT:,} of {COUNT:,}")
        screen.keys("g")
        self.keys_show(screen)
        screen.keys("d")
        screen.screen_lacks(f"bulk message {COUNT} ")
        screen.screen_has(f"of {COUNT - 1:,}")
        self.proxy.release()
        harness.eventually(lambda: len(self.uids("Trash")) == 1, 20)
