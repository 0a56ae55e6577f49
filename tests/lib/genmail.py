#!/usr/bin/env python3
"""Deterministic sample mail, written straight into a Maildir.

    genmail.py sample MAILDIR [--now SECONDS]    about 2,000 messages
    genmail.py bulk MAILDIR COUNT                small ones, in INBOX

The same arguments give the same bytes: nothing but random.Random(seed) and
@now decide. UIDs run from 1 in the order of arrival in each mailbox.
"""

import argparse
import base64
import os
import random
import sys
import time

import mailwords as words

UID_VALIDITY = 1794000000
NOW = 1795521600  # 2026-11-24 12:00 UTC
DAY = 86400
ME = ("Alice Example", "alice@example.org")
KEYWORDS = ["$Important", "$label1", "$Forwarded", "$Junk"]

# mailbox, messages, days back, language
SAMPLE = [
    ("INBOX", 420, 120, "en"),
    ("Archive", 260, 900, "en"),
    ("Archive/2025", 200, 660, "de"),
    ("Sent", 220, 400, "en"),
    ("Trash", 40, 40, "en"),
    ("Junk", 60, 20, "en"),
    ("Lists/debian-devel", 300, 90, "en"),
    ("Lists/imap-protocol", 180, 200, "en"),
    ("Projects/Hafenbau", 160, 300, "de"),
    ("Projects/\u6771\u4eac", 90, 250, "ja"),
    ("Receipts", 80, 500, "en"),
]


def mutf7(name):
    """RFC 3501 section 5.1.3."""
    out, run = [], ""

    def flush():
        nonlocal run
        if run:
            coded = base64.b64encode(run.encode("utf-16-be"))
            out.append("&" + coded.decode().rstrip("=").replace("/", ",")
                       + "-")
            run = ""

    for char in name:
        if " " <= char <= "~":
            flush()
            out.append("&-" if char == "&" else char)
        else:
            run += char
    flush()
    return "".join(out)


def encoded_word(text):
    """RFC 2047, in pieces of at most 75 characters."""
    if text.isascii():
        return text
    pieces, piece = [], ""
    for char in text:
        if len((piece + char).encode()) > 42:
            pieces.append(piece)
            piece = ""
        piece += char
    pieces.append(piece)
    return "\r\n ".join(
        "=?utf-8?b?" + base64.b64encode(part.encode()).decode() + "?="
        for part in pieces)


def address(person):
    name, mail = person
    if name.isascii():
        return f'"{name}" <{mail}>' if "." in name else f"{name} <{mail}>"
    return f"{encoded_word(name)} <{mail}>"


def date_field(when, zone="+0000"):
    offset = (int(zone[1:3]) * 60 + int(zone[3:])) * 60
    local = time.gmtime(when + (offset if zone[0] == "+" else -offset))
    return "{}, {:02} {} {} {:02}:{:02}:{:02} {}".format(
        "Mon Tue Wed Thu Fri Sat Sun".split()[local.tm_wday], local.tm_mday,
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[
            local.tm_mon - 1],
        local.tm_year, local.tm_hour, local.tm_min, local.tm_sec, zone)


class Message:
    """One message as it will lie in a mailbox."""

    def __init__(self, when, data, flags="", keywords=()):
        self.when = when
        self.data = data
        self.flags = flags
        self.keywords = keywords


