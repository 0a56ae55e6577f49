"""Two screens and a command on one account: one of them syncs, all work."""

import harness
import screens


class Beside(screens.ScreenCase):
    def setUp(self):
        super().setUp()
        self.mail = self.fill()
        self.sync()

    def two(self):
        first = self.open()
        first.screen_has("online", 10)
        second = self.open()
        second.screen_has("another pennon syncs", 10)
        second.screen_has("Ada Lovelace")
        return first, second

    def mark(self, screen, name, mark, there=True):
        screen.wait(lambda text: any(
            name in line and (mark in line[:6]) is there
            for line in text.split("\n")), f"{mark} at {name}: {there}")

    def test_each_sees_what_the_other_does(self):
        first, second = self.two()
        second.keys("f")
        self.mark(second, "Ada Lovelace", "!")
        self.mark(first, "Ada Lovelace", "!")
        harness.eventually(lambda: "\\Flagged" in self.flags(
            "INBOX", self.mail[-1]))
        first.keys("d")
        first.screen_lacks("Ada Lovelace")
        second.screen_lacks("Ada Lovelace")
        harness.eventually(lambda: len(self.uids("Trash")) == 1)

    def test_reads_without_the_role(self):
        _, second = self.two()
        second.keys("Enter")
        second.screen_has("this is number 8.", 10)
        harness.eventually(lambda: "\\Seen" in self.flags(
            "INBOX", self.mail[-1]))

    def test_the_role_changes_hands(self):
        first, second = self.two()
        first.keys("Q")
        first.ended(0)
        second.screen_has("online", 15)
        second.keys("f")
        harness.eventually(lambda: "\\Flagged" in self.flags(
            "INBOX", self.mail[-1]))

    def test_a_command_beside_a_screen(self):
        screen = self.open()
        screen.screen_has("online", 10)
        self.pennon("flag", "INBOX", str(self.mail[5]), "+flagged")
        self.mark(screen, "Grace Hopper", "!")
        self.assertIn("\\Flagged", self.flags("INBOX", self.mail[5]))
