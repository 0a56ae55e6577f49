"""Whole screens, compared with tests/e2e/frames."""

import screens


class Frames(screens.ScreenCase):
    def opened(self, *command, **options):
        self.fill()
        self.sync()
        screen = self.open(*command, **options)
        screen.screen_has("online", 10)
        return screen

    def test_list_80x24(self):
        self.assertFrame(self.opened(), "list-80")

    def test_list_140x40(self):
        self.assertFrame(self.opened(columns=140, rows=40), "list-140")

    def test_list_german(self):
        self.assertFrame(self.opened(language="de"), "list-80-de")

    def test_list_140x40_german(self):
        self.assertFrame(self.opened(columns=140, rows=40, language="de"),
                         "list-140-de")

    def test_list_ascii(self):
        self.assertFrame(self.opened("--ascii"), "list-80-ascii")

    def test_read_80x24(self):
        screen = self.opened()
        screen.keys("j", "j", "Enter")
        screen.screen_has("this is number 6.")
        self.assertFrame(screen, "read-80")

    def test_read_german(self):
        screen = self.opened(language="de")
        screen.keys("j", "j", "Enter")
        screen.screen_has("this is number 6.")
        self.assertFrame(screen, "read-80-de")

    def test_help(self):
        screen = self.opened()
        screen.keys("?")
        self.assertFrame(screen, "help-80")

    def test_locale_without_utf8(self):
        screen = self.opened(locale="C")
        screen.screen_has("Ada Lovelace")
        screen.screen_has("UTF-8")