class Writer:
    """A Maildir++ with UIDs, flags and keywords as Dovecot keeps them."""

    def __init__(self, maildir):
        self.maildir = maildir
        self.subscribed = []

    def mailbox(self, name, messages):
        folder = self.maildir
        if name != "INBOX":
            folder = os.path.join(folder, "." + ".".join(
                mutf7(part) for part in name.split("/")))
            self.subscribed.append(mutf7(name).replace("/", "."))
        for sub in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(folder, sub), exist_ok=True)
        if name != "INBOX":
            open(os.path.join(folder, "maildirfolder"), "w").close()
        lines = [f"3 V{UID_VALIDITY} N{len(messages) + 1} "
                 f"G{random.Random(name).getrandbits(128):032x}\n"]
        letters = {word: chr(ord("a") + at)
                   for at, word in enumerate(KEYWORDS)}
        for uid, message in enumerate(messages, 1):
            base = f"{message.when}.M{uid}P1.pennon,S={len(message.data)}"
            marks = "".join(sorted(message.flags)) + "".join(
                sorted(letters[word] for word in message.keywords))
            path = os.path.join(folder, "cur", f"{base}:2,{marks}")
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(fd, message.data)
            os.utime(fd, (message.when, message.when))
            os.close(fd)
            lines.append(f"{uid} :{base}\n")
        with open(os.path.join(folder, "dovecot-uidlist"), "w") as out:
            out.writelines(lines)
        with open(os.path.join(folder, "dovecot-keywords"), "w") as out:
            out.writelines(f"{at} {word}\n"
                           for at, word in enumerate(KEYWORDS))

    def finish(self):
        with open(os.path.join(self.maildir, "subscriptions"), "a") as out:
            out.write("V\t2\n\n")
            for name in self.subscribed:
                out.write(name.replace(".", "\t") + "\n")


