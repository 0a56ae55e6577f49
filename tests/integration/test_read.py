"""sync, folders, list, show, parts, save: what the store says of the server."""

import hashlib
import os

import genmail
import harness

MULTIPART = """\
From: =?utf-8?q?J=C3=B6rg?= <joerg@example.de>
To: Alice Example <alice@example.org>
Cc: "Nguyen, Carol" <carol@example.net>, bob@example.com
Reply-To: desk@example.de
Subject: =?utf-8?q?=C3=9Cberblick?=
Date: Mon, 23 Nov 2026 10:00:00 +0100
Message-ID: <multi@example.de>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=OUT

--OUT
Content-Type: multipart/alternative; boundary=IN

--IN
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, the plain text.
--IN
Content-Type: text/html; charset=utf-8

<p>The <a href="https://www.example.com/x">rich</a> text.</p>
--IN--
--OUT
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--OUT
Content-Type: text/x-shellscript; name="../../evil.sh"
Content-Disposition: attachment; filename="../../evil.sh"

echo gotcha
--OUT--
""".replace("\n", "\r\n").encode()

MESSAGE_KEYS = {"mailbox", "uid", "date", "from", "to", "cc", "subject",
                "message_id", "flags", "size", "has_attachments", "thread",
                "due"}


class Folders(harness.ServerCase):
    def test_counts_and_roles(self):
        self.append(subject="one")
        self.append(subject="two", flags="\\Seen")
        self.append(subject="three", flags="\\Seen \\Flagged")
        self.sync()
        found = {row["name"]: row for row in self.json("folders")}
        for row in found.values():
            self.assertEqual(set(row), {
                "name", "role", "delimiter", "total", "unread", "flagged",
                "subscribed", "synced_at"})
        inbox = found["INBOX"]
        self.assertEqual((inbox["total"], inbox["unread"], inbox["flagged"]),
                         (3, 1, 1))
        self.assertRegex(inbox["synced_at"], r"^\d{4}-\d\d-\d\dT.*Z$")
        roles = {name: row["role"] for name, row in found.items()}
        self.assertEqual(roles, {
            "INBOX": "inbox", "Drafts": "drafts", "Sent": "sent",
            "Trash": "trash", "Junk": "junk", "Archive": "archive"})

    def test_names_in_any_script(self):
        for name in ("Projects/\u6771\u4eac", "Entw\u00fcrfe & Co",
                     "a \"quoted\" one"):
            self.append(name, subject="in " + name)
        self.sync()
        names = {row["name"] for row in self.json("folders")}
        for name in ("Projects/\u6771\u4eac", "Entw\u00fcrfe & Co",
                     "a \"quoted\" one"):
            self.assertIn(name, names)
            self.assertEqual([row["subject"] for row in self.rows(name)],
                             ["in " + name])

    def test_from_the_store_alone(self):
        self.append()
        self.sync()
        before = self.proxy.accepted
        self.pennon("folders")
        self.pennon("list", "INBOX")
        self.assertEqual(self.proxy.accepted, before)


