#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Clients that others wrote, against the gateway: python3-websockets, ws and
wscat, the aws CLI and the AWS SDK for JavaScript. That of websockets and the
CLI are Debian's; npm brings the others.
"""

import asyncio
import concurrent.futures
import json
import os
import sys
import tempfile
import unittest
import urllib.parse

import e2e
import gateway
import node
import wscat

try:
    import websockets
except ImportError:
    # A Python of one's own does not see what the system's package brought.
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import websockets
    except ImportError:
        websockets = None

CHOOSE_B = {"answer": {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "b"}}}

KEPT = """\
name: kept
connections: {}
routes:
  $connect: src/kept.on_connect
  $disconnect: src/kept.on_disconnect
  ask: { handler: src/kept.on_ask, reply: true }
"""


def answered(status, **headers):
    return {"answer": {"statusCode": status, "headers": headers}}


class Clients(gateway.Rows):
    def address(self, api="main", stage="dev", **query):
        url = self.gateway.url(api, stage).geturl()
        more = {k: v if isinstance(v, str) else json.dumps(v) for k, v in query.items()}
        return url + ("?" + urllib.parse.urlencode(more) if more else "")

    def known_as(self, mark):
        """The id of the connection that came with ?mark=."""
        return self.eventually(
            lambda: next(
                (
                    event["requestContext"]["connectionId"]
                    for event in self.events(kind="CONNECT")
                    if event.get("queryStringParameters", {}).get("mark") == mark
                ),
                None,
            ),
            f"the $connect of {mark}",
        )


class Websockets(Clients):
    """python3-websockets, which keeps to the RFC and tells when others do not."""

    @classmethod
    def setUpClass(cls):
        e2e.need(websockets, "no python3-websockets")
        super().setUpClass()

    def talk(self, what, url=None, **more):
        async def run():
            async with websockets.connect(url or self.address(), **more) as client:
                return await asyncio.wait_for(what(client), gateway.PATIENCE)

        return asyncio.run(run())

    def closed(self, what):
        """Code and reason that the client is told after that."""

        async def run(client):
            await what(client)
            with self.assertRaises(websockets.ConnectionClosed) as caught:
                while True:
                    await client.recv()
            return caught.exception.rcvd.code, caught.exception.rcvd.reason

        return self.talk(run)

    def test_asks_and_hears(self):
        async def ask(client):
            await client.send('{"action": "ask"}')
            return await client.recv()

        self.assertEqual(self.talk(ask), "fine")

    def test_subprotocol(self):
        async def chosen(client):
            return client.subprotocol

        url = self.address(do=CHOOSE_B)
        self.assertEqual(self.talk(chosen, url, subprotocols=["a", "b"]), "b")
        self.assertIsNone(self.talk(chosen, subprotocols=["a", "b"]))

    def test_ping(self):
        async def ping(client):
            await (await client.ping(b"are you there"))
            return True

        self.assertTrue(self.talk(ping))

    def test_pieces(self):
        """Both ways: 128 KB in frames of at most 32 KB."""
        text = json.dumps({"action": "ask", "do": {"big": 131072}})

        async def ask(client):
            await client.send([text[:20], text[20:30], text[30:]])
            first = await client.recv()
            body = json.dumps({"action": "ask", "pad": "x" * 131000})
            await client.send([body[i : i + 32768] for i in range(0, len(body), 32768)])
            return first, await client.recv()

        self.assertEqual(self.talk(ask), ("z" * 131072, "fine"))

    def test_close_codes(self):
        async def frame(client):
            await client.send("x" * 32769)

        async def message(client):
            await client.send(["x" * 32768] * 4 + ["x"])

        async def binary(client):
            await client.send(b"bytes")

        self.assertEqual(self.closed(frame)[0], 1009)
        self.assertEqual(self.closed(message)[0], 1009)
        self.assertEqual(self.closed(binary)[0], 1003)

    def test_closes(self):
        async def close(client):
            await client.close(4001, "enough")
            return client.close_code

        self.assertEqual(self.talk(close, self.address(mark="closes")), 4001)
        left = self.left("main", self.known_as("closes"))
        self.assertEqual(left["disconnectStatusCode"], 4001)
        self.assertEqual(left["disconnectReason"], "enough")

    def test_refused(self):
        async def nothing(_):
            return None

        for url, status in (
            (self.address("keys"), 403),
            (self.address(do=answered(418)), 418),
            (self.address("guarded"), 401),
        ):
            with self.subTest(url):
                with self.assertRaises(websockets.InvalidStatusCode) as caught:
                    self.talk(nothing, url)
                self.assertEqual(caught.exception.status_code, status)


class Ws(Clients):
    """ws, which offers to compress unless it is told not to."""

    @classmethod
    def setUpClass(cls):
        node.install(node.WS)
        node.install(node.WSCAT)
        super().setUpClass()

    def start(self, url, *protocols):
        script = node.Script(node.WS, "ws_client.mjs", url, *protocols)
        self.addCleanup(script.stop)
        return script

    def test_talks(self):
        client = self.start(self.address(do=CHOOSE_B, mark="ws"), "a", "b")
        # permessage-deflate was offered, as $connect was told, and declined.
        self.assertEqual(
            client.hear(), {"event": "open", "protocol": "b", "extensions": ""}
        )
        offered = next(
            event["headers"]["Sec-WebSocket-Extensions"]
            for event in self.events(kind="CONNECT")
            if event.get("queryStringParameters", {}).get("mark") == "ws"
        )
        self.assertIn("permessage-deflate", offered)
        fine = {"event": "message", "text": "fine", "binary": False}
        self.assertEqual(client.ask(send='{"action": "ask"}'), fine)
        self.assertEqual(client.ask(pieces=['{"action"', ': "as', 'k"}']), fine)
        self.assertEqual(client.ask(ping="hello"), {"event": "pong", "text": "hello"})
        big = client.ask(send='{"action": "ask", "do": {"big": 131072}}')
        self.assertEqual(big["text"], "z" * 131072)
        # The code comes back, the reason goes to $disconnect alone.
        self.assertEqual(
            client.ask(close=1000, reason="bye"),
            {"event": "close", "code": 1000, "reason": ""},
        )
        self.assertEqual(self.left("main", self.known_as("ws"))["disconnectReason"], "bye")

    def test_refused(self):
        client = self.start(self.address("keys"))
        self.assertEqual(
            client.hear(),
            {"event": "refused", "status": 403, "body": '{"message":"Forbidden"}'},
        )

    def test_wscat(self):
        cat = wscat.Wscat(f"wscat --slash -P -c '{self.address(mark='cat')}'")
        self.addCleanup(cat.stop)
        cat.hear(r"Connected \(press CTRL\+C to quit\)")
        cat.say('{"action": "ask"}')
        cat.hear("< fine")
        cat.say("no JSON at all")
        cat.hear("< fine")  # of $default
        cat.say('{"action": "ask", "do": {"error": "oh"}}')
        cat.hear(
            '< {"message": "Internal server error", '
            r'"connectionId":"[\w-]+=*", "requestId":"[\w-]+=*"}'
        )
        cat.say("/ping")
        cat.hear(r'< Received pong \(data: ""\)')
        identity = self.known_as("cat")
        status, _, _ = self.gateway.manage("main", "POST", identity, b"from elsewhere")
        self.assertEqual(status, 200)
        cat.hear("< from elsewhere")
        cat.say("/close 4000 enough")
        cat.hear(r'Disconnected \(code: 4000, reason: ""\)')
        self.assertEqual(self.left("main", identity)["disconnectReason"], "enough")

    def test_wscat_refused(self):
        cat = wscat.Wscat(f"wscat -c {self.address('bare')}x")
        self.addCleanup(cat.stop)
        cat.hear("error: Unexpected server response: 403")


class Cli(Clients):
    """Debian's aws CLI, which signs as botocore does."""

    PROGRAM = "/usr/bin/aws"

    @classmethod
    def setUpClass(cls):
        e2e.need(os.access(cls.PROGRAM, os.X_OK), "no Debian package awscli")
        super().setUpClass()

    def aws(self, service, command, endpoint, *words, secret="local"):
        done = e2e.run(
            *(self.PROGRAM, service, command, "--endpoint-url", endpoint),
            *("--cli-binary-format", "raw-in-base64-out", "--output", "json"),
            *words,
            env=e2e.environment(
                AWS_ACCESS_KEY_ID="local",
                AWS_SECRET_ACCESS_KEY=secret,
                AWS_DEFAULT_REGION="us-east-1",
                AWS_CONFIG_FILE="/dev/null",
                AWS_SHARED_CREDENTIALS_FILE="/dev/null",
                AWS_EC2_METADATA_DISABLED="true",
                AWS_MAX_ATTEMPTS="1",
                AWS_PAGER="",
            ),
        )
        return done.returncode, done.stdout, done.stderr

    def said(self, done, error, operation):
        """That it failed, and with which error."""
        status, out, err = done
        self.assertEqual((status, out), (254, ""), err)
        self.assertIn(f"An error occurred ({error}) when calling the {operation}", err)
        return err