class Sample:
    def __init__(self, now=NOW):
        self.now = now
        self.random = random.Random(8314)
        self.serial = 0

    # ---- pieces of a message ----

    def message_id(self):
        self.serial += 1
        return f"<{self.serial}.{self.random.getrandbits(40):x}" \
               "@mail.example.net>"

    def person(self, language):
        return self.random.choice(words.PEOPLE[language])

    def subject(self, language):
        pick = self.random.choice
        return pick(words.SUBJECTS[language]).format(
            n=self.random.randrange(2, 99), thing=pick(words.THINGS[language]))

    def paragraph(self, language, sentences):
        joint = "" if language == "ja" else " "
        return joint.join(
            self.random.choice(words.SENTENCES[language]).format(
                n=self.random.randrange(2, 99),
                thing=self.random.choice(words.THINGS[language]))
            for _ in range(sentences))

    def text(self, language, sender, quoted=None):
        lines = []
        if quoted is not None:
            for line in quoted.split("\n")[:12]:
                lines.append("> " + line if not line.startswith(">")
                             else ">" + line)
            lines.append("")
        for _ in range(self.random.randrange(1, 5)):
            text = self.paragraph(language, self.random.randrange(2, 6))
            lines += words.fill(text, 72) + [""]
        if self.random.random() < 0.15:
            lines += ["https://www.example.org/docs/%d" %
                      self.random.randrange(1000), ""]
        lines += ["-- ", sender[0]]
        return "\n".join(lines)

    @staticmethod
    def part(kind, content, extra=""):
        data = base64.encodebytes(content).replace(b"\n", b"\r\n")
        return (f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64"
                f"\r\n{extra}\r\n").encode() + data

    @staticmethod
    def text_part(text, kind="plain"):
        return (f"Content-Type: text/{kind}; charset=utf-8\r\n"
                "Content-Transfer-Encoding: 8bit\r\n\r\n").encode() + \
            text.replace("\n", "\r\n").encode() + b"\r\n"

    def multipart(self, kind, parts):
        mark = f"=-{self.random.getrandbits(60):x}"
        body = b"".join(b"--" + mark.encode() + b"\r\n" + part
                        for part in parts)
        return (f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'
                ).encode() + body + f"--{mark}--\r\n".encode()

    def attachment(self, language):
        name, kind = self.random.choice(words.FILES[language])
        size = self.random.choice([900, 4000, 20000, 90000])
        content = self.random.getrandbits(size * 8).to_bytes(size, "big")
        if name.isascii():
            where = f'filename="{name}"'
        else:
            where = "filename*=utf-8''" + "".join(
                chr(byte) if chr(byte).isalnum() and byte < 128 or
                byte in b"._-" else f"%{byte:02X}" for byte in name.encode())
        return self.part(kind, content,
                         f"Content-Disposition: attachment; {where}\r\n")

    def html(self, text):
        paragraphs = "".join(
            "<p>" + part.replace("&", "&amp;").replace("<", "&lt;").replace(
                "\n", "<br>\n") + "</p>\n" for part in text.split("\n\n"))
        return ("<html><head><style>p { color: #222 }</style></head><body>"
                f"\n<h1>{self.random.choice(words.SHOUTS)}</h1>\n"
                f"{paragraphs}<ul><li>one</li><li>two</li></ul>\n<p><a href="
                f'"https://shop.example.com/{self.random.randrange(999)}">'
                "www.example.com</a> <img src=\"https://pixel.example.com/a"
                '.gif" width="1" height="1"></p></body></html>\n')

    def body(self, language, text):
        dice = self.random.random()
        if dice < 0.18:
            return self.multipart("alternative", [
                self.text_part(text), self.text_part(self.html(text),
                                                     "html")])
        if dice < 0.24:
            return self.text_part(self.html(text), "html")
        if dice < 0.34:
            return self.multipart("mixed", [
                self.text_part(text), *[self.attachment(language) for _ in
                                        range(self.random.randrange(1, 4))]])
        return self.text_part(text)

    # ---- a mailbox ----

    def compose(self, language, sender, to, when, subject, text, above=(),
                list_id=None, body=None):
        own = self.message_id()
        zone = self.random.choice(words.ZONES)
        head = [f"From: {address(sender)}", f"To: {address(to)}",
                f"Subject: {encoded_word(subject)}",
                f"Date: {date_field(when, zone)}", f"Message-ID: {own}"]
        if self.random.random() < 0.2:
            head.append("Cc: " + address(self.person(language)))
        if above:
            head.append(f"In-Reply-To: {above[-1]}")
            head.append("References: " + "\r\n ".join(above[-12:]))
        if list_id:
            head.append(f"List-Id: <{list_id}>")
        head.append("MIME-Version: 1.0")
        data = "\r\n".join(head).encode() + b"\r\n" + (
            body or self.body(language, text))
        return own, data

    def flags(self, name, age):
        flags, keywords = set(), set()
        if name in ("Sent", "Trash") or \
                self.random.random() < min(0.97, 0.35 + age / (20 * DAY)):
            flags.add("S")
        if name == "INBOX" and self.random.random() < 0.05:
            flags.add("F")
        if "S" in flags and self.random.random() < 0.15:
            flags.add("R")
        if self.random.random() < 0.03:
            keywords.add("$Important")
        if name == "INBOX" and self.random.random() < 0.03:
            keywords.add("$label1")
        if name == "Junk":
            keywords.add("$Junk")
        return "".join(flags), tuple(keywords)

    def mailbox(self, name, count, days, language):
        messages, threads = [], []
        threaded = 0.75 if name.startswith("Lists/") else 0.4
        step = days * DAY / count
        list_id = name.split("/")[1] + ".lists.example.net" \
            if name.startswith("Lists/") else None
        for at in range(count):
            age = (count - at) * step
            when = int(self.now - age + self.random.random() * step * 0.9)
            spoken = language
            if name == "INBOX":
                spoken = self.random.choices(["en", "de", "ja"],
                                             [80, 15, 5])[0]
            person = self.person(spoken)
            sender, to = (ME, person) if name == "Sent" else (person, ME)
            if list_id:
                to = (list_id.split(".")[0], list_id.replace(".", "@", 1))
            old = None
            if threads and self.random.random() < threaded:
                old = self.random.choice(threads[-6:])
                spoken = old["language"]
            text = self.text(spoken, sender, old and old["text"])
            if old is None:
                old = {"language": spoken, "subject": self.subject(spoken),
                       "ids": []}
                threads.append(old)
            reply = "Re: " if old["ids"] else ""
            own, data = self.compose(spoken, sender, to, when,
                                     reply + old["subject"], text,
                                     old["ids"], list_id)
            old["ids"].append(own)
            old["text"] = text
            flags, keywords = self.flags(name, age)
            messages.append(Message(when, data, flags, keywords))
        return messages

    def drafts(self):
        messages = []
        for at in range(7):
            language = "de" if at % 3 == 1 else "en"
            to = self.person(language)
            when = self.now - (8 - at) * DAY
            text = self.text(language, ME)
            _, data = self.compose(language, ME, to, when,
                                   self.subject(language), text,
                                   body=self.text_part(text))
            messages.append(Message(when, data, "DS"))
        return messages

    def broken(self):
        """What real mailboxes hold and no standard allows."""
        when = self.now - 30 * DAY
        plain = b"MIME-Version: 1.0\r\nContent-Type: text/plain"
        made = [
            b"Subject: no sender, no date\r\n\r\nNobody wrote this.\r\n",
            b"From: <>\r\nSubject:\r\nDate: Thu, 32 Foo 20099 99:99:99\r\n"
            b"\r\nA date that never was.\r\n",
            b"From: J\xf6rg <joerg@example.net>\r\nSubject: Gr\xfc\xdfe, raw "
            b"Latin-1\r\n" + plain + b"; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe"
            b"\r\n",
            b"From: odd@example.net\r\nSubject: unknown charset\r\n" + plain +
            b"; charset=x-nowhere\r\n\r\nStill readable, \x80\x81.\r\n",
            b"From: odd@example.net\r\nSubject: no end\r\nMIME-Version: 1.0"
            b"\r\nContent-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\n"
            b"Content-Type: text/plain\r\n\r\nThe boundary never closes.\r\n",
            b"From: odd@example.net\r\nSubject: bad base64\r\n" + plain +
            b"\r\nContent-Transfer-Encoding: base64\r\n\r\nSGFsbG8=!!SGFsbG8"
            b"\r\n",
            b"From: \"\x1b[2J\x1b]0;owned\x07\" <esc@example.net>\r\nSubject: "
            b"\x1b[31mred\x1b[0m and \x9b2J\r\n\r\nBody \x1b[2J with "
            b"sequences.\r\n",
            b"From: odd@example.net\r\nSubject: " + b"very long " * 400 +
            b"\r\n\r\nLong.\r\n",
            b"From: odd@example.net\r\nSubject: twin\r\nMessage-ID: <twin@"
            b"example.net>\r\n\r\nThe first.\r\n",
            b"From: odd@example.net\r\nSubject: twin\r\nMessage-ID: <twin@"
            b"example.net>\r\n\r\nThe second.\r\n",
            b"From: odd@example.net\r\nSubject: header only\r\n",
            b"From: odd@example.net\r\nSubject: invoice\r\nMIME-Version: 1.0"
            b"\r\nContent-Type: application/octet-stream; name=\"invoice\xe2"
            b"\x80\xaefdp.exe\"\r\nContent-Disposition: attachment; filename="
            b"\"../../../tmp/invoice.exe\"\r\n\r\nMZ\r\n",
        ]
        return [Message(when + at, data, "S")
                for at, data in enumerate(made)]