class Lists(harness.ServerCase):
    def test_keys_and_values(self):
        uid = self.append(message=MULTIPART, flags="\\Seen \\Flagged $label1")
        self.sync()
        row = self.row("INBOX", uid)
        self.assertEqual(set(row), MESSAGE_KEYS)
        self.assertEqual(row["mailbox"], "INBOX")
        self.assertEqual(row["date"], "2026-11-23T09:00:00Z")
        self.assertEqual(row["from"], [{"name": "J\u00f6rg",
                                        "address": "joerg@example.de"}])
        self.assertEqual(row["cc"], [
            {"name": "Nguyen, Carol", "address": "carol@example.net"},
            {"name": None, "address": "bob@example.com"}])
        self.assertEqual(row["subject"], "\u00dcberblick")
        self.assertEqual(row["message_id"], "<multi@example.de>")
        self.assertEqual(set(row["flags"]),
                         {"\\Seen", "\\Flagged", "$label1"})
        self.assertEqual(row["size"], len(MULTIPART))
        self.assertIsNone(row["due"])

    def test_newest_first_and_limit(self):
        for day in (3, 1, 2):
            self.append(subject=f"day {day}",
                        when=harness.TODAY - day * 86400)
        self.sync()
        subjects = [row["subject"] for row in self.rows("INBOX")]
        self.assertEqual(subjects, ["day 1", "day 2", "day 3"])
        self.assertEqual(
            [row["subject"] for row in self.rows("INBOX", "--limit", "2")],
            ["day 1", "day 2"])

    def test_role_names_a_mailbox(self):
        self.append("Sent", subject="sent one")
        self.sync()
        self.assertEqual([row["subject"] for row in self.rows("sent")],
                         ["sent one"])

    def test_query(self):
        self.append(subject="The harbour plan")
        self.append(subject="Lunch", sender="Zo\u00eb <zoe@example.org>")
        self.append(subject="Stra\u00dfenfest")
        self.sync()

        def found(query):
            return [row["subject"]
                    for row in self.rows("INBOX", "--query", query)]

        self.assertEqual(found("harbour"), ["The harbour plan"])
        self.assertEqual(found("HARB"), ["The harbour plan"])
        self.assertEqual(found("zoe"), ["Lunch"])
        self.assertEqual(found("nothing like it"), [])

    def test_threads(self):
        first = self.append(subject="plan", token="root")
        reply = self.append(subject="Re: plan",
                            extra="In-Reply-To: <root@example.net>\n"
                                  "References: <root@example.net>\n")
        other = self.append(subject="other")
        self.sync()
        thread = {row["uid"]: row["thread"] for row in self.rows("INBOX")}
        self.assertIsNotNone(thread[first])
        self.assertEqual(thread[first], thread[reply])
        self.assertNotEqual(thread[first], thread[other])

    def test_no_such_mailbox(self):
        self.sync()
        result = self.pennon("list", "Nowhere", status=1)
        self.assertIn("Nowhere", result.err)

    def test_text_for_people_is_filtered(self):
        self.append(message=b"From: \"\x1b]0;x\x07\" <a@example.net>\r\n"
                            b"Subject: \x1b[31mred \xc2\x9b2J\r\n\r\nx\r\n")
        self.sync()
        out = self.pennon("list", "INBOX").bytes
        for byte in (b"\x1b", b"\x07", b"\xc2\x9b"):
            self.assertNotIn(byte, out)


class Sync(harness.ServerCase):
    def test_result_keys(self):
        self.append()
        found = {row["mailbox"]: row for row in self.json("sync")}
        self.assertEqual(set(found["INBOX"]), {
            "mailbox", "new", "changed", "removed", "pending"})
        self.assertEqual(found["INBOX"]["new"], 1)

    def test_what_others_did_is_seen(self):
        kept, gone = self.append(subject="kept"), self.append(subject="gone")
        self.sync()
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(kept), "+FLAGS", "(\\Flagged \\Seen odd)")
        client.uid("STORE", str(gone), "+FLAGS", "(\\Deleted)")
        client.uid("EXPUNGE", str(gone))
        added = self.append(subject="added")
        self.sync()
        self.assertEqual([row["uid"] for row in self.rows("INBOX")],
                         [added, kept])
        self.assertEqual(set(self.row("INBOX", kept)["flags"]),
                         {"\\Flagged", "\\Seen", "odd"})

    def test_one_mailbox_alone(self):
        self.append(subject="here")
        self.append("Archive", subject="there")
        self.sync("INBOX")
        self.assertEqual(len(self.rows("INBOX")), 1)

    def test_folders_come_and_go(self):
        client = self.imap()
        client.create("Old")
        self.sync()
        client.create("New")
        client.delete("Old")
        self.sync()
        names = {row["name"] for row in self.json("folders")}
        self.assertIn("New", names)
        self.assertNotIn("Old", names)

    def test_uidvalidity_changes(self):
        for at in range(5):
            self.append("Box", subject=f"message {at}")
        self.sync()
        client = self.imap()
        client.rename("Box", "Aside")
        client.create("Box")
        client.select("Aside")
        client.copy("3:4", "Box")
        self.sync()
        self.assertEqual({row["subject"] for row in self.rows("Box")},
                         {"message 2", "message 3"})
        self.assertEqual([row["uid"] for row in self.rows("Box")],
                         self.uids("Box")[::-1])

    def test_sample_equals_the_server(self):
        counts = self.sample()
        self.sync()
        found = {row["name"]: row for row in self.json("folders")}
        for name, count in counts.items():
            self.assertEqual(found[name]["total"], count, name)
            self.assertEqual(sorted(row["uid"] for row in self.rows(name)),
                             self.uids(name), name)
        for row in self.rows("Archive"):
            self.assertEqual(set(row), MESSAGE_KEYS)
        self.assertIn("Projects/\u6771\u4eac", found)

    def test_unchanged_costs_little(self):
        self.sample()
        self.sync()
        before = self.proxy.sent
        self.sync()
        self.assertLess(self.proxy.sent - before, 40000)


