"""flag, move, copy, delete, folder, undo, queue: what the server then holds."""

import harness

CHANGE_KEYS = {"id", "kind", "mailbox", "uids", "dest", "dest_uids", "state",
               "attempts", "error"}


class Flag(harness.ServerCase):
    def test_sets_and_clears(self):
        uid = self.append(flags="\\Seen other")
        self.sync()
        changes = self.json("flag", "INBOX", str(uid), "+flagged", "-seen",
                            "+$Important", "+keyword")
        self.assertTrue(changes)
        for change in changes:
            self.assertEqual(set(change), CHANGE_KEYS)
            self.assertEqual(change["state"], "confirmed")
            self.assertEqual(change["mailbox"], "INBOX")
        self.assertEqual(self.flags("INBOX", uid), {
            "\\Flagged", "$Important", "keyword", "other"})
        self.assertEqual(set(self.row("INBOX", uid)["flags"]), {
            "\\Flagged", "$Important", "keyword", "other"})

    def test_flags_of_others_stay(self):
        uid = self.append()
        self.sync()
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(uid), "+FLAGS", "(\\Answered $label2)")
        self.pennon("flag", "INBOX", str(uid), "+flagged")
        self.assertEqual(self.flags("INBOX", uid),
                         {"\\Flagged", "\\Answered", "$label2"})

    def test_ranges_and_star(self):
        uids = [self.append(subject=str(at)) for at in range(6)]
        self.sync()
        late = self.append(subject="came after the sync")
        self.pennon("flag", "INBOX", f"{uids[0]},{uids[3]}:*", "+flagged")
        for at, uid in enumerate(uids):
            self.assertEqual("\\Flagged" in self.flags("INBOX", uid),
                             at in (0, 3, 4, 5), uid)
        # "*" is what the store knew, and never reached the wire
        self.assertNotIn("\\Flagged", self.flags("INBOX", late))
        for command in self.proxy.commands_of(self.user):
            words = command.split(" ")
            if words[1:2] == ["UID"] and words[2] in ("STORE", "COPY",
                                                      "MOVE", "EXPUNGE"):
                self.assertNotIn("*", words[3], command)

    def test_some_not_there(self):
        uid = self.append()
        self.sync()
        result = self.home.run("flag", "INBOX", f"{uid},900:901", "+flagged")
        self.assertEqual(result.status, 0, str(result))
        self.assertEqual(len(result.err.splitlines()), 1)
        self.assertIn("900", result.err)
        self.assertIn("\\Flagged", self.flags("INBOX", uid))

    def test_none_there(self):
        self.append()
        self.sync()
        self.pennon("flag", "INBOX", "900:950", "+flagged", status=1)

    def test_wrong_words(self):
        uid = self.append()
        self.sync()
        for word in ("flagged", "+", "+a b", "+(x)", "+\\Recent"):
            self.pennon("flag", "INBOX", str(uid), word, status=2)
        for uids in ("x", "0", "1:", ",", "4294967296", "-1"):
            self.pennon("flag", "INBOX", uids, "+seen", status=2)

    def test_many(self):
        self.bulk(3000)
        self.sync()
        self.pennon("flag", "INBOX", "1:*", "+flagged")
        client = self.selected("INBOX")
        _, answer = client.uid("SEARCH", "FLAGGED")
        self.assertEqual(len(answer[0].split()), 3000)


class Move(harness.ServerCase):
    def test_moves_and_tells_the_new_uids(self):
        uids = [self.append(subject=f"message {at}") for at in range(3)]
        self.sync()
        changes = self.json("move", "INBOX", f"{uids[0]},{uids[2]}",
                            "Archive")
        self.assertEqual(self.uids("INBOX"), [uids[1]])
        arrived = self.uids("Archive")
        self.assertEqual(len(arrived), 2)
        self.assertEqual(sorted(uid for change in changes
                                for uid in change["dest_uids"]), arrived)
        self.assertEqual([row["uid"] for row in self.rows("INBOX")],
                         [uids[1]])
        self.assertEqual({row["subject"] for row in self.rows("Archive")},
                         {"message 0", "message 2"})

    def test_flags_go_along(self):
        uid = self.append(flags="\\Seen \\Flagged $label3")
        self.sync()
        self.pennon("move", "INBOX", str(uid), "Archive")
        self.assertEqual(self.flags("Archive", self.uids("Archive")[0]),
                         {"\\Seen", "\\Flagged", "$label3"})

    def test_to_a_mailbox_that_is_not_there(self):
        uid = self.append()
        self.sync()
        result = self.pennon("move", "INBOX", str(uid), "Nowhere", status=1)
        self.assertIn("Nowhere", result.err)
        self.assertEqual(self.uids("INBOX"), [uid])
        self.assertNotIn("Nowhere", self.folders())

    def test_others_deleted_mail_survives(self):
        """DATA-12: only what was named goes."""
        theirs = self.append(subject="theirs", flags="\\Deleted")
        ours = self.append(subject="ours")
        self.sync()
        self.pennon("move", "INBOX", str(ours), "Archive")
        self.assertEqual(self.uids("INBOX"), [theirs])
        self.pennon("delete", "Archive", str(self.uids("Archive")[0]),
                    "--forever")
        self.assertEqual(self.uids("Archive"), [])

    def test_moved_already_by_another(self):
        uid, other = self.append(), self.append()
        self.sync()
        client = self.selected("INBOX", readonly=False)
        client.uid("MOVE", str(uid), "Junk")
        self.home.run("move", "INBOX", str(uid), "Archive")
        self.assertEqual(self.uids("INBOX"), [other])
        self.assertEqual(len(self.uids("Junk") + self.uids("Archive")), 1)


