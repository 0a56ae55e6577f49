"""The first start: no configuration yet, the wizard writes one."""

import os
import stat

import harness
import screens

SOMEBODY_ELSES = "0123 4567"
# a server lets those wait who came with a wrong password
REFUSED_SECONDS = 40


class FirstStart(screens.ScreenCase):
    def setUp(self):
        super().setUp()
        self.fill()
        os.remove(self.home.config_file)
        self.config = self.home.path("new", "pennon.conf")

    def wizard(self):
        screen = self.open("--config", self.config)
        screen.screen_has("Your name:")
        return screen

    def answer(self, screen, text):
        screen.keys("C-u")
        screen.type(text)
        screen.keys("Enter")

    def to_certificate(self, screen):
        self.answer(screen, "Alice Example")
        screen.screen_has("Mail address:")
        self.answer(screen, "alice@example.org")
        screen.screen_has("Server:", 20)
        self.answer(screen, f"localhost:{self.proxy.port}")
        screen.screen_has("Login name:")
        self.answer(screen, self.user)
        screen.screen_has("SHA-256", 10)
        screen.screen_has("Trust it?")

    def first_four(self, screen):
        return screen.row_with("SHA-256  ").split()[1].replace(":", "")[:4]

    def to_password(self, screen):
        self.to_certificate(screen)
        self.answer(screen, self.first_four(screen))
        screen.screen_has("empty: ask at each start", 10)
        self.answer(screen, "")
        screen.screen_has("Password:")

    def test_from_nothing_to_the_mailbox(self):
        screen = self.wizard()
        self.to_password(screen)
        self.answer(screen, self.password)
        text = screen.screen_has("To be written:", REFUSED_SECONDS)
        self.assertIn(f"user = {self.user}", text)
        self.assertIn("pin-sha256 = ", text)
        self.assertFalse(os.path.exists(self.config))
        screen.keys("Enter")
        # the password that was typed a moment ago is not asked for again
        screen.screen_has("Ada Lovelace", 10)
        screen.screen_has("online", 10)
        self.assertEqual(stat.S_IMODE(os.stat(self.config).st_mode), 0o600)
        screen.keys("Q")
        screen.ended(0)
        # the next start asks for it, and no longer for the certificate
        screen = self.open("--config", self.config)
        screen.screen_has(f"Password of {self.user} at localhost:", 10)
        screen.screen_has("Ada Lovelace")
        self.answer(screen, self.password)
        screen.screen_has("online", 10)

    def test_wrong_password_is_told_and_asked_for_again(self):
        screen = self.wizard()
        self.to_password(screen)
        self.answer(screen, "not " + self.password[:3])
        screen.screen_has(f"login of {self.user} refused",
                          REFUSED_SECONDS)
        screen.screen_has("Password:")
        self.answer(screen, self.password)
        screen.screen_has("To be written:", REFUSED_SECONDS)

    def test_wrong_proof_pins_nothing(self):
        screen = self.wizard()
        self.to_certificate(screen)
        self.answer(screen, SOMEBODY_ELSES)
        screen.screen_has("nothing was pinned")
        screen.screen_has("Server:")
        self.assertNotIn("AUTHENTICATE", " ".join(
            self.proxy.commands_of(self.user)))

    def test_escape_goes_back_and_nothing_is_written(self):
        screen = self.wizard()
        self.to_password(screen)
        for prompt in ("empty: ask", "Server:", "Your name:"):
            screen.keys("Escape")
            screen.screen_has(prompt)
        screen.keys("Escape")
        screen.ended(0)
        self.assertFalse(os.path.exists(self.config))

    def test_leaving_before_the_file_is_written(self):
        screen = self.wizard()
        self.to_password(screen)
        self.answer(screen, self.password)
        screen.screen_has("To be written:", 10)
        screen.keys("C-c")
        screen.ended(0)
        self.assertFalse(os.path.exists(self.config))

    def test_no_address_is_none(self):
        screen = self.wizard()
        self.answer(screen, "Alice")
        screen.screen_has("Mail address:")
        self.answer(screen, "alice")
        screen.screen_has("looks like alice@example.org")
        screen.screen_has("Mail address:")

    def test_a_server_that_is_not_there(self):
        screen = self.wizard()
        self.answer(screen, "Alice")
        screen.screen_has("Mail address:")
        self.answer(screen, "alice@example.org")
        screen.screen_has("Server:", 20)
        self.answer(screen, f"localhost:{self.proxy.port}")
        screen.screen_has("Login name:")
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        self.answer(screen, self.user)
        screen.screen_has("warning: localhost", 10)
        screen.screen_has("Server:")


class Asked(screens.ScreenCase):
    """Questions of an account that is there already."""

    def configure(self, **without):
        """Rewrites the account's lines; a value of None takes one away."""
        with open(self.home.config_file, encoding="utf-8") as file:
            lines = file.read().splitlines()
        names = {name.replace("_", "-") for name in without}
        lines = [line for line in lines
                 if line.partition(" = ")[0] not in names]
        self.home.configure("\n".join(lines) + "\n")

    def test_password_that_no_command_prints(self):
        self.fill()
        self.configure(password_command=None)
        screen = self.open()
        screen.screen_has(f"Password of {self.user} at localhost:", 10)
        screen.type("wrong")
        screen.keys("Enter")
        # the server lets who was refused wait
        screen.screen_has(f"Refused. Password of {self.user} at localhost:",
                          REFUSED_SECONDS)
        screen.type(self.password)
        screen.keys("Enter")
        screen.screen_has("Ada Lovelace", REFUSED_SECONDS)
        screen.screen_has("online", 10)

    def test_certificate_is_shown_and_pinned(self):
        self.fill()
        self.configure(ca_file=None)
        screen = self.open()
        text = screen.screen_has("SHA-256", 10)
        self.assertIn("Nothing was sent", text)
        screen.keys("p")
        screen.screen_has("Trust it?")
        screen.type("0000")
        screen.keys("Enter")
        screen.screen_has("nothing was pinned")
        digits = screen.row_with("SHA-256  ").split()[1]
        self.assertNotEqual(digits[:5], "00:00")
        screen.keys("p")
        screen.screen_has("Trust it?")
        screen.type(digits[:5])
        screen.keys("Enter")
        screen.screen_has("Ada Lovelace", 10)
        screen.screen_has("online", 10)
        with open(self.home.config_file, encoding="utf-8") as file:
            self.assertIn("pin-sha256 = ", file.read())

    def test_certificate_that_is_not_accepted(self):
        self.fill()
        self.sync()
        self.configure(ca_file=None)
        screen = self.open()
        screen.screen_has("SHA-256", 10)
        screen.keys("Escape")
        screen.screen_has("Ada Lovelace")
        screen.screen_has("certificate not trusted")
        screen.screen_has("^R shows it")
        before = len(self.proxy.commands_of(self.user))
        screen.keys("C-r")
        screen.screen_has("SHA-256")
        harness.eventually(lambda: len(
            self.proxy.commands_of(self.user)) == before)