class Show(harness.ServerCase):
    def test_text(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        found = self.json("show", "INBOX", str(uid))
        self.assertEqual(len(found), 1)
        self.assertEqual(set(found[0]),
                         MESSAGE_KEYS | {"reply_to", "text", "part", "links"})
        self.assertIn("Gr\u00fc\u00dfe, the plain text.", found[0]["text"])
        self.assertEqual(found[0]["reply_to"],
                         [{"name": None, "address": "desk@example.de"}])
        self.assertEqual(found[0]["part"], "1.1")

    def test_html_alone(self):
        uid = self.append(message=(
            b"From: a@example.net\r\nSubject: html\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><h1>"
            b"Big news</h1><p>See <a href=\"https://www.example.com/x\">the "
            b"page</a>.</p><script>alert(1)</script></body></html>\r\n"))
        self.sync()
        shown = self.json("show", "INBOX", str(uid))[0]
        self.assertIn("Big news", shown["text"])
        self.assertNotIn("alert", shown["text"])
        self.assertEqual(shown["links"], ["https://www.example.com/x"])

    def test_does_not_set_seen(self):
        uid = self.append()
        self.sync()
        self.pennon("show", "INBOX", str(uid))
        self.pennon("show", "INBOX", str(uid), "--raw")
        self.assertEqual(self.flags("INBOX", uid), set())

    def test_mark_read_does(self):
        uid = self.append()
        self.sync()
        self.pennon("show", "INBOX", str(uid), "--mark-read")
        self.assertEqual(self.flags("INBOX", uid), {"\\Seen"})

    def test_raw_is_byte_for_byte(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        out = self.pennon("show", "INBOX", str(uid), "--raw").bytes
        self.assertEqual(out, self.text("INBOX", uid))

    def test_part_is_decoded(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        out = self.pennon("show", "INBOX", str(uid), "--part", "2").bytes
        self.assertEqual(out, b"%PDF-1.4\n")

    def test_headers(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        out = self.pennon("show", "INBOX", str(uid), "--headers").out
        self.assertIn("Message-ID: <multi@example.de>", out)

    def test_kept_offline_without_being_opened(self):
        home = self.new_home("kept", keep_offline="INBOX; Nowhere")
        uids = [self.append(subject=str(at), body=f"text {at}")
                for at in range(60)]
        other = self.append("Archive", body="not kept")
        self.sync(home=home)
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        for at in (0, 31, 59):
            self.assertIn(f"text {at}", self.pennon(
                "--offline", "show", "INBOX", str(uids[at]), home=home).out)
        self.pennon("--offline", "show", "Archive", str(other), home=home,
                    status=3)

    def test_kept_bodies_are_there_offline(self):
        uid = self.append(body="kept for later")
        self.sync()
        self.pennon("show", "INBOX", str(uid))
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        out = self.pennon("--offline", "show", "INBOX", str(uid)).out
        self.assertIn("kept for later", out)

    def test_not_there(self):
        self.append()
        self.sync()
        result = self.pennon("show", "INBOX", "4000", status=1)
        self.assertIn("4000", result.err)
        self.pennon("show", "INBOX", "nonsense", status=2)
        self.pennon("show", "INBOX", "0", status=2)

    def test_large_message(self):
        body = "\n".join("line %07d" % at for at in range(400000))
        uid = self.append(body=body)
        self.sync()
        out = self.pennon("show", "INBOX", str(uid), "--raw").bytes
        self.assertEqual(hashlib.sha256(out).hexdigest(), hashlib.sha256(
            self.text("INBOX", uid)).hexdigest())

    def test_broken_ones_are_shown(self):
        self.sample()
        self.sync("Archive")
        broken = genmail.Sample(harness.TODAY).broken()
        low = min(message.when for message in broken)
        client = self.selected("Archive")
        uids = self.uids("Archive")
        shown = 0
        for uid in uids[::-1]:
            _, answer = client.uid("FETCH", str(uid), "(INTERNALDATE)")
            when = harness.imap_time(answer[0])
            if low <= when < low + len(broken):
                self.pennon("show", "Archive", str(uid))
                self.pennon("parts", "Archive", str(uid))
                shown += 1
        self.assertEqual(shown, len(broken))


class Parts(harness.ServerCase):
    def test_tree(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        parts = {part["section"]: part
                 for part in self.json("parts", "INBOX", str(uid))}
        for part in parts.values():
            self.assertEqual(set(part), {
                "section", "type", "charset", "encoding", "disposition",
                "filename", "size"})
        self.assertEqual(parts["1.1"]["type"], "text/plain")
        self.assertEqual(parts["1.2"]["type"], "text/html")
        self.assertEqual(parts["2"]["type"], "application/pdf")
        self.assertEqual(parts["2"]["filename"], "\u00dcbersicht.pdf")
        self.assertEqual(parts["2"]["disposition"], "attachment")
        self.assertEqual(parts["2"]["encoding"].lower(), "base64")

    def test_attachments_are_marked(self):
        uid = self.append(message=MULTIPART)
        plain = self.append()
        self.sync()
        self.pennon("parts", "INBOX", str(uid))
        self.pennon("parts", "INBOX", str(plain))
        self.assertIs(self.row("INBOX", uid)["has_attachments"], True)
        self.assertIs(self.row("INBOX", plain)["has_attachments"], False)


class Save(harness.ServerCase):
    def saved(self, uid, *options, **more):
        target = self.home.path("out")
        os.makedirs(target, exist_ok=True)
        self.pennon("save", "INBOX", str(uid), "--to", target, *options,
                    **more)
        return sorted(os.listdir(target))

    def test_all_attachments(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        names = self.saved(uid)
        self.assertEqual(len(names), 2)
        self.assertIn("\u00dcbersicht.pdf", names)
        with open(self.home.path("out", "\u00dcbersicht.pdf"), "rb") as pdf:
            self.assertEqual(pdf.read(), b"%PDF-1.4\n")

    def test_never_outside_the_folder(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        before = set(os.listdir(self.folder)) | set(
            os.listdir(self.home.folder))
        self.saved(uid, "--part", "3")
        after = set(os.listdir(self.folder)) | set(
            os.listdir(self.home.folder))
        self.assertEqual(after - before, {"out"})
        self.assertEqual(len(os.listdir(self.home.path("out"))), 1)

    def test_never_over_a_file(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        for _ in range(3):
            names = self.saved(uid, "--part", "2")
        self.assertEqual(len(names), 3)

    def test_no_attachment(self):
        uid = self.append()
        self.sync()
        self.saved(uid, status=1)

    def test_no_folder(self):
        uid = self.append(message=MULTIPART)
        self.sync()
        self.pennon("save", "INBOX", str(uid), "--to",
                    self.home.path("nowhere"), status=1)
        self.pennon("save", "INBOX", str(uid), status=2)
