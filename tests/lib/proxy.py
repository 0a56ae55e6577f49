"""A TLS front for a Dovecot: it records commands, stalls, cuts and counts.

The client speaks TLS to the proxy, the proxy speaks plain IMAP to the server
over loopback. What the client sent is seen even under COMPRESS.
"""

import asyncio
import base64
import json
import re
import socket
import ssl
import struct
import threading
import time
import zlib

import dovecot

LITERAL = re.compile(rb"\{(\d+)\+?\}$")


class Commands:
    """Cuts a client's bytes into commands; secrets are left out."""

    def __init__(self, emit):
        self.emit = emit
        self.buffer = b""
        self.command = b""
        self.literal = 0
        self.awaited = None   # tag whose answer ends a dialogue
        self.kind = b""       # AUTHENTICATE, COMPRESS, STARTTLS, IDLE
        self.inflate = None
        self.filter = None
        self.user = None

    def feed(self, data):
        if self.inflate is not None:
            data = self.inflate.decompress(data)
        self.buffer += data
        while self._step():
            pass

    def _step(self):
        if self.literal:
            if len(self.buffer) < self.literal:
                return False
            text, self.buffer = (self.buffer[:self.literal],
                                 self.buffer[self.literal:])
            self.literal = 0
            short = len(text) <= 256 and b"\n" not in text
            self.command += text if short else b"..."
            return True
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        if self.kind == b"AUTHENTICATE":
            self._sasl(line)
            return True
        literal = LITERAL.search(line)
        self.command += line
        if literal:
            self.literal = int(literal.group(1))
            return True
        command, self.command = self.command, b""
        self._whole(command)
        return True

    def _whole(self, command):
        words = command.split(b" ")
        verb = words[1].upper() if len(words) > 1 else b""
        if verb in (b"AUTHENTICATE", b"COMPRESS", b"STARTTLS"):
            self.awaited, self.kind = words[0], verb
        if verb == b"AUTHENTICATE":
            if len(words) > 3:
                self._sasl(words[3])
            command = b" ".join(words[:3])
        elif verb == b"LOGIN":
            name = re.match(rb'(?:\{\d+\+?\})?"?([^" ]*)',
                            b" ".join(words[2:]))
            self.user = name.group(1).decode("utf-8", "replace")
            command = b" ".join(words[:2])
        self.emit(self.user, command.decode("utf-8", "replace"))

    def _sasl(self, text):
        """The user's name, from PLAIN or SCRAM; the rest is not kept."""
        try:
            answer = base64.b64decode(text)
        except ValueError:
            return
        found = re.match(rb"[^\0]*\0([^\0]+)\0", answer) or \
            re.match(rb"n,[^,]*,n=([^,]+),", answer) or \
            re.match(rb"([^\0,]+)$", answer)
        if found and self.user is None:
            self.user = found.group(1).decode("utf-8", "replace")

    def answered(self, data):
        """Looks for the awaited tagged line in what the server sent, before
        it reaches the client. Returns: the verb that succeeded, if any."""
        if self.awaited is None:
            return None
        found = re.search(rb"(?:^|\n)" + re.escape(self.awaited) +
                          rb" (OK|NO|BAD)", data)
        if found is None:
            return None
        verb, self.kind, self.awaited = self.kind, b"", None
        if found.group(1) != b"OK":
            return None
        if verb == b"COMPRESS":
            self.inflate = zlib.decompressobj(-15)
        return verb


class Filter:
    """Lets commands through to the server, or answers in its place.

    @answer: gets a command's first line; returns None to let it pass, or what
    the client hears instead, with %(tag)s for the tag; b"" is silence
    """

    def __init__(self, answer):
        self.answer = answer
        self.buffer = b""
        self.literal = 0
        self.middle = False   # the next line goes on with a command
        self.swallow = False

    def feed(self, data):
        """Returns: bytes for the server, bytes for the client."""
        self.buffer += data
        forth, back = b"", b""
        while self.buffer:
            if self.literal:
                piece = self.buffer[:self.literal]
                self.literal -= len(piece)
                self.buffer = self.buffer[len(piece):]
                forth += b"" if self.swallow else piece
                continue
            line, found, rest = self.buffer.partition(b"\r\n")
            if not found:
                break
            self.buffer = rest
            if not self.middle:
                told = self.answer(line.decode("utf-8", "replace"))
                self.swallow = told is not None
                back += (told or b"").replace(b"%(tag)s",
                                              line.partition(b" ")[0])
            literal = LITERAL.search(line)
            self.middle = literal is not None
            if literal:
                self.literal = int(literal.group(1))
                if self.swallow and not line.endswith(b"+}"):
                    # it waits for our word, and that was no
                    self.literal, self.middle = 0, False
            if not self.swallow:
                forth += line + b"\r\n"
        return forth, back


