# SPDX-License-Identifier: MIT
"""The gateway under load and among hostile clients: nobody pays for others.

Nothing here asks how fast it is: tests/bench does.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import time
import unittest

import gateway
import loaded
from loaded import children, descriptors, memory, message

MB = 1 << 20
# What more a sanitizer takes for itself while it runs.
SLACK = 8 if loaded.SANITIZED else 1


def masked(opcode, text):
    """A frame by a mask that changes nothing."""
    size = len(text)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + text.encode()


class Killed(loaded.Case):
    def test_killed_functions_lose_no_connection(self):
        served = self.serve("--no-account-limits")
        pid = served.process.pid
        crowd = self.crowd(
            served.url("main"), count=40, ms=2500, text=message("hold")
        )
        killed = 0
        while crowd.process.poll() is None:
            there = children(pid)
            # Were all of them new, their deaths would be failures to start.
            if len(there) > 3:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(there[0], signal.SIGKILL)
                    killed += 1
            time.sleep(0.1)
        result = crowd.result()
        self.assertGreater(killed, 0)
        self.assertGreater(result["calls"], 0)
        self.assertGreater(result["failed"], 0)
        self.assertLessEqual(result["failed"], killed)
        self.assertEqual((result["lost"], result["closed"]), (0, 0), result)

    def test_calls_in_flight_get_the_error_frame(self):
        served = self.serve()
        clients = [self.client(served) for _ in range(6)]
        for client in clients:
            client.send({"action": "end"})
        for client in clients:
            answer = json.loads(client.text())
            self.assertEqual(answer["message"], "Internal server error")
            self.assertEqual(sorted(answer), ["connectionId", "message", "requestId"])
        for client in clients:
            self.assertEqual(client.ask(message("echo")), message("echo"))


class Slow(loaded.Case):
    """Who does not read, or sends on and on, is alone with it."""

    def test_who_never_reads_hurts_only_itself(self):
        served = self.serve("--no-sign-check", "--no-account-limits")
        pid = served.process.pid
        slow, other = self.client(served), self.client(served)
        slow.send("who")
        name = json.loads(slow.text())["connectionId"]
        other.ask(message("echo"))
        before = memory(pid)
        text = b"y" * 131072
        statuses = []
        while len(statuses) < 300 and statuses[-1:] != [429]:
            statuses.append(served.manage("main", "POST", name, text)[0])
            self.assertEqual(other.ask(message("echo")), message("echo"))
        self.assertEqual(set(statuses[:-1]), {200}, statuses)
        self.assertEqual(statuses[-1], 429)
        # 512 KB for it, and what the console keeps of all that happened.
        self.assertLess(memory(pid) - before, 8 * MB * SLACK)
        # What was taken arrives, whole; then there is room again.
        for _ in statuses[:-1]:
            self.assertEqual(slow.text(), text.decode())
        self.assertEqual(served.manage("main", "POST", name, b"again")[0], 200)
        self.assertEqual(slow.text(), "again")

    def flood(self, served, frames):
        """Send until it stops being read, for a while at most: most memory taken."""
        pid = served.process.pid
        flood, other = self.client(served), self.client(served)
        other.ask(message("echo"))
        before = most = memory(pid)
        flood.link.settimeout(1)
        sent, until = 0, time.monotonic() + 3
        with contextlib.suppress(TimeoutError, socket.timeout):
            while time.monotonic() < until:
                flood.link.sendall(frames)
                sent += len(frames)
                most = max(most, memory(pid))
        self.assertGreater(sent, MB)
        self.assertEqual(other.ask(message("echo")), message("echo"))
        flood.cut()
        return max(most, memory(pid)) - before

    def test_who_sends_on_and_on_is_read_no_further(self):
        served = self.serve("--no-account-limits")
        for what, frames in (
            ("answers that nobody reads", masked(gateway.TEXT, message("echo", 30000))),
            ("a function that takes its time", masked(gateway.TEXT, message("rest", 30000))),
            ("pongs that nobody reads", masked(gateway.PING, "p" * 125) * 250),
        ):
            with self.subTest(what):
                self.assertLess(self.flood(served, frames), 12 * MB * SLACK)


class Hostile(loaded.Case):
    def hang(self, url, text):
        link = socket.create_connection((url.hostname, url.port), gateway.PATIENCE)
        self.addCleanup(link.close)
        with contextlib.suppress(ConnectionError):
            link.sendall(text)
        return link

    def test_strangers_do_not_stop_the_others(self):
        served = self.serve("--no-account-limits")
        url, pid = served.url("main"), served.process.pid
        self.client(served).close(1000)
        self.eventually(lambda: len(children(pid)) == 1, "one function at rest")
        held, before = descriptors(pid), memory(pid)
        idle = self.crowd(url, count=2000)
        links = []
        for i in range(100):
            # A word now and then; nothing at all; a request without its end.
            links.append(self.hang(url, b"GET /dev HT"))
            links.append(self.hang(url, b""))
            links.append(
                self.hang(url, b"POST /dev/@connections/a HTTP/1.1\r\n"
                          b"Host: h\r\nContent-Length: 131072\r\n\r\nno")
            )
            flood = b"GET /dev HTTP/1.1\r\n" + b"X-%d: y\r\n" % i * 20000
            links.append(self.hang(url, flood))
            giant = gateway.Client(url)
            giant.link.sendall(b"\x81\xff" + (1 << 40).to_bytes(8, "big") + b"mask")
            links.append(giant.link)
            self.assertEqual(giant.closed()[0], 1009)
            cut = gateway.Client(url)
            cut.send_frame(gateway.TEXT, b"x" * 30000, final=False)
            cut.cut()
            for link in links[-5:-3]:
                with contextlib.suppress(ConnectionError):
                    link.sendall(b"T")
        crowd = self.crowd(url, count=20, ms=1000, text=message("echo"))
        result = crowd.result()
        self.assertGreaterEqual(result["calls"], 20)
        self.assertEqual(
            (result["failed"], result["lost"], result["closed"]), (0, 0, 0), result
        )
        self.assertLess(memory(pid) - before, 24 * MB * SLACK)
        self.assertEqual(idle.result(), {"open": 2000})
        for link in links:
            link.close()
        grown = 4 * (len(children(pid)) - 1)
        self.eventually(
            lambda: descriptors(pid) <= held + grown,
            f"{held} descriptors, {grown} for functions",
        )


class Descriptors(loaded.Case):
    def test_without_descriptors_the_old_are_served(self):
        served = self.serve("--no-account-limits", "--max-instances", "1")
        url, pid = served.url("main"), served.process.pid
        old = [self.client(served) for _ in range(5)]
        for client in old:
            self.assertEqual(client.ask(message("echo")), message("echo"))
        files = descriptors(pid) + 10
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (files, files))
        links = []
        for _ in range(40):
            links.append(socket.create_connection((url.hostname, url.port)))
            self.addCleanup(links[-1].close)
        self.eventually(lambda: descriptors(pid) == files, "all taken")
        for client in old:
            self.assertEqual(client.ask(message("echo")), message("echo"))
        # A function that ends may not be started again: who calls hears so.
        self.assertIn("Internal server error", old[0].ask(message("end")))
        for client in old:
            answer = client.ask(message("echo"))
            self.assertTrue(
                answer == message("echo") or "Internal server error" in answer, answer
            )
        for link in links:
            link.close()
        self.eventually(
            lambda: old[0].ask(message("echo")) == message("echo"), "served again"
        )
        new = self.client(served)
        self.assertEqual(new.ask(message("echo")), message("echo"))


if __name__ == "__main__":
    unittest.main()
