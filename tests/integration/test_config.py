"""The configuration and the command line: what is wrong is named."""

import tempfile
import unittest

import harness
import pennon

GOOD = """\
[account test]
name = Alice Example
email = alice@example.org
imap = imaps://imap.example.org
password-command = true
"""


class Wrong(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="case-", dir=harness.SCRATCH)
        self.home = pennon.Home(folder, harness.BINARY)
        self.addCleanup(self.home.remove)

    def refused(self, text, *words, command=("folders",)):
        """Exit 2, and one line with each of @words."""
        if text is not None:
            self.home.configure(text)
        result = self.home.run(*command)
        self.assertEqual(result.status, 2, str(result))
        self.assertEqual(result.out, "")
        self.assertTrue(result.err.startswith("pennon: "), str(result))
        self.assertEqual(len(result.err.splitlines()), 1, str(result))
        for word in words:
            self.assertIn(word, result.err)
        return result

    def test_unknown_key_names_line_and_neighbour(self):
        self.refused(GOOD + "pasword-command = x\n", "6", "pasword-command",
                     "password-command")

    def test_unknown_group(self):
        self.refused(GOOD + "[acount other]\nname = x\n", "6", "acount")

    def test_double_group(self):
        self.refused(GOOD + "\n[account test]\nname = x\n", "7", "test")

    def test_double_key(self):
        self.refused(GOOD + "name = Bob\n", "6", "name")

    def test_bad_number(self):
        self.refused(GOOD + "timeout = soon\n", "6", "timeout", "soon")

    def test_bad_scheme(self):
        self.refused(GOOD.replace("imaps://", "http://"), "4", "imap")

    def test_no_imap(self):
        self.refused(GOOD.replace("imap = imaps://imap.example.org\n", ""),
                     "imap")

    def test_plain_only_to_loopback(self):
        self.refused(GOOD.replace("imaps://", "imap+plain://"),
                     "4", "imap+plain")

    def test_password_key_is_refused_with_advice(self):
        result = self.refused(GOOD + "password = hunter2\n", "6",
                              "password-command")
        self.assertNotIn("hunter2", result.err)

    def test_not_utf8(self):
        self.home.configure("")
        with open(self.home.config_file, "wb") as out:
            out.write(GOOD.encode() + b"# \xff\xfe\nsignature = \xff\n")
        self.refused(None)

    def test_no_file(self):
        self.refused(None, "config")

    def test_other_file(self):
        path = self.home.path("elsewhere")
        with open(path, "w", encoding="utf-8") as out:
            out.write(GOOD + "nonsense = 1\n")
        self.refused(GOOD, "elsewhere", "nonsense",
                     command=("-c", path, "folders"))

    def test_unknown_account(self):
        self.refused(GOOD, "nobody", command=("-a", "nobody", "folders"))

    def test_unknown_option(self):
        self.refused(GOOD, "--frobnicate", command=("--frobnicate",))

    def test_missing_argument(self):
        self.refused(GOOD, "list", command=("list",))

    def test_not_there_yet(self):
        self.refused(GOOD, "send", command=("send",))
        self.refused(GOOD, "followup", command=("followup",))

    def test_control_characters_are_filtered(self):
        result = self.refused(GOOD, command=("-a", "x\x1b[2Jy", "folders"))
        self.assertNotIn("\x1b", result.err)


class Informs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="case-", dir=harness.SCRATCH)
        self.home = pennon.Home(folder, harness.BINARY)
        self.addCleanup(self.home.remove)

    def test_version(self):
        for option in ("-V", "--version"):
            result = self.home.run(option)
            self.assertEqual(result.status, 0)
            self.assertRegex(result.out, r"^pennon \d+\.\d+")

    def test_help_names_every_command(self):
        result = self.home.run("--help")
        self.assertEqual(result.status, 0)
        for command in ("check", "sync", "folders", "folder", "list", "show",
                        "parts", "save", "flag", "move", "copy", "delete",
                        "draft", "search", "queue", "undo"):
            self.assertIn(f"  {command}", result.out)

    def test_standard_output_full(self):
        with open("/dev/full", "wb") as full:
            process = self.home.start("--help", stdout=full)
            self.assertNotEqual(process.wait(10), 0)
