# SPDX-License-Identifier: MIT
"""--fault, seen from outside: what goes wrong, and that a seed has it again."""

import json
import time
import unittest

import loaded
from loaded import message

COUNT = 60


class Faults(loaded.Case):
    def setUp(self):
        super().setUp()
        self.build = self.project()

    def serve_with(self, fault):
        # Others that call at the same time would have their share of the dice.
        return self.serve(
            "--no-account-limits", "--no-sign-check", "--max-instances", "1",
            "--fault", fault, build=self.build,
        )

    def twice(self, fault, look):
        """What look sees; the same each time, and something else by other dice."""
        seen = []
        for seed in (7, 7, 8):
            served = self.serve_with(f"{fault},seed={seed}")
            seen.append(look(served))
            served.stop()
        self.assertEqual(seen[0], seen[1])
        self.assertNotEqual(seen[0], seen[2])
        return seen[0]

    def share(self, seen, hit, missed):
        """Some of both, and nothing else; 30 % of COUNT, more or less."""
        self.assertEqual(set(seen), {hit, missed})
        self.assertTrue(COUNT * 0.1 < seen.count(hit) < COUNT * 0.55, seen)

    def ask(self, served):
        client = self.client(served)
        answers = [json.loads(client.ask(message("echo"))) for _ in range(COUNT)]
        return [answer.get("message", "echo") for answer in answers]

    def test_throttle(self):
        def look(served):
            # The handshake is a request, too.
            while True:
                try:
                    return self.ask(served)
                except loaded.gateway.Refused as refused:
                    self.assertEqual(refused.status, 429)

        self.share(self.twice("throttle=30%", look), "Too Many Requests", "echo")

    def test_crash(self):
        def look(served):
            while True:
                try:
                    return self.ask(served)
                except loaded.gateway.Refused as refused:
                    self.assertEqual(refused.status, 502)

        self.share(self.twice("crash=30%", look), "Internal server error", "echo")

    def test_gone(self):
        def look(served):
            client = self.client(served)
            client.send("who")
            name = json.loads(client.text())["connectionId"]
            statuses = []
            for _ in range(COUNT):
                status, headers, _ = served.manage("main", "POST", name, b"hello")
                statuses.append(status)
                if status == 200:
                    self.assertEqual(client.text(), "hello")
                else:
                    self.assertEqual(headers["x-amzn-errortype"], "GoneException")
            return statuses

        self.share(self.twice("gone=30%", look), 410, 200)

    def test_drop(self):
        def look(served):
            ends = []
            client = self.client(served)
            for _ in range(COUNT):
                try:
                    client.send_frame(loaded.gateway.TEXT, message("tell").encode())
                    client.send_frame(loaded.gateway.PING, b"there?")
                    ends.append(client.frame()[1] == loaded.gateway.PONG)
                except (EOFError, ConnectionError):
                    ends.append(False)
                    client = self.client(served)
            return ends

        self.share(self.twice("drop=30%", look), False, True)

    def test_latency(self):
        served = self.serve_with("latency=40ms..80ms")
        client = self.client(served)
        for _ in range(5):
            begin = time.monotonic()
            self.assertEqual(client.ask(message("echo")), message("echo"))
            self.assertGreater(time.monotonic() - begin, 0.04)
        # Several wait at once.
        clients = [self.client(served) for _ in range(10)]
        begin = time.monotonic()
        for client in clients:
            client.send(message("echo"))
        for client in clients:
            self.assertEqual(client.text(), message("echo"))
        self.assertGreater(time.monotonic() - begin, 0.04)


if __name__ == "__main__":
    unittest.main()
