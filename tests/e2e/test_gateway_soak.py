# SPDX-License-Identifier: MIT
"""Hours of use in moments, by a clock that the test moves; then nothing of it
may be left: no descriptor, no process, no memory.

    ninja -C _build soak

goes on for ten minutes in place of a few seconds. With a build of sanitizers the end
also says what leaked.
"""

import contextlib
import json
import os
import signal
import time
import unittest
import urllib.parse

import gateway
import loaded
from loaded import children, descriptors, memory, message

SECONDS = float(os.environ.get("WSGEN_SOAK", "6"))
ALLOW = urllib.parse.urlencode({"auth": '{"allow": 1}'})
DENY = urllib.parse.urlencode({"auth": '{"effect": "Deny"}'})
FUNCTIONS = ["main", "guarded", "guarded-authorizer"]
MB = 1 << 20


class Soak(loaded.Case):
    def echo(self, client, size=40):
        self.assertEqual(client.ask(message("echo", size)), message("echo", size))

    def name(self, client):
        client.send("who")
        return json.loads(client.text())["connectionId"]

    def talk(self, clients):
        for i, client in enumerate(clients):
            self.echo(client, 1 + i * 997)
            client.send(message("tell"))
            client.send_frame(gateway.PING, b"p")
        for client in clients:
            self.assertEqual(client.frame()[1:], (gateway.PONG, b"p"))

    def manage(self, client):
        name = self.name(client)
        manage = self.served.manage
        self.assertEqual(manage("main", "POST", name, b"z" * 100000)[0], 200)
        self.assertEqual(len(client.text()), 100000)
        self.assertEqual(manage("main", "GET", name)[0], 200)
        self.assertEqual(manage("main", "DELETE", name)[0], 204)
        self.assertEqual(client.closed()[0], 1000)
        client.link.close()
        self.assertEqual(manage("main", "POST", name, b"gone")[0], 410)

    def authorize(self):
        guarded = gateway.Client(self.served.url("guarded"), ALLOW)
        self.echo(guarded)
        guarded.close(1000)
        for query in (DENY, ""):
            with self.assertRaises(gateway.Refused) as refused:
                gateway.Client(self.served.url("guarded"), query)
            self.assertEqual(refused.exception.status, 403 if query else 401)

    def crash(self, clients):
        for client in clients:
            client.send(message("end"))
        for client in clients:
            self.assertIn("Internal server error", client.text())
        for pid in children(self.served.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for client in clients:
            # It may get to one whose end has not been seen yet.
            self.eventually(
                lambda c=client: c.ask(message("echo")) == message("echo"), "an echo"
            )

    def leave(self, clients):
        """In every way that there is."""
        polite, cut, wrong, mute = clients
        polite.close(1000, "bye")
        cut.cut()
        wrong.send_frame(gateway.BINARY, b"\0")
        self.assertEqual(wrong.closed()[0], 1003)
        wrong.link.close()
        mute.send(message("hold"))
        mute.link.close()

    def reload(self):
        self.served.order(do="reload", functions=FUNCTIONS)
        self.assertEqual(self.served.hear(), {"event": "reloaded"})

    def age(self, idle, busy):
        """Ten minutes for who says nothing, two hours for everyone."""
        # What was under way when functions crashed may still be told of, and
        # whoever hears it is not idle: nine minutes more see to that.
        for client in idle:
            self.eventually(
                lambda c=client: c.ask(message("echo")) == message("echo"), "an echo"
            )
        for minutes in ("9m", "9m"):
            self.served.advance(minutes)
            self.echo(busy)
        self.served.advance("61s")
        for client in idle:
            self.assertEqual(client.closed(), (1001, "Going away"))
            client.link.close()
        for _ in range(10):
            self.echo(busy)
            self.served.advance("9m")
        self.echo(busy)
        self.served.advance("11m")
        self.assertEqual(busy.closed(), (1001, "Going away"))
        busy.link.close()

    def round(self):
        clients = [gateway.Client(self.served.url("main")) for _ in range(12)]
        self.talk(clients)
        self.authorize()
        self.manage(clients.pop())
        self.reload()
        self.talk(clients)
        self.crash(clients[:2])
        self.leave([clients.pop() for _ in range(4)])
        busy = clients.pop()
        self.age(clients, busy)
        # Two hours are over; what is at rest is what was there before.
        self.reload()
        self.eventually(
            lambda: not children(self.served.process.pid), "functions that ended"
        )

    def test_nothing_is_left_of_it(self):
        self.served = self.serve(
            "--clock", "manual", "--no-account-limits", "--store", "memory"
        )
        pid = self.served.process.pid
        held = descriptors(pid)
        until = time.monotonic() + SECONDS
        rounds, rests = 0, []
        while time.monotonic() < until or rounds < 3:
            self.round()
            rounds += 1
            self.eventually(lambda: descriptors(pid) == held, f"{held} descriptors")
            rests.append(memory(pid))
        # What is kept for a while, and the console's history, has come by then.
        if SECONDS > 60:
            more = 16 if loaded.SANITIZED else 1
            self.assertLess(rests[-1] - rests[len(rests) // 3], more * MB, rests)
        print(f"{rounds} rounds, {rests[0] >> 10} to {rests[-1] >> 10} KB")
        self.assertEqual(self.served.stop(), 0, self.served.said())
        self.assertNotIn("Sanitizer", self.served.said())


if __name__ == "__main__":
    unittest.main()
