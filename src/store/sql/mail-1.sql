-- mail.db: what the server has, and what is shown of it
CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY,
  wire TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  delimiter INTEGER NOT NULL DEFAULT 0,
  attrs INTEGER NOT NULL DEFAULT 0,
  role INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  keep INTEGER NOT NULL DEFAULT 0,
  uid_validity INTEGER NOT NULL DEFAULT 0,
  uid_next INTEGER NOT NULL DEFAULT 0,
  modseq INTEGER NOT NULL DEFAULT 0,
  server_exists INTEGER,
  server_unseen INTEGER,
  known TEXT NOT NULL DEFAULT '',
  synced_at INTEGER NOT NULL DEFAULT 0,
  -- kept counts: of the rows shown; rows counts the \Deleted ones too
  rows INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0,
  threads INTEGER NOT NULL DEFAULT 0
);
-- what changes, and what orders: narrow, for it is read and written often
CREATE TABLE msg (
  id INTEGER PRIMARY KEY,
  mailbox INTEGER NOT NULL,
  uid INTEGER NOT NULL,           -- 0: the server has not told
  flags INTEGER NOT NULL,
  keywords TEXT,
  modseq INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,
  stale INTEGER NOT NULL DEFAULT 0,
  shown INTEGER NOT NULL,         -- mailbox it is listed in, 0: in none
  shown_flags INTEGER NOT NULL,
  shown_keywords TEXT,
  marks INTEGER NOT NULL DEFAULT 0,
  date INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  size INTEGER NOT NULL,
  thread INTEGER NOT NULL,
  mid INTEGER NOT NULL,           -- keyed hash of the Message-ID, 0: none
  refs BLOB,                      -- hashes of References, oldest first
  attachments INTEGER NOT NULL
);
-- what stays: a row for each of msg
CREATE TABLE head (
  id INTEGER PRIMARY KEY,
  sender TEXT,
  rcpt TEXT,
  cc TEXT,
  subject TEXT NOT NULL,
  message_id TEXT,
  structure TEXT
);
CREATE UNIQUE INDEX msg_uid ON msg (mailbox, uid DESC) WHERE uid > 0;
CREATE INDEX msg_lost ON msg (mailbox, mid) WHERE uid = 0;
CREATE INDEX msg_list ON msg (shown, date DESC, uid DESC, id DESC) WHERE shown > 0;
CREATE INDEX msg_unread ON msg (shown, date DESC, uid DESC, id DESC)
  WHERE shown > 0 AND (shown_flags & 1) = 0;
CREATE INDEX msg_thread ON msg (thread, shown, date);
CREATE INDEX msg_bare ON msg (mailbox, date)
  WHERE attachments IN (0, 3) AND uid > 0;
-- rows a change waits for, by the journal's number
CREATE TABLE pend (
  msg INTEGER NOT NULL,
  change INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  add_bits INTEGER NOT NULL DEFAULT 0,
  add_words TEXT,
  remove_bits INTEGER NOT NULL DEFAULT 0,
  remove_words TEXT,
  dest INTEGER NOT NULL DEFAULT 0,
  copy INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (msg, change)
) WITHOUT ROWID;
CREATE INDEX pend_change ON pend (change, copy);
-- a list is cut into pieces of some hundred rows; their sizes are kept
CREATE TABLE piece (
  mailbox INTEGER NOT NULL,
  kind INTEGER NOT NULL,          -- 0: by date, 1: threads by newest
  start INTEGER NOT NULL,         -- date of its oldest entry
  entries INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  PRIMARY KEY (mailbox, kind, start)
) WITHOUT ROWID;
CREATE TABLE thread (
  mailbox INTEGER NOT NULL,
  thread INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  PRIMARY KEY (mailbox, thread)
) WITHOUT ROWID;
CREATE INDEX thread_list ON thread (mailbox, newest DESC, thread DESC);
CREATE INDEX thread_unread ON thread (mailbox, newest DESC, thread DESC)
  WHERE unread > 0;
-- keyed hashes: of Message-IDs (of messages that are here or only referred to)
-- to their thread, of base subjects to the message that stands for them; they
-- come in random order: the log takes them, and is merged in sorted runs
CREATE TABLE mid (
  hash INTEGER PRIMARY KEY,
  value INTEGER NOT NULL
);
CREATE TABLE midlog (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  entries BLOB NOT NULL           -- hash and value, as the machine has them
);
-- folded for substring search
CREATE TABLE folded (
  id INTEGER PRIMARY KEY,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  rcpt TEXT NOT NULL
);
CREATE TABLE body (
  msg INTEGER NOT NULL,
  section TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (msg, section)
) WITHOUT ROWID;
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value NOT NULL
) WITHOUT ROWID;