class Copy(harness.ServerCase):
    def test_copies(self):
        uid = self.append(subject="twice", flags="\\Seen")
        self.sync()
        self.pennon("copy", "INBOX", str(uid), "Archive")
        self.assertEqual(self.uids("INBOX"), [uid])
        self.assertEqual(len(self.uids("Archive")), 1)
        self.assertEqual(self.text("Archive", self.uids("Archive")[0]),
                         self.text("INBOX", uid))


class Delete(harness.ServerCase):
    def test_to_trash_then_for_ever(self):
        uid, kept = self.append(subject="old"), self.append(subject="kept")
        self.append("Trash", subject="older")
        self.sync()
        self.pennon("delete", "INBOX", str(uid))
        self.assertEqual(self.uids("INBOX"), [kept])
        trash = self.uids("Trash")
        self.assertEqual(len(trash), 2)
        self.pennon("delete", "Trash", str(trash[1]))
        self.assertEqual(self.uids("Trash"), [trash[0]])

    def test_forever(self):
        uid, kept = self.append(), self.append()
        self.sync()
        self.pennon("delete", "INBOX", str(uid), "--forever")
        self.assertEqual(self.uids("INBOX"), [kept])
        self.assertEqual(self.uids("Trash"), [])


class Folder(harness.ServerCase):
    def test_life_of_a_folder(self):
        self.sync()
        self.pennon("folder", "create", "Projects/Br\u00fccke")
        self.assertIn("Projects/Br&APw-cke", self.folders())
        self.pennon("folder", "rename", "Projects/Br\u00fccke",
                    "Projects/Bridge")
        self.assertIn("Projects/Bridge", self.folders())
        self.assertNotIn("Projects/Br&APw-cke", self.folders())
        self.pennon("folder", "unsubscribe", "Projects/Bridge")
        self.assertNotIn("Projects/Bridge", self.subscribed())
        self.pennon("folder", "subscribe", "Projects/Bridge")
        self.assertIn("Projects/Bridge", self.subscribed())
        self.pennon("folder", "delete", "Projects/Bridge")
        self.assertNotIn("Projects/Bridge", self.folders())
        names = {row["name"] for row in self.json("folders")}
        self.assertNotIn("Projects/Bridge", names)

    def subscribed(self):
        _, answer = self.imap().lsub()
        return {line.decode().rpartition(' "/" ')[2].strip('"')
                for line in answer if isinstance(line, bytes)}

    def test_refusals(self):
        self.sync()
        self.pennon("folder", "delete", "Nowhere", status=1)
        self.pennon("folder", "rename", "Nowhere", "Elsewhere", status=1)
        self.pennon("folder", "delete", "INBOX", status=1)
        self.pennon("folder", "frobnicate", "X", status=2)
        self.pennon("folder", "rename", "X", status=2)

    def test_rename_keeps_what_the_store_has(self):
        self.append("Box", subject="inside")
        self.sync()
        self.pennon("folder", "rename", "Box", "Chest")
        self.sync()
        self.assertEqual([row["subject"] for row in self.rows("Chest")],
                         ["inside"])


