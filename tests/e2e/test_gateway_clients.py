# SPDX-License-Identifier: MIT
"""Clients that others wrote, against the gateway."""

import asyncio
import json
import sys
import unittest
import urllib.parse

import e2e
import gateway

try:
    import websockets
except ImportError:
    # A Python of one's own does not see what the system's package brought.
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import websockets
    except ImportError:
        websockets = None


class Websockets(gateway.Rows):
    def setUp(self):
        e2e.need(websockets, "no python3-websockets")

    def talk(self, what, **more):
        async def run():
            url = self.gateway.url("main").geturl()
            async with websockets.connect(url, **more) as client:
                return await asyncio.wait_for(what(client), gateway.PATIENCE)

        return asyncio.run(run())

    def test_asks_and_hears(self):
        async def ask(client):
            await client.send(json.dumps({"action": "ask"}))
            return await client.recv()

        self.assertEqual(self.talk(ask), "fine")

    def test_long_messages_are_put_together(self):
        async def ask(client):
            await client.send(json.dumps({"action": "ask", "do": {"big": 131072}}))
            return await client.recv()

        self.assertEqual(len(self.talk(ask)), 131072)

    def test_ping(self):
        async def ping(client):
            await (await client.ping())
            return True

        self.assertTrue(self.talk(ping))

    def test_subprotocol(self):
        url = self.gateway.url("main").geturl()
        answer = '{"answer":{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"b"}}}'

        async def run():
            async with websockets.connect(
                f"{url}?do={answer.replace(chr(34), '%22')}", subprotocols=["a", "b"]
            ) as client:
                return client.subprotocol

        self.assertEqual(asyncio.run(run()), "b")

    def test_refused(self):
        url = self.gateway.url("keys").geturl()

        async def run():
            async with websockets.connect(url):
                pass

        with self.assertRaises(websockets.InvalidStatusCode) as caught:
            asyncio.run(run())
        self.assertEqual(caught.exception.status_code, 403)


class Cli(gateway.Rows):
    """The aws CLI, which signs as botocore does."""

    def setUp(self):
        e2e.need_program("aws")

    def aws(self, command, connection, *words, fails=False):
        url = self.gateway.url("main")
        done = e2e.run(
            *("aws", "apigatewaymanagementapi", command),
            *("--connection-id", connection),
            *("--endpoint-url", f"http://{url.netloc}/dev"),
            *words,
            env=e2e.environment(
                AWS_ACCESS_KEY_ID="local",
                AWS_SECRET_ACCESS_KEY="local",
                AWS_DEFAULT_REGION="eu-central-1",
            ),
        )
        self.assertEqual(done.returncode != 0, fails, done.stdout + done.stderr)
        return done

    def test_post_get_delete(self):
        client = self.connect()
        mine = self.id_of(client)
        folder = self.gateway.build
        (folder / "data").write_text("from the shell")
        self.aws("post-to-connection", mine, "--data", f"fileb://{folder}/data")
        self.assertEqual(client.text(), "from the shell")
        said = json.loads(self.aws("get-connection", mine).stdout)
        self.assertEqual(said["Identity"]["SourceIp"], "127.0.0.1")
        self.assertIn("ConnectedAt", said)
        self.aws("delete-connection", mine)
        self.assertEqual(client.closed(), (1000, ""))
        done = self.aws("get-connection", mine, fails=True)
        self.assertIn("(GoneException)", done.stderr)


class Node(gateway.Rows):
    """The JavaScript SDK, and the WebSocket client that wscat is made of. They
    are installed beside the build when they are not there.
    """

    PACKAGES = ("@aws-sdk/client-apigatewaymanagementapi@3", "ws@8")
    TALK = """
        const { WebSocket } = require("ws");
        const sdk = require("@aws-sdk/client-apigatewaymanagementapi");
        const [url, endpoint] = process.argv.slice(2);
        const client = new WebSocket(url, ["a"]);
        const next = () => new Promise((done) =>
          client.once("message", (data) => done(data.toString())));
        const name = (promise) => promise.then(
          () => "none", (error) => error.name + " " + error.$metadata.httpStatusCode);
        client.once("open", async () => {
          client.send(JSON.stringify({ action: "ask", do: { me: 1 } }));
          const ConnectionId = await next();
          const api = new sdk.ApiGatewayManagementApiClient({
            endpoint, region: "us-east-1",
            credentials: { accessKeyId: "local", secretAccessKey: "local" },
          });
          const heard = next();
          const Data = "h\u00e9";
          await api.send(new sdk.PostToConnectionCommand({ ConnectionId, Data }));
          const found = await api.send(new sdk.GetConnectionCommand({ ConnectionId }));
          const large = await name(api.send(new sdk.PostToConnectionCommand(
            { ConnectionId, Data: "x".repeat(131073) })));
          const closed = new Promise((done) => client.once("close", done));
          await api.send(new sdk.DeleteConnectionCommand({ ConnectionId }));
          console.log(JSON.stringify({
            protocol: client.protocol, heard: await heard, large,
            ip: found.Identity.SourceIp, at: found.ConnectedAt instanceof Date,
            code: await closed,
            gone: await name(api.send(new sdk.GetConnectionCommand({ ConnectionId }))),
          }));
        });
        client.on("error", (error) => { console.log(error.message); });
    """

    @classmethod
    def setUpClass(cls):
        for program in ("node", "npm"):
            e2e.need_program(program)
        cls.cache = e2e.BUILD / "tests" / "e2e" / "node"
        if not (cls.cache / "node_modules" / "ws").exists():
            cls.cache.mkdir(parents=True, exist_ok=True)
            words = ("--no-audit", "--no-fund", "--no-save", "--prefix", cls.cache)
            done = e2e.run("npm", "install", *words, *cls.PACKAGES, timeout=600)
            e2e.need(done.returncode == 0, f"npm: {done.stderr[-300:]}")
        super().setUpClass()

    def test_talks(self):
        url = self.gateway.url("main")
        accept = {"answer": {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "a"}}}
        order = urllib.parse.quote(json.dumps(accept))
        script = self.cache / "talk.js"
        script.write_text(self.TALK)
        done = e2e.run(
            "node", script, f"{url.geturl()}?do={order}", f"http://{url.netloc}/dev"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            json.loads(done.stdout),
            {
                "protocol": "a",
                "heard": "h\u00e9",
                "large": "PayloadTooLargeException 413",
                "ip": "127.0.0.1",
                "at": True,
                "code": 1000,
                "gone": "GoneException 410",
            },
        )


if __name__ == "__main__":
    unittest.main()
