"""pennon on a terminal: tmux with a server of its own, keys in, screen out."""

import os
import shlex
import subprocess
import time

ENVIRONMENT = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME",
               "XDG_RUNTIME_DIR", "HOME", "PATH", "TZ", "ASAN_OPTIONS",
               "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")


class Terminal:
    """One program on a terminal of @columns x @rows.

    When it ends the last screen stays, with its exit status.
    """

    count = 0

    def __init__(self, home, *command, columns=80, rows=24, language=None,
                 locale="C.UTF-8", env=None):
        Terminal.count += 1
        self.socket = os.path.join(home.folder,
                                   f"tmux-{os.getpid()}-{Terminal.count}")
        self.bytes_file = home.path(f"terminal-{Terminal.count}")
        self.columns, self.rows = columns, rows
        words = {name: home.environment[name] for name in ENVIRONMENT
                 if name in home.environment}
        words.update(LC_ALL=locale, **(env or {}))
        if language:
            words["LANGUAGE"] = language
        program = ["env", "-i", "TERM=tmux-256color"]
        program += [f"{name}={value}" for name, value in words.items()]
        program += [home.binary, *command]
        # the shell tells how it ended, and that the terminal is sane again
        script = f"{shlex.join(program)}; echo \"ended with $?\"; " \
            "stty -a | grep -o -e '-\\?icanon'; exec sleep 600"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns),
                  "-y", str(rows), "sleep 600")
        for option in (("status", "off"), ("escape-time", "0"),
                       ("remain-on-exit", "on"),
                       ("default-terminal", "tmux-256color")):
            self.tmux("set", "-g", *option)
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        # the pipe is open before the program writes its first byte
        self.tmux("respawn-pane", "-k", "exec sleep 600")
        self.tmux("pipe-pane", f"cat >{shlex.quote(self.bytes_file)}")
        self.tmux("respawn-pane", "-k", script)

    def tmux(self, *arguments):
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                       "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
                       "HOME": os.path.dirname(self.socket)}
        return subprocess.run(["tmux", "-u", "-S", self.socket, *arguments],
                              env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=True,
                              timeout=30).stdout

    # ---- in ----

    def keys(self, *names):
        """tmux's names: "j", "Enter", "C-l", "Escape"."""
        # a ";" alone would end tmux's command
        self.tmux("send-keys", *("\\;" if name == ";" else name
                                 for name in names))

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def hang_up(self):
        """The terminal goes away."""
        self.tmux("kill-server")

    # ---- out ----

    def screen(self):
        """Lines without trailing blanks."""
        lines = [line.rstrip() for line in
                 self.tmux("capture-pane", "-p").split("\n")]
        return lines[:self.rows]

    def text(self):
        return "\n".join(self.screen())

    def written(self):
        """All bytes the program sent to the terminal."""
        with open(self.bytes_file, "rb") as file:
            return file.read()

    def wait(self, check, what, seconds=5.0):
        deadline = time.monotonic() + seconds
        while True:
            text = self.text()
            if check(text):
                return text
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"after {seconds} s still not: {what}\n" + self.frame())
            time.sleep(0.01)

    def frame(self):
        line = "+" + "-" * self.columns + "+\n"
        return line + "\n".join(self.screen()) + "\n" + line

    def screen_has(self, text, seconds=5.0):
        return self.wait(lambda screen: text in screen, f"has {text!r}",
                         seconds)

    def screen_lacks(self, text, seconds=5.0):
        return self.wait(lambda screen: text not in screen,
                         f"lacks {text!r}", seconds)

    def row_with(self, text):
        """The first row that shows @text."""
        for line in self.screen():
            if text in line:
                return line
        raise AssertionError(f"no row with {text!r}\n" + self.frame())

    def ended(self, status=0, seconds=5.0):
        """The program has ended so, and the terminal reads lines again."""
        self.screen_has(f"ended with {status}", seconds)
        return self.wait(lambda screen: "\nicanon" in screen,
                         "terminal restored")

    def pid(self):
        """Of the program itself."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        with open(f"/proc/{shell}/task/{shell}/children") as children:
            return int(children.read().split()[0])

    def close(self):
        try:
            self.tmux("kill-server")
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pass
