#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The HTTP client against servers that behave, and ones that do not.

usage: test_http_client.py TOOL, the binary of http_tool.c
"""
import os
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])


def says(raw, keep=True):
    def behave(connection, request, number):
        connection.sendall(raw)
        return keep
    return behave


def dribbles(raw, size=1):
    def behave(connection, request, number):
        for i in range(0, len(raw), size):
            connection.sendall(raw[i:i + size])
            time.sleep(0.0002)
        return True
    return behave


class Client(unittest.TestCase):
    def start(self, behave, **more):
        server = Server(behave, **more)
        self.addCleanup(server.close)
        return server

    def tool(self):
        process = subprocess.Popen([TOOL], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)

        def end():
            process.stdin.close()
            code = process.wait(10)
            process.stdout.close()
            self.assertEqual(code, 0)

        self.addCleanup(end)
        return process

    def ask(self, process, url, count=1, parallel=1, timeout_ms=3000,
            body_max=10000, body_size=3):
        process.stdin.write(b"%d %d %d %d %s %d\n" % (
            count, parallel, timeout_ms, body_max, url.encode(), body_size))
        process.stdin.flush()
        lines = []
        while True:
            line = process.stdout.readline().decode().rstrip("\n")
            if line in ("end", ""):
                return lines
            lines.append(line)

    def once(self, behave, path="/p", read_bodies=True, **more):
        server = self.start(behave, read_bodies=read_bodies)
        lines = self.ask(self.tool(), "http://127.0.0.1:%d%s" % (
            server.port, path), **more)
        self.assertEqual(len(lines), 1)
        return lines[0], server

    def test_answers(self):
        chunks = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  b"3\r\nabc\r\n00a ; x=\"y\"\r\n0123456789\r\n0\r\n"
                  b"Trailer: t\r\n\r\n")
        for what, raw, expected in (
            ("a length", answer(b"hello"), "0 200 5 'hello' ''"),
            ("a header", answer(b"", head="x-tEST:  a b \t"),
             "0 200 0 '' 'a b'"),
            ("chunks", chunks, "0 200 13 'abc0123456789' ''"),
            ("an informational one first",
             b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"x"), "0 200 1 'x' ''"),
            ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", "0 204 0 '' ''"),
            ("a redirect, not followed",
             answer(b"", "302 Found", "Location: http://127.0.0.1:1/"),
             "0 302 0 '' ''"),
            ("gone", answer(b"", "410 Gone", "X-Test: GoneException"),
             "0 410 0 '' 'GoneException'"),
            ("the same length twice", b"HTTP/1.1 200 OK\r\nContent-Length: 1"
             b"\r\nContent-Length: 1\r\n\r\nx", "0 200 1 'x' ''"),
            ("no reason", b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx",
             "0 200 1 'x' ''"),
        ):
            for how in (says(raw), dribbles(raw)):
                with self.subTest(what):
                    self.assertEqual(self.once(how)[0], expected)
        for what, raw, expected in (
            ("up to the end", b"HTTP/1.1 200 OK\r\n\r\nall of it",
             "0 200 9 'all of it' ''"),
            ("nothing", b"HTTP/1.0 200 OK\r\n\r\n", "0 200 0 '' ''"),
        ):
            with self.subTest(what):
                self.assertEqual(self.once(says(raw, False))[0], expected)

    def test_request(self):
        line, server = self.once(says(answer()), path="/a%20b/@c//")
        request = server.requests[0]
        self.assertEqual(request.line, "POST /a%20b/@c HTTP/1.1")
        self.assertEqual(request.header("host"),
                         "127.0.0.1:%d" % server.port)
        self.assertEqual(request.body, b"xxx")

    def test_broken_answers(self):
        ok = b"HTTP/1.1 200 OK\r\n"
        for what, raw in (
            ("not HTTP", b"SSH-2.0-x\r\n\r\n"),
            ("another version", b"HTTP/2.0 200 OK\r\n\r\n"),
            ("no status", b"HTTP/1.1 OK\r\n\r\n"),
            ("a strange status", b"HTTP/1.1 999 X\r\n\r\n"),
            ("a bare line feed", ok + b"A: b\nContent-Length: 0\r\n\r\n"),
            ("a bare carriage return", ok + b"A: b\rC\r\n\r\n"),
            ("a folded line", ok + b"A: b\r\n c\r\n\r\n"),
            ("a space before the colon", ok + b"A : b\r\n\r\n"),
            ("no colon", ok + b"header\r\n\r\n"),
            ("two lengths", ok + b"Content-Length: 1\r\nContent-Length: 2"
             b"\r\n\r\nxx"),
            ("a negative length", ok + b"Content-Length: -1\r\n\r\n"),
            ("no length", ok + b"Content-Length: \r\n\r\n"),
            ("a list of lengths", ok + b"Content-Length: 1, 1\r\n\r\nx"),
            ("a huge length", ok + b"Content-Length: 99999999999999999999"
             b"\r\n\r\n"),
            ("too long", ok + b"Content-Length: 10001\r\n\r\n"),
            ("another encoding", ok + b"Transfer-Encoding: gzip, chunked"
             b"\r\n\r\n"),
            ("a chunk of no number", ok + b"Transfer-Encoding: chunked"
             b"\r\n\r\nx\r\n"),
            ("a chunk that is too large", ok + b"Transfer-Encoding: chunked"
             b"\r\n\r\nffffffffffffffff\r\n"),
            ("a chunk that runs over", ok + b"Transfer-Encoding: chunked"
             b"\r\n\r\n1\r\nabc\r\n"),
            ("an upgrade", b"HTTP/1.1 101 Switching\r\n\r\n"),
            ("headers without an end", ok + b"A: b\r\n" * 20000),
            ("a body without an end", ok + b"\r\n" + b"x" * 20000),
        ):
            with self.subTest(what):
                self.assertEqual(self.once(says(raw, False))[0],
                                 "0 error the answer is no HTTP")
        for what, raw in (
            ("at once", b""), ("in the status", b"HTTP/1.1 2"),
            ("in a header", ok + b"Content-"),
            ("in the body", ok + b"Content-Length: 5\r\n\r\nhel"),
            ("in a chunk", ok + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
            ("before the last chunk",
             ok + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
        ):
            with self.subTest("closing " + what):
                self.assertEqual(self.once(says(raw, False))[0],
                                 "0 error closed without an answer")

    def test_kept_connections(self):
        server = self.start(says(answer(b"x")))
        process = self.tool()
        url = "http://127.0.0.1:%d/" % server.port
        for _ in range(5):
            self.assertEqual(self.ask(process, url, count=3),
                             ["%d 200 1 'x' ''" % i for i in range(3)])
        self.assertEqual(server.connections, 1)
        other = self.start(says(answer(b"y")))
        self.assertEqual(self.ask(process, "http://127.0.0.1:%d/" % other.port),
                         ["0 200 1 'y' ''"])
        self.ask(process, url)
        self.assertEqual((server.connections, other.connections), (1, 1))

    def test_idle_connections(self):
        """Another connection is opened once one was idle for 50 seconds."""
        for what, age, connections in (
            ("young", 49000, 1),
            ("old", 50001, 3),
            ("from the future", -60000, 3),  # the clock was put back
        ):
            with self.subTest(what):
                server = self.start(says(answer(b"x")))
                process = self.tool()
                url = "http://127.0.0.1:%d/" % server.port
                for _ in range(3):
                    self.assertEqual(self.ask(process, url),
                                     ["0 200 1 'x' ''"])
                    process.stdin.write(b"age %d\n" % age)
                self.assertEqual(server.connections, connections)
                self.assertEqual(len(server.requests), 3)

    def test_closed_while_idle(self):
        asked, said = threading.Event(), threading.Event()

        def behave(connection, request, number):
            connection.sendall(answer(b"x"))
            if number:
                return True
            # What some say before they close a connection that is idle is no
            # answer to the next request.
            asked.wait(5)
            connection.sendall(answer(b"", "408 Request Timeout"))
            said.set()
            return False

        server = self.start(behave)
        process = self.tool()
        url = "http://127.0.0.1:%d/" % server.port
        self.assertEqual(self.ask(process, url), ["0 200 1 'x' ''"])
        asked.set()
        self.assertTrue(said.wait(5))
        self.assertEqual(self.ask(process, url), ["0 200 1 'x' ''"])
        self.assertEqual(server.connections, 2)
        self.assertEqual(len(server.requests), 2)

    def test_connections_that_are_not_kept(self):
        for what, raw, keep in (
            ("close", answer(b"x", head="Connection: Close"), True),
            ("a list", answer(b"x", head="Connection: foo, close"), True),
            ("version 1.0", b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
             True),
            ("more than was asked for", answer(b"x") + answer(b"evil"), True),
            ("closed afterwards", answer(b"x"), False),
        ):
            with self.subTest(what):
                server = self.start(says(raw, keep))
                process = self.tool()
                for _ in range(3):
                    self.assertEqual(self.ask(
                        process, "http://127.0.0.1:%d/" % server.port),
                        ["0 200 1 'x' ''"])
                    time.sleep(0.02)
                self.assertEqual(server.connections, 3)
                self.assertEqual(len(server.requests), 3)

    def test_closed_as_the_request_came(self):
        # The second request on each connection is met by a closed door.
        seen = set()

        def behave(connection, request, number):
            if connection in seen:
                return False
            seen.add(connection)
            connection.sendall(answer(b"x"))
            return True

        server = self.start(behave)
        lines = self.ask(self.tool(), "http://127.0.0.1:%d/" % server.port,
                         count=3)
        self.assertEqual(lines, ["%d 200 1 'x' ''" % i for i in range(3)])
        self.assertEqual(server.connections, 3)

        # A fresh one is not asked twice, nor one that began to answer.
        line, server = self.once(says(b"", False))
        self.assertEqual(line, "0 error closed without an answer")
        self.assertEqual(len(server.requests), 1)

        def begins(connection, request, number):
            connection.sendall(answer(b"x") if not number else b"HTTP/1.1 2")
            return not number

        server = self.start(begins)
        self.assertEqual(self.ask(
            self.tool(), "http://127.0.0.1:%d/" % server.port, count=2),
            ["0 200 1 'x' ''", "1 error closed without an answer"])
        self.assertEqual(len(server.requests), 2)

    def test_parallel(self):
        gate = threading.Barrier(8)

        def behave(connection, request, number):
            # Only when eight are here at once does any of them go on.
            gate.wait(5)
            connection.sendall(answer(request.header("tag").encode()))
            return True

        server = self.start(behave)
        lines = self.ask(self.tool(), "http://127.0.0.1:%d/" % server.port,
                         count=40, parallel=8, timeout_ms=8000)
        self.assertEqual(sorted(lines), sorted(
            "%d 200 %d '%d' ''" % (i, len(str(i)), i) for i in range(40)))
        self.assertEqual(server.connections, 8)
        self.assertEqual(server.most_at_once, 8)

    def test_deadline(self):
        def stall(connection, request, number):
            time.sleep(1.5)
            return False

        def drip(connection, request, number):
            for byte in answer(b"x" * 5000):
                connection.sendall(bytes([byte]))
                time.sleep(0.002)
            return False

        # A listener whose queue is full: connecting never ends.
        full = socket.socket()
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = []
        for _ in range(4):
            fillers.append(socket.socket())
            fillers[-1].setblocking(False)
            fillers[-1].connect_ex(full.getsockname())
        for what, port, expected in (
            ("stalling", self.start(stall).port, ["0 error timed out"]),
            ("dripping", self.start(drip).port, ["0 error timed out"]),
            ("not accepting", full.getsockname()[1],
             ["0 error connecting timed out"]),
        ):
            with self.subTest(what):
                started = time.monotonic()
                lines = self.ask(self.tool(), "http://127.0.0.1:%d/" % port,
                                 timeout_ms=300, count=3)
                self.assertEqual(lines, expected)
                self.assertLess(time.monotonic() - started, 3)
        for one in fillers + [full]:
            one.close()

    def test_long_bodies(self):
        line, server = self.once(says(answer(b"x" * 9999)),
                                 body_size=2000000)
        self.assertEqual(line, "0 200 9999 '%s' ''" % ("x" * 40))
        self.assertEqual(len(server.requests[0].body), 2000000)

        def refuse(connection, request, number):
            connection.sendall(answer(b"no", "413 Too Large"))
            time.sleep(0.3)  # and reads nothing
            return False

        line, _ = self.once(refuse, read_bodies=False, body_size=8000000)
        self.assertEqual(line, "0 413 2 'no' ''")

    def test_where_nobody_listens(self):
        server = Server(says(answer()))
        server.close()
        for host in ("127.0.0.1", "localhost"):
            self.assertEqual(self.ask(
                self.tool(), "http://%s:%d/" % (host, server.port)),
                ["0 error connection refused"])
        # localhost is ::1 as well, where nobody is either.
        server = self.start(says(answer(b"x")))
        self.assertEqual(self.ask(
            self.tool(), "http://localhost:%d/" % server.port),
            ["0 200 1 'x' ''"])

    def test_urls(self):
        process = self.tool()
        for url in ("ftp://h/", "http://", "http:///p", "http://h:0/",
                    "http://h:65536/", "http://h:x/", "http://u@h/",
                    "http://h/?q", "http://h/#f", "http://[1::2/",
                    "http://[h]/", "http://h\x7f/", "https://", "h",
                    "http://%s/" % ("a" * 254)):
            with self.subTest(url):
                self.assertEqual(self.ask(process, url), ["no URL"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
