"""The password: in no file, no trace, no process, no core (promise 8)."""

import base64
import os
import resource
import subprocess

import harness


class Secrets(harness.ServerCase):
    def setUp(self):
        super().setUp()
        self.secrets = [self.password, f"\0{self.user}\0{self.password}"]

    def assertSilent(self, data):
        for secret in self.secrets:
            for form in harness.secret_forms(secret):
                self.assertNotIn(form, data)

    def test_the_search_finds_each_form(self):
        """A search that finds nothing anywhere would prove nothing."""
        for secret in self.secrets:
            for shift in range(3):
                coded = base64.b64encode(b"x" * shift + secret.encode() +
                                         b"tail")
                with self.assertRaises(AssertionError):
                    self.assertSilent(b"abc" + coded)
            for form in (secret.encode(), secret.encode().hex().encode()):
                with self.assertRaises(AssertionError):
                    self.assertSilent(b"abc" + form + b"def")

    def test_trace_and_output(self):
        for method in ("plain", "login", "scram-sha-256"):
            with self.subTest(method=method):
                home = self.new_home(method, auth=method)
                trace = home.path("trace")
                result = self.pennon("--trace", trace, "check", home=home)
                self.assertSilent(result.bytes + result.err.encode())
                with open(trace, "rb") as file:
                    data = file.read()
                self.assertIn(b"AUTHENTICATE", data.upper())
                self.assertSilent(data)
                self.assertEqual(os.stat(trace).st_mode & 0o077, 0)
                harness.search_secrets(self, home, self.secrets)

    def test_login_command(self):
        """LOGIN, where the server knows no AUTHENTICATE, by a literal or
        quoted."""
        trace = self.home.path("trace")
        self.home.account(f"imaps://localhost:{self.proxy.port}",
                          user=self.user, password=self.password,
                          ca_file=self.server.ca_file, auth="login")
        self.pennon("--trace", trace, "sync")
        with open(trace, "rb") as file:
            self.assertSilent(file.read())

    def test_wrong_password_is_not_told_either(self):
        self.password = "not-the-right-one-77"
        self.secrets = [self.password, f"\0{self.user}\0{self.password}"]
        self.home.secret("test", self.password)
        trace = self.home.path("trace")
        result = self.pennon("--trace", trace, "check", status=4)
        self.assertSilent(result.err.encode())
        harness.search_secrets(self, self.home, self.secrets)

    def test_log_and_stores_after_work(self):
        uid = self.append()
        self.pennon("--trace", self.home.path("trace"), "sync")
        self.pennon("flag", "INBOX", str(uid), "+flagged")
        self.pennon("draft", stdin="Subject: x\n\ny\n")
        files = list(harness.written_files(self.home))
        names = {os.path.basename(path) for path in files}
        self.assertIn("journal.db", names)
        self.assertIn("mail.db", names)
        harness.search_secrets(self, self.home, self.secrets)

    def test_modes(self):
        self.sync()
        for path in harness.written_files(self.home):
            if os.path.basename(path) == "config":
                continue
            self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)
            folder = os.path.dirname(path)
            self.assertEqual(os.stat(folder).st_mode & 0o077, 0, folder)

    def test_processes_and_cores(self):
        """While it works: environment and arguments of it and its children
        hold no secret, and it cannot leave a core."""
        self.sync()
        self.proxy.stall()
        process = self.home.start("sync", stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            before = self.proxy.accepted
            harness.eventually(lambda: self.proxy.accepted >= before and
                               os.path.exists(f"/proc/{process.pid}/environ"))
            family = [process.pid] + self.children(process.pid)
            for pid in family:
                for name in ("environ", "cmdline"):
                    with open(f"/proc/{pid}/{name}", "rb") as file:
                        self.assertSilent(file.read())
            harness.eventually(lambda: resource.prlimit(
                process.pid, resource.RLIMIT_CORE)[0] == 0)
        finally:
            self.proxy.release()
            process.kill()
            process.wait()

    @staticmethod
    def children(pid):
        found = []
        for task in os.listdir(f"/proc/{pid}/task"):
            try:
                with open(f"/proc/{pid}/task/{task}/children") as file:
                    found += [int(child) for child in file.read().split()]
            except OSError:
                pass
        return found

    def test_helper_sees_no_secret(self):
        """The password-command's own environment is as it was."""
        out = self.home.path("seen")
        script = self.home.path("helper")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nenv >{out}\ncat "
                       f"{self.home.secret('test', self.password)}\n")
        os.chmod(script, 0o700)
        with open(self.home.config_file, encoding="utf-8") as file:
            lines = [f"password-command = {script}\n"
                     if line.startswith("password-command") else line
                     for line in file]
        self.home.configure("".join(lines))
        self.pennon("check")
        with open(out, "rb") as file:
            self.assertSilent(file.read())


class NoShell(harness.ServerCase):
    def test_commands_are_not_given_to_a_shell(self):
        canary = self.home.path("canary")
        with open(self.home.config_file, encoding="utf-8") as file:
            lines = [f"password-command = echo $(touch {canary}) ; "
                     f"touch {canary}\n"
                     if line.startswith("password-command") else line
                     for line in file]
        self.home.configure("".join(lines))
        self.home.run("check")
        self.assertFalse(os.path.exists(canary))
