"""A private Dovecot on loopback in a folder of its own.

As root it runs under Dovecot's own users, as anybody else entirely under that
user. It touches no configuration, service or mail of the machine, and ends
with the process that started it.

    with Dovecot(folder, profile="rev1") as server:
        imaplib.IMAP4(server.host, server.port)

Written for Dovecot 2.3 (Debian 12).
"""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time

PROFILES = ("full", "rev1", "inbox-prefix")

# carol's password holds what login code tends to get wrong
USERS = {
    "alice": "open-Sesame-81",
    "bob": "b0b's other one",
    "carol": 'p\u00e4"ss wo\\rd {3}%',
}

# who owns the mail when root runs the tests: a number no package uses
MAIL_ID = 22143

ROLES = {
    "Drafts": "Drafts",
    "Sent": "Sent",
    "Trash": "Trash",
    "Junk": "Junk",
    "Archive": "Archive",
}


def sbin_path():
    """PATH with the folders where dovecot lies but no user looks."""
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin"


def tool(name):
    found = shutil.which(name, path=sbin_path())
    if found is None:
        raise FileNotFoundError(f"{name} is not installed")
    return found


_given = set()


def _claim(port):
    """Whether nobody in this run of the tests was given it before: a server
    that does not listen yet is not seen by a bind."""
    if port in _given:
        return False
    _given.add(port)
    scratch = os.environ.get("PENNON_SCRATCH")
    if scratch is None:
        return True
    try:
        os.close(os.open(os.path.join(scratch, f"port-{port}"),
                         os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def free_port():
    """A port below the range the kernel hands out, so that it stays free
    while the server is restarted; each is given once."""
    for _ in range(200):
        port = random.SystemRandom().randrange(20000, 31000)
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
        if _claim(port):
            return port
    raise OSError("no free port on loopback")


def _openssl(folder, *arguments):
    subprocess.run([tool("openssl"), *arguments], cwd=folder, check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)


def make_certificates(folder):
    """ca.pem and, with their keys, server.pem (localhost, 127.0.0.1) and what
    a client must refuse: expired, wronghost, selfsigned, otherca, and
    server2.pem: as good as server.pem, with another key."""
    os.makedirs(folder, exist_ok=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

    def authority(name, common_name):
        _openssl(folder, "req", "-x509", *key, "-days", "3650",
                 "-keyout", name + ".key", "-out", name + ".pem",
                 "-subj", "/CN=" + common_name,
                 "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(name, hosts, days="3650", by="ca"):
        with open(os.path.join(folder, name + ".ext"), "w") as ext:
            ext.write(f"subjectAltName={hosts}\nbasicConstraints=CA:FALSE\n"
                      "extendedKeyUsage=serverAuth\n")
        _openssl(folder, "req", *key, "-keyout", name + ".key",
                 "-out", name + ".csr", "-subj", "/CN=" + name)
        signer = (["-signkey", name + ".key"] if by is None else
                  ["-CA", by + ".pem", "-CAkey", by + ".key",
                   "-CAcreateserial"])
        _openssl(folder, "x509", "-req", "-in", name + ".csr", *signer,
                 "-days", days, "-extfile", name + ".ext",
                 "-out", name + ".pem")

    here = "DNS:localhost,IP:127.0.0.1"
    authority("ca", "pennon test authority")
    authority("stranger", "somebody else's authority")
    issue("server", here)
    issue("server2", here)
    issue("expired", here, days="-1")
    issue("wronghost", "DNS:mail.example.org")
    issue("selfsigned", here, by=None)
    issue("otherca", here, by="stranger")


class Dovecot:
    """One server. The folder is made, and removed by close()."""

    def __init__(self, folder, profile="full", users=None, certificate=
                 "server", certificates=None, extra=""):
        if profile not in PROFILES:
            raise ValueError(f"no profile {profile}")
        self.folder = os.path.abspath(folder)
        self.profile = profile
        self.users = dict(USERS if users is None else users)
        self.certificate = certificate
        self.extra = extra
        self.host = "localhost"
        self.port = free_port()
        self.tls_port = free_port()
        self.separator = "." if profile == "inbox-prefix" else "/"
        self.prefix = "INBOX." if profile == "inbox-prefix" else ""
        self.root = os.geteuid() == 0
        self.process = None
        os.makedirs(self.folder, exist_ok=True)
        os.chmod(self.folder, 0o755)
        self.tls = certificates or os.path.join(self.folder, "tls")
        if not os.path.exists(os.path.join(self.tls, "server.pem")):
            make_certificates(self.tls)
        self.ca_file = os.path.join(self.tls, "ca.pem")
        for name in ("run", "state", "mail"):
            os.makedirs(self._path(name), exist_ok=True)
        if self.root:
            self.mail_uid = self.mail_gid = MAIL_ID
            os.chown(self._path("mail"), MAIL_ID, MAIL_ID)
        else:
            self.mail_uid, self.mail_gid = os.getuid(), os.getgid()
        self._write_users()

    def _path(self, *names):
        return os.path.join(self.folder, *names)

    def _write_users(self):
        path = self._path("passwd")
        with open(path, "w", encoding="utf-8") as passwd:
            for name, password in self.users.items():
                passwd.write(f"{name}:{{PLAIN}}{password}::::::\n")
        os.chmod(path, 0o600)
        if self.root:
            os.chown(path, pwd.getpwnam("dovecot").pw_uid, -1)

    def _accounts(self):
        if self.root:
            return "default_internal_user = dovecot\n" \
                   "default_login_user = dovenull\n"
        name = pwd.getpwuid(os.getuid()).pw_name
        chroots = "".join(f"service {service} {{\n  chroot =\n}}\n"
                          for service in ("imap-login", "anvil", "stats"))
        return f"default_internal_user = {name}\n" \
               f"default_internal_group = {_group()}\n" \
               f"default_login_user = {name}\n" + chroots

    def _mailboxes(self):
        lines = []
        for name, role in ROLES.items():
            use = "" if self.profile == "rev1" else \
                f"    special_use = \\{role}\n"
            lines.append(f"  mailbox {name} {{\n{use}"
                         "    auto = subscribe\n  }\n")
        return "".join(lines)

    def configuration(self):
        capability = ""
        if self.profile == "rev1":
            capability = "imap_capability = IMAP4rev1\n"
        return f"""\
base_dir = {self._path("run")}
state_dir = {self._path("state")}
instance_name = pennon-{self.port}
log_path = {self._path("log")}
protocols = imap
listen = 127.0.0.1
{self._accounts()}\
first_valid_uid = 1
mail_uid = {self.mail_uid}
mail_gid = {self.mail_gid}
mail_home = {self._path("mail")}/%u
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
mailbox_list_index = yes
mail_plugins = zlib
disable_plaintext_auth = no
auth_mechanisms = plain login scram-sha-256
auth_failure_delay = 0
{capability}\
ssl = yes
ssl_cert = <{self.tls}/{self.certificate}.pem
ssl_key = <{self.tls}/{self.certificate}.key
ssl_min_protocol = TLSv1.2
protocol imap {{
  mail_plugins = $mail_plugins imap_zlib
  imap_idle_notify_interval = 60 s
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self._path("passwd")}
}}
userdb {{
  driver = static
  args = uid={self.mail_uid} gid={self.mail_gid} home={self._path("mail")}/%u
}}
namespace inbox {{
  inbox = yes
  separator = {self.separator}
  prefix = {self.prefix}
{self._mailboxes()}}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
{self.extra}"""

    def start(self):
        """Returns when the server has greeted."""
        conf = self._path("dovecot.conf")
        with open(conf, "w", encoding="utf-8") as out:
            out.write(self.configuration())
        os.chmod(conf, 0o644)
        self.output = open(self._path("output"), "ab")
        # whatever happens to the tests, the server does not outlive them
        self.process = subprocess.Popen(
            [tool("setpriv"), "--pdeathsig", "TERM", tool("dovecot"), "-F",
             "-c", conf],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output,
            start_new_session=True,
            env={"PATH": sbin_path(), "LC_ALL": "C.UTF-8"})
        deadline = time.monotonic() + 10
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port),
                                              2) as sock:
                    if sock.recv(4) == b"* OK":
                        return self
            except OSError:
                pass
            if self.process.poll() is not None or \
                    time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("dovecot does not start:\n" + self.log())
            time.sleep(0.01)

    def stop(self):
        """Ends the server and all its sessions; the mail stays."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        # the master waits for sessions that are open: they end now
        deadline = time.monotonic() + 5
        while True:
            over = time.monotonic() > deadline
            left = _session_of(self.process.pid)
            for pid in left:
                _kill(pid, signal.SIGKILL if over else signal.SIGTERM)
            if self.process.poll() is not None and not left:
                break
            time.sleep(0.01)
        self.process = None
        self.output.close()

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def log(self):
        text = ""
        for name in ("output", "log"):
            try:
                with open(self._path(name), encoding="utf-8",
                          errors="replace") as log:
                    text += log.read()
            except FileNotFoundError:
                pass
        return text

    def doveadm(self, *arguments, check=True):
        return subprocess.run(
            [tool("doveadm"), "-c", self._path("dovecot.conf"), *arguments],
            check=check, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, env={"PATH": sbin_path(),
                                           "LC_ALL": "C.UTF-8"}).stdout

    def mailbox(self, name):
        """A mailbox's full name in this profile, from a "/" path."""
        if name.upper() == "INBOX":
            return "INBOX"
        return self.prefix + name.replace("/", self.separator)

    def maildir(self, user, name="INBOX"):
        """Where a mailbox lies on disk, name with "/" as separator."""
        base = self._path("mail", user, "Maildir")
        if name.upper() == "INBOX":
            return base
        return os.path.join(base, "." + name.replace("/", "."))

    def give_to_mail(self, path):
        """Hands files written from outside to the user who owns the mail."""
        if not self.root:
            return
        for top, _, names in os.walk(path):
            os.chown(top, self.mail_uid, self.mail_gid)
            for name in names:
                os.chown(os.path.join(top, name), self.mail_uid,
                         self.mail_gid)


def _group():
    import grp
    return grp.getgrgid(os.getgid()).gr_name


def _session_of(leader):
    """Processes of the session that @leader began, but for itself."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", "rb") as stat:
                fields = stat.read().rpartition(b")")[2].split()
        except OSError:
            continue
        # state, parent, group, session
        if int(fields[3]) == leader and int(pid) != leader and \
                fields[0] != b"Z":
            found.append(int(pid))
    return found


def _kill(pid, number):
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
