"""What is said once a session: ID, NAMESPACE, COMPRESS, capabilities."""

import harness
import hostile

MODERN = b"IMAP4rev1 AUTH=PLAIN SASL-IR LIST-EXTENDED ID NAMESPACE"
PLAIN = b"IMAP4rev1 AUTH=PLAIN SASL-IR"


class Introduced(harness.ServerCase):
    def test_name_and_namespace(self):
        self.sync()
        self.pennon("draft", stdin="Subject: d\n\none\n")
        commands = [command.split(" ", 1)[1]
                    for command in self.proxy.commands_of(self.user)]
        sessions = sum(command.startswith("AUTHENTICATE")
                       for command in commands)
        said = [command for command in commands if command.startswith("ID ")]
        self.assertEqual(len(said), sessions)
        for command in said:
            self.assertRegex(
                command, r'^ID \("name" "pennon" "version" "[0-9.]+"\)$')
        self.assertLess(commands.index(said[0]),
                        [command.split(" ")[0]
                         for command in commands].index("SELECT"))
        self.assertIn("NAMESPACE", commands)
        self.assertNotIn("COMPRESS DEFLATE", commands)


class Compressed(harness.ServerCase):
    direct = True

    def test_all_of_it(self):
        counts = self.sample()
        large = self.append(message=self.message(
            subject="large", body="line after line\n" * 40000))
        plain = self.home
        self.sync(home=plain)
        packed = self.new_home("packed")
        packed.environment["PENNON_TEST_COMPRESS"] = "1"
        trace = packed.path("trace")
        self.pennon("--trace", trace, "sync", home=packed)
        for name in list(counts) + ["INBOX"]:
            self.assertEqual(
                self.json("list", name, home=packed),
                self.json("list", name, home=plain), name)
        with open(trace, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("COMPRESS DEFLATE", text)
        self.assertIn("compressed", text)
        self.assertIn("UID FETCH", text.partition("compressed")[2])

        raw = self.pennon("show", "INBOX", str(large), "--raw", home=packed)
        self.assertEqual(raw.bytes, self.text("INBOX", large))
        self.pennon("flag", "INBOX", str(large), "+flagged", home=packed)
        self.assertIn("\\Flagged", self.flags("INBOX", large))
        uid = self.pennon("draft", home=packed, stdin="Subject: large\n\n" +
                          "another line\n" * 20000).out
        self.assertEqual(self.uids("Drafts")[-1], int(uid))

    def test_switched_off(self):
        home = self.new_home("off", disable_extensions="COMPRESS=DEFLATE ID")
        home.environment["PENNON_TEST_COMPRESS"] = "1"
        trace = home.path("trace")
        self.pennon("--trace", trace, "sync", home=home)
        with open(trace, encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn("COMPRESS DEFLATE\n", text)
        self.assertNotIn(" ID (", text)


class Remembered(hostile.HostileCase):
    """A server whose login does not tell what it can do."""

    def capability(self, line, _):
        """Answers once the next command is there, if one comes along."""
        line.sock.settimeout(1)
        try:
            if b"\r\n" not in line.buffer:
                line._more()
            self.together.append(True)
        except TimeoutError:
            self.together.append(False)
        line.sock.settimeout(None)
        return b"* CAPABILITY " + self.offered + b"\r\n%(tag)s OK done\r\n"

    def talk(self, line):
        line.send(b"* OK [CAPABILITY " + PLAIN + b"] hi\r\n")
        line.serve({b"CAPABILITY": self.capability,
                    b"LIST": self.list}, capability=self.offered)

    def list(self, line, command):
        if b"RETURN" in command and b"LIST-EXTENDED" not in self.offered:
            return b"%(tag)s BAD what is that\r\n"
        return b'* LIST () "/" INBOX\r\n%(tag)s OK done\r\n'

    def test_two_round_trips(self):
        self.together = []
        self.offered = MODERN
        server = self.serve(self.talk, implicit=True)
        self.account(server, "imaps")
        for _ in range(2):
            self.assertEqual(self.run_pennon("sync").status, 0)
        self.assertEqual(self.together, [False, True])
        # it can do less now
        self.offered = PLAIN
        self.assertEqual(self.run_pennon("sync").status, 0)
        self.assertEqual(self.run_pennon("sync").status, 0)
        self.assertEqual(self.together, [False, True, True, False])
        self.assertEqual(server.verbs().count("LSUB"), 2)
        result = self.run_pennon("check")
        self.assertEqual(result.status, 0, str(result))
        self.assertNotIn("LIST-EXTENDED", result.out)
