"""draft, draft --replace: one draft on the server, whatever happens."""

import email
import re

import harness

DRAFT = """\
From: Alice Example <alice@example.org>
To: Bob <bob@example.com>
Bcc: secret@example.net
Subject: =?utf-8?q?Entw=C3=BCrfe?=
{extra}
{body}
"""


class Draft(harness.ServerCase):
    def draft(self, body="Dear Bob,", *options, extra="", **more):
        result = self.pennon("draft", *options, stdin=DRAFT.format(
            body=body, extra=extra).replace("\n\n\n", "\n\n"), **more)
        return result

    def stored(self, uid):
        return email.message_from_bytes(self.text("Drafts", uid))

    def test_prints_its_uid(self):
        self.sync()
        uid = int(self.draft().out)
        self.assertEqual(self.uids("Drafts"), [uid])
        self.assertEqual(self.flags("Drafts", uid), {"\\Draft", "\\Seen"})
        message = self.stored(uid)
        self.assertEqual(message["To"], "Bob <bob@example.com>")
        self.assertEqual(message["Bcc"], "secret@example.net")
        self.assertRegex(message["X-Pennon-Draft"],
                         r"^[0-9a-f-]{36}; rev=1$")
        self.assertTrue(message["Date"])
        self.assertTrue(message["Message-ID"])
        self.assertEqual(message.get_payload().strip(), "Dear Bob,")

    def test_json(self):
        self.sync()
        found = self.draft("Dear Bob,", "--json").json()
        self.assertEqual(len(found), 1)
        self.assertEqual(set(found[0]), {"mailbox", "uid", "draft"})
        self.assertEqual(found[0]["mailbox"], "Drafts")
        self.assertEqual(found[0]["uid"], self.uids("Drafts")[0])
        self.assertRegex(found[0]["draft"], r"^[0-9a-f-]{36}$")

    def test_shows_in_the_list(self):
        self.sync()
        uid = int(self.draft().out)
        self.assertEqual(self.row("Drafts", uid)["subject"],
                         "Entw\u00fcrfe")

    def test_replace(self):
        self.append("Drafts", subject="another device's", flags="\\Draft")
        self.sync()
        first = int(self.draft("first version").out)
        second = int(self.draft("second version", "--replace",
                                str(first)).out)
        uids = self.uids("Drafts")
        self.assertEqual(len(uids), 2)
        self.assertIn(second, uids)
        self.assertNotIn(first, uids)
        message = self.stored(second)
        self.assertIn("second version", message.get_payload())
        self.assertRegex(message["X-Pennon-Draft"], r"rev=2$")

    def test_replace_one_made_elsewhere(self):
        old = self.append("Drafts", subject="made elsewhere",
                          flags="\\Draft")
        self.sync()
        new = int(self.draft("edited here", "--replace", str(old)).out)
        self.assertEqual(self.uids("Drafts"), [new])

    def test_replace_what_is_not_there(self):
        self.sync()
        self.draft("text", "--replace", "4711", status=1)
        self.assertEqual(self.uids("Drafts"), [])

    def test_offline_then_sync(self):
        self.sync()
        result = self.home.run("--offline", "draft", stdin=DRAFT.format(
            body="written on the train", extra="").encode())
        self.assertEqual(result.status, 5, str(result))
        self.assertEqual(self.uids("Drafts"), [])
        self.sync()
        uids = self.uids("Drafts")
        self.assertEqual(len(uids), 1)
        self.assertIn(b"written on the train", self.text("Drafts", uids[0]))
        self.sync()
        self.assertEqual(self.uids("Drafts"), uids)

    def test_eight_bit_and_long_lines(self):
        self.sync()
        body = "\u6771\u4eac " + "x" * 3000
        uid = int(self.draft(body).out)
        self.assertIn(body.encode(), self.text("Drafts", uid))

    def test_large(self):
        self.sync()
        body = "\n".join("line %06d" % at for at in range(200000))
        uid = int(self.draft(body).out)
        found = re.findall(rb"line (\d{6})", self.text("Drafts", uid))
        self.assertEqual(len(found), 200000)

    def test_attachments_are_kept(self):
        self.sync()
        text = ("From: alice@example.org\nSubject: two parts\nMIME-Version: "
                "1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\n"
                "Content-Type: text/plain\n\nhello\n--B\nContent-Type: "
                "application/x-odd\nContent-Transfer-Encoding: base64\n\n"
                "AAECAw==\n--B--\n")
        uid = int(self.pennon("draft", stdin=text).out)
        parts = self.stored(uid).get_payload()
        self.assertEqual(parts[1].get_payload(decode=True), b"\0\1\2\3")
        self.assertEqual(parts[1].get_content_type(), "application/x-odd")

    def test_empty_input(self):
        self.sync()
        self.pennon("draft", stdin="", status=2)
        self.assertEqual(self.uids("Drafts"), [])
