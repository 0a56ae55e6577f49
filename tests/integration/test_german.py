"""Whatever goes wrong is told in the reader's language, whichever layer says
it; what scripts read, and what the server says, stays as it is."""

import os
import tempfile

import harness
import pennon

GERMAN = {"LANGUAGE": "de"}


class German(harness.ServerCase):
    def setUp(self):
        super().setUp()
        self.home.environment.update(GERMAN)

    def told(self, *command, status, says, home=None):
        result = self.pennon(*command, status=status, home=home)
        self.assertIn(says, result.err, str(result))
        return result

    def test_command_line(self):
        self.told("--nosuch", status=2, says="unbekannte Option --nosuch")

    def test_unknown_mailbox(self):
        self.pennon("sync")
        self.told("list", "Nowhere", status=1,
                  says="pennon: Nowhere: kein solches Postfach\n")

    def test_mailbox_named_like_a_sentence(self):
        self.pennon("sync")
        self.told("list", "no such mailbox", status=1,
                  says="pennon: no such mailbox: kein solches Postfach\n")

    def test_query(self):
        self.pennon("sync")
        self.told("list", "INBOX", "--query", "is:nonsense", status=2,
                  says="Suche, Spalte 1: »is:nonsense«: möglich: read")

    def test_nothing_to_undo(self):
        self.told("undo", status=1,
                  says="pennon: es gibt nichts rückgängig zu machen\n")

    def test_wrong_password(self):
        self.password = "not-the-right-one-78"
        home = self.new_home("wrong")
        home.environment.update(GERMAN)
        result = self.told("check", status=4, home=home,
                           says=f"Anmeldung von {self.user} abgelehnt; der "
                                "Server sagt: ")
        # the words of the server behind it are its own
        self.assertRegex(result.err, r"sagt: .*[Aa]uthentication failed")

    def test_refused_port(self):
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        result = self.pennon("check", status=3)
        self.assertRegex(result.err, r"localhost:\d+: Verbindung abgelehnt$")

    def test_untrusted_certificate(self):
        home = self.new_home("untrusted")
        home.environment.update(GERMAN)
        with open(home.config_file, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("ca-file")]
        home.configure("".join(lines))
        self.told("check", status=3, home=home,
                  says="localhost: Zertifikat nicht vertraut: ")

    def test_scripts_read_english(self):
        """The queue keeps what a layer said; a reader has a language."""
        self.append(message=self.message("One"))
        self.pennon("sync")
        self.pennon("--offline", "move", "INBOX", "1", "Archive", status=5)
        client = self.imap()
        client.select("INBOX")
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.uid("EXPUNGE", "1")
        self.home.run("sync")
        waits = self.json("queue")
        self.assertEqual([change["error"] for change in waits],
                         ["the messages are no longer there"])
        self.assertIn("(die Nachrichten sind nicht mehr da)",
                      self.pennon("queue").out)


class Configuration(harness.unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="case-", dir=harness.SCRATCH)
        self.home = pennon.Home(folder, harness.BINARY)
        self.addCleanup(self.home.remove)

    def told(self, text, says):
        self.home.configure(text)
        result = self.home.run("folders", env=GERMAN)
        self.assertEqual(result.status, 2, str(result))
        self.assertEqual(result.err, "pennon: " + os.path.realpath(
            self.home.config_file) + says + "\n")

    def test_unknown_key(self):
        self.told("[account a]\nemial = alice@example.org\n",
                  ":2: emial: kein solcher Schlüssel; ist email gemeint?")

    def test_number(self):
        self.told("[account a]\ntimeout = soon\n",
                  ":2: timeout: »soon« ist keine Zahl von 1 bis 3600")

    def test_twice(self):
        self.told("[account a]\nname = A\nname = B\n",
                  ":3: name: dieser Schlüssel steht schon in Zeile 2")

    def test_not_there_yet(self):
        self.told("[account a]\nsmtp = smtps://smtp.example.org\n",
                  ":2: smtp: gibt es in dieser Version noch nicht")
