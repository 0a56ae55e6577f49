#!/usr/bin/env python3
"""What a person waits for: figures, never pass or fail.

    tests/bench/screen.py [MESSAGES]     100,000 if not given

Needs a build with src/pennon (PENNON_BINARY, else build/src/pennon).
"""

import fcntl
import os
import pty
import select
import shutil
import statistics
import struct
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

# pylint: disable=wrong-import-position
import dovecot
import genmail
import pennon
import proxy

ROWS, COLUMNS = 24, 80


class Screen:
    """pennon on a terminal of its own; bytes and when they came."""

    def __init__(self, home, *command):
        self.begin = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ,
                        struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(home.binary, [home.binary, *command],
                      {**home.environment, "TERM": "xterm-256color"})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def until(self, text, seconds=60.0):
        """Returns: seconds since the last press (or the start)."""
        seen = b""
        deadline = time.perf_counter() + seconds
        while text not in seen:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text} did not show: {seen[-2000:]}")
            seen += self.read(0.5)
        return time.perf_counter() - self.begin

    def press(self, key):
        self.begin = time.perf_counter()
        os.write(self.fd, key)

    def answer(self, key, seconds=5.0):
        """Returns: seconds until the first byte, and how many came."""
        while self.read(0.05):
            pass
        self.press(key)
        data = self.read(seconds)
        first = time.perf_counter() - self.begin
        while True:
            more = self.read(0.03)
            if not more:
                return first, len(data)
            data += more

    def leave(self):
        os.write(self.fd, b"Q")
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            self.read(0.05)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        os.close(self.fd)


def memory(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0


def say(what, value):
    print(f"{what:58} {value}", flush=True)


def known(home, newest):
    times = []
    for _ in range(7):
        screen = Screen(home)
        times.append(screen.until(newest) * 1000)
        screen.leave()
    say("exec to first screen, mailbox known",
        f"{statistics.median(times):.1f} ms [{min(times):.1f}-"
        f"{max(times):.1f}]")


def keys(home, newest, title, before=None):
    screen = Screen(home)
    screen.until(newest)
    if before:
        screen.until(before)
    worst, count = 0.0, []
    for key in (b"j", b"j", b"k", b"f", b"f", b" ", b"-", b"G", b"g", b"i",
                b"i", b"j") * 4:
        first, size = screen.answer(key)
        worst = max(worst, first)
        if key == b"j":
            count.append(size)
    say(f"worst key, {title}", f"{worst * 1000:.1f} ms")
    say(f"bytes of a step, {title}", f"{statistics.median(count):.0f}")
    say(f"most memory, {title}", f"{memory(screen.pid):.1f} MB")
    screen.leave()


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    binary = os.environ.get("PENNON_BINARY", os.path.join(
        pennon.ROOT, "build", "src", "pennon"))
    newest = f"bulk message {count}".encode()
    folder = tempfile.mkdtemp(prefix="bench-")
    os.chmod(folder, 0o755)
    server = dovecot.Dovecot(os.path.join(folder, "server"))
    try:
        maildir = server.maildir("alice")
        genmail.write_bulk(maildir, count, int(time.time()))
        server.give_to_mail(os.path.dirname(maildir))
        server.start()
        line = proxy.Proxy(server)
        home = pennon.Home(os.path.join(folder, "home"), binary)
        home.account(f"imaps://localhost:{line.port}", name="work",
                     user="alice", password=server.users["alice"],
                     ca_file=server.ca_file)
        # the server reads its files once, so that the client is measured
        home.run("list", "INBOX")
        screen = Screen(home)
        say("exec to first screen, never seen, server cold",
            f"{screen.until(newest) * 1000:.0f} ms")
        screen.leave()
        keys(home, newest, "while headers come in", b"headers ")
        begin = time.perf_counter()
        home.run("sync", timeout=600)
        say("the rest of the headers", f"{time.perf_counter() - begin:.1f} s")
        known(home, newest)
        line.stall()
        known(home, newest)
        keys(home, newest, "in a stall")
        line.release()
        keys(home, newest, "online")
        line.close()
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
