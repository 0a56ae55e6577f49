"""pennon check: TLS, login, capabilities; and each way it can fail."""

import base64
import os
import socket
import subprocess
import time
import unittest

import dovecot
import harness
import proxy


class Check(harness.ServerCase):
    direct = True

    def facts(self, **options):
        found = self.json("check", **options)
        for fact in found:
            self.assertEqual(set(fact), {"check", "ok", "value"})
        return {fact["check"]: fact for fact in found}

    def assertGood(self, facts):
        self.assertTrue(facts)
        for fact in facts.values():
            self.assertTrue(fact["ok"], fact)

    def test_implicit_tls(self):
        facts = self.facts()
        self.assertGood(facts)
        values = " ".join(str(fact["value"]) for fact in facts.values())
        self.assertIn("TLSv1.3", values)
        self.assertIn("QRESYNC", values)
        self.assertIn("UIDPLUS", values)

    def test_starttls(self):
        self.home.account(f"imap://localhost:{self.server.port}",
                          user=self.user, password=self.password,
                          ca_file=self.server.ca_file)
        facts = self.facts()
        self.assertGood(facts)
        self.assertIn("TLSv1.3", str(facts))

    def test_plain_to_loopback(self):
        self.home.account(f"imap+plain://127.0.0.1:{self.server.port}",
                          user=self.user, password=self.password)
        self.pennon("check")

    def test_text_for_people(self):
        out = self.pennon("check").out
        self.assertIn("TLSv1.3", out)
        self.assertNotIn(self.password, out)

    def test_difficult_password(self):
        self.user, self.password = "carol", dovecot.USERS["carol"]
        for method in ("auto", "plain", "login", "scram-sha-256"):
            with self.subTest(method=method):
                self.home.account(
                    f"imaps://localhost:{self.server.tls_port}",
                    user="carol", password=self.password,
                    ca_file=self.server.ca_file, auth=method)
                facts = self.facts()
                self.assertGood(facts)

    def test_wrong_password(self):
        self.home.secret("test", "not " + self.password)
        result = self.pennon("check", status=4)
        self.assertNotIn(self.password, result.err)

    def test_unknown_user(self):
        self.home.account(f"imaps://localhost:{self.server.tls_port}",
                          user="nobody-at-all", password=self.password,
                          ca_file=self.server.ca_file)
        self.pennon("check", status=4)

    def test_password_command_fails(self):
        with open(self.home.config_file, encoding="utf-8") as config:
            text = config.read()
        self.home.configure(text.replace("cat ", "cat /nonexistent"))
        result = self.pennon("check", status=4)
        self.assertIn("password", result.err)

    def test_unknown_host(self):
        self.home.account("imaps://no-such-host.invalid", user=self.user,
                          password=self.password)
        result = self.pennon("check", status=3)
        self.assertIn("no-such-host.invalid", result.err)

    def test_refused_port(self):
        self.home.account(f"imaps://localhost:{dovecot.free_port()}",
                          user=self.user, password=self.password)
        begin = time.monotonic()
        self.pennon("check", status=3)
        self.assertLess(time.monotonic() - begin, 5)

    def test_tls_to_a_plain_port(self):
        self.home.account(f"imaps://localhost:{self.server.port}",
                          user=self.user, password=self.password,
                          ca_file=self.server.ca_file)
        self.pennon("check", status=3)


class Certificates(harness.ServerCase):
    """TLS-11 and TLS-13: nothing is said to a server that is not trusted."""

    def front(self, certificate, starttls=False):
        front = proxy.Proxy(self.server, harness.COMMANDS, certificate,
                            starttls)
        self.addCleanup(front.close)
        return front

    def account(self, front, host="localhost", starttls=False, **keys):
        scheme = "imap" if starttls else "imaps"
        keys.setdefault("ca_file", self.server.ca_file)
        self.home.account(f"{scheme}://{host}:{front.port}", user=self.user,
                          password=self.password, **keys)

    def pin(self, certificate):
        """The value of pin-sha256 for a key, by the openssl tool."""
        name = os.path.join(self.server.tls, certificate + ".pem")
        key = subprocess.run(
            ["openssl", "x509", "-in", name, "-noout", "-pubkey"],
            check=True, capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"],
                             input=key, check=True,
                             capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"],
                                input=der, check=True,
                                capture_output=True).stdout
        return base64.b64encode(digest).decode()

    def assertNothingSaid(self, front):
        said = [command for _, command in front.commands
                if "STARTTLS" not in command.upper() and
                "CAPABILITY" not in command.upper()]
        self.assertEqual(said, [])

    def test_TLS_11_untrusted(self):
        for starttls in (False, True):
            for certificate in ("expired", "wronghost", "selfsigned",
                                "otherca"):
                with self.subTest(certificate=certificate,
                                  starttls=starttls):
                    front = self.front(certificate, starttls)
                    self.account(front, starttls=starttls)
                    result = self.pennon("check", status=3)
                    self.assertIn("localhost", result.err)
                    self.assertNothingSaid(front)

    def test_own_authority_is_not_enough_elsewhere(self):
        front = self.front("server")
        self.account(front, ca_file=None)
        self.pennon("check", status=3)
        self.assertNothingSaid(front)

    def test_pin_replaces_the_chain(self):
        front = self.front("selfsigned")
        self.account(front, ca_file=None, pin_sha256=self.pin("selfsigned"))
        self.pennon("check")

    def test_TLS_13_changed_key(self):
        front = self.front("server2")
        self.account(front, pin_sha256=self.pin("server"))
        self.pennon("check", status=3)
        self.assertNothingSaid(front)

    def test_pin_of_one_host_is_not_anothers(self):
        first, second = self.front("selfsigned"), self.front("otherca")
        pin = self.pin("selfsigned")
        self.account(first, ca_file=None, pin_sha256=pin)
        self.pennon("check")
        self.account(second, ca_file=None, pin_sha256=pin)
        self.pennon("check", status=3)
        self.assertNothingSaid(second)


class SilentServer(harness.ServerCase):
    """A server that takes the connection and says nothing."""

    def test_deadline(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(8)
            self.home.account(
                f"imaps://localhost:{silent.getsockname()[1]}",
                user=self.user, password=self.password, timeout="6")
            begin = time.monotonic()
            self.pennon("check", status=3, timeout=40)
            self.assertLess(time.monotonic() - begin, 20)
