"""Servers that close, lie, babble or say nothing (IMAP-01 and others)."""

import os
import resource
import time

import hostile


def hello(line):
    line.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n")


def mailbox(fetch, exists=1):
    """Replies of a server whose INBOX has messages."""
    return {
        b"SELECT": b"* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* 0 RECENT\r\n"
                   b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n"
                   b"%%(tag)s OK [READ-WRITE] done\r\n" % exists,
        b"UID SEARCH": b"* SEARCH 5\r\n%(tag)s OK done\r\n",
        b"UID FETCH": fetch + b"%(tag)s OK done\r\n",
        b"FETCH": fetch + b"%(tag)s OK done\r\n",
    }


ROW = b"From: a@example.net\r\nSubject: good\r\n\r\n"


class Scripted(hostile.HostileCase):
    def scripted(self, talk):
        server = self.serve(talk, implicit=True)
        self.account(server, "imaps")
        return server

    def ends(self, talk, *command, statuses=(3,)):
        """It ends in time with one line of error and a fitting status."""
        server = self.scripted(talk)
        result = self.run_pennon(*(command or ("sync",)))
        self.assertIn(result.status, statuses, str(result))
        if result.status:
            self.assertEqual(len(result.err.splitlines()), 1, str(result))
            self.assertTrue(result.err.startswith("pennon: "), str(result))
        for byte in range(32):
            if byte not in (9, 10):
                self.assertNotIn(bytes([byte]), result.err.encode())
        return server, result

    # ---- closes ----

    def test_closes_at_once(self):
        self.ends(lambda line: line.close())

    def test_resets_at_once(self):
        self.ends(lambda line: line.reset())

    def test_closes_after_the_greeting(self):
        def talk(line):
            hello(line)
            line.close()

        self.ends(talk)

    def test_bye_as_greeting(self):
        _, result = self.ends(lambda line: line.send(
            b"* BYE overloaded, come back later\r\n"))
        self.assertIn("overloaded", result.err)

    def test_bye_after_login(self):
        def talk(line):
            hello(line)
            line.serve({b"AUTHENTICATE": b"%(tag)s OK in\r\n* BYE out\r\n",
                        b"LIST": lambda line, _: line.close()})

        self.ends(talk)

    def test_unavailable_at_login_is_no_wrong_password(self):
        def talk(line):
            hello(line)
            line.serve({b"AUTHENTICATE": b"%(tag)s NO [UNAVAILABLE] down\r\n"})

        self.ends(talk, "check", statuses=(3,))

    def test_authentication_failed(self):
        def talk(line):
            hello(line)
            line.serve({b"AUTHENTICATE":
                        b"%(tag)s NO [AUTHENTICATIONFAILED] no\r\n"})

        self.ends(talk, "check", statuses=(4,))

    # ---- garbage ----

    def test_garbage_as_greeting(self):
        for greeting in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\r\n",
                         b"\0" * 4000, os.urandom(5000) + b"\r\n",
                         b"+ \r\n", b"* NO\r\n", b"a1 OK\r\n"):
            with self.subTest(greeting=greeting[:20]):
                self.ends(lambda line, greeting=greeting:
                          (line.send(greeting), line.command()))

    def test_line_without_end(self):
        """IMAP-05: 64 MB without a line end: dropped, memory bounded."""
        def talk(line):
            hello(line)

            def flood(line, _):
                for _ in range(1024):
                    line.send(b"x" * 65536)

            line.serve({b"LIST": flood})

        self.ends(talk)

    def test_literal_of_any_size(self):
        for size in (b"4294967295", b"18446744073709551616", b"-1",
                     b"99999999999999999999999"):
            with self.subTest(size=size):
                def talk(line, size=size):
                    hello(line)
                    line.serve({b"LIST": b'* LIST () "/" {' + size +
                                b"}\r\nshort\r\n%(tag)s OK done\r\n"})

                self.ends(talk, statuses=(0, 1, 3))

    def test_tagged_ok_without_text(self):
        """IMAP-08."""
        def talk(line):
            line.send(b"* OK\r\n")
            line.serve({b"AUTHENTICATE": b"%(tag)s OK\r\n",
                        b"NOOP": b"* BAD\r\n* NO\r\n%(tag)s OK\r\n",
                        b"LIST": b'* LIST () "/" INBOX\r\n%(tag)s OK\r\n'})

        self.ends(talk, "check", statuses=(0,))

    def test_escape_sequences_in_server_text(self):
        def talk(line):
            hello(line)
            line.serve({b"AUTHENTICATE": b"%(tag)s NO [AUTHENTICATIONFAILED] "
                        b"\x1b]0;owned\x07\x1b[2J no\r\n"})

        self.ends(talk, "check", statuses=(4,))

    # ---- lies ----

    def test_names_that_climb(self):
        """IMAP-01: nothing outside the account's folders."""
        names = [b"../../x", b"/etc/x", b"a/../../b", b".", b"..", b"\x01",
                 b"a" * 4000]

        def talk(line):
            hello(line)
            listed = b"".join(b'* LIST () "/" {%d}\r\n%s\r\n' % (
                len(name), name) for name in names)
            line.serve({b"LIST": listed + b"%(tag)s OK done\r\n"})

        self.ends(talk, statuses=(0, 1))
        allowed = {"config", "cache", "state", "runtime", "secret"}
        self.assertEqual(set(os.listdir(self.home.folder)) - allowed, set())
        self.assertEqual(self.home.run("folders", "--json").status, 0)
        shown = self.home.run("folders")
        self.assertNotIn("\x01", shown.out)

    def test_uids_that_cannot_be(self):
        """IMAP-11: never one message's text under another's header."""
        rows = b""
        for seq, uid in ((1, b"0"), (2, b"4294967301"), (3, b"5"),
                         (4, b"5"), (0, b"6"), (5, b"x")):
            rows += b"* %d FETCH (UID %s FLAGS () RFC822.SIZE 10 " \
                b'INTERNALDATE "01-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS' \
                b" (FROM)] {%d}\r\n%s)\r\n" % (seq, uid, len(ROW), ROW)

        def talk(line):
            hello(line)
            line.serve(mailbox(rows, 5))

        self.ends(talk, statuses=(0, 1, 3))
        listed = self.home.run("list", "INBOX", "--json")
        self.assertEqual(listed.status, 0, str(listed))
        uids = [row["uid"] for row in listed.json()]
        self.assertEqual(len(uids), len(set(uids)))
        self.assertLessEqual(set(uids), {5, 6})

    def test_nested_bodystructure(self):
        """IMAP-03."""
        for structure in (b"(" * 20000 + b")" * 20000, b"(" * 200000):
            with self.subTest(depth=len(structure)):
                def talk(line, structure=structure):
                    hello(line)
                    line.serve(mailbox(
                        b"* 1 FETCH (UID 5 FLAGS () RFC822.SIZE 10 "
                        b'INTERNALDATE "01-Nov-2026 10:00:00 +0000" '
                        b"BODYSTRUCTURE " + structure + b")\r\n"))

                self.ends(talk, statuses=(0, 1, 3))

    def test_numbers_out_of_range(self):
        def talk(line):
            hello(line)
            line.serve({b"SELECT":
                        b"* 99999999999999999999 EXISTS\r\n"
                        b"* OK [UIDVALIDITY 0] x\r\n"
                        b"* OK [UIDNEXT 4294967296] x\r\n"
                        b"* OK [HIGHESTMODSEQ 9223372036854775808] x\r\n"
                        b"%(tag)s OK [READ-WRITE] done\r\n"})

        self.ends(talk, statuses=(0, 1, 3))

    def test_a_million_exists(self):
        def talk(line):
            hello(line)
            line.serve({b"SELECT": b"".join(
                b"* %d EXISTS\r\n" % at for at in range(100000)) +
                b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n"
                b"%(tag)s OK [READ-WRITE] done\r\n"})

        begin = time.monotonic()
        self.ends(talk, statuses=(0, 1, 3))
        self.assertLess(time.monotonic() - begin, 30)

    # ---- silence ----

    def test_silent_after_login(self):
        def talk(line):
            hello(line)
            line.serve({b"LIST": lambda line, _: None,
                        b"SELECT": lambda line, _: None,
                        b"NAMESPACE": lambda line, _: None})

        self.ends(talk)

    def test_silent_in_a_literal(self):
        def talk(line):
            hello(line)
            line.serve({b"LIST": b'* LIST () "/" {100}\r\nhalf'})

        self.ends(talk)

    # ---- cost ----

    def tearDown(self):
        """No fault made it big (IMAP-05: 300 MB)."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        if "asan" not in self.home.binary:
            self.assertLess(used, 300 * 1024)
