"""The program under test, with a home of its own."""

import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Result:
    def __init__(self, command, status, out, err):
        self.command = command
        self.status = status
        self.bytes = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def json(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f"$ pennon {' '.join(self.command)}\nexit status " \
               f"{self.status}\n{self.out}{self.err}"


class Home:
    """A folder with pennon's configuration, cache and state, and nothing of
    the user who runs the tests."""

    def __init__(self, folder, binary):
        self.folder = os.path.abspath(folder)
        self.binary = binary
        for name in ("config/pennon", "cache", "state", "runtime", "secret"):
            os.makedirs(os.path.join(self.folder, name), mode=0o700,
                        exist_ok=True)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": self.folder,
            "XDG_CONFIG_HOME": self.path("config"),
            "XDG_CACHE_HOME": self.path("cache"),
            "XDG_STATE_HOME": self.path("state"),
            "XDG_RUNTIME_DIR": self.path("runtime"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }
        for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                     "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def path(self, *names):
        return os.path.join(self.folder, *names)

    @property
    def config_file(self):
        return self.path("config", "pennon", "config")

    def secret(self, name, password):
        """A file that a password-command prints; it stands for the user's
        password store, so it lies outside of what pennon may write."""
        path = self.path("secret", name)
        with open(path, "wb") as out:
            out.write(password.encode() + b"\n")
        os.chmod(path, 0o600)
        return path

    def configure(self, text):
        with open(self.config_file, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(self.config_file, 0o600)

    def account(self, url, name="test", user="alice", password="", ca_file=
                None, **keys):
        """One account; a key with "_" becomes one with "-"."""
        lines = [f"[account {name}]", "name = Alice Example",
                 "email = alice@example.org", f"imap = {url}",
                 f"user = {user}",
                 f"password-command = cat {self.secret(name, password)}"]
        if ca_file:
            lines.append(f"ca-file = {ca_file}")
        for key, value in keys.items():
            lines.append(f"{key.replace('_', '-')} = {value}")
        self.configure("\n".join(lines) + "\n")

    def start(self, *command, **options):
        """A running process, for those who kill it or type into it."""
        environment = dict(self.environment, **options.pop("env", {}))
        return subprocess.Popen([self.binary, *command], env=environment,
                                cwd=self.folder, **options)

    def run(self, *command, stdin=b"", timeout=60, env=None):
        process = self.start(*command, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=env or {})
        try:
            out, err = process.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError("no end after %d s: %s" % (
                timeout, Result(command, None, out, err))) from None
        return Result(command, process.returncode, out, err)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
