"""The main job on each kind of server: modern, IMAP4rev1 alone, INBOX.*"""

import genmail
import harness


class MainJob:
    """What must work everywhere."""

    def test_main_job(self):
        name = self.server.mailbox
        first = self.append(subject="first")
        second = self.append(subject="second", flags="\\Seen")
        third = self.append(subject="third")
        self.append("Projects/Br\u00fccke", subject="elsewhere")
        self.pennon("check")
        self.sync()
        roles = {row["role"]: row["name"] for row in self.json("folders")
                 if row["role"]}
        self.assertEqual(roles["drafts"], name("Drafts"))
        self.assertEqual(roles["trash"], name("Trash"))
        self.assertEqual(len(self.rows(name("Projects/Br\u00fccke"))), 1)

        self.pennon("flag", "INBOX", str(first), "+flagged", "+$Important")
        self.assertEqual(self.flags("INBOX", first),
                         {"\\Flagged", "$Important"})
        self.pennon("move", "INBOX", str(second), name("Archive"))
        self.assertEqual(len(self.uids("Archive")), 1)
        self.pennon("delete", "INBOX", str(third))
        self.assertEqual(len(self.uids("Trash")), 1)
        self.assertEqual([row["uid"] for row in self.rows("INBOX")], [first])
        self.assertGone("INBOX", [second, third])

        uid = self.pennon("draft", stdin="Subject: draft\n\none\n").out
        self.assertEqual(self.uids("Drafts"), [int(uid)])
        again = self.pennon("draft", "--replace", uid.strip(),
                            stdin="Subject: draft\n\ntwo\n").out
        self.assertGone("Drafts", [int(uid)])
        self.assertEqual([row["uid"] for row in self.rows(name("Drafts"))],
                         [int(again)])
        self.assertIn("third", self.json(
            "show", name("Trash"), str(self.uids("Trash")[0]))[0]["subject"])
        self.assertEqual(self.json("queue"), [])

    def assertGone(self, mailbox, uids):
        left = self.uids(mailbox)
        for uid in uids:
            self.assertNotIn(uid, left)

    def test_others_changes(self):
        kept, gone = self.append(subject="kept"), self.append(subject="gone")
        self.sync()
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(kept), "+FLAGS", "(\\Flagged)")
        client.uid("STORE", str(gone), "+FLAGS", "(\\Deleted)")
        client.expunge()
        new = self.append(subject="new")
        self.sync()
        self.assertEqual([row["uid"] for row in self.rows("INBOX")],
                         [new, kept])
        self.assertEqual(self.row("INBOX", kept)["flags"], ["\\Flagged"])

    def test_sample(self):
        counts = self.sample()
        self.sync()
        found = {row["name"]: row["total"] for row in self.json("folders")}
        for mailbox, count in counts.items():
            self.assertEqual(found[self.server.mailbox(mailbox)], count)


class Full(MainJob, harness.ServerCase):
    profile = "full"


class InboxPrefix(MainJob, harness.ServerCase):
    profile = "inbox-prefix"

    def test_new_folder_lies_under_the_prefix(self):
        self.sync()
        self.pennon("folder", "create", "INBOX.Fresh")
        self.pennon("folder", "create", "Bare")
        self.pennon("folder", "rename", "INBOX.Bare", "B\u00e4r")
        names = self.folders()
        self.assertIn("INBOX.Fresh", names)
        self.assertIn(genmail.mutf7("INBOX.B\u00e4r"), names)
        self.assertNotIn("INBOX.Bare", names)

    def configure(self, **keys):
        self.home.account(f"imaps://localhost:{self.proxy.port}",
                          user=self.user, password=self.password,
                          ca_file=self.server.ca_file, **keys)

    def test_a_role_is_made_under_the_prefix(self):
        """Configured without what all names begin with there."""
        self.configure(folder_drafts="Kladde", folder_archive="Ablage")
        uid = self.append(subject="to be kept")
        self.sync()
        draft = self.pennon("draft", stdin="Subject: d\n\none\n").out
        self.assertEqual(self.uids("Kladde"), [int(draft)])
        self.pennon("draft", "--replace", draft.strip(),
                    stdin="Subject: d\n\ntwo\n")
        self.assertEqual(len(self.uids("Kladde")), 1)
        self.pennon("folder", "create", "Ablage")
        self.pennon("move", "INBOX", str(uid), "archive")
        self.assertEqual(len(self.uids("Ablage")), 1)
        roles = {row["role"]: row["name"]
                 for row in self.json("folders") if row["role"]}
        self.assertEqual(roles["drafts"], "INBOX.Kladde")
        self.assertEqual(roles["archive"], "INBOX.Ablage")

    def test_the_first_draft_of_an_account(self):
        """Nothing is known of the server yet."""
        self.configure(folder_drafts="Kladde")
        draft = self.pennon("draft", stdin="Subject: d\n\none\n").out
        self.assertEqual(self.uids("Kladde"), [int(draft)])


class Rev1(MainJob, harness.ServerCase):
    profile = "rev1"

    def assertGone(self, mailbox, uids):
        """Without UIDPLUS the mark stays: nothing else can be done that
        touches no other mail (SYNC.md section 3)."""
        for uid in uids:
            self.assertIn("\\Deleted", self.flags(mailbox, uid))

    def uids(self, mailbox="INBOX"):
        client = self.selected(mailbox)
        _, answer = client.uid("SEARCH", "UNDELETED")
        return sorted(int(uid) for uid in (answer[0] or b"").split())
