"""Tests against a scripted server that means harm."""

import tempfile
import time
import unittest

import harness
import pennon
import scripted

DRAFT = b"From: alice@example.org\nSubject: kept\n\nprivate text\n"


class HostileCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="case-",
                                               dir=harness.SCRATCH)
        self.home = pennon.Home(self.folder, harness.BINARY)
        self.addCleanup(self.home.remove)
        self.tls = scripted.context(harness.certificates())
        self.password = harness.PASSWORD

    def serve(self, talk, implicit=False, host="127.0.0.1"):
        server = scripted.Server(talk, self.tls, implicit, host)
        self.addCleanup(server.close)
        return server

    def account(self, server, scheme="imap", **keys):
        keys.setdefault("timeout", "8")
        self.home.account(f"{scheme}://localhost:{server.port}",
                          user="alice", password=self.password,
                          ca_file=harness.certificates() + "/ca.pem", **keys)

    def run_pennon(self, *command, stdin=b""):
        begin = time.monotonic()
        result = self.home.run(*command, stdin=stdin, timeout=60)
        self.assertLess(time.monotonic() - begin, 45)
        return result

    def assertNoSecretInClear(self, server):
        for form in harness.secret_forms(self.password):
            self.assertNotIn(form, server.clear)
        for verb in server.verbs(in_tls=False):
            self.assertNotIn(verb, ("LOGIN", "AUTHENTICATE", "APPEND",
                                    "SELECT", "LIST"))

    def assertNowhere(self, text, *results):
        for result in results:
            self.assertNotIn(text, result.bytes)
        for path in harness.written_files(self.home):
            with open(path, "rb") as file:
                self.assertNotIn(text, file.read(), path)

    def queue_draft(self):
        result = self.run_pennon("--offline", "draft", stdin=DRAFT)
        self.assertEqual(result.status, 5, str(result))

    def assertStillQueued(self):
        waiting = self.home.run("queue", "--json").json()
        self.assertEqual(len(waiting), 1, waiting)
