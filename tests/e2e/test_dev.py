#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""wsgen dev, used as one uses it: edit, save, and talk to what is served."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest
import urllib.parse

from e2e import WSGEN, Case, environment, need_program
from gateway import PATIENCE, Client

BUILD_PATIENCE = 60  # seconds for a compiler on a busy machine


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as link:
        return link.getsockname()[1]


def say(client, **message):
    client.send(json.dumps(message))
    return json.loads(client.text())


class Dev(Case):
    def setUp(self):
        super().setUp()
        self.wsgen("new", "chat", "--sample", "chat")
        self.project = self.folder / "chat"
        self.log = self.folder / "log"
        self.process = None
        self.addCleanup(self.stop)

    def start(self, *words, ready=True, **variables):
        self.port = free_port()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [WSGEN, "dev", "chat.yaml", "--port", str(self.port), *words],
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**environment(), **variables},
                start_new_session=True,
            )
        if ready:
            self.wait_for(f"ws://127.0.0.1:{self.port}/dev")

    def stop(self, number=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
        return self.process and self.process.returncode

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text, times=1):
        end = time.monotonic() + BUILD_PATIENCE
        while self.said().count(text) < times:
            if time.monotonic() > end or self.process.poll() is not None:
                self.fail(f"{text!r} was not said {times} times:\n{self.said()}")
            time.sleep(0.02)

    def edit(self, path, old, new):
        file = self.project / path
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))

    def client(self, **how):
        url = urllib.parse.urlsplit(f"ws://127.0.0.1:{self.port}/dev")
        client = Client(url, **how)
        self.addCleanup(client.link.close)
        return client

    def below(self):
        """Processes whose program is one of the project's."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                program = os.readlink(f"/proc/{pid}/exe")
            except OSError:
                continue
            if program.startswith(str(self.project)):
                found.append(int(pid))
        return found

    def test_swaps_under_open_connections(self):
        self.start()
        first, second = self.client(), self.client()
        room = {"action": "join", "room": "lobby"}
        self.assertEqual(say(first, **room), {"room": "lobby", "people": 1})
        self.assertEqual(say(second, **room), {"room": "lobby", "people": 2})
        self.edit("src/room.c", "(uint32_t)people;", "(uint32_t)people + 100;")
        self.wait_for("rebuilt in")
        self.assertEqual(say(first, **room), {"room": "lobby", "people": 102})
        # A spec with another route, and its handler: no client notices.
        self.edit(
            "chat.yaml",
            "  leave:\n",
            "  wave: { handler: src/wave.on_wave, reply: Room }\n  leave:\n",
        )
        self.wait_for("rebuilt in", 2)
        (self.project / "src/wave.c").write_text(
            '#include "chat.h"\n\n'
            "enum wsg_result on_wave(struct chat_wave_call *call,\n"
            "\t\t\tstruct chat_room *reply)\n{\n\t(void)call;\n"
            '\treply->room = wsg_str("waved");\n\treturn WSG_OK;\n}\n'
        )
        self.wait_for("rebuilt in", 3)
        self.assertEqual(say(first, action="wave")["room"], "waved")
        first.send('{"action": "sendMessage", "room": "lobby", "text": "hi"}')
        self.assertEqual(json.loads(first.text())["text"], "hi")

    def test_sees_into_a_folder_that_was_renamed(self):
        self.start()
        (self.project / "src").rename(self.project / "lib")
        self.wait_for("rebuilt in")
        (self.project / "lib/new").mkdir()
        spec = (self.project / "chat.yaml").read_text().replace("src/", "lib/")
        wave = "  wave: { handler: lib/new/wave.on_wave, reply: Room }\n  leave:\n"
        (self.project / "chat.yaml").write_text(spec.replace("  leave:\n", wave))
        self.wait_for("rebuilt in", 2)
        time.sleep(0.5)  # all that it has seen so far is built
        (self.project / "lib/new/wave.c").write_text(
            '#include "chat.h"\n\n'
            "enum wsg_result on_wave(struct chat_wave_call *call,\n"
            "\t\t\tstruct chat_room *reply)\n{\n\t(void)call;\n"
            '\treply->room = wsg_str("waved");\n\treturn WSG_OK;\n}\n'
        )
        self.wait_for("rebuilt in", 3)
        self.assertEqual(say(self.client(), action="wave")["room"], "waved")

    def test_mistakes_are_told_and_the_last_good_build_served(self):
        self.start()
        client = self.client()
        self.edit("chat.yaml", "message: Join\n    reply", "message: Jion\n    reply")
        self.wait_for("serving the last good build on")
        self.assertRegex(self.said(), r"chat\.yaml:\d+:\d+: error: .*Jion")
        self.assertIn("did you mean 'Join'?", self.said())
        self.assertEqual(say(client, action="x")["error"], "no such action")
        self.edit("chat.yaml", "message: Jion\n    reply", "message: Join\n    reply")
        self.wait_for("good again")
        self.edit("src/fallback.c", "return WSG_OK;", "return WSG_OK")
        self.wait_for("not built: serving the last good build on")
        self.assertRegex(self.said(), r"src/fallback\.c:\d+:\d+: error: ")
        self.assertEqual(say(client, action="x")["error"], "no such action")
        self.edit("src/fallback.c", "return WSG_OK", "return WSG_OK;")
        self.wait_for("rebuilt in")
        self.assertEqual(say(client, action="x")["error"], "no such action")

    def test_a_compiler_that_leaves_something_running(self):
        compiler = self.project / "compiler"
        # As compilers' caches do, whose servers inherit what make writes to.
        compiler.write_text(
            '#!/bin/sh\ncase "$*" in *" -c "*) sleep 90 & esac\nexec cc "$@"\n'
        )
        compiler.chmod(0o755)
        self.start(CC=str(compiler))
        self.assertEqual(say(self.client(), action="x")["error"], "no such action")

    def test_builds_while_something_writes_on_and_on(self):
        self.start()
        self.edit("src/room.c", "(uint32_t)people;", "(uint32_t)people + 100;")
        end = time.monotonic() + BUILD_PATIENCE
        while "rebuilt in" not in self.said():
            self.assertLess(time.monotonic(), end, self.said())
            (self.project / "notes.txt").write_text(str(end))
            time.sleep(0.01)
        room = {"action": "join", "room": "lobby"}
        self.assertEqual(say(self.client(), **room)["people"], 101)

    def test_begins_with_a_mistake(self):
        self.edit("chat.yaml", "name: chat", "name: 7chat")
        self.start(ready=False)
        self.wait_for("waiting for a change")
        self.edit("chat.yaml", "name: 7chat", "name: chat")
        self.wait_for(f"ws://127.0.0.1:{self.port}/dev")

    def test_a_spec_that_is_not_there(self):
        done = self.wsgen("dev", "caht.yaml", code=3, cwd=self.project)
        self.assertIn("cannot read 'caht.yaml'", done.stderr)
        self.assertNotIn("waiting", done.stderr)

    def test_ends_what_it_started_and_nothing_else(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                self.start()
                say(self.client(), action="x")
                self.assertTrue(self.below())
                other = subprocess.Popen(["sleep", "60"])
                self.addCleanup(other.wait)
                self.addCleanup(other.kill)
                self.assertEqual(self.stop(number), 0, self.said())
                self.assertEqual(self.below(), [])
                self.assertIsNone(other.poll())

    def test_killed_it_leaves_nothing(self):
        self.start()
        say(self.client(), action="x")
        self.stop(signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while self.below() and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual(self.below(), [])

    def test_values_and_options_reach_the_gateway(self):
        with open(self.project / "chat.yaml", "a", encoding="utf-8") as spec:
            spec.write(
                "parameters: { Greeting: { Type: String } }\n"
                'defaults: { function: { environment: { HELLO: "${Greeting}" } } }\n'
            )
        self.start(ready=False)
        self.process.wait(BUILD_PATIENCE)
        self.assertEqual(self.process.returncode, 1, self.said())
        self.assertRegex(self.said(), r"Greeting.*--env Greeting=")
        (self.project / ".env").write_text("Greeting=hello\n")
        self.start("--clock", "manual")
        client = self.client()
        self.assertEqual(say(client, action="x")["error"], "no such action")
        # What it says counts at once, if it says all that is asked for.
        (self.project / ".env").write_text("Greeting=hi\n")
        self.wait_for("rebuilt in")
        (self.project / ".env").write_text("")
        self.wait_for("serving the last good build on")
        self.assertRegex(self.said(), r"(?s)rebuilt in.*Greeting.*--env Greeting=")
        self.assertEqual(say(client, action="x")["error"], "no such action")
        (self.project / ".env").write_text("Greeting=hi\n")
        self.wait_for("rebuilt in", 2)
        self.assertEqual(say(client, action="x")["error"], "no such action")

    def test_debug_says_whom_to_attach_to(self):
        need_program("gdb")
        self.start("--debug", "chat")
        client = self.client(wait=False)
        self.wait_for("gdb -p ")
        pid = re.search(r"gdb -p (\d+)", self.said())[1]
        gdb = subprocess.Popen(
            ["gdb", "-p", pid, "-batch", "-ex", "break on_join", "-ex", "continue",
             "-ex", "info args", "-ex", "detach"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=self.project, env=environment(),
        )
        client.answer()
        client.send('{"action": "join", "room": "lobby"}')
        out, _ = gdb.communicate(timeout=BUILD_PATIENCE)
        self.assertIn(b"on_join (", out)
        self.assertEqual(json.loads(client.text())["room"], "lobby")

    def test_usage(self):
        for words, text in (
            (("--clock", "slow"), "'--clock' cannot be 'slow'"),
            (("--env", "X"), "'--env' is NAME=VALUE"),
            (("-",), "cannot read standard input"),
        ):
            with self.subTest(words):
                done = self.wsgen("dev", *words, *([] if "-" in words else ["a.yaml"]),
                                  code=2)
                self.assertIn(text, done.stderr)
        self.assertLessEqual(
            max(map(len, self.wsgen("dev", "--help").stdout.splitlines())), 80
        )
        self.assertTrue(re.search(r"--fault", self.wsgen("dev", "--help").stdout))


if __name__ == "__main__":
    unittest.main()
