#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The samples, served and talked to as their READMEs say: each conversation in
one is held with wscat, and has to go as it is printed there.
"""

import re
import signal
import subprocess
import sys
import time
import unittest
import unittest.mock
import urllib.parse

import e2e
import node
import sign
import wscat
from gateway import PATIENCE, Client, Refused
from test_dev import free_port

BUILD_PATIENCE = 60  # seconds for a compiler on a busy machine

# What differs from day to day.
CHANGING = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")),
    (r"[\w-]{15}=", re.compile(r"[\w-]{15}=")),
)


def expected(line):
    """A pattern of the line, whatever the time and the connection."""
    pattern = re.escape(line)
    for to, changing in CHANGING:
        for found in changing.findall(line):
            pattern = pattern.replace(re.escape(found), to)
    return pattern


def conversations(readme):
    """Of each that begins with wscat: the command, and the lines below it."""
    found = []
    for line in readme.splitlines():
        if not line.startswith("    "):
            continue
        line = line.strip()
        if line.startswith("wscat "):
            found.append((line, []))
        elif found and line.startswith(("> ", "< ", "error: ")):
            found[-1][1].append(line)
    # One without is for an address that is not here.
    return [(command, lines) for command, lines in found if lines]


class Samples(e2e.Case):
    @classmethod
    def setUpClass(cls):
        node.install(node.WSCAT)

    def start(self, name):
        """As `make dev` does it."""
        self.project = self.folder / name
        self.wsgen("new", name, "--sample", name)
        self.port = free_port()
        # What it would run, to run it on a port that nobody has.
        said = self.make("-n", "dev", cwd=self.project).stdout
        command = said.splitlines()[-1].split()
        self.assertEqual(command, [e2e.WSGEN, "dev", f"{name}.yaml"])
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=e2e.environment(),
            )
        self.addCleanup(self.stop)
        until = time.monotonic() + BUILD_PATIENCE
        while f"ws://127.0.0.1:{self.port}/dev" not in self.said():
            if self.process.poll() is not None or time.monotonic() > until:
                self.fail(self.said())
            time.sleep(0.02)

    def said(self):
        return (self.folder / "log").read_text(errors="replace")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def hold(self, command, lines):
        command = command.replace("127.0.0.1:3001", f"127.0.0.1:{self.port}")
        command = command.replace(
            "make -s", f"make -s WSGEN={e2e.WSGEN} URL=ws://127.0.0.1:{self.port}/dev"
        )
        cat = wscat.Wscat(command, cwd=self.project)
        try:
            if not lines[0].startswith("error: "):
                cat.hear(r"Connected \(press CTRL\+C to quit\)")
            for line in lines:
                if line.startswith("> "):
                    cat.say(line[2:])
                else:
                    cat.hear(expected(line))
        finally:
            cat.stop()

    def hold_all(self, count):
        readme = (self.project / "README.md").read_text()
        self.assertIn(f"wsgen dev {self.project.name}.yaml", readme)
        found = conversations(readme)
        self.assertEqual(len(found), count)
        for command, lines in found:
            with self.subTest(command):
                self.hold(command, lines)

    def client(self, query="", **more):
        url = urllib.parse.urlsplit(f"ws://127.0.0.1:{self.port}/dev")
        client = Client(url, query, **more)
        self.addCleanup(client.link.close)
        return client

    def refused(self, query="", **more):
        with self.assertRaises(Refused) as caught:
            self.client(query, **more)
        return caught.exception.status

    def test_chat(self):
        self.start("chat")
        self.hold_all(1)

    def test_iam(self):
        self.start("iam")
        self.hold_all(2)
        self.check_presigned()

    def check_presigned(self):
        """As for a role in AWS, whose keys have a token: signed once more here."""
        host, region = "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", "eu-west-1"
        key = sign.Key("AKID", "se/cr+et", "tok/en+x==")
        done = e2e.run(
            *(sys.executable, self.project / "presign.py"),
            f"wss://{host}/dev?room=a%20b&empty",
            env=e2e.environment(
                AWS_ACCESS_KEY_ID=key.id,
                AWS_SECRET_ACCESS_KEY=key.secret,
                AWS_SESSION_TOKEN=key.token,
                AWS_REGION=region,
            ),
        )
        url, signature = done.stdout.strip().split("&X-Amz-Signature=")
        url = urllib.parse.urlsplit(url)
        given = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        self.assertEqual((url.scheme, url.netloc, url.path), ("wss", host, "/dev"))
        self.assertEqual((given["room"], given["empty"]), (["a b"], [""]))
        self.assertEqual(given["X-Amz-Security-Token"], [key.token])
        (when,) = given["X-Amz-Date"]
        with unittest.mock.patch.object(sign, "_now", lambda skew: when):
            again = sign.in_query("/dev?room=a%20b&empty=", host, key, region)
        self.assertEqual(signature, again.split("&X-Amz-Signature=")[1])

    def test_lambda_auth(self):
        self.start("lambda-auth")
        self.hold_all(3)

    def test_jwt(self):
        self.start("jwt")
        self.hold_all(3)
        made = e2e.run("make", "-s", f"WSGEN={e2e.WSGEN}", "token", cwd=self.project)
        token = made.stdout.strip()
        # What a browser does: it offers the token, and sees "bearer" chosen.
        client = self.client(
            headers=[("Sec-WebSocket-Protocol", f"bearer, {token}")]
        )
        self.assertEqual(client.headers["sec-websocket-protocol"], "bearer")
        self.assertEqual(client.ask({"action": "whoAmI"}), '{"sub":"ada","admin":false}')
        forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
        self.assertEqual(self.refused(f"access_token={forged}"), 401)


if __name__ == "__main__":
    unittest.main()
