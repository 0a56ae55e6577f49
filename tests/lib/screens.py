"""What the screen tests share: mail with fixed dates, frames to compare."""

import calendar
import os
import time

import harness
import terminal

FRAMES = os.path.join(harness.pennon.ROOT, "tests", "e2e", "frames")

# oldest first: month of 2024, sender, subject, size, flags
MAIL = [
    (1, "Charles Babbage <charles@engine.example>",
     "The bill for the brass", 2048, "\\Seen"),
    (2, "Frances E. Allen <fran@compile.example>", "Loop fusion", 18432,
     "\\Seen"),
    (3, "\u6751\u4e95 \u7d14 <jun@tokyo.example>",
     "Re: \u6771\u4eac\u3067\u306e\u4f1a\u8b70\u306b\u3064\u3044\u3066 "
     "\u6765\u9031\u306e\u4e88\u5b9a", 3072, ""),
    (4, "S\u00f8ren Kierkeg\u00e5rd <soren@either.example>",
     "Either, or both?", 1024, "\\Seen \\Answered"),
    (5, "Dr. h. c. Friederike M\u00fcller-L\u00fcdenscheidt <fml@firma."
     "example>", "Rechnung Z3 vom 12. November und eine lange Zeile",
     5120, "\\Seen \\Flagged"),
    (6, "Grace Hopper <grace@navy.example>", "Nanoseconds, as promised",
     2048, "\\Seen"),
    (7, "Konrad Zuse <konrad@z3.example>", "Ersatzteile f\u00fcr das "
     "Rechenwerk", 1024, "\\Seen $Important"),
    (8, "Ada Lovelace <ada@analytical.example>",
     "Notes on the analytical engine", 79872, ""),
]


def mail(at):
    """Message @at of MAIL, padded to its size, and when it came."""
    month, sender, subject, size, _ = MAIL[at]
    when = calendar.timegm((2024, month, 15, 12, 0, 0))
    name, _, address = sender.partition(" <")
    quoted = harness.genmail.encoded_word(name)
    if quoted == name and "." in name:
        quoted = f'"{name}"'
    head = (f"From: {quoted} <{address}\r\n"
            "To: Alice Example <alice@example.org>\r\n"
            f"Subject: {harness.genmail.encoded_word(subject)}\r\n"
            f"Date: {harness.genmail.date_field(when)}\r\n"
            f"Message-ID: <frame.{at}@example.net>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "\r\nDear Alice,\r\n\r\n"
            f"this is number {at + 1}.\r\n\r\n").encode()
    line = b"It goes on and on, as long as it takes to be this big.\r\n"
    rest = size - len(head)
    body = (line * (rest // len(line) + 1))[:rest - 2] + b"\r\n"
    return head + body, when


class ScreenCase(harness.ServerCase):
    """Tests of the screen over an account named work."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.check_terminal_bytes)
        self.terminals = []

    def new_home(self, folder="home", **keys):
        return super().new_home(folder, **{"name": "work", **keys})

    def open(self, *command, **options):
        screen = terminal.Terminal(self.home, *command, **options)
        self.terminals.append(screen)
        self.addCleanup(screen.close)
        return screen

    def fill(self):
        """MAIL in the inbox. Returns: UIDs, oldest first."""
        uids = []
        for at, (_, _, _, _, flags) in enumerate(MAIL):
            message, when = mail(at)
            uids.append(self.append(message=message, when=when, flags=flags))
        return uids

    def assertFrame(self, screen, name, seconds=5.0):
        """The whole screen equals tests/e2e/frames/NAME."""
        path = os.path.join(FRAMES, name)
        if os.environ.get("PENNON_WRITE_FRAMES") == "1":
            time.sleep(1)
            with open(path, "w", encoding="utf-8") as out:
                out.write(screen.text().rstrip("\n") + "\n")
        with open(path, encoding="utf-8") as file:
            wanted = file.read().rstrip("\n").split("\n")
        wanted += [""] * (screen.rows - len(wanted))
        try:
            screen.wait(lambda text: text.split("\n") == wanted,
                        f"the frame {name}", seconds)
        except AssertionError:
            self.assertEqual(screen.screen(), wanted)

    def check_terminal_bytes(self):
        """No secret and nothing but what ncurses writes on the terminal."""
        for screen in self.terminals:
            if not os.path.exists(screen.bytes_file):
                continue
            data = screen.written()
            for secret in (self.password,
                           f"\0{self.user}\0{self.password}"):
                for form in harness.secret_forms(secret):
                    self.assertNotIn(form, data)
            # title, DCS, APC: only mail or server text could bring them
            for hostile in (b"\x1b]0;", b"\x1bP", b"\x1b_", b"\x1b[2J\x1b]"):
                self.assertNotIn(hostile, data)
