"""Every command that the other suites made pennon send (promise 5)."""

import json
import os
import unittest


def load():
    with open(os.environ["PENNON_COMMANDS"], encoding="utf-8") as log:
        return [json.loads(line) for line in log]


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = load()

    def each(self, *verbs):
        """Words of the commands that begin so, with their record."""
        for entry in self.log:
            words = entry["command"].split(" ")
            if [word.upper() for word in words[1:1 + len(verbs)]] == \
                    list(verbs):
                yield words, entry

    def test_log_is_worth_looking_at(self):
        seen = {" ".join(entry["command"].upper().split(" ")[1:3])
                for entry in self.log}
        for verb in ("UID FETCH", "UID STORE", "UID COPY", "UID EXPUNGE"):
            self.assertIn(verb, seen)
        first = {verb.split(" ")[0] for verb in seen}
        for verb in ("SELECT", "APPEND", "CREATE", "RENAME", "DELETE",
                     "LIST", "AUTHENTICATE"):
            self.assertIn(verb, first)

    def test_no_bare_expunge_and_no_close(self):
        self.assertEqual(list(self.each("EXPUNGE")), [])
        self.assertEqual(list(self.each("CLOSE")), [])

    def test_messages_are_named_by_uid(self):
        for verb in ("STORE", "COPY", "MOVE", "FETCH", "SEARCH"):
            self.assertEqual(list(self.each(verb)), [])

    def test_store_only_adds_or_removes(self):
        for words, entry in self.each("UID", "STORE"):
            rest = " ".join(words[4:])
            if rest.startswith("(UNCHANGEDSINCE "):
                rest = rest.partition(") ")[2]
            item = rest.split(" ")[0].upper()
            self.assertIn(item, ("+FLAGS", "-FLAGS", "+FLAGS.SILENT",
                                 "-FLAGS.SILENT"), entry)

    def test_sets_that_change_mail_are_numbers(self):
        for verb in ("STORE", "COPY", "MOVE", "EXPUNGE"):
            for words, entry in self.each("UID", verb):
                self.assertRegex(words[3], r"^[0-9:,]+$", entry)

    def test_only_what_the_server_offers(self):
        """IMAP4rev1 alone is IMAP4rev1 alone."""
        for entry in self.log:
            if entry["profile"] != "rev1":
                continue
            words = entry["command"].upper().split(" ")
            self.assertNotIn(words[1], (
                "ENABLE", "IDLE", "COMPRESS", "NOTIFY", "NAMESPACE", "ID",
                "UNSELECT"), entry)
            if words[1] == "UID":
                self.assertNotIn(words[2], ("MOVE", "EXPUNGE"), entry)
            self.assertNotIn(" RETURN ", entry["command"].upper(), entry)
            self.assertNotIn("+}", entry["command"], entry)
            self.assertNotIn("CHANGEDSINCE", entry["command"].upper(), entry)

    def test_enable_before_select_with_qresync(self):
        enabled = set()
        for entry in self.log:
            command = entry["command"].upper()
            key = entry["user"], entry["case"]
            if " ENABLE " in command and "QRESYNC" in command:
                enabled.add(key)
            if " SELECT " in command and "(QRESYNC" in command:
                self.assertIn(key, enabled, entry)

    def test_nothing_is_fetched_with_seen_set(self):
        for words, entry in self.each("UID", "FETCH"):
            text = entry["command"].upper()
            self.assertNotIn("BODY[", text.replace("BODY.PEEK[", ""), entry)
            for item in words[4:]:
                self.assertNotIn(item.upper().strip("()"),
                                 ("RFC822", "RFC822.TEXT"), entry)
