# SPDX-License-Identifier: MIT
"""WebSocket's protocol against ws_echo: what the Autobahn test suite covers,
and below what it leaves out.

    WS_ECHO=_build/tests/gateway/ws_echo python3 tests/gateway/test_autobahn.py
"""
import os
import socket
import struct
import subprocess
import time
import unittest

import wire_cases
import wire_utf8
from wire import BINARY, MORE, PING, PONG, TEXT, Wire, close_frame, frame, request

ECHO = os.environ["WS_ECHO"]
# How many of the cases there have to be, so that none goes missing unseen.
CHAPTERS = {
    "1 framing": (wire_cases.framing, 16),
    "2 pings and pongs": (wire_cases.pings, 11),
    "3 reserved bits": (wire_cases.reserved, 7),
    "4 opcodes": (wire_cases.opcodes, 10),
    "5 fragmentation": (wire_cases.fragmentation, 20),
    "6 UTF-8": (wire_utf8.texts, 270),
    "7 closing": (wire_cases.closing, 37),
    "9 limits": (wire_cases.limits, 54),
    "10 fragmenting": (wire_cases.fragmenting, 1),
}


class Echo:
    """A ws_echo that runs; it has to end well, sanitizers included."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            [ECHO, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())

    def line(self):
        """What it prints next."""
        return self.process.stdout.readline().strip()

    def stop(self):
        """Its exit code."""
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=20)


class EchoCase(unittest.TestCase):
    """With one echo for all tests of the class."""

    words = ()

    @classmethod
    def setUpClass(cls):
        cls.echo = Echo(*cls.words)

    @classmethod
    def tearDownClass(cls):
        code = cls.echo.stop()
        if code:
            raise AssertionError(f"ws_echo ended with {code}")

    def wire(self, path="/echo", **more):
        wire = Wire(self.echo.port, path, **more)
        self.addCleanup(wire.socket.close)
        return wire

    def expect(self, wire, wanted):
        """The next event is the wanted one; of a close without its reason."""
        got = wire.event()
        shown = (got[0], got[1][:40], len(got[1])) if got[0] in ("text", "binary") else got
        self.assertEqual(got[: len(wanted)], wanted, f"got {shown}")


class Autobahn(EchoCase):
    """The cases by their numbers."""

    def talk(self, steps):
        with self.wire() as wire:
            for step in steps:
                if isinstance(step, tuple):
                    self.expect(wire, step)
                else:
                    wire.send(step, getattr(step, "chop", 0))
            if not wire.closed:
                wire.send(close_frame(1000))
                self.expect(wire, ("close", 1000))
            self.expect(wire, ("end",))

    def test_cases(self):
        for chapter, (cases, count) in CHAPTERS.items():
            done = 0
            started = time.monotonic()
            for number, name, steps in cases():
                done += 1
                with self.subTest(f"{number} {name}"):
                    self.talk(steps)
            self.assertEqual(done, count, f"chapter {chapter}")
            print(f"chapter {chapter}: {done} cases, {time.monotonic() - started:.1f} s")


class BeyondAutobahn(EchoCase):
    """What its suite leaves out."""

    def test_broken_frames(self):
        rows = [
            ("a text not masked", frame(TEXT, b"Hello", mask=None), 1002),
            ("an empty one not masked", frame(TEXT, mask=None), 1002),
            ("a ping not masked", frame(PING, b"x", mask=None), 1002),
            ("a close not masked", b"\x88\x02\x03\xe8", 1002),
            ("5 bytes with 16 bits of length", frame(TEXT, b"Hello", length=2), 1002),
            ("5 bytes with 64 bits of length", frame(TEXT, b"Hello", length=8), 1002),
            ("65535 bytes with 64", frame(TEXT, b"*" * 65535, length=8), 1002),
            ("a length past 63 bits", b"\x82\xff" + b"\xff" * 8, 1002),
            ("all of 63 bits", b"\x82\xff\x7f" + b"\xff" * 7, 1009),
            ("a message past the limit", b"\x82\xff" + struct.pack(">Q", (64 << 20) + 1), 1009),
            ("its second fragment past it", frame(BINARY, b"x", fin=False)
             + b"\x80\xff" + struct.pack(">Q", 64 << 20), 1009),
            ("an opcode, and nothing else", b"\x83", 1002),
            ("a binary within a text", frame(TEXT, b"a", fin=False) + frame(BINARY, b"b"), 1002),
            ("HTTP in place of frames", b"GET / HTTP/1.1\r\n\r\n", 1002),
        ]
        for name, data, code in rows:
            with self.subTest(name), self.wire() as wire:
                wire.send(data)
                self.expect(wire, ("close", code))
                # Whatever else is said is not heard.
                wire.send(frame(TEXT, b"Hello") * 100)
                self.expect(wire, ("end",))

    def test_handshakes(self):
        good = request()
        rows = [
            ("as it should be", good, 101),
            ("a plain GET", b"GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", 426),
            ("other words around", request(Upgrade="h2c, WebSocket", Connection="keep-alive, UPGRADE"), 101),
            ("another protocol", request(Upgrade="h2c"), 426),
            ("no upgrade in Connection", request(Connection="keep-alive"), 400),
            ("no Connection", request(drop=["Connection"]), 400),
            ("no key", request(drop=["Sec-WebSocket-Key"]), 400),
            ("an empty key", request(Sec_WebSocket_Key=""), 400),
            ("a key of 15 bytes", request(key="AAAAAAAAAAAAAAAAAAAA"), 400),
            ("of 17", request(key="AAAAAAAAAAAAAAAAAAAAAAA="), 400),
            ("a key that is no base64", request(key="!AAAAAAAAAAAAAAAAAAAAA=="), 400),
            ("bits behind the key", request(key="AAAAAAAAAAAAAAAAAAAAAB=="), 400),
            ("two keys", good.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), 400),
            ("no version", request(drop=["Sec-WebSocket-Version"]), 426),
            ("version 8", request(Sec_WebSocket_Version="8"), 426),
            ("version 13 and more", request(Sec_WebSocket_Version="130"), 426),
            ("POST", good.replace(b"GET", b"POST", 1), 405),
            ("HTTP/1.0", good.replace(b"HTTP/1.1", b"HTTP/1.0", 1), 400),
            ("an offer to compress", request(
                Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits"), 101),
            ("an offer of protocols", request(Sec_WebSocket_Protocol="a, b"), 101),
        ]
        for name, data, status in rows:
            with self.subTest(name), self.wire(raw=True) as wire:
                wire.send(data)
                got, headers = wire.response()
                self.assertEqual(got, status)
                if status == 426:
                    self.assertEqual(headers.get("sec-websocket-version"), "13")
                    self.assertEqual(headers.get("upgrade"), "websocket")
                # Nothing is negotiated that nobody chose.
                self.assertNotIn("sec-websocket-extensions", headers)
                self.assertNotIn("sec-websocket-protocol", headers)
                if status == 101:
                    wire.send(frame(TEXT, b"there") + close_frame())
                    self.expect(wire, ("text", b"there"))
                    self.expect(wire, ("close", 1005))

    def test_accept(self):
        """RFC 6455's own example."""
        with self.wire(raw=True) as wire:
            wire.send(request(key="dGhlIHNhbXBsZSBub25jZQ=="))
            status, headers = wire.response()
            self.assertEqual(status, 101)
            self.assertEqual(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    def test_frames_behind_the_handshake(self):
        """Sent along with the request, up to within a frame."""
        data = frame(TEXT, b"early") + frame(PING, b"p") + frame(TEXT, b"cut")
        for cut in range(len(data) + 1):
            with self.subTest(cut), self.wire(rest=data[:cut]) as wire:
                wire.send(data[cut:])
                self.expect(wire, ("text", b"early"))
                self.expect(wire, ("pong", b"p"))
                self.expect(wire, ("text", b"cut"))

    def test_close_behind_the_handshake(self):
        with self.wire("/command", rest=close_frame(4001, b"bye")) as wire:
            self.expect(wire, ("close", 4001))
            self.expect(wire, ("end",))
        self.assertEqual(self.echo.line(), "closed 4001 bye")

    def test_half_close(self):
        """A client that says no more still hears."""
        with self.wire() as wire:
            wire.send(frame(TEXT, b"last") + close_frame(1000))
            wire.socket.shutdown(socket.SHUT_WR)
            self.expect(wire, ("text", b"last"))
            self.expect(wire, ("close", 1000))
            self.expect(wire, ("end",))


class Endings(EchoCase):
    """How a socket ends, as its user is told."""

    def ends(self, line):
        self.assertEqual(self.echo.line(), line)

    def test_client_first(self):
        rows = [
            ("a code", close_frame(1000), "closed 1000"),
            ("a code and a reason", close_frame(4999, "grüße".encode()), "closed 4999 grüße"),
            ("the longest reason", close_frame(3000, b"*" * 123), "closed 3000 " + "*" * 123),
            ("no code", close_frame(), "closed 1005"),
            ("within a message", frame(TEXT, b"a", fin=False) + close_frame(1001), "closed 1001"),
            ("within a frame of one", frame(TEXT, b"a", fin=False) + close_frame(1001)
             + frame(MORE, b"send 1 1"), "closed 1001"),
            ("a message behind it", close_frame(1001) + frame(TEXT, b"count"), "closed 1001"),
            ("another close behind it", close_frame(1001) + close_frame(1002), "closed 1001"),
            ("not masked", b"\x81\x00", "closed 1002 not masked"),
            ("not UTF-8", frame(TEXT, b"\xff"), "closed 1007 a text not in UTF-8"),
        ]
        for name, data, line in rows:
            with self.subTest(name), self.wire("/command") as wire:
                wire.send(data)
                self.expect(wire, ("close", int(line.split()[1])))
                self.expect(wire, ("end",))
                wire.socket.close()
                self.ends(line)

    def test_server_first(self):
        for answer, name in (
            (close_frame(4000), "answered"),
            (close_frame(1001), "answered by another"),
            (frame(TEXT, b"count") * 3 + frame(PING) + close_frame(4000), "messages meanwhile"),
            (frame(TEXT, b"\xff"), "a broken one meanwhile"),
        ):
            with self.subTest(name), self.wire("/command") as wire:
                wire.send(frame(TEXT, b"close 4000 so long"))
                self.assertEqual(wire.event(), ("close", 4000, b"so long"))
                wire.send(answer)
                self.expect(wire, ("end",))
                wire.socket.close()
                self.ends("closed 4000 so long")

    def test_both_at_once(self):
        with self.wire("/command") as wire:
            wire.send(frame(TEXT, b"close 4000 ours") + close_frame(4001, b"theirs"))
            self.assertEqual(wire.event(), ("close", 4000, b"ours"))
            self.expect(wire, ("end",))
            wire.socket.close()
            self.ends("closed 4000 ours")

    def test_never_answered(self):
        """The server waits, but not for ever."""
        with self.wire("/command") as wire:
            started = time.monotonic()
            wire.send(frame(TEXT, b"close 4000 so long"))
            self.ends("closed 4000 so long")
            self.assertGreater(time.monotonic() - started, 1.5)
            self.expect(wire, ("close", 4000))
            self.expect(wire, ("end",))

    def test_never_ended(self):
        """The client closes, but keeps its TCP connection."""
        with self.wire("/command") as wire:
            wire.send(close_frame(4002, b"mine"))
            self.expect(wire, ("close", 4002))
            self.expect(wire, ("end",))
            self.ends("closed 4002 mine")

    def test_cut(self):
        for name, way in (("end", 0), ("reset", 1), ("within a frame", 2), ("within a message", 3)):
            with self.subTest(name), self.wire("/command") as wire:
                if way == 1:
                    linger = struct.pack("ii", 1, 0)
                    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if way == 2:
                    wire.send(frame(TEXT, b"count")[:7])
                if way == 3:
                    wire.send(frame(TEXT, b"a" * 5000, fin=False))
                wire.socket.close()
                self.ends("closed 1006")

    def test_half_open(self):
        """A client that ends without a close is gone: 1006."""
        with self.wire("/command") as wire:
            wire.socket.shutdown(socket.SHUT_WR)
            self.ends("closed 1006")
            self.expect(wire, ("end",))

    def test_cut_by_us(self):
        for behind in (b"", frame(TEXT, b"count"), close_frame(1000)):
            with self.subTest(behind), self.wire("/command") as wire:
                wire.send(frame(TEXT, b"cut") + behind)
                self.expect(wire, ("end",))
                self.ends("closed 1006")

    def test_released_within_a_message(self):
        with self.wire("/command") as wire:
            wire.send(frame(TEXT, b"release") + frame(TEXT, b"count"))
            self.expect(wire, ("end",))
        with self.wire("/command") as wire:
            wire.send(frame(TEXT, b"there are"))
            self.assertEqual(self.echo.line(), "there are 1")
            wire.socket.close()
            self.ends("closed 1006")


    def test_paused(self):
        """Of what came meanwhile nothing is told before it is resumed."""
        say = [frame(TEXT, word) for word in (b"one", b"pause", b"two", b"pause", b"three")]
        said = ["one 1", "resumed", "two 1", "resumed", "three 1"]
        together = b"".join(say) + close_frame(4000)
        for data, name in (
            ([together], "at once"),
            ([*say, close_frame(4000)], "one by one"),
            ([together[:25], together[25:]], "cut within a frame"),
        ):
            with self.subTest(name), self.wire("/command") as wire:
                for part in data:
                    wire.send(part)
                    time.sleep(0.01)
                for line in said:
                    self.ends(line)
                self.expect(wire, ("close", 4000))
                self.ends("closed 4000")
        with self.subTest("with the handshake"), self.wire("/command", rest=together) as wire:
            for line in said:
                self.ends(line)
            self.expect(wire, ("close", 4000))
            self.ends("closed 4000")
        with self.subTest("cut meanwhile"), self.wire("/command", rest=b"".join(say)) as wire:
            linger = struct.pack("ii", 1, 0)
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.ends("one 1")
            wire.socket.close()
            self.ends("closed 1006")
        with self.subTest("closed by us meanwhile"), self.wire("/command") as wire:
            wire.send(frame(TEXT, b"part") + frame(TEXT, b"two") + close_frame(4001))
            self.ends("parted")
            started = time.monotonic()
            self.assertEqual(wire.event(), ("close", 4000, b"ours"))
            # The client's answer had come long before.
            self.expect(wire, ("end",))
            self.assertLess(time.monotonic() - started, 1.5)
            wire.socket.close()
            self.ends("closed 4000 ours")
        with self.subTest("closed within"), self.wire("/command") as wire:
            wire.send(frame(TEXT, b"pause") + frame(TEXT, b"close 4001 x") + frame(TEXT, b"two"))
            self.ends("resumed")
            self.expect(wire, ("close", 4001))
            wire.send(close_frame(4001))
            self.expect(wire, ("end",))
            wire.socket.close()
            self.ends("closed 4001 x")


class Slow(EchoCase):
    """Clients that do not read. Frames of 1000, and 1 MB may wait."""

    words = (1000, 1 << 20, 1 << 20)

    def test_fragments(self):
        """What is sent is split, characters and all."""
        text = "ä".encode() * 1750
        with self.wire() as wire:
            wire.send(frame(TEXT, text))
            got = [wire.frame() for _ in range(4)]
            self.assertEqual([opcode for opcode, _, _ in got], [TEXT, MORE, MORE, MORE])
            self.assertEqual([fin for _, fin, _ in got], [False, False, False, True])
            self.assertEqual([len(part) for _, _, part in got], [1000, 1000, 1000, 500])
            self.assertEqual(b"".join(part for _, _, part in got), text)
            wire.send(frame(BINARY, b"x" * 1000))
            self.assertEqual(wire.frame(), (BINARY, True, b"x" * 1000))

    def test_full(self):
        """Past what may wait nothing is sent, and what was sent arrives."""
        with self.wire("/command", receive_buffer=4096) as wire:
            wire.send(frame(TEXT, b"send 100000 5000"))
            count, word = self.echo.line().split()
            self.assertEqual(word, "full")
            count = int(count)
            self.assertGreater(count * 5000, 1 << 20)
            for _ in range(count):
                self.assertEqual(len(wire.event()[1]), 5000)
            wire.send(close_frame(1000))
            self.expect(wire, ("close", 1000))
            self.expect(wire, ("end",))
        self.assertEqual(self.echo.line(), "closed 1000")

    def test_close_behind_what_waits(self):
        """A close leaves after what waits, also to a client that says no more."""
        for ask, half in (
            (close_frame(4000), False),
            (close_frame(4000), True),
            (frame(TEXT, b"close 4000 x"), False),
            (frame(TEXT, b"close 4000 x"), True),
        ):
            with self.subTest(ask, half=half), self.wire("/command", receive_buffer=4096) as wire:
                # More than the system takes off the server's hands.
                wire.send(frame(TEXT, b"send 1 6000000") + ask)
                if half:
                    wire.socket.shutdown(socket.SHUT_WR)
                self.assertEqual(self.echo.line(), "1 sent")
                self.assertEqual(len(wire.event()[1]), 6000000)
                self.expect(wire, ("close", 4000))
                if not half:
                    wire.send(close_frame(4000))
                self.expect(wire, ("end",))
                wire.socket.close()
                self.assertIn(self.echo.line(), ("closed 4000", "closed 4000 x"))

    def test_pings_of_a_slow_reader(self):
        """Their pongs do not pile up: the server stops reading, then goes on."""
        ping = frame(PING, b"x" * 125)
        with self.wire(receive_buffer=4096) as wire:
            sent = 0
            data = ping * 100
            view = memoryview(data)
            while sent < 64 << 20:
                try:
                    sent += wire.socket.send(view[sent % len(data):])
                except BlockingIOError:
                    time.sleep(0.2)
                    try:
                        sent += wire.socket.send(view[sent % len(data):])
                    except BlockingIOError:
                        break
            self.assertLess(sent, 64 << 20)
            wire.send(view[sent % len(data):])
            sent += len(data) - sent % len(data)
            for _ in range(sent // len(ping)):
                self.assertEqual(wire.event(), ("pong", b"x" * 125))
            wire.send(frame(TEXT, b"still here"))
            self.expect(wire, ("text", b"still here"))

    def test_slow_reader_alone(self):
        """Others are served meanwhile."""
        with self.wire(receive_buffer=4096) as slow, self.wire() as quick:
            slow.socket.setblocking(False)
            big = frame(BINARY, b"x" * 500000) * 4
            try:
                while slow.socket.send(big):
                    pass
            except BlockingIOError:
                pass
            for at in range(50):
                quick.send(frame(TEXT, b"%d" % at))
                self.expect(quick, ("text", b"%d" % at))

    def test_a_byte_at_a_time(self):
        with self.wire() as wire:
            for byte in frame(TEXT, b"slowly") + frame(PONG) + frame(PING, b"x"):
                wire.send(bytes([byte]))
                time.sleep(0.002)
            self.expect(wire, ("text", b"slowly"))
            self.expect(wire, ("pong", b"x"))


class Idle(EchoCase):
    """What a connection costs that does nothing."""

    COUNT = 500

    def resident(self):
        """The server's memory in bytes, without what it shares."""
        with open(f"/proc/{self.echo.process.pid}/smaps_rollup", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("Private_Dirty:"):
                    return int(line.split()[1]) * 1024
        raise AssertionError("no Private_Dirty")

    def test_memory(self):
        if os.environ.get("WS_SANITIZED"):
            self.skipTest("sanitizers keep what was freed")
        warm = [self.wire() for _ in range(50)]
        before = self.resident()
        wires = []
        for _ in range(self.COUNT):
            wire = self.wire()
            # What it needed for these it gives back.
            wire.send(frame(TEXT, b"x" * 3000, fin=False))
            wire.send(frame(MORE, b"y" * 3000))
            self.assertEqual(len(wire.event()[1]), 6000)
            wires.append(wire)
        each = (self.resident() - before) / self.COUNT
        print(f"an idle connection: {each:.0f} bytes")
        self.assertLess(each, 1024)
        for wire in warm + wires:
            wire.socket.close()


if __name__ == "__main__":
    unittest.main()
