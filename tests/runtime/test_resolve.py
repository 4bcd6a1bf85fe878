#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The resolver against name servers of our own, honest ones and others.

usage: test_resolve.py TOOL, the binary of resolve_tool.c
"""
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TOOL = os.path.abspath(sys.argv[1])
A, CNAME, AAAA = 1, 5, 28
NAME = b"\xc0\x0c"  # where the question has it


def name(text):
    return b"".join(bytes([len(part)]) + part.encode()
                    for part in text.split(".")) + b"\0"


def record(kind, data, owner=NAME, ttl=60):
    return owner + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def a(text, **more):
    return record(A, socket.inet_aton(text), **more)


class Question:
    def __init__(self, packet):
        self.packet = packet
        end = packet.index(b"\0", 12) + 1
        self.text = packet[12:end + 4]
        self.kind = struct.unpack(">H", packet[end:end + 2])[0]
        parts, at = [], 12
        while packet[at]:
            parts.append(packet[at + 1:at + 1 + packet[at]].decode())
            at += packet[at] + 1
        self.spelt = ".".join(parts)
        self.name = self.spelt.lower()

    def answer(self, *records, code=0, flags=0x8180, id=None, text=None,
               count=None):
        head = struct.pack(">HHHHHH", struct.unpack(
            ">H", self.packet[:2])[0] if id is None else id, flags | code, 1,
            len(records) if count is None else count, 0, 0)
        return head + (self.text if text is None else text) + b"".join(records)


class Server:
    """UDP and TCP on one port; answer(question, tcp) gives packets to send."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        for target in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=target, daemon=True).start()

    def packets(self, packet, tcp):
        question = Question(packet)
        self.asked.append((question, tcp))
        return self.answer(question, tcp) or []

    def serve_udp(self):
        while True:
            try:
                packet, sender = self.udp.recvfrom(4096)
            except OSError:
                return
            if not packet:
                return  # closed
            for answer in self.packets(packet, False):
                self.udp.sendto(answer, sender)

    def serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            with connection:
                length = struct.unpack(">H", connection.recv(2))[0]
                for answer in self.packets(connection.recv(length), True):
                    frame = struct.pack(">H", len(answer)) + answer
                    # In pieces, as TCP may deliver it.
                    connection.sendall(frame[:1])
                    time.sleep(0.01)
                    connection.sendall(frame[1:])

    def close(self):
        # Shutdown wakes the threads that are waiting in accept and recvfrom.
        for end in (self.tcp, self.udp):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


def nothing(question, tcp):
    return [question.answer()]


