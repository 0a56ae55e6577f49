-- journal.db: what the user meant
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  grp INTEGER NOT NULL,
  undoes INTEGER NOT NULL DEFAULT 0,
  undone INTEGER NOT NULL DEFAULT 0,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  mailbox TEXT,
  dest TEXT,
  add_bits INTEGER NOT NULL DEFAULT 0,
  add_words TEXT,
  remove_bits INTEGER NOT NULL DEFAULT 0,
  remove_words TEXT,
  draft_uuid TEXT,
  draft_rev INTEGER NOT NULL DEFAULT 0,
  dest_uid_validity INTEGER NOT NULL DEFAULT 0,
  dest_uid_next INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  created INTEGER NOT NULL
);
-- states 4 and 7 are closed: what is open stays small however long this gets
CREATE INDEX change_open ON change (id) WHERE state NOT IN (4, 7);
CREATE INDEX change_group ON change (grp);
CREATE TABLE message (
  change INTEGER NOT NULL,
  position INTEGER NOT NULL,
  id INTEGER NOT NULL,
  mailbox TEXT,
  uid_validity INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  message_id TEXT,
  dest_uid INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (change, position)
) WITHOUT ROWID;
CREATE INDEX message_id ON message (id);
CREATE TABLE draft (
  uuid TEXT PRIMARY KEY,
  rev INTEGER NOT NULL,
  state INTEGER NOT NULL,
  mailbox TEXT,
  uid_validity INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  uploaded_rev INTEGER NOT NULL,
  uploaded_hash TEXT,
  conflict_uid INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  in_reply_to TEXT,
  info TEXT,
  saved_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES ('next-id', '1'), ('next-group', '1');
