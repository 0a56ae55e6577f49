"""What the tests of the program share: a server, a user, a home, a second
client.

Every test has a mail user and a home of its own. When it ends, what pennon
wrote is searched for the password.
"""

import base64
import email.utils
import imaplib
import os
import re
import shutil
import signal
import sqlite3
import tempfile
import time
import unittest

import dovecot
import genmail
import pennon
import proxy

BINARY = os.environ.get("PENNON_BINARY",
                        os.path.join(pennon.ROOT, "build", "src", "pennon"))
SCRATCH = os.environ.get("PENNON_SCRATCH") or tempfile.gettempdir()
COMMANDS = os.environ.get("PENNON_COMMANDS")
PASSWORD = "Gr\u00fcn-Tee 4711"
SLOTS = 200
TODAY = 1795521600  # 2026-11-24 12:00 UTC

MESSAGE = """\
From: {sender}
To: Alice Example <alice@example.org>
Subject: {subject}
Date: {date}
Message-ID: <{token}@example.net>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{body}
"""

_certificates = None


def certificates():
    """One authority for all servers of a test process."""
    global _certificates
    if _certificates is None:
        _certificates = os.path.join(SCRATCH, f"tls-{os.getpid()}")
        dovecot.make_certificates(_certificates)
    return _certificates


def needs_screen(test):
    return unittest.skipUnless(shutil.which("tmux"), "no tmux")(test)


def eventually(check, seconds=5.0, step=0.02):
    """Waits until check() returns something true. Returns: that."""
    deadline = time.monotonic() + seconds
    while True:
        result = check()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(
                f"not so after {seconds} s: {check.__doc__ or check}")
        time.sleep(step)


def secret_forms(secret):
    """How a secret may look in a file: raw, hex, base64 at each alignment."""
    raw = secret.encode()
    forms = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        # the first and last characters depend on the neighbours
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        forms.append(coded[first:last])
    return forms