class Undo(harness.ServerCase):
    def test_flag(self):
        uid = self.append(flags="$label1")
        self.sync()
        self.pennon("flag", "INBOX", str(uid), "+flagged", "+seen")
        self.pennon("undo")
        self.assertEqual(self.flags("INBOX", uid), {"$label1"})

    def test_move(self):
        uid = self.append(subject="back again")
        self.sync()
        self.pennon("move", "INBOX", str(uid), "Archive")
        self.pennon("undo")
        self.assertEqual(self.uids("Archive"), [])
        self.assertEqual(len(self.uids("INBOX")), 1)

    def test_copy(self):
        uid = self.append()
        self.sync()
        self.pennon("copy", "INBOX", str(uid), "Archive")
        self.pennon("undo")
        self.assertEqual(self.uids("Archive"), [])
        self.assertEqual(self.uids("INBOX"), [uid])

    def test_delete(self):
        uid = self.append()
        self.sync()
        self.pennon("delete", "INBOX", str(uid))
        self.pennon("undo")
        self.assertEqual(self.uids("Trash"), [])
        self.assertEqual(len(self.uids("INBOX")), 1)

    def test_restores_only_what_is_as_we_left_it(self):
        first, second = self.append(), self.append()
        self.sync()
        self.pennon("flag", "INBOX", f"{first},{second}", "+flagged")
        client = self.selected("INBOX", readonly=False)
        client.uid("STORE", str(second), "-FLAGS", "(\\Flagged)")
        self.sync()
        self.pennon("undo")
        self.assertEqual(self.flags("INBOX", first), set())
        self.assertEqual(self.flags("INBOX", second), set())

    def test_folder_create(self):
        self.sync()
        self.pennon("folder", "create", "Fresh")
        self.pennon("undo")
        self.assertNotIn("Fresh", self.folders())

    def test_bulk_is_one_undo(self):
        uids = [self.append() for _ in range(5)]
        self.sync()
        self.pennon("flag", "INBOX", "1:*", "+flagged")
        self.pennon("undo")
        for uid in uids:
            self.assertEqual(self.flags("INBOX", uid), set())

    def test_nothing_to_undo(self):
        self.sync()
        self.pennon("undo", status=1)
        self.pennon("undo", "4711", status=1)
        self.pennon("undo", "x", status=2)

    def test_expunge_cannot_be_undone(self):
        uid = self.append()
        self.sync()
        changes = self.json("delete", "INBOX", str(uid), "--forever")
        self.pennon("undo", str(changes[0]["id"]), status=1)


class Offline(harness.ServerCase):
    def test_journaled_then_sent(self):
        uid, other = self.append(subject="one"), self.append(subject="two")
        self.sync()
        self.pennon("--offline", "flag", "INBOX", str(uid), "+flagged",
                    status=5)
        self.pennon("--offline", "move", "INBOX", str(other), "Archive",
                    status=5)
        self.assertEqual(self.flags("INBOX", uid), set())
        self.assertEqual(self.uids("INBOX"), [uid, other])
        # shown at once: the server's word with the queue on top
        self.assertEqual([row["uid"] for row in self.rows("INBOX")], [uid])
        self.assertIn("\\Flagged", self.row("INBOX", uid)["flags"])
        waiting = self.json("queue")
        self.assertEqual(len(waiting), 2)
        for change in waiting:
            self.assertEqual(set(change), CHANGE_KEYS)
            self.assertEqual(change["state"], "queued")
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})
        self.assertEqual(self.uids("INBOX"), [uid])
        self.assertEqual(len(self.uids("Archive")), 1)
        self.assertEqual(self.json("queue"), [])

    def test_no_connection_keeps_the_change(self):
        uid = self.append()
        self.sync()
        self.proxy.refuse()
        self.pennon("flag", "INBOX", str(uid), "+flagged", status=5)
        self.proxy.accept()
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), {"\\Flagged"})

    def test_on_and_off_is_nothing(self):
        uid = self.append()
        self.sync()
        self.pennon("--offline", "flag", "INBOX", str(uid), "+flagged",
                    status=5)
        self.pennon("--offline", "flag", "INBOX", str(uid), "-flagged",
                    status=5)
        before = len(self.stores())
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), set())
        self.assertEqual(len(self.stores()), before)

    def stores(self):
        return [command for command in self.proxy.commands_of(self.user)
                if " STORE " in command]

    def test_move_then_move_then_delete(self):
        uid = self.append()
        self.sync()
        self.pennon("--offline", "move", "INBOX", str(uid), "Archive",
                    status=5)
        self.pennon("--offline", "undo", status=5)
        self.pennon("--offline", "delete", "INBOX", str(uid), status=5)
        self.sync()
        self.assertEqual(self.uids("INBOX"), [])
        self.assertEqual(self.uids("Archive"), [])
        self.assertEqual(len(self.uids("Trash")), 1)

    def test_folder_and_move_into_it(self):
        uid = self.append()
        self.sync()
        self.pennon("--offline", "folder", "create", "Later", status=5)
        self.pennon("--offline", "move", "INBOX", str(uid), "Later",
                    status=5)
        self.sync()
        self.assertEqual(len(self.uids("Later")), 1)
        self.assertEqual(self.uids("INBOX"), [])

    def test_queue_drop(self):
        uid = self.append()
        self.sync()
        change = self.json("--offline", "flag", "INBOX", str(uid),
                           "+flagged", status=5)[0]
        self.pennon("queue", "drop", str(change["id"]))
        self.assertEqual(self.json("queue"), [])
        self.sync()
        self.assertEqual(self.flags("INBOX", uid), set())

    def test_list_offline_shows_everything(self):
        counts = self.sample()
        self.sync()
        self.proxy.refuse()
        self.addCleanup(self.proxy.accept)
        self.assertEqual(len(self.rows("INBOX")), counts["INBOX"])
        self.pennon("sync", status=3)
        self.assertEqual(len(self.rows("INBOX")), counts["INBOX"])