class Connections(Cli):
    def call(self, command, connection, *words, **more):
        url = self.gateway.url("main")
        return self.aws(
            "apigatewaymanagementapi",
            command,
            f"http://{url.netloc}{url.path}",
            f"--connection-id={connection}",  # which may begin with a dash
            *words,
            **more,
        )

    def test_each_command(self):
        client = self.connect(headers=[("User-Agent", "a test")])
        connection = self.id_of(client)
        large = self.gateway.build / "large"
        large.write_bytes(b"z" * 131073)
        text = "h\u00e9llo from the shell"
        post = "post-to-connection"
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            posted, wrong, too_large, found = pool.map(
                lambda call: call(),
                (
                    lambda: self.call(post, connection, "--data", text),
                    lambda: self.call(post, connection, "--data", "x", secret="wrong"),
                    lambda: self.call(post, connection, "--data", f"fileb://{large}"),
                    lambda: self.call("get-connection", connection),
                ),
            )
        self.assertEqual(posted, (0, "", ""))
        self.assertEqual(client.text(), text)
        self.said(wrong, "InvalidSignatureException", "PostToConnection")
        self.said(too_large, "PayloadTooLargeException", "PostToConnection")
        self.assertEqual(found[0], 0, found[2])
        found = json.loads(found[1])
        self.assertEqual(
            found["Identity"], {"SourceIp": "127.0.0.1", "UserAgent": "a test"}
        )
        for name in ("ConnectedAt", "LastActiveAt"):
            self.assertRegex(found[name], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00$")
        # Neither of the two that were refused came.
        self.assertEqual(client.ask({"action": "ask"}), "fine")
        self.assertEqual(self.call("delete-connection", connection), (0, "", ""))
        self.assertEqual(client.closed(), (1000, ""))
        gone = self.call("post-to-connection", connection, "--data", "x")
        self.said(gone, "GoneException", "PostToConnection")


class Tables(Cli):
    """The tables of `connections`, at the address that functions are told."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="wsgen-kept-")
        cls.addClassCleanup(folder.cleanup)
        cls.spec = os.path.join(folder.name, "kept.yaml")
        with open(cls.spec, "w", encoding="utf-8") as file:
            file.write(KEPT)
        super().setUpClass()

    def test_put_and_query(self):
        client = self.connect("kept")

        def told(name):
            return client.ask({"action": "ask", "do": {"env": name}})

        endpoint = told("AWS_ENDPOINT_URL_DYNAMODB")
        e2e.need(endpoint, "the gateway was built without SQLite")
        table = told("WSG_CONNECTIONS_TABLE")
        item = {"pk": {"S": "a"}, "sk": {"S": "\u00e9"}, "expires": {"N": "5"}}

        def call(command, *words, **more):
            return self.aws(
                "dynamodb", command, endpoint, "--table-name", table, *words, **more
            )

        put = ("put-item", "--item", json.dumps(item))
        query = (
            *("query", "--key-condition-expression", "pk = :pk"),
            *("--expression-attribute-values", '{":pk": {"S": "a"}}'),
        )
        self.said(call(*put, secret="wrong"), "InvalidSignatureException", "PutItem")
        self.assertEqual(call(*put), (0, "", ""))
        status, out, err = call(*query)
        self.assertEqual(status, 0, err)
        found = json.loads(out)
        self.assertEqual((found["Items"], found["Count"]), ([item], 1))


class Sdk(Clients):
    """The AWS SDK for JavaScript, and what it makes of errors."""

    @classmethod
    def setUpClass(cls):
        node.install(node.SDK)
        super().setUpClass()

    def start(self, stage="dev"):
        url = self.gateway.url("main", stage)
        endpoint = f"http://{url.netloc}/{stage}"
        script = node.Script(node.SDK, "sdk_client.mjs", endpoint)
        self.addCleanup(script.stop)

        def call(command, connection, **more):
            known = {"ConnectionId": connection, **more.pop("input", {})}
            return script.ask(command=command + "Command", input=known, **more)

        return call

    def test_each_command(self):
        client = self.connect()
        connection = self.id_of(client)
        call = self.start()
        self.assertEqual(
            call("PostToConnection", connection, input={"Data": "h\u00e9"}),
            {"status": 200, "output": {}},
        )
        self.assertEqual(client.text(), "h\u00e9")
        found = call("GetConnection", connection)["output"]
        self.assertEqual(found["Identity"]["SourceIp"], "127.0.0.1")
        for name in ("ConnectedAt", "LastActiveAt"):  # the SDK made dates of them
            self.assertRegex(found[name], r"^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$")
        self.assertEqual(
            call("PostToConnection", connection, size=131073),
            {"status": 413, "name": "PayloadTooLargeException", "known": True},
        )
        self.assertEqual(
            call("PostToConnection", connection, input={"Data": "x"}, secret="no"),
            {"status": 403, "name": "InvalidSignatureException", "known": False},
        )
        self.assertEqual(
            call("DeleteConnection", connection), {"status": 204, "output": {}}
        )
        self.assertEqual(client.closed(), (1000, ""))
        for command in ("PostToConnection", "GetConnection", "DeleteConnection"):
            with self.subTest(command):
                self.assertEqual(
                    call(command, connection, input={"Data": "x"}),
                    {"status": 410, "name": "GoneException", "known": True},
                )

    def test_forbidden(self):
        call = self.start()
        nowhere = f"http://{self.gateway.url('main').netloc}/nowhere"
        other = node.Script(node.SDK, "sdk_client.mjs", nowhere)
        self.addCleanup(other.stop)
        order = {"command": "GetConnectionCommand", "input": {"ConnectionId": "x="}}
        self.assertEqual(
            other.ask(**order),
            {"status": 403, "name": "ForbiddenException", "known": True},
        )
        # An id that is none is the caller's fault, and none of the three.
        self.assertEqual(call("GetConnection", "x=")["status"], 400)


if __name__ == "__main__":
    unittest.main()
