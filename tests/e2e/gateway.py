# SPDX-License-Identifier: MIT
"""What the tests of the local gateway share: the gateway on a project, and a
WebSocket client that works with bytes, so that it can be as wrong as need be.
"""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

import e2e
import sign

PROGRAM = os.path.abspath(
    os.environ.get("WSGEN_GATEWAY", e2e.BUILD / "runtime/gateway/wsgen-gateway")
)
HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 20  # seconds, where something has to come

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Gateway:
    """wsgen-gateway on a build folder, until stop(). Ports are free ones."""

    def __init__(self, build, *words, loud=True):
        self.build = pathlib.Path(build)
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [
                PROGRAM,
                *("--port", "0", "--control"),
                *(["--verbose"] if loud else []),
                *words,
                str(build),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=e2e.environment(),
        )
        self.urls = {}
        self.ready = self.hear()
        if self.ready is None:
            code = self.stop()
            raise AssertionError(f"it ended with {code}: {self.said()}")
        for api in self.ready["apis"]:
            stage = api["url"].rsplit("/", 1)[1]
            self.urls[api["name"], stage] = urllib.parse.urlsplit(api["url"])

    def hear(self):
        """The next line from the gateway; None at its end."""
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def order(self, **order):
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def said(self):
        """All that it wrote to standard error."""
        size = os.fstat(self.errors.fileno()).st_size
        return os.pread(self.errors.fileno(), size, 0).decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(PATIENCE)
        self.process.stdout.close()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        for mark in ("Sanitizer", "runtime error:"):
            if mark in self.said():
                raise AssertionError(self.said()[-8000:])
        return self.process.returncode

    def url(self, api, stage="dev"):
        return self.urls[api, stage]

    def http(self, api, method, path, body=None, headers=None, stage="dev"):
        """Status, headers (lower-case names) and body of one request."""
        url = self.url(api, stage)
        link = http.client.HTTPConnection(url.hostname, url.port, timeout=PATIENCE)
        link.request(method, path, body, headers or {})
        answer = link.getresponse()
        text = answer.read()
        link.close()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            text.decode(),
        )

    def manage(self, api, method, connection, body=None, stage="dev", key=sign.LOCAL,
               **how):
        """A signed @connections call."""
        path = f"/{stage}/@connections/{urllib.parse.quote(connection, safe='')}"
        headers = sign.in_headers(
            method, path, self.url(api, stage).netloc, body or b"", key, **how
        )
        return self.http(api, method, path, body, headers, stage)

    def advance(self, by):
        """Move its clock: "10m"."""
        api, stage = next(iter(self.urls))
        status, _, text = self.http(
            api, "POST", "/_wsgen/clock", json.dumps({"advance": by}), stage=stage
        )
        assert status == 204, (status, text)

    def kept(self, function):
        """What that puppet kept, oldest first."""
        file = self.build / "functions" / function / "events.jsonl"
        if not file.exists():
            return []
        return [json.loads(line) for line in file.read_text().splitlines()]


class Refused(Exception):
    """The handshake was answered with this in place of 101."""

    def __init__(self, status, headers, body):
        super().__init__(f"{status} {body}")
        self.status, self.headers, self.body = status, headers, body