def write_sample(maildir, now=NOW):
    """Returns how many messages each mailbox holds."""
    sample, writer, counts = Sample(now), Writer(maildir), {}
    for name, count, days, language in SAMPLE:
        messages = sample.mailbox(name, count, days, language)
        if name == "Archive":
            messages = sample.broken() + messages
            messages.sort(key=lambda message: message.when)
        writer.mailbox(name, messages)
        counts[name] = len(messages)
    drafts = sample.drafts()
    writer.mailbox("Drafts", drafts)
    counts["Drafts"] = len(drafts)
    writer.finish()
    return counts


def write_bulk(maildir, count, now=NOW, name="INBOX"):
    """@count small messages, one in ten unread, newest now."""
    def made():
        for at in range(1, count + 1):
            when = now - (count - at) * 60
            yield Message(when, (
                f"From: Sender {at % 997} <s{at % 997}@example.net>\r\n"
                f"To: Alice Example <alice@example.org>\r\n"
                f"Subject: bulk message {at}\r\nDate: {date_field(when)}\r\n"
                f"Message-ID: <bulk.{at}@example.net>\r\n\r\n"
                f"Number {at}.\r\n").encode(), "" if at % 10 == 0 else "S")

    Writer(maildir).mailbox(name, list(made()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["sample", "bulk"])
    parser.add_argument("maildir")
    parser.add_argument("count", nargs="?", type=int, default=100000)
    parser.add_argument("--now", type=int, default=NOW)
    options = parser.parse_args()
    if options.kind == "bulk":
        write_bulk(options.maildir, options.count, options.now)
        return
    counts = write_sample(options.maildir, options.now)
    print(f"{sum(counts.values())} messages in {len(counts)} mailboxes")


if __name__ == "__main__":
    sys.exit(main())