class Proxy:
    """Serves on a loopback port until close().

    @log: file that gets a line of JSON for each command
    @starttls: the client begins in clear
    """

    def __init__(self, server, log=None, certificate="server",
                 starttls=False):
        self.server = server
        self.log = log
        self.starttls = starttls
        self.label = ""
        self.commands = []        # (user, command)
        self.received = 0         # bytes from the clients to the server
        self.sent = 0             # bytes from the server to the clients
        self.cut_up = None        # cut when so many were received
        self.cut_down = None      # cut when so many were sent
        self.cut_how = end_of_file
        self.streams = None       # both directions, while they are kept
        self.answer = None        # see Filter
        self.rewrite = None       # bytes of the server → what is sent of it
        self.accepted = 0
        self.port = dovecot.free_port()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{server.tls}/{certificate}.pem",
                                     f"{server.tls}/{certificate}.key")
        self.loop = asyncio.new_event_loop()
        self.writers = set()
        self.flowing = None
        self.listener = None
        ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, args=(ready,),
                                       daemon=True)
        self.thread.start()
        ready.wait(5)

    # ---- called from the test's thread ----

    def stall(self):
        """No byte passes in either direction; connections stay."""
        self._call(self.flowing.clear)

    def release(self):
        self._call(self.flowing.set)

    def cut(self):
        """All connections are reset."""
        self._call(self._abort)

    def cut_after(self, up=None, down=None, how=None):
        """Once so many more bytes have passed, the connection ends in the
        middle: a TCP end of file to the client, without TLS's farewell.
        @how: reset, or what else is to happen then; it gets the writer"""
        def arm():
            self.cut_up = None if up is None else self.received + up
            self.cut_down = None if down is None else self.sent + down
            self.cut_how = how or end_of_file

        self._call(arm)

    def keep_streams(self):
        """From now on. Returns: {"up": bytes, "down": bytes}, growing."""
        self.streams = {"up": bytearray(), "down": bytearray()}
        return self.streams

    def was_cut(self):
        """The point that cut_after() named has been reached."""
        return self.cut_up is None and self.cut_down is None

    def refuse(self):
        """Cuts, and takes no new connection until accept()."""
        asyncio.run_coroutine_threadsafe(self._close_listener(),
                                         self.loop).result(5)
        self.cut()

    def accept(self):
        asyncio.run_coroutine_threadsafe(self._listen(),
                                         self.loop).result(5)

    def close(self):
        if self.loop.is_closed():
            return
        self.refuse()
        self._call(self.loop.stop)
        self.thread.join(5)

    def commands_of(self, user):
        return [command for who, command in self.commands if who == user]

    def _call(self, func):
        done = threading.Event()

        def run():
            func()
            done.set()

        self.loop.call_soon_threadsafe(run)
        done.wait(5)

    # ---- on the proxy's thread ----

    def _serve(self, ready):
        asyncio.set_event_loop(self.loop)
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.loop.run_until_complete(self._listen())
        ready.set()
        self.loop.run_forever()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(
            asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    async def _listen(self):
        if self.listener is None:
            self.listener = await asyncio.start_server(
                self._client, "127.0.0.1", self.port,
                ssl=None if self.starttls else self.context)

    async def _close_listener(self):
        if self.listener is not None:
            self.listener.close()
            self.listener = None

    def _abort(self):
        for writer in self.writers:
            writer.transport.abort()

    def _emit(self, user, command):
        self.commands.append((user, command))
        if self.log:
            with open(self.log, "a", encoding="utf-8") as out:
                out.write(json.dumps(
                    {"case": self.label, "profile": self.server.profile,
                     "user": user, "time": time.time(),
                     "command": command}) + "\n")

    async def _client(self, reader, writer):
        self.accepted += 1
        try:
            up_reader, up_writer = await asyncio.open_connection(
                "127.0.0.1", self.server.port)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, up_writer}
        self.writers |= pair
        commands = Commands(self._emit)
        if self.answer is not None:
            commands.filter = Filter(self.answer)
        tasks = [asyncio.create_task(self._up(reader, writer, up_writer,
                                              commands)),
                 asyncio.create_task(self._down(up_reader, writer, commands))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.writers -= pair
            for end in pair:
                end.close()

    async def _up(self, reader, front, back, commands):
        while data := await reader.read(65536):
            await self.flowing.wait()
            commands.feed(data)
            if self.streams is not None:
                self.streams["up"] += data
            if commands.kind == b"STARTTLS" and self.starttls:
                # the server behind stays in clear: the answer is ours
                tag = commands.awaited
                commands.kind, commands.awaited = b"", None
                front.write(tag + b" OK begin TLS\r\n")
                await front.drain()
                await front.start_tls(self.context)
                continue
            if self.cut_up is not None and \
                    self.received + len(data) >= self.cut_up:
                data = data[:self.cut_up - self.received]
                self.cut_up = None
                self.received += len(data)
                back.write(data)
                await back.drain()
                self.cut_how(front)
                return
            self.received += len(data)
            if commands.filter is not None:
                data, told = commands.filter.feed(data)
                front.write(told)
                if told.startswith(b"* BYE"):
                    return
            back.write(data)
            await back.drain()

    async def _down(self, reader, front, commands):
        while data := await reader.read(65536):
            await self.flowing.wait()
            commands.answered(data)
            if self.rewrite is not None:
                data = self.rewrite(data)
            if self.streams is not None:
                self.streams["down"] += data
            if self.cut_down is not None and \
                    self.sent + len(data) >= self.cut_down:
                data = data[:self.cut_down - self.sent]
                self.cut_down = None
                self.sent += len(data)
                front.write(data)
                await front.drain()
                self.cut_how(front)
                return
            self.sent += len(data)
            front.write(data)
            await front.drain()


def end_of_file(writer):
    """The TCP stream ends; TLS has not said good-bye."""
    try:
        writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
    except OSError:
        pass


def reset(writer):
    """RST: what is still on its way may be lost."""
    try:
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    writer.transport.abort()
