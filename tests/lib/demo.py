"""The second half of tests/demo: server, sample mail, pennon."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import dovecot
import genmail
import pennon

DRAFT = """\
From: Alice Example <alice@example.org>
To: Bob Carter <bob.carter@example.com>
Subject: Harbour plan, second thoughts

Bob, let us move the crane to the other side.
"""


class Failed(Exception):
    pass


class Demo:
    def __init__(self, folder):
        self.server = dovecot.Dovecot(os.path.join(folder, "server"))
        build = os.path.join(pennon.ROOT, os.environ["PENNON_BUILD"])
        self.home = pennon.Home(os.path.join(folder, "home"),
                                os.path.join(build, "src", "pennon"))

    def start(self):
        maildir = self.server.maildir("alice")
        counts = genmail.write_sample(maildir, int(time.time()))
        self.server.give_to_mail(os.path.dirname(maildir))
        self.server.start()
        self.home.account(f"imaps://localhost:{self.server.tls_port}",
                          name="demo", user="alice",
                          password=self.server.users["alice"],
                          ca_file=self.server.ca_file)
        print(f"A mail server with {sum(counts.values())} messages in "
              f"{len(counts)} mailboxes listens on localhost:"
              f"{self.server.tls_port}.", flush=True)

    # ---- on the screen ----

    def open(self):
        """pennon on the terminal, with the user's editor and colours."""
        environment = dict(os.environ)
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            environment[name] = self.home.environment[name]
        if not os.environ.get("LANG", "") and "LC_CTYPE" not in environment:
            environment["LC_ALL"] = "C.UTF-8"
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.run([self.home.binary], env=environment,
                              check=False).returncode

    # ---- without a screen ----

    def step(self, *command, stdin=""):
        print("\n$ pennon " + shlex.join(command) +
              (" < draft.eml" if stdin else ""), flush=True)
        result = self.home.run(*command, stdin=stdin.encode())
        print(result.out + result.err, end="", flush=True)
        if result.status != 0:
            raise Failed(f"exit status {result.status}")
        return result

    def newest(self, mailbox, count):
        result = self.home.run("list", mailbox, "--limit", str(count),
                               "--json")
        if result.status != 0:
            raise Failed(str(result))
        return [str(row["uid"]) for row in result.json()]

    def batch(self):
        self.step("check")
        self.step("sync")
        self.step("folders")
        self.step("list", "INBOX", "--limit", "12")
        first, second, third = self.newest("INBOX", 3)
        self.step("show", "INBOX", first)
        self.step("flag", "INBOX", first, "+flagged", "+seen")
        self.step("move", "INBOX", f"{second},{third}", "Archive")
        self.step("draft", stdin=DRAFT)
        self.step("list", "INBOX", "--limit", "10")
        self.step("list", "Drafts", "--limit", "3")
        left = self.newest("INBOX", 3)
        if first not in left or second in left or third in left:
            raise Failed(f"INBOX begins with {left} after the move")


def main():
    def leave(*_):
        raise SystemExit(1)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    folder = tempfile.mkdtemp(prefix="pennon-demo-")
    demo = None
    try:
        # the mail server's users must be able to enter it
        os.chmod(folder, 0o755)
        demo = Demo(folder)
        demo.start()
        if "--batch" in sys.argv:
            demo.batch()
            print("\ndemo: all done")
            return 0
        return demo.open()
    except (Failed, AssertionError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    finally:
        if demo is not None:
            demo.server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
