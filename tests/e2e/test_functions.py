#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Functions that call back: in C, held to the policy that wsgen wrote for each,
and in JavaScript on the runtime that AWS gives Node.js.
"""

import json
import pathlib
import shutil
import unittest

import e2e
import gateway
import node
from test_tokens import SECRET, secret_token

HERE = pathlib.Path(__file__).resolve().parent / "functions"
MAKEFILE = e2e.MAKEFILE.replace("chat.yaml", "two.yaml")
FLAGS = "-std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

# enum wsg_sent
SENT, GONE, _, _, FORBIDDEN = range(5)


class Served(e2e.Case):
    def serve(self, *words):
        self.gateway = gateway.Gateway(self.folder / "build", *words)
        self.addCleanup(self.gateway.stop)

    def client(self, api, query="", **more):
        client = gateway.Client(self.gateway.url(api), query, **more)
        self.addCleanup(client.link.close)
        return client

    def refused(self, api, query="", **more):
        with self.assertRaises(gateway.Refused) as caught:
            self.client(api, query, **more)
        return caught.exception.status


class Compiled(Served):
    def test_functions(self):
        """One build, and what its functions may do."""
        shutil.copytree(HERE, self.folder, dirs_exist_ok=True)
        self.write("Makefile", MAKEFILE)
        self.make("-j2", "local", f"CFLAGS={FLAGS}")
        self.serve(
            *("--env", f"JwtSecret={SECRET}"),
            *("--api-key", "web=0123456789abcdef0123"),
        )
        for check in (
            self.check_sends,
            self.check_closes,
            self.check_inspects,
            self.check_undeclared,
            self.check_forbidden,
            self.check_subprotocol,
            self.check_session,
        ):
            with self.subTest(check.__name__):
                check()

    def result(self, client, action, **more):
        return json.loads(client.ask({"action": action, **more}))["result"]

    def id_of(self, client):
        """What it says of itself comes first, then how that went."""
        said = json.loads(client.ask({"action": "say"}))
        self.assertEqual(json.loads(client.text()), {"result": SENT})
        self.assertEqual(said["text"], "said")
        return said["by"]

    def gone(self):
        client = self.client("room")
        connection = self.id_of(client)
        client.close(1000)
        return connection

    def check_sends(self):
        first, second = self.client("room"), self.client("room")
        sender, to = self.id_of(first), self.id_of(second)
        self.assertEqual(self.result(first, "say", to=to), SENT)
        self.assertEqual(json.loads(second.text()), {"text": "said", "by": sender})
        self.assertEqual(self.result(first, "say", to=self.gone()), GONE)

    def check_closes(self):
        first, second = self.client("room"), self.client("room")
        self.assertEqual(self.result(first, "kick", to=self.id_of(second)), SENT)
        self.assertEqual(second.closed(), (1000, ""))
        self.assertEqual(self.result(first, "kick", to=self.gone()), GONE)

    def check_inspects(self):
        first = self.client("room")
        second = self.client("room", headers=[("User-Agent", "a test")])
        found = json.loads(first.ask({"action": "who", "to": self.id_of(second)}))
        self.assertEqual(
            (found["result"], found["ip"], found["agent"]), (SENT, "127.0.0.1", "a test")
        )
        self.assertRegex(found["since"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual(self.result(first, "who", to=self.gone()), GONE)

    def check_undeclared(self):
        """A function that declares nothing may do anything."""
        first, second = self.client("room"), self.client("room")
        self.assertEqual(self.result(first, "free", to=self.id_of(second)), SENT)
        self.assertEqual(second.text(), "farewell")
        self.assertEqual(second.closed(), (1000, ""))

    def check_forbidden(self):
        """Held to the policy: 403, and nobody is closed."""
        for function, action, verbs in (("room", "sly", "POST"), ("room-none", "none", None)):
            policy = (self.folder / f"build/iam/{function}.json").read_text()
            self.assertEqual("/@connections/" in policy, verbs is not None)
            self.assertNotIn("DELETE/@connections/", policy)
            first, second = self.client("room"), self.client("room")
            to = self.id_of(second)
            self.assertEqual(self.result(first, action, to=to), FORBIDDEN)
            self.assertIn(
                "is not authorized to perform: execute-api:ManageConnections",
                self.gateway.said(),
            )
            self.assertEqual(self.id_of(second), to)

    def check_subprotocol(self):
        offer = [("Sec-WebSocket-Protocol", "other, room.v1")]
        chosen = self.client("room", headers=offer).headers["sec-websocket-protocol"]
        self.assertEqual(chosen, "room.v1")
        offer = [("Sec-WebSocket-Protocol", "other")]
        self.assertNotIn(
            "sec-websocket-protocol", self.client("room", headers=offer).headers
        )

    def check_session(self):
        """Tokens that handlers look at, behind a key that the gateway does."""
        key = [("x-api-key", "0123456789abcdef0123")]
        mine = {"aud": "known", "role": "admin"}
        token = secret_token(**mine)
        other = secret_token(**{**mine, "aud": "others"})
        for status, query, headers in (
            (403, f"token={token}", ()),
            (403, f"token={token}", [("x-api-key", "0123456789abcdef0124")]),
            (401, "", key),
            (401, f"token={other}", key),
        ):
            with self.subTest(status=status, query=query):
                self.assertEqual(self.refused("known", query, headers=headers), status)
        client = self.client("known", f"token={token}", headers=key)
        ask = {"action": "me"}
        # Without an authorizer each message brings the token.
        self.assertEqual(
            json.loads(client.ask({**ask, "token": token})), {"admin": True, "key": "web"}
        )
        user = secret_token(aud="known", role="user")
        self.assertFalse(json.loads(client.ask({**ask, "token": user}))["admin"])
        self.assertEqual(json.loads(client.ask(ask)), {"error": "refused"})


class Node(Served):
    def test_function(self):
        command = node.install_ric()
        modules = node.install(node.SDK)
        self.wsgen(HERE / "node.yaml", "-o", "build")
        function = self.folder / "build/functions/node"
        (function / "bootstrap").write_text(
            f"#!/bin/sh\nexec node '{command}' app.handler\n"
        )
        (function / "bootstrap").chmod(0o755)
        shutil.copy(HERE / "app.mjs", function)
        (function / "node_modules").symlink_to(modules)
        self.serve()
        self.assertEqual(self.refused("node"), 400)

        def ask(client, **body):
            return json.loads(client.ask(body))

        def id_of(client):
            """What it posts to itself comes before what it answers."""
            self.assertEqual(client.ask({}), "posted by node")
            answer = json.loads(client.text())
            self.assertEqual(answer["outcome"], "posted")
            return answer["me"]

        first, second, third = (self.client("node", f"name={i}") for i in range(3))
        mine, other, gone = (id_of(client) for client in (first, second, third))
        self.assertEqual(ask(first, to=other), {"outcome": "posted", "me": mine})
        self.assertEqual(second.text(), "posted by node")
        third.close(1000)
        # In the words of the SDK.
        self.assertEqual(ask(first, to=gone)["outcome"], "GoneException")
        self.assertEqual(ask(first, fail="oh")["message"], "Internal server error")
        self.assertEqual(id_of(first), mine)
        # What it logs is heard as the function's.
        self.assertIn(f"CONNECT {mine}", self.gateway.said())


if __name__ == "__main__":
    unittest.main()