class Resolve(unittest.TestCase):
    def resolve(self, answer, *names, hosts="", conf=None, timeout_ms=3000):
        """What the tool prints for each name, and the server."""
        server = Server(answer)
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for base, text in (("hosts", hosts), ("conf", conf or (
                    "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n"))):
                paths.append(os.path.join(folder, base))
                with open(paths[-1], "w") as file:
                    file.write(text)
            try:
                result = subprocess.run(
                    [TOOL, *paths, str(server.port), str(timeout_ms)],
                    input="".join(one + "\n" for one in names).encode(),
                    capture_output=True, timeout=20)
            finally:
                server.close()
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode().split("\n")[:-1], server

    def test_without_a_server(self):
        hosts = ("# 10.0.0.9 commented\n10.0.0.1 one two # three\n"
                 "::2 six\n10.0.0.2\ttwo\nrubbish four\n")
        for text, expected in (
            ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"),
            ("one", "10.0.0.1"), ("TWO", "10.0.0.1 10.0.0.2"),
            ("six", "::2"), ("localhost", "127.0.0.1 ::1"),
            ("a.localhost", "127.0.0.1 ::1"), ("", "no name"),
            ("three", "the host has no address"),
            ("commented", "the host has no address"),
            ("four", "the host has no address"),
            ("notlocalhost", "the host has no address"),
            (".", "no name"), ("a..b", "no name"), ("a" * 64 + ".b", "no name"),
            (("a" * 60 + ".") * 5 + "b", "no name"),
        ):
            with self.subTest(text):
                self.assertEqual(self.resolve(nothing, text, hosts=hosts)[0],
                                 [expected])

    def test_answers(self):
        six = socket.inet_pton(socket.AF_INET6, "2001:db8::1")
        good = a("10.1.1.1")

        def both(question, tcp):
            return [question.answer(good if question.kind == A
                                    else record(AAAA, six))]

        def only(packets, kind=A):
            return lambda q, tcp: [q.answer()] if q.kind != kind else packets(q)

        def alias(q):
            return [q.answer(record(CNAME, name("x.test")),
                             a("10.1.1.2", owner=name("x.test")))]

        def backwards(q):
            return [q.answer(a("10.1.1.2", owner=name("y.test")),
                             record(CNAME, name("y.test"),
                                    owner=name("x.test")),
                             record(CNAME, name("x.test")))]

        def many(q):
            return [q.answer(*[a("10.1.2.%d" % i) for i in range(12)])]

        for what, answer, expected in (
            ("both kinds", both, "10.1.1.1 2001:db8::1"),
            ("IPv4 only", only(lambda q: [q.answer(good)]), "10.1.1.1"),
            ("IPv6 only", only(lambda q: [q.answer(record(AAAA, six))], AAAA),
             "2001:db8::1"),
            ("an alias", only(alias), "10.1.1.2"),
            ("aliases in a strange order", only(backwards), "10.1.1.2"),
            ("more than we keep", only(many), " ".join(
                "10.1.2.%d" % i for i in range(8))),
            ("none", nothing, "the host has no address"),
            ("no such name", lambda q, tcp: [q.answer(code=3)],
             "there is no such host"),
            ("a stranger's address", only(lambda q: [q.answer(a(
                "10.6.6.6", owner=name("evil.test")))]),
             "the host has no address"),
            ("another class", only(lambda q: [q.answer(
                NAME + struct.pack(">HHIH", A, 3, 60, 4) + b"\n\6\6\6")]),
             "the host has no address"),
            ("three bytes", only(lambda q: [q.answer(record(A, b"\n\6\6"))]),
             "the host has no address"),
        ):
            with self.subTest(what):
                self.assertEqual(self.resolve(answer, "h.test")[0], [expected])

    def test_lies_are_waited_past(self):
        truth = a("10.1.1.1")
        lie = a("10.6.6.6")
        for what, lies in (
            ("wrong id", lambda q: [q.answer(
                lie, id=(q.packet[0] << 8 | q.packet[1]) ^ 1)]),
            ("wrong case", lambda q: [q.answer(
                lie, text=q.text.swapcase()[:-4] + q.text[-4:])]),
            ("another name", lambda q: [q.answer(
                lie, text=name("other.test") + q.text[-4:])]),
            ("another kind", lambda q: [q.answer(
                lie, text=q.text[:-4] + b"\0\x10\0\1")]),
            ("a question", lambda q: [q.answer(lie, flags=0x0100)]),
            ("no question", lambda q: [
                q.packet[:2] + b"\x81\x80\0\0\0\1\0\0\0\0" + lie]),
            ("rubbish", lambda q: [b"", b"x", b"\0" * 12, b"\xff" * 512]),
        ):
            with self.subTest(what):
                said, _ = self.resolve(
                    lambda q, tcp: (lies(q) if q.kind == A else []) +
                    [q.answer(truth) if q.kind == A else q.answer()],
                    "host.with.letters.test")
                self.assertEqual(said, ["10.1.1.1"])

    def test_broken_answers(self):
        for what, records, count in (
            ("a name that points to itself", [b"\xc0\x1c" + b"\0" * 10], 1),
            ("a name that points ahead", [b"\xc0\xff" + b"\0" * 10], 1),
            ("two that point at each other",
             [b"\xc0\x1e\xc0\x1c" + b"\0" * 10], 1),
            ("more records than there are", [], 5),
            ("data past the end",
             [NAME + struct.pack(">HHIH", A, 1, 60, 400) + b"\n\1\1\1"], 1),
            ("an alias to itself", [record(CNAME, NAME)], 1),
            ("an alias that ends early", [record(CNAME, b"\x0fx")], 1),
        ):
            with self.subTest(what):
                started = time.monotonic()
                said, _ = self.resolve(
                    lambda q, tcp: [q.answer(*records, count=count)], "h.test")
                self.assertEqual(said, ["no name server answers"])
                self.assertLess(time.monotonic() - started, 5)

    def test_long_answers_come_over_tcp(self):
        def answer(question, tcp):
            if question.kind != A:
                return [question.answer()]
            if not tcp:
                return [question.answer(flags=0x8380)]
            return [question.answer(*[a("10.2.0.%d" % i)
                                      for i in range(8)])]

        said, server = self.resolve(answer, "h.test")
        self.assertEqual(said, [" ".join("10.2.0.%d" % i for i in range(8))])
        self.assertEqual([tcp for q, tcp in server.asked if q.kind == A],
                         [False, True])

    def test_servers_and_attempts(self):
        good = a("10.1.1.1")

        def second_time(question, tcp):
            spelt = [q.spelt for q, _ in server_asked if q.kind == A]
            server_asked.append((question, tcp))
            if question.kind == A and not spelt:
                return []
            return [question.answer(*[good] * (question.kind == A))]

        server_asked = []
        said, _ = self.resolve(second_time, "abcdefghijklmnop.test")
        self.assertEqual(said, ["10.1.1.1"])
        spelt = [q.spelt for q, _ in server_asked if q.kind == A]
        self.assertNotEqual(spelt[0], spelt[0].lower())
        self.assertEqual(spelt[1], "abcdefghijklmnop.test")

        # Nobody listens at the first; the second one fails, the third knows.
        said, _ = self.resolve(
            lambda q, tcp: [q.answer(*[good] * (q.kind == A))], "h.test",
            conf="nameserver 127.0.0.9\nnameserver junk\nnameserver "
            "127.0.0.1\noptions timeout:1\n")
        self.assertEqual(said, ["10.1.1.1"])
        for code in (2, 5):
            said, server = self.resolve(
                lambda q, tcp: [q.answer(code=code)], "h.test")
            self.assertEqual(said, ["no name server answers"])
            self.assertEqual(len(server.asked), 4)

    def test_deadline(self):
        started = time.monotonic()
        said, _ = self.resolve(lambda q, tcp: [], "h.test", timeout_ms=300)
        self.assertEqual(said, ["no name server answers"])
        self.assertLess(time.monotonic() - started, 2)

    def test_cache(self):
        def answer(ttl):
            return lambda q, tcp: [
                q.answer(*[a("10.1.1.1", ttl=ttl)] * (q.kind == A))]

        for ttl, asked in ((60, 2), (0, 6), (2 ** 31 + 5, 6)):
            with self.subTest(ttl=ttl):
                said, server = self.resolve(answer(ttl), *["h.test"] * 3)
                self.assertEqual(said, ["10.1.1.1"] * 3)
                self.assertEqual(len(server.asked), asked)

    def test_ids_and_case_differ(self):
        _, server = self.resolve(nothing, *["abcdefghijklmnop.test"] * 8)
        self.assertGreater(len({q.packet[:2] for q, _ in server.asked}), 12)
        self.assertGreater(len({q.spelt for q, _ in server.asked}), 12)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
