"""A server that says exactly what a test wants: refusals, lies, garbage.

    def talk(line):                 one thread for each connection
        line.send(b"* OK hello\r\n")
        line.serve({b"LOGIN": b"* BYE no\r\n"})

    with Server(talk, tls=context) as server: ...
"""

import re
import socket
import ssl
import struct
import threading

LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")


class Line:
    """The server's end of one connection."""

    def __init__(self, server, sock):
        self.server = server
        self.sock = sock
        self.buffer = b""
        self.in_tls = isinstance(sock, ssl.SSLSocket)
        self.tag = b""

    def send(self, data):
        self.sock.sendall(data)

    def _more(self):
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError("the client went")
        self.server.note(self.in_tls, data)
        self.buffer += data

    def command(self):
        """Returns: one command with its literals, without its line end."""
        text = b""
        while True:
            while b"\r\n" not in self.buffer:
                self._more()
            line, _, self.buffer = self.buffer.partition(b"\r\n")
            text += line
            literal = LITERAL.search(line)
            if literal is None:
                break
            if not literal.group(2):
                self.send(b"+ go on\r\n")
            size = int(literal.group(1))
            while len(self.buffer) < size:
                self._more()
            text += self.buffer[:size]
            self.buffer = self.buffer[size:]
        self.tag = text.split(b" ")[0]
        with self.server.lock:
            self.server.commands.append((self.in_tls, text))
        return text

    def start_tls(self):
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)
        self.in_tls = True

    def reset(self):
        """RST: what was sent may be lost on the way."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.close()

    def end_of_file(self):
        """FIN, without TLS's close_notify."""
        socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self):
        self.sock.close()

    def serve(self, replies=None, capability=b"IMAP4rev1 AUTH=PLAIN SASL-IR"):
        """Answers until the client goes. @replies: verb -> bytes with %(tag)s
        left for the tag, or a function of (line, command); they come before
        the answers of an empty mailbox."""
        replies = replies or {}
        while True:
            command = self.command()
            words = command.split(b" ")
            verb = words[1].upper() if len(words) > 1 else b""
            if verb == b"UID" and len(words) > 2:
                verb += b" " + words[2].upper()
            reply = replies.get(verb)
            if callable(reply):
                reply = reply(self, command)
                if reply is None:
                    continue
            if reply is None:
                reply = usual(self, verb, words, capability)
            self.send(reply.replace(b"%(tag)s", self.tag))
            if verb == b"LOGOUT":
                return


def usual(line, verb, words, capability):
    """What a plain server with an empty INBOX would say."""
    if verb == b"CAPABILITY":
        return b"* CAPABILITY " + capability + b"\r\n%(tag)s OK done\r\n"
    if verb == b"AUTHENTICATE":
        if len(words) < 4:
            line.send(b"+ \r\n")
            line.command()
            line.tag = words[0]
        return b"%(tag)s OK logged in\r\n"
    if verb in (b"SELECT", b"EXAMINE"):
        return (b"* FLAGS (\\Seen \\Deleted)\r\n* 0 EXISTS\r\n* 0 RECENT\r\n"
                b"* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] x\r\n"
                b"* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 1] x\r\n"
                b"%(tag)s OK [READ-WRITE] done\r\n")
    if verb == b"LIST":
        return (b'* LIST () "/" INBOX\r\n* LIST (\\Drafts) "/" Drafts\r\n'
                b"%(tag)s OK done\r\n")
    if verb == b"LSUB":
        return b'* LSUB () "/" INBOX\r\n%(tag)s OK done\r\n'
    if verb == b"STATUS":
        return (b"* STATUS " + words[2] + b" (MESSAGES 0 UIDNEXT 1 "
                b"UIDVALIDITY 7 UNSEEN 0)\r\n%(tag)s OK done\r\n")
    if verb in (b"SEARCH", b"UID SEARCH"):
        return b"* SEARCH\r\n%(tag)s OK done\r\n"
    if verb == b"NAMESPACE":
        return b'* NAMESPACE (("" "/")) NIL NIL\r\n%(tag)s OK done\r\n'
    if verb == b"ID":
        return b"* ID NIL\r\n%(tag)s OK done\r\n"
    if verb == b"LOGOUT":
        return b"* BYE bye\r\n%(tag)s OK done\r\n"
    if verb in (b"LOGIN", b"NOOP", b"CHECK", b"UID FETCH", b"SUBSCRIBE",
                b"UNSELECT"):
        return b"%(tag)s OK done\r\n"
    return b"%(tag)s BAD what is that\r\n"


class Server:
    """@talk(line) runs for each connection, in a thread of its own. @tls: an
    ssl.SSLContext; @implicit: connections begin with TLS."""

    def __init__(self, talk, tls=None, implicit=True, host="127.0.0.1"):
        self.talk = talk
        self.tls = tls
        self.implicit = implicit and tls is not None
        self.commands = []      # (in TLS, command)
        self.clear = b""        # bytes that came outside TLS
        self.accepted = 0
        self.lock = threading.Lock()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, 0))
        self.socket.listen(16)
        self.port = self.socket.getsockname()[1]
        self.open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def note(self, in_tls, data):
        if not in_tls:
            with self.lock:
                self.clear += data

    def verbs(self, in_tls=None):
        with self.lock:
            return [command.split(b" ")[1].upper().decode()
                    for secure, command in self.commands
                    if b" " in command and in_tls in (None, secure)]

    def _accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            self.accepted += 1
            self.open.append(sock)
            threading.Thread(target=self._connection, args=(sock,),
                             daemon=True).start()

    def _connection(self, sock):
        try:
            if self.implicit:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self.open.append(sock)
            self.talk(Line(self, sock))
        except (OSError, ConnectionError, ValueError):
            pass
        finally:
            try:
                sock.close()
            except OSError:
                pass

    def close(self):
        self.socket.close()
        for sock in self.open:
            try:
                sock.close()
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def context(folder, certificate="server"):
    """TLS with a certificate that dovecot.make_certificates() made."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f"{folder}/{certificate}.pem",
                         f"{folder}/{certificate}.key")
    return made
