"""STARTTLS and TLS against hostile servers: TLS-01 to TLS-17 of the cases."""

import harness
import hostile

MARKER = b"MarkedByTheAttacker"


class Stripped(hostile.HostileCase):
    def test_TLS_01_starttls_is_missing(self):
        def talk(line):
            line.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
            line.serve({b"STARTTLS": b"%(tag)s BAD no\r\n"},
                       b"IMAP4rev1 AUTH=PLAIN")

        server = self.serve(talk)
        self.account(server)
        self.queue_draft()
        result = self.run_pennon("check")
        self.assertEqual(result.status, 3, str(result))
        self.assertIn("TLS", result.err)
        self.assertNoSecretInClear(server)
        self.assertStillQueued()

    def test_TLS_01_starttls_is_refused(self):
        for answer in (b"%(tag)s NO not now\r\n", b"%(tag)s BAD what\r\n"):
            with self.subTest(answer=answer):
                def talk(line, answer=answer):
                    line.send(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n")
                    line.serve({b"STARTTLS": answer}, b"IMAP4rev1 STARTTLS")

                server = self.serve(talk)
                self.account(server)
                result = self.run_pennon("check")
                self.assertEqual(result.status, 3, str(result))
                self.assertNoSecretInClear(server)

    def test_TLS_04_preauth_in_clear(self):
        def talk(line):
            line.send(b"* PREAUTH [CAPABILITY IMAP4rev1] welcome back\r\n")
            line.serve({b"APPEND": b"%(tag)s OK [APPENDUID 7 1] done\r\n"})

        server = self.serve(talk)
        self.account(server)
        self.queue_draft()
        for command in (("check",), ("sync",)):
            result = self.run_pennon(*command)
            self.assertEqual(result.status, 3, str(result))
        self.assertNotIn(b"private text", server.clear)
        self.assertNoSecretInClear(server)
        self.assertStillQueued()

    def test_preauth_inside_starttls_is_not_a_login(self):
        def talk(line):
            line.send(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"
                      b"* PREAUTH surprise\r\n")
            line.serve({b"STARTTLS": lambda line, _: line.reset()})

        server = self.serve(talk)
        self.account(server)
        result = self.run_pennon("check")
        self.assertEqual(result.status, 3, str(result))
        self.assertNoSecretInClear(server)


class Injected(hostile.HostileCase):
    def starttls(self, before_greeting_end=b"", before_ok=b"", with_ok=b"",
                 clear_capability=b"IMAP4rev1 STARTTLS",
                 capability=b"IMAP4rev1 AUTH=PLAIN"):
        def talk(line):
            line.send(b"* OK [CAPABILITY " + clear_capability + b"] hi\r\n" +
                      before_greeting_end)

            def switch(line, _):
                line.send(before_ok + line.tag + b" OK begin\r\n" + with_ok)
                line.start_tls()

            line.serve({b"STARTTLS": switch, b"CAPABILITY": lambda line, _:
                        b"* CAPABILITY " + (capability if line.in_tls else
                                            clear_capability) +
                        b"\r\n%(tag)s OK done\r\n"})

        server = self.serve(talk)
        self.account(server)
        return server

    def test_TLS_07_untagged_before_tls(self):
        forged = b'* LIST () "/" ' + MARKER + b'\r\n* LSUB () "/" ' + \
            MARKER + b"\r\n"
        for where in ("before_greeting_end", "before_ok"):
            with self.subTest(where=where):
                server = self.starttls(**{where: forged})
                sync = self.run_pennon("sync")
                folders = self.run_pennon("folders", "--json")
                self.assertNowhere(MARKER, sync, folders)
                self.assertNoSecretInClear(server)

    def test_TLS_09_capabilities_of_the_clear_are_forgotten(self):
        server = self.starttls(
            clear_capability=b"IMAP4rev1 STARTTLS LOGINDISABLED MOVE IDLE "
            b"AUTH=PLAIN-CLIENTTOKEN ENABLE QRESYNC COMPRESS=DEFLATE",
            capability=b"IMAP4rev1 AUTH=PLAIN")
        result = self.run_pennon("sync")
        self.assertEqual(result.status, 0, str(result))
        verbs = server.verbs(in_tls=True)
        self.assertIn("CAPABILITY", verbs)
        for verb in ("ENABLE", "IDLE", "COMPRESS", "MOVE"):
            self.assertNotIn(verb, verbs)
        check = self.run_pennon("check", "--json")
        self.assertNotIn(b"CLIENTTOKEN", check.bytes)
        self.assertNotIn(b"QRESYNC", check.bytes)

    def test_bytes_at_the_switch_are_fatal(self):
        for forged in (b"* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n",
                       b'* LIST () "/" ' + MARKER + b"\r\n", b"x",
                       b"\x16\x03\x01"):
            with self.subTest(forged=forged):
                server = self.starttls(with_ok=forged)
                result = self.run_pennon("sync")
                self.assertEqual(result.status, 3, str(result))
                self.assertNoSecretInClear(server)
                self.assertEqual([verb for verb in server.verbs(in_tls=True)
                                  if verb != "CAPABILITY"], [])
                self.assertNowhere(MARKER, result)


class Referral(hostile.HostileCase):
    def test_TLS_15_is_not_followed(self):
        elsewhere = self.serve(lambda line: line.serve(), host="127.0.0.2")
        url = b"imap://;AUTH=*@127.0.0.2:%d/" % elsewhere.port
        for verb, status in ((b"AUTHENTICATE", 4), (b"SELECT", None),
                             (b"LIST", None)):
            with self.subTest(verb=verb):
                def talk(line, verb=verb):
                    line.send(b"* OK hi\r\n")
                    line.serve({verb: b"%(tag)s NO [REFERRAL " + url +
                                b"] go there\r\n"})

                server = self.serve(talk, implicit=True)
                self.account(server, "imaps")
                result = self.run_pennon("check" if status else "sync")
                if status:
                    self.assertEqual(result.status, status, str(result))
        self.assertEqual(elsewhere.accepted, 0)


class Truncated(harness.ServerCase):
    def test_TLS_17_inside_a_body(self):
        """Half a body is never taken for a whole one."""
        body = "\n".join("line %05d of the text" % at for at in range(4000))
        uid = self.append(body=body)
        self.sync()
        whole = self.text("INBOX", uid)
        for after in (3000, 20000, 60000):
            with self.subTest(after=after):
                self.proxy.cut_after(down=after)
                result = self.home.run("show", "INBOX", str(uid), "--raw")
                if result.status == 0:
                    self.assertEqual(result.bytes, whole)
                else:
                    self.assertEqual(result.status, 3, str(result))
        out = self.pennon("show", "INBOX", str(uid), "--raw").bytes
        self.assertEqual(out, whole)

    def test_TLS_17_after_a_whole_line(self):
        for at in range(30):
            self.append(subject=f"message {at}")
        for after in range(200, 6200, 600):
            self.proxy.cut_after(down=after)
            self.home.run("sync")
        self.sync()
        self.assertEqual(sorted(row["uid"] for row in self.rows("INBOX")),
                         self.uids("INBOX"))
        self.assertEqual({row["subject"] for row in self.rows("INBOX")},
                         {f"message {at}" for at in range(30)})
