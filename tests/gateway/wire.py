# SPDX-License-Identifier: MIT
"""A WebSocket client by hand, for what no library would send.

It knows RFC 6455 from the client's side, and checks what it is sent: not
masked, no reserved bits, lengths as short as they can be, nothing behind a
close.
"""
import base64
import hashlib
import os
import select
import socket
import struct
import time

MORE, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NAMES = {TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong"}
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE = 20


class WireError(Exception):
    """The server sent what it must not, or nothing."""


def mask_bytes(payload, mask):
    """The payload masked, at once: byte by byte takes Python too long."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def frame(opcode, payload=b"", fin=True, rsv=0, mask=b"\x1f\x7e\x80\xc3", length=None):
    """A frame's bytes. mask None: not masked; length: how many bytes to write it in."""
    size = len(payload)
    if length is None:
        length = 0 if size < 126 else 2 if size < 65536 else 8
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0 if mask is None else 0x80
    if length == 0:
        head += bytes([bit | size])
    elif length == 2:
        head += bytes([bit | 126]) + struct.pack(">H", size)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", size)
    if mask is None:
        return head + payload
    return head + mask + mask_bytes(payload, mask)


def close_frame(code=None, reason=b""):
    """A close's bytes; without a code it is empty."""
    return frame(CLOSE, b"" if code is None else struct.pack(">H", code) + reason)


def request(path="/echo", host="127.0.0.1", key=None, drop=(), **more):
    """A handshake's bytes; more replaces or adds headers, `_` for `-`."""
    headers = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key or base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    headers.update({name.replace("_", "-"): value for name, value in more.items()})
    lines = [f"{name}: {value}" for name, value in headers.items() if name not in drop]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


class Wire:
    """A connection; events come as (name, payload) or (close, code, reason)."""

    def __init__(self, port, path="/echo", raw=False, rest=b"", receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.bytes = bytearray()
        self.ended = False
        self.closed = False
        self.message = None
        if not raw:
            self.open(path, rest)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def open(self, path, rest=b""):
        """Shake hands, with `rest` sent along; the 101 is checked."""
        key = base64.b64encode(os.urandom(16))
        self.send(request(path, key=key.decode()) + rest)
        status, headers = self.response()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest()).decode()
        if status != 101 or headers.get("sec-websocket-accept") != accept:
            raise WireError(f"no handshake: {status} {headers}")
        self.headers = headers

    def response(self):
        """The head of an HTTP response; what is behind it stays."""
        deadline = time.monotonic() + PATIENCE
        while b"\r\n\r\n" not in self.bytes:
            if self.ended:
                raise WireError(f"ended within a head: {bytes(self.bytes)!r}")
            self.wait(deadline)
        head, _, self.bytes = self.bytes.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return int(first.split()[1]), headers

    def read(self):
        """Take what is there."""
        try:
            got = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except ConnectionError:
            got = b""
        if not got:
            self.ended = True
        self.bytes += got

    def poll(self, events, patience):
        """What of it happens in so many seconds; select() ends at 1024 of them."""
        poller = select.poll()
        poller.register(self.socket, events)
        happened = poller.poll(patience * 1000)
        return happened[0][1] if happened else 0

    def wait(self, deadline):
        """Wait until something is there."""
        left = deadline - time.monotonic()
        if left <= 0 or not self.poll(select.POLLIN, left):
            raise WireError(f"nothing came; so far {bytes(self.bytes[:80])!r}")
        self.read()

    def send(self, data, chop=0):
        """Send it, reading meanwhile; chop: so many bytes a segment."""
        view = memoryview(data)
        while view and not self.ended:
            try:
                view = view[self.socket.send(view[:chop] if chop else view):]
            except BlockingIOError:
                # It may wait for us to read.
                events = self.poll(select.POLLIN | select.POLLOUT, PATIENCE)
                if not events:
                    raise WireError("cannot send") from None
                if events & ~select.POLLOUT:
                    self.read()
            except ConnectionError:
                self.ended = True

    def parse(self):
        """One frame off the bytes: (opcode, fin, payload), or None."""
        have = self.bytes
        if len(have) < 2:
            return None
        if have[0] & 0x70:
            raise WireError("reserved bits are set")
        if have[1] & 0x80:
            raise WireError("a server masks")
        size, at = have[1], 2
        if size >= 126:
            at = 4 if size == 126 else 10
            if len(have) < at:
                return None
            least = 126 if size == 126 else 65536
            size = int.from_bytes(have[2:at], "big")
            if size < least:
                raise WireError("a length longer than it need be")
        if len(have) < at + size:
            return None
        payload = bytes(have[at:at + size])
        opcode, fin = have[0] & 15, bool(have[0] & 0x80)
        del have[:at + size]
        return opcode, fin, payload

    def frame(self, patience=PATIENCE):
        """The next frame; None at the end of the connection."""
        deadline = time.monotonic() + patience
        while True:
            got = self.parse()
            if got or self.ended:
                break
            self.wait(deadline)
        if self.closed and got:
            raise WireError("a frame behind the close")
        if got and got[0] == CLOSE:
            self.closed = True
        if not got and self.bytes:
            raise WireError("ended within a frame")
        return got

    def event(self, patience=PATIENCE):
        """The next message or control frame."""
        while True:
            got = self.frame(patience)
            if got is None:
                return ("end",)
            opcode, fin, payload = got
            if opcode == CLOSE:
                if not payload:
                    return ("close", 1005, b"")
                return ("close", int.from_bytes(payload[:2], "big"), payload[2:])
            if opcode in (PING, PONG):
                return (NAMES[opcode], payload)
            if (opcode == MORE) != (self.message is not None):
                raise WireError("fragments out of order")
            if opcode != MORE:
                self.message = (opcode, [])
            self.message[1].append(payload)
            if fin:
                opcode, parts = self.message
                self.message = None
                return (NAMES[opcode], b"".join(parts))