class Client:
    """A WebSocket client, one frame at a time."""

    def __init__(self, url, query="", headers=(), wait=True):
        self.url = url
        self.link = socket.create_connection((url.hostname, url.port), PATIENCE)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.came = b""
        self.key = base64.b64encode(os.urandom(16)).decode()
        target = url.path + (f"?{query}" if query else "")
        names = {name.lower() for name, _ in headers}
        lines = [
            f"GET {target} HTTP/1.1",
            *([] if "host" in names else [f"Host: {url.netloc}"]),
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {self.key}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers),
        ]
        head = "\r\n".join([*lines, "", ""])
        # "\udcff" is a byte that is no UTF-8.
        self.link.sendall(head.encode(errors="surrogateescape"))
        if wait:
            self.answer()

    def answer(self):
        """Read the 101, or raise Refused."""
        while b"\r\n\r\n" not in self.came:
            self._more()
        head, self.came = self.came.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        if self.status != 101:
            length = int(self.headers.get("content-length", 0))
            while len(self.came) < length:
                self._more()
            self.link.close()
            raise Refused(self.status, self.headers, self.came[:length].decode())
        guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        proof = hashlib.sha1((self.key + guid).encode()).digest()
        assert self.headers["sec-websocket-accept"] == base64.b64encode(proof).decode()
        return self

    def _more(self):
        came = self.link.recv(65536)
        if not came:
            raise EOFError("the gateway closed the connection")
        self.came += came

    def _take(self, count):
        while len(self.came) < count:
            self._more()
        taken, self.came = self.came[:count], self.came[count:]
        return taken

    def send_frame(self, opcode, payload=b"", final=True):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([opcode | (0x80 if final else 0)])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += struct.pack("!BH", 0x80 | 126, size)
        else:
            head += struct.pack("!BQ", 0x80 | 127, size)
        pad = mask * (size // 4 + 1)
        masked = bytes(a ^ b for a, b in zip(payload, pad)) if size < 4096 else (
            int.from_bytes(payload, "big") ^ int.from_bytes(pad[:size], "big")
        ).to_bytes(size, "big")
        self.link.sendall(head + mask + masked)

    def send(self, text):
        """A message: text, or what becomes JSON; in frames that AWS takes."""
        if not isinstance(text, str):
            text = json.dumps(text)
        payload = text.encode()
        pieces = [payload[i : i + 32768] for i in range(0, len(payload), 32768)] or [b""]
        for i, piece in enumerate(pieces):
            self.send_frame(0 if i else TEXT, piece, i == len(pieces) - 1)

    def frame(self, patience=PATIENCE):
        """The next frame: final, opcode, payload."""
        self.link.settimeout(patience)
        first, second = self._take(2)
        assert not second & 0x80, "a server does not mask"
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return bool(first & 0x80), first & 0x0F, self._take(size)

    def text(self):
        """The next message, which has to be one."""
        payload = b""
        while True:
            final, opcode, piece = self.frame()
            assert opcode in (0, TEXT), (opcode, piece)
            payload += piece
            if final:
                return payload.decode()

    def ask(self, message):
        self.send(message)
        return self.text()

    def is_quiet(self, patience=0.2):
        """Whether nothing comes for a while."""
        try:
            self.frame(patience)
        except (TimeoutError, socket.timeout):
            return True
        return False

    def closed(self):
        """Code and reason of the close that comes; None, None if it is cut."""
        try:
            while True:
                _, opcode, payload = self.frame()
                if opcode == CLOSE:
                    break
        except (EOFError, ConnectionError):
            return None, None
        if not payload:
            return 1005, ""
        return struct.unpack("!H", payload[:2])[0], payload[2:].decode()

    def close(self, code=None, reason=""):
        """See the closing handshake through, begun by us."""
        payload = b"" if code is None else struct.pack("!H", code) + reason.encode()
        self.send_frame(CLOSE, payload)
        answer = self.closed()
        self.link.close()
        return answer

    def cut(self):
        self.link.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.link.close()


def puppeteer(build):
    """Put the puppet where the functions' programs would be."""
    for function in json.loads((build / "gateway.json").read_text())["functions"]:
        program = build / function["bootstrap"]
        for file in ("sign.py", "puppet.py"):
            shutil.copy(HERE / file, program.parent)
        program.write_text(f"#!{sys.executable} -SE\nimport puppet\n")
        program.chmod(0o755)


class Rows(unittest.TestCase):
    """Tests on the APIs of rows.yaml, served by one gateway for a class."""

    maxDiff = None
    spec = HERE / "rows.yaml"
    options = ("--clock", "manual", "--api-key", "web=0123456789abcdef0123")

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-rows-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        made = e2e.run(e2e.WSGEN, cls.spec, "-o", folder / "build")
        assert made.returncode == 0, made.stderr
        puppeteer(folder / "build")
        cls.gateway = Gateway(folder / "build", *cls.options)
        cls.addClassCleanup(cls.gateway.stop)

    def tearDown(self):
        # What failed is easier to see next to what the gateway said.
        outcome = getattr(self, "_outcome", None)
        result = getattr(outcome, "result", None)
        failures = getattr(result, "failures", []) + getattr(result, "errors", [])
        if any(test is self for test, _ in failures):
            print(self.gateway.said()[-8000:], file=sys.stderr)

    def connect(self, api="main", stage="dev", do=None, auth=None, query="", headers=(),
                wait=True):
        """A client; do and auth are the puppets' orders."""
        more = {}
        if do is not None:
            more["do"] = json.dumps(do)
        if auth is not None:
            more["auth"] = json.dumps(auth)
        query = "&".join(filter(None, [query, urllib.parse.urlencode(more)]))
        client = Client(self.gateway.url(api, stage), query, headers, wait)
        self.addCleanup(client.link.close)
        return client

    def refused(self, *words, **more):
        """Status and body of a handshake that is refused."""
        with self.assertRaises(Refused) as caught:
            self.connect(*words, **more)
        self.refusal = caught.exception
        return caught.exception.status, caught.exception.body

    def events(self, function="main", kind=None):
        """What a puppet was called with, of a kind: CONNECT, MESSAGE ..."""
        return [
            event
            for event in self.gateway.kept(function)
            if "called" not in event
            and kind in (None, event["requestContext"].get("eventType"))
        ]

    def calls(self, function="main"):
        """What the puppet's @connections calls came to."""
        return [event for event in self.gateway.kept(function) if "called" in event]

    def id_of(self, client, route="ask"):
        """The connection's id, as a function is told."""
        mark = os.urandom(8).hex()
        client.ask({"action": route, "mark": mark})
        for event in reversed(self.events(kind="MESSAGE") ):
            if mark in event["body"]:
                return event["requestContext"]["connectionId"]
        raise AssertionError("the function was not called")

    def eventually(self, look, what):
        return e2e.eventually(look, what, PATIENCE)

    def left(self, function, connection):
        """The DISCONNECT event of a connection."""
        return self.eventually(
            lambda: next(
                (
                    event["requestContext"]
                    for event in self.events(function, "DISCONNECT")
                    if event["requestContext"]["connectionId"] == connection
                ),
                None,
            ),
            f"$disconnect of {connection}",
        )
