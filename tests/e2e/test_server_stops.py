"""The mail server itself is stopped and started again, not only the line."""

import harness
import screens


class ServerStops(screens.ScreenCase):
    direct = True

    def test_what_was_done_meanwhile_arrives(self):
        mail = self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("online", 10)
        self.server.stop()
        screen.screen_has("offline since", 10)
        for name in ("Ada Lovelace", "Konrad Zuse", "Grace Hopper"):
            screen.screen_has(name)
        screen.keys("f")
        screen.screen_has("1 waiting")
        screen.keys("j", "m")
        screen.screen_has("Move to:")
        screen.type("Archive")
        screen.keys("Enter")
        screen.screen_lacks("Konrad Zuse")
        screen.screen_has("2 waiting")
        screen.keys("d")
        screen.screen_lacks("Grace Hopper")
        screen.screen_has("3 waiting")
        screen.screen_has("offline since")
        self.server.start()
        # it comes back by itself, within the pause that it tells
        screen.screen_has("online", 70)
        screen.screen_lacks("waiting", 10)
        self.assertIn("\\Flagged", self.flags("INBOX", mail[-1]))
        self.assertEqual(len(self.uids("Archive")), 1)
        self.assertEqual(len(self.uids("Trash")), 1)
        self.assertEqual(len(self.uids("INBOX")), len(mail) - 2)

    def test_read_mail_can_be_read_again(self):
        self.fill()
        self.sync()
        screen = self.open()
        screen.screen_has("online", 10)
        screen.keys("Enter")
        screen.screen_has("this is number 8.")
        screen.keys("q")
        self.server.stop()
        self.addCleanup(self.server.start)
        screen.screen_has("offline since", 10)
        screen.keys("Enter")
        screen.screen_has("this is number 8.")
        screen.keys("J")
        screen.screen_has("Konrad Zuse")
        harness.eventually(lambda: "this is number 7." not in screen.text())
