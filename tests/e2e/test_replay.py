# SPDX-License-Identifier: MIT
"""Recordings of the chat sample, and wsgen-gateway replay as a test of it."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import time
import unittest

import e2e
import gateway

HEAD = '{"recording":"wsgen-gateway","version":1}\n'


class Replay(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = e2e.built_chat(cls)
        cls.recording = cls.folder / "talk.jsonl"
        cls.record(cls)

    def record(self):
        """Two people in a room; one leaves before the last word."""
        served = gateway.Gateway(
            self.folder / "build", "--store", "memory", "--record", str(self.recording)
        )
        ann, bob = (gateway.Client(served.url("chat")) for _ in range(2))
        for person in (ann, bob):
            person.ask({"action": "join", "room": "lobby"})
        ann.send({"action": "sendMessage", "room": "lobby", "text": "hello \x1b[31m"})
        assert "hello" in ann.text() and "hello" in bob.text()
        assert "no such action" in bob.ask("no JSON")
        assert "people" in bob.ask({"action": "leave", "room": "lobby"})
        ann.send({"action": "sendMessage", "room": "lobby", "text": "alone"})
        assert "alone" in ann.text()
        ann.close(1000)
        bob.close(1000)
        assert served.stop() == 0, served.said()

    def replay(self, code=0, text=None, words=()):
        file = self.recording
        if text is not None:
            file = self.folder / "other.jsonl"
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = e2e.run(gateway.PROGRAM, *words, "replay", file, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        # What the recording holds cannot command the terminal.
        self.assertNotRegex(done.stdout + done.stderr, "[\x00-\x09\x0b-\x1f\x7f]")
        return done

    def events(self):
        return [json.loads(line) for line in self.recording.read_text().splitlines()]

    def change(self, old, new):
        """In a copy of the project, whose build is replayed from here on."""
        copy = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-replay-"))
        self.addCleanup(shutil.rmtree, copy, ignore_errors=True)
        shutil.copytree(self.folder, copy, dirs_exist_ok=True)
        file = copy / "src/room.c"
        text = file.read_text()
        self.assertIn(old, text)
        file.write_text(text.replace(old, new))
        e2e.make(copy)
        self.folder = copy

    def test_same(self):
        said = self.replay().stdout
        self.assertIn("same: invocation 3, of chat, route join\n", said)
        self.assertRegex(said, r"\d+ invocations, 3 @connections calls: 0 differ\n$")
        kinds = [event.get("kind") for event in self.events()]
        self.assertEqual(
            said.count("same: "), kinds.count("answered"), "each invocation is made"
        )
        self.assertEqual(self.replay(words=["--quiet"]).stdout.count("same: "), 0)
        self.assertIn("instance 1 ready", self.replay(words=["--verbose"]).stderr)

    def test_recording_is_not_written_over(self):
        before = self.recording.read_bytes()
        done = e2e.run(gateway.PROGRAM, "--port", "0", "--record", self.recording,
                       self.folder / "build")
        self.assertEqual(done.returncode, 3)
        self.assertIn("never written over", done.stderr)
        self.assertEqual(self.recording.read_bytes(), before)
        self.assertEqual(self.recording.stat().st_mode & 0o777, 0o600)

    def test_another_answer(self):
        self.change("reply->people = (uint32_t)people;",
                    "reply->people = (uint32_t)people + 1;")
        said = self.replay(1).stdout
        self.assertIn(
            "differs: invocation 3, of chat, route join\n"
            "  at $.body.people\n  - 1\n  + 2\n",
            said,
        )
        self.assertTrue(said.endswith(" 3 differ\n"), said)

    def test_another_message(self):
        self.change(".text = msg->text,", ".text = msg->room,")
        said = self.replay(1).stdout
        self.assertRegex(
            said,
            r'differs: POST to \S+, which was not made\n  \+ \{"room":"lobby","text":"lobby"',
        )
        self.assertRegex(said, r'POST to \S+ is not made any more\n  - \{.*\\u001b\[31m')

    def test_failure(self):
        self.change("if (!wsg_leave(", "if (wsg_leave(")
        self.assertRegex(
            self.replay(1).stdout,
            r"differs: invocation \d+, of chat, route leave\n"
            r'  - \{"statusCode":200.*\n  \+ failed: route \'leave\' failed\n',
        )

    def test_crash(self):
        self.change("if (!wsg_leave(", "__builtin_trap();\n\tif (!wsg_leave(")
        self.assertRegex(self.replay(1).stdout, r"route leave\n  - .*\n  \+ failed: .*\n")

    def test_get(self):
        """What @connections answered is answered again, to a puppet."""
        folder = self.folder / "puppet"
        made = e2e.run(e2e.WSGEN, gateway.HERE / "rows.yaml", "-o", folder / "build")
        self.assertEqual(made.returncode, 0, made.stderr)
        gateway.puppeteer(folder / "build")
        file = self.folder / "get.jsonl"
        served = gateway.Gateway(folder / "build", "--record", str(file))
        client = gateway.Client(served.url("main"))
        for count, call in enumerate((["GET", ""], ["POST", "hi"], ["DELETE", ""])):
            client.send({"action": "ask", "do": {"call": call}})
            # $connect has been answered before.
            while served.said().count(" answered ") < count + 2:
                time.sleep(0.01)
        client.link.close()
        self.assertEqual(served.stop(), 0)
        before = served.kept("main")
        done = e2e.run(gateway.PROGRAM, "replay", file, folder / "build")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        again = [event for event in served.kept("main")[len(before):] if "called" in event]
        self.assertEqual(
            [(event["called"], event["status"]) for event in again],
            [("GET", 200), ("POST", 200), ("DELETE", 204)],
        )
        was = [event for event in before if event.get("called") == "GET"]
        self.assertEqual(json.loads(again[0]["body"]), json.loads(was[0]["body"]))

    def test_cut_off(self):
        whole = self.recording.read_bytes()
        lines = whole.splitlines(keepends=True)
        for at in (len(lines) // 2, len(lines) - 1):
            for part in (1, len(lines[at]) // 2, len(lines[at]) - 2):
                with self.subTest(f"{at} {part}"):
                    done = self.replay(text=b"".join(lines[:at]) + lines[at][:part])
                    self.assertIn(f":{at + 1}: cut off here", done.stderr)
                    self.assertIn(" 0 differ\n", done.stdout)
        self.assertEqual(self.replay(text=HEAD).stdout,
                         "0 invocations, 0 @connections calls: 0 differ\n")
        self.replay(text=HEAD.strip())

    def test_hostile(self):
        long = json.dumps({"kind": "invoked", "function": "chat", "text": "x" * 200000})
        cases = [
            ("", 3, "no recording"),
            ("\n", 3, "no recording"),
            ("{}\n", 3, "no recording"),
            (HEAD.replace("1}", "2}"), 3, "no recording"),
            (b"\xff\xfe\x00\x01" * 100, 3, "no recording"),
            (HEAD + "no JSON\n", 3, ":2: "),
            (HEAD + "[]\n", 3, ":2: no object"),
            (HEAD + "{}\n" * 3 + '{"kind": "invoked",}\n', 3, ":5: "),
            (HEAD + "[" * 100000 + "\n", 3, ":2: "),
            (HEAD + '{"kind": "invoked"}\n', 1, "no more"),
            (HEAD + '{"kind": "invoked", "function": "../../bin/sh"}\n', 1, "no more"),
            (HEAD + '{"kind": "invoked", "function": "\\u001b]0;x\\u0007"}\n', 1, "no more"),
            (HEAD + '{"kind": "invoked", "function": ["chat"]}\n', 1, "no more"),
            (HEAD + '{"kind": "answered", "requestId": "x"}\n', 0, "0 invocations"),
            (HEAD + '{"kind": "managed"}\n', 0, "0 differ"),
            (HEAD + '{"kind": "managed", "connectionId": "a\\u0000b", "note": "POST"}\n',
             1, "not made any more"),
            (HEAD + long + '\n{"kind": "answered", "text": "{}"}\n', 1, "failed"),
            (HEAD + '{"kind": 7}\n{"kind": "unheard of"}\n', 0, "0 differ"),
        ]
        for text, code, word in cases:
            with self.subTest(str(text[:90])):
                done = self.replay(code, text)
                self.assertIn(word, done.stdout + done.stderr)
        for words, word in (
            (["replay"], "give it a FILE"),
            (["replay", "none.jsonl", self.folder / "build"], "no such file"),
            (["replay", self.recording, self.folder / "none"], "gateway.json"),
        ):
            done = e2e.run(gateway.PROGRAM, *words, cwd=self.folder)
            self.assertIn(done.returncode, (2, 3), words)
            self.assertIn(word, done.stderr)

    def test_in_a_makefile(self):
        """As the README shows it: a recording that is kept, beside the spec."""
        done = e2e.run(
            "sh", "-c", "wsgen-gateway replay talk.jsonl", cwd=self.folder,
            env=e2e.environment(
                PATH=f"{pathlib.Path(gateway.PROGRAM).parent}:{os.environ['PATH']}"
            ),
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIsNotNone(re.search(r"0 differ\n$", done.stdout))


if __name__ == "__main__":
    unittest.main()