class ServerCase(unittest.TestCase):
    """Tests against a private Dovecot, through the recording proxy."""

    profile = "full"
    extra = ""                 # more lines for Dovecot's configuration
    direct = False             # talk to Dovecot itself
    sample_user = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="case-", dir=SCRATCH)
        os.chmod(cls.folder, 0o755)
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        users = {f"user{at}": PASSWORD for at in range(SLOTS)}
        users.update(dovecot.USERS)
        cls.server = dovecot.Dovecot(
            os.path.join(cls.folder, "server"), cls.profile, users=users,
            certificates=certificates(), extra=cls.extra)
        cls.server.start()
        cls.addClassCleanup(cls.server.close)
        cls.proxy = proxy.Proxy(cls.server, COMMANDS)
        cls.addClassCleanup(cls.proxy.close)
        cls.next_user = 0

    def setUp(self):
        cls = type(self)
        self.user, self.password = f"user{cls.next_user}", PASSWORD
        cls.next_user += 1
        self.proxy.label = self.id()
        self.home = self.new_home()
        self.addCleanup(self.check_journaled_expunges)
        self.addCleanup(self.check_secrets)
        self.token = 0

    def new_home(self, folder="home", **keys):
        home = pennon.Home(os.path.join(self.folder, self.user, folder),
                           BINARY)
        self.addCleanup(home.remove)
        port = self.server.tls_port if self.direct else self.proxy.port
        home.account(f"imaps://localhost:{port}", user=self.user,
                     password=self.password, ca_file=self.server.ca_file,
                     **keys)
        return home

    # ---- pennon ----

    def pennon(self, *command, status=0, stdin="", home=None, timeout=60,
               env=None):
        """Runs it, and checks the exit status and the shape of errors."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        result = (home or self.home).run(*command, stdin=stdin,
                                         timeout=timeout, env=env)
        self.assertEqual(result.status, status, str(result))
        for line in result.err.splitlines():
            self.assertTrue(line.startswith("pennon: "), str(result))
        if status != 0:
            self.assertEqual(len(result.err.splitlines()), 1, str(result))
        return result

    def json(self, *command, **options):
        return self.pennon(*command, "--json", **options).json()

    def sync(self, *mailboxes, **options):
        return self.pennon("sync", *mailboxes, **options)

    def rows(self, mailbox, *options):
        return self.json("list", mailbox, *options)

    def row(self, mailbox, uid):
        found = [row for row in self.rows(mailbox) if row["uid"] == uid]
        self.assertEqual(len(found), 1, f"UID {uid} in {mailbox}")
        return found[0]

    # ---- the second client ----

    def imap(self):
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=20)
        client.authenticate("PLAIN", lambda _: f"\0{self.user}\0"
                            f"{self.password}".encode())

        def end():
            try:
                client.logout()
            except (OSError, imaplib.IMAP4.error):
                pass

        self.addCleanup(end)
        return client

    def message(self, subject="A subject", body="Some text.", sender=
                "Bob Carter <bob@example.com>", date=None, extra="",
                token=None):
        self.token += 1
        text = MESSAGE.format(
            sender=sender, subject=subject, body=body,
            date=email.utils.formatdate(date or TODAY - 3600),
            token=token or f"t{self.token}.{self.user}")
        return (extra + text).replace("\n", "\r\n").encode()

    def append(self, mailbox="INBOX", message=None, flags="", when=None,
               **parts):
        """Returns: the UID of the new message."""
        client = self.imap()
        name = quoted(self.server.mailbox(mailbox))
        when = when or TODAY - 3600
        client._simple_command("CREATE", name) \
            if mailbox != "INBOX" else None
        status, answer = client.append(
            name, f"({flags})" if flags else None,
            imaplib.Time2Internaldate(when),
            message or self.message(date=when, **parts))
        self.assertEqual(status, "OK", answer)
        found = re.search(rb"APPENDUID \d+ (\d+)", answer[0])
        if found:
            return int(found.group(1))
        return self.uids(mailbox)[-1]

    def uids(self, mailbox="INBOX"):
        """UIDs the server holds."""
        client = self.selected(mailbox)
        if client is None:
            return None
        status, answer = client.uid("SEARCH", "ALL")
        self.assertEqual(status, "OK", answer)
        return sorted(int(uid) for uid in (answer[0] or b"").split())

    def selected(self, mailbox, readonly=True):
        client = self.imap()
        status, _ = client.select(quoted(self.server.mailbox(mailbox)),
                                  readonly)
        return client if status == "OK" else None

    def flags(self, mailbox, uid):
        """Flags the server holds, \\Recent aside."""
        client = self.selected(mailbox)
        status, answer = client.uid("FETCH", str(uid), "(FLAGS)")
        self.assertEqual(status, "OK", answer)
        self.assertIsNotNone(answer[0], f"UID {uid} is not in {mailbox}")
        return {flag.decode() for flag in imaplib.ParseFlags(answer[0])} - {
            "\\Recent"}

    def text(self, mailbox, uid):
        client = self.selected(mailbox)
        _, answer = client.uid("FETCH", str(uid), "(BODY.PEEK[])")
        self.assertIsInstance(answer[0], tuple, f"UID {uid} in {mailbox}")
        return answer[0][1]

    def folders(self):
        """Names the server lists, as it writes them."""
        _, answer = self.imap().list()
        return {line.decode().rpartition(' "%s" ' % self.server.separator)[2]
                .strip('"') for line in answer if isinstance(line, bytes)}

    def sample(self):
        """Writes the 2,000 sample messages for this test's user."""
        maildir = self.server.maildir(self.user)
        counts = genmail.write_sample(maildir, TODAY)
        self.server.give_to_mail(os.path.dirname(maildir))
        return counts

    def bulk(self, count):
        maildir = self.server.maildir(self.user)
        genmail.write_bulk(maildir, count, TODAY)
        self.server.give_to_mail(os.path.dirname(maildir))

    # ---- what holds for every test ----

    def check_secrets(self):
        """No password in any file that pennon wrote."""
        if os.path.isdir(self.home.folder):
            search_secrets(self, self.home, [
                self.password, f"\0{self.user}\0{self.password}"])

    def check_journaled_expunges(self):
        """Only UIDs that a change in the journal named were expunged."""
        named = None
        for command in self.proxy.commands_of(self.user):
            words = command.split(" ")
            if [word.upper() for word in words[1:3]] == ["UID", "EXPUNGE"]:
                if named is None:
                    named = journal_uids(self.home)
                for uid in expand(words[3]):
                    self.assertIn(uid, named, command)


def imap_time(answer):
    """Seconds since 1970 of a FETCH with INTERNALDATE."""
    return int(time.mktime(imaplib.Internaldate2tuple(answer)))


def quoted(name):
    coded = genmail.mutf7(name)
    return '"' + coded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def expand(uids):
    for piece in uids.split(","):
        low, _, high = piece.partition(":")
        yield from range(int(low), int(high or low) + 1)


def written_files(home):
    """All that pennon wrote in its home; the password store is not its."""
    for top, folders, names in os.walk(home.folder):
        if "secret" in folders and top == home.folder:
            folders.remove("secret")
        for name in names:
            path = os.path.join(top, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def search_secrets(case, home, secrets):
    for path in written_files(home):
        with open(path, "rb") as file:
            data = file.read()
        for secret in secrets:
            for form in secret_forms(secret):
                case.assertNotIn(form, data, f"a secret lies in {path}")


def journals(home):
    for path in written_files(home):
        if os.path.basename(path) == "journal.db":
            yield path


def journal_uids(home):
    """UIDs that rows of the journal name, closed ones too."""
    found = set()
    for path in journals(home):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            for table, column in (("message", "uid"),):
                found |= {row[0] for row in db.execute(
                    f"SELECT {column} FROM {table}")}
    return found


def kill_now(process):
    process.send_signal(signal.SIGKILL)
    process.wait(10)
