#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sending to connections, against an @connections API of our own.

usage: test_connections.py FUNCTION, the binary of connections_function.c
"""
import datetime
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import unittest
from urllib.parse import quote

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402

BINARY = os.path.abspath(sys.argv[1])
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "session/token==", "AWS_REGION": "eu-west-1"}
CONTEXT = {"routeKey": "any", "apiId": "abc", "stage": "dev",
           "connectionId": "me=", "domainName": "never.example.com"}


def http_date(offset=0):
    then = datetime.datetime.utcfromtimestamp(time.time() + offset)
    return then.strftime("%a, %d %b %Y %H:%M:%S GMT")


def error(status, kind, body=b"", date=None):
    head = "x-amzn-ErrorType: %s\nDate: %s" % (kind, date or http_date())
    return answer(body, status, head)


def signature(request, secret=SECRET):
    """The signature that the request's own headers call for."""
    signed = request.header("authorization").split("SignedHeaders=")[1]
    signed = signed.split(",")[0].split(";")
    date = request.header("x-amz-date")
    scope = request.header("authorization").split("Credential=")[1]
    scope = scope.split(",")[0].split("/", 1)[1]
    canonical = "\n".join(
        [request.method, quote(request.target, safe="/-._~"), ""] +
        [name + ":" + request.header(name) for name in signed] +
        ["", ";".join(signed), hashlib.sha256(request.body).hexdigest()])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", date, scope,
                         hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/") + [to_sign]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def do(what, *ids, text="hi", times=1):
    return {"do": what, "ids": list(ids), "text": text, "times": times}


class Connections(unittest.TestCase):
    def start(self, behave, **more):
        server = Server(behave, **more)
        self.addCleanup(server.close)
        return server

    def says(self, *raws):
        """A server that gives these answers, the last one ever after."""
        return self.start(lambda connection, request, number: connection
                          .sendall(raws[min(number, len(raws) - 1)]) or True)

    def run_function(self, server, *tasks, context=None, env=None,
                     path="/dev"):
        """What the function replies, and its log."""
        event = {"requestContext": context or CONTEXT,
                 "body": json.dumps(tasks)}
        variables = dict(os.environ, **KEYS)
        for name in ("AWS_LAMBDA_RUNTIME_API", "WSG_ENDPOINT"):
            variables.pop(name, None)
        if server:
            variables["WSG_ENDPOINT"] = "http://127.0.0.1:%d%s" % (
                server.port, path)
        for name, value in (env or {}).items():
            if value is None:
                variables.pop(name, None)
            else:
                variables[name] = value
        result = subprocess.run([BINARY], input=json.dumps(event).encode(),
                                env=variables, capture_output=True,
                                timeout=40)
        log = result.stderr.decode()
        self.assertEqual(result.returncode, 0, log)
        # Whatever happens, no secret in the log.
        for secret in (SECRET, KEYS["AWS_SESSION_TOKEN"], "Signature="):
            self.assertNotIn(secret, log)
        return json.loads(json.loads(result.stdout)["body"]), log

    def test_requests(self):
        server = self.says(answer(), answer(), answer(),
                           answer(b"", "204 No Content"))
        said, log = self.run_function(
            server, do("send", "L0SM9cOFvHcCIhw="), do("message", "a/b?é"),
            do("send", "me=", text=""), do("close", "x="),
            do("close peer", "y="))
        self.assertEqual((said, log), ([["sent"]] * 5, ""))
        self.assertEqual(
            [(r.line, r.body) for r in server.requests],
            [("POST /dev/@connections/L0SM9cOFvHcCIhw%3D HTTP/1.1", b"hi"),
             ("POST /dev/@connections/a%2Fb%3F%C3%A9 HTTP/1.1",
              b'{"text":"hi"}'),
             ("POST /dev/@connections/me%3D HTTP/1.1", b""),
             ("DELETE /dev/@connections/x%3D HTTP/1.1", b""),
             ("DELETE /dev/@connections/y%3D HTTP/1.1", b"")])
        self.assertEqual(server.connections, 1)
        for request in server.requests:
            authorization = request.header("authorization")
            self.assertIn("Credential=AKIDEXAMPLE/", authorization)
            self.assertIn("/eu-west-1/execute-api/aws4_request",
                          authorization)
            self.assertIn("x-amz-security-token", authorization)
            self.assertEqual(authorization[-64:], signature(request))
            self.assertEqual(request.header("host"),
                             "127.0.0.1:%d" % server.port)

    def test_endpoints(self):
        server = self.says(answer())
        for path in ("", "/", "/a/b%20c/"):
            self.run_function(server, do("send", "c"), path=path)
        self.assertEqual([r.target for r in server.requests],
                         ["/@connections/c", "/@connections/c",
                          "/a/b%20c/@connections/c"])
        # Without the variable it is AWS; these names lead nowhere from here.
        for region, context, said in (
            ("eu-west-1", {}, "abc.execute-api.eu-west-1.amazonaws.com"),
            ("cn-north-1", {}, "abc.execute-api.cn-north-1.amazonaws.com.cn"),
            ("eu-west-1", {"apiId": "a/b"}, "nowhere to send to"),
            ("eu-west-1", {"apiId": "x.y"}, "nowhere to send to"),
            ("", {}, "nowhere to send to"),
            ("eu-west-1", {"apiId": None}, "nowhere to send to"),
        ):
            with self.subTest(said):
                result, log = self.run_function(
                    None, do("send", "c"),
                    context=dict(CONTEXT, **context), env={
                        "AWS_REGION": region, "AWS_DEFAULT_REGION": None,
                        "WSG_ENDPOINT": None,
                        "WSG_CA_FILE": "/nonexistent"})
                self.assertEqual(result, [["failed"]])
                self.assertIn(said, log)
                self.assertNotIn("never.example.com", log)
        result, log = self.run_function(None, do("send", "c"), env={
            "WSG_ENDPOINT": "127.0.0.1:80"})
        self.assertEqual(result, [["failed"]])
        self.assertIn("WSG_ENDPOINT", log)

    def test_without_credentials(self):
        server = self.says(answer())
        said, _ = self.run_function(server, do("send", "c"), env={
            "AWS_ACCESS_KEY_ID": None})
        self.assertEqual(said, [["sent"]])
        self.assertIsNone(server.requests[0].header("authorization"))
        server = self.says(answer())
        self.run_function(server, do("send", "c"), env={
            "AWS_SESSION_TOKEN": None, "AWS_REGION": None,
            "AWS_DEFAULT_REGION": "us-east-2"})
        request = server.requests[0]
        self.assertIsNone(request.header("x-amz-security-token"))
        self.assertIn("/us-east-2/", request.header("authorization"))
        self.assertEqual(request.header("authorization")[-64:],
                         signature(request))

    def test_results(self):
        denied = json.dumps({"Message": "User: arn:u is not authorized"})
        mismatch = json.dumps({"message": "... " + KEYS["AWS_SESSION_TOKEN"]})
        for what, raws, result, asked, logged in (
            ("sent", [answer()], "sent", 1, ""),
            ("gone", [error("410 Gone", "GoneException")], "gone", 1, ""),
            ("gone by name", [error("400 X", "GoneException:http://x/")],
             "gone", 1, ""),
            ("too large", [error("413 X", "PayloadTooLargeException")],
             "large", 1, ""),
            ("not allowed", [error("403 Forbidden", "AccessDeniedException",
                                   denied.encode())],
             "forbidden", 1, "403 AccessDeniedException: User: arn:u is not"),
            ("a wrong signature",
             [error("403 Forbidden", "InvalidSignatureException",
                    mismatch.encode())],
             "forbidden", 1, "403 InvalidSignatureException\n"),
            ("not known", [error("400 Bad", "BadRequestException:x",
                                 b'{"message":"Invalid connectionId: x"}')],
             "failed", 1, "400 BadRequestException\n"),
            ("elsewhere", [answer(b"", "302 Found", "Location: http://x/")],
             "failed", 1, "302"),
            ("throttled, then sent",
             [error("429 X", "LimitExceededException")] * 2 + [answer()],
             "sent", 3, ""),
            ("throttled by name, then gone",
             [error("400 X", "LimitExceededException"),
              error("410 Gone", "GoneException")], "gone", 2, ""),
            ("broken, then sent", [answer(b"", "500 X"), answer(b"", "503 X"),
                                   answer()], "sent", 3, ""),
            ("broken", [answer(b"", "500 X")], "failed", 4, "POST "
             "@connections: 500"),
            ("no HTTP", [b"rubbish\r\n\r\n"], "failed", 1, "no HTTP"),
        ):
            with self.subTest(what):
                server = self.says(*raws)
                said, log = self.run_function(server, do("send", "c="))
                self.assertEqual(said, [[result]])
                self.assertEqual(len(server.requests), asked)
                if logged:
                    self.assertIn(logged, log)
                else:
                    self.assertEqual(log, "")

    def test_nobody_there(self):
        server = self.says(answer())
        server.close()
        said, log = self.run_function(server, do("send", "c="))
        self.assertEqual(said, [["failed"]])
        self.assertIn("connection refused", log)

    def test_closed_between_events(self):
        seen = {}

        def behave(connection, request, number):
            # Each connection answers twice and hangs up on a third request.
            seen[connection] = seen.get(connection, 0) + 1
            if seen[connection] == 3:
                return False
            connection.sendall(answer())
            return True

        server = self.start(behave)
        said, log = self.run_function(server, *[do("send", "c")] * 5)
        self.assertEqual((said, log), ([["sent"]] * 5, ""))
        self.assertEqual(server.connections, 3)

    def test_limits(self):
        server = self.says(answer())
        said, log = self.run_function(
            server, do("send", "c", text="x", times=131072),
            do("send", "c", text="x", times=131073),
            do("message", "c", text="x", times=131072 - len('{"text":""}')),
            do("message", "c", text="x", times=131073 - len('{"text":""}')),
            do("send all", "c", "d", text="x", times=131073),
            do("message all", "c", "d", text='"', times=70000),
            do("send", ""))
        self.assertEqual(said, [["sent"], ["large"], ["sent"], ["large"],
                                ["large"] * 2, ["large"] * 2, ["failed"]])
        self.assertEqual([len(r.body) for r in server.requests],
                         [131072, 131072])
        self.assertIn("a message of 131073 bytes is larger than 131072", log)

    def test_inspect(self):
        full = (b'{"connectedAt":"2025-02-03T01:46:33.523Z","identity":'
                b'{"sourceIp":"203.0.113.7","userAgent":%s,"more":{}},'
                b'"lastActiveAt":"2025-02-03T01:46:34.001Z","new":[1]}')
        times = [1738547193523, 1738547194001]
        for what, raw, expected in (
            ("all of it", full % b'"curl \\"8\\""',
             ["sent"] + times + ["203.0.113.7", 'curl "8"']),
            ("no user agent", full % b"null",
             ["sent"] + times + ["203.0.113.7", ""]),
            ("no identity", b'{"connectedAt":"2025-02-03T01:46:33.523Z",'
             b'"identity":null}', ["sent", times[0], 0, "", ""]),
            ("not JSON", b"<html>", ["failed"]),
            ("not a time", b'{"connectedAt":"yesterday"}', ["failed"]),
        ):
            for call in ("inspect", "inspect peer"):
                with self.subTest(what, call=call):
                    server = self.says(answer(raw))
                    said, log = self.run_function(server, do(call, "c="))
                    self.assertEqual(said, [expected])
                    self.assertEqual(server.requests[0].line,
                                     "GET /dev/@connections/c%3D HTTP/1.1")
        server = self.says(error("410 Gone", "GoneException"))
        self.assertEqual(self.run_function(server, do("inspect", "c="))[0],
                         [["gone"]])

    def test_clock(self):
        # AWS's clock is a quarter of an hour ahead; it says so when it
        # refuses, and from then on we sign by it.
        def behave(connection, request, number):
            date = request.header("x-amz-date")
            signed = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
            off = signed.timestamp() - datetime.datetime.utcfromtimestamp(
                time.time() + 900).timestamp()
            connection.sendall(answer() if abs(off) < 300 else error(
                "403 X", "InvalidSignatureException", date=http_date(900)))
            return True

        server = self.start(behave)
        said, log = self.run_function(
            server, do("send", "a"), do("send", "b"),
            do("send all", "c", "d", "e"))
        self.assertEqual(said, [["sent"], ["sent"], ["sent"] * 3])
        self.assertEqual(len(server.requests), 6)
        self.assertRegex(log, "the clock is off by (899|900) seconds")
        # A server that is never content is asked twice and no more.
        server = self.says(error("403 X", "X", date=http_date(86400)))
        said, _ = self.run_function(server, do("send", "a"))
        self.assertEqual(said, [["forbidden"]])
        self.assertEqual(len(server.requests), 2)

    def test_many(self):
        ids = ["id%d=" % i for i in range(200)]
        tried = {}

        def behave(connection, request, number):
            at = int(request.target.split("id")[1].split("%")[0])
            tried[at] = tried.get(at, 0) + 1
            if at % 10 == 3:
                raw = error("410 Gone", "GoneException")
            elif at % 10 == 5 and tried[at] < 3:
                raw = error("429 X", "LimitExceededException")
            elif at % 10 == 7:
                raw = error("400 Bad", "BadRequestException")
            else:
                raw = answer()
            time.sleep(0.002)
            connection.sendall(raw)
            return at % 10 != 9  # and hangs up on some

        for call in ("send all", "message all"):
            tried.clear()
            server = self.start(behave)
            said, log = self.run_function(server, do(call, *ids))
            self.assertEqual(said, [[
                "gone" if i % 10 == 3 else "failed" if i % 10 == 7 else "sent"
                for i in range(200)]])
            self.assertEqual(len(server.requests), 240)
            self.assertLessEqual(server.most_at_once, 16)
            self.assertGreater(server.most_at_once, 4)
            self.assertEqual(log.count("400 BadRequestException"), 5)
            bodies = {r.body for r in server.requests}
            self.assertEqual(len(bodies), 1)
            for request in server.requests[:20]:
                self.assertEqual(request.header("authorization")[-64:],
                                 signature(request))
        said, _ = self.run_function(self.says(answer()), do("send all"),
                                    do("send all", "a", "", "b"))
        self.assertEqual(said, [[], ["sent", "failed", "sent"]])

    def test_deadline(self):
        """In a Lambda whose time is nearly up."""
        for what, raw, result, logged in (
            ("throttled", error("429 X", "LimitExceededException"),
             "throttled", ""),
            ("silent", None, "failed", "timed out"),
        ):
            def behave(connection, request, number, raw=raw):
                if not raw:
                    time.sleep(3)
                    return False
                connection.sendall(raw)
                return True

            with self.subTest(what):
                server = self.start(behave)
                api = RuntimeApi({
                    "requestContext": CONTEXT,
                    "body": json.dumps([do("send", "c")])}, 1500)
                self.addCleanup(api.server.close)
                process = subprocess.Popen(
                    [BINARY], stderr=subprocess.PIPE, env=dict(
                        os.environ, **KEYS, AWS_LAMBDA_RUNTIME_API=
                        "127.0.0.1:%d" % api.server.port,
                        WSG_ENDPOINT="http://127.0.0.1:%d" % server.port))
                log = process.communicate(timeout=20)[1].decode()
                took = api.answered - api.handed_out
                self.assertEqual(json.loads(api.answer["body"]), [[result]])
                self.assertIn(logged, log)
                self.assertLess(took, 1.5)
                self.assertGreater(took, 0.4)
                if raw:
                    self.assertGreater(len(server.requests), 3)


class RuntimeApi:
    """Hands out one event, and hangs up when it is answered."""

    def __init__(self, event, time_ms):
        self.event = json.dumps(event).encode()
        self.time_ms = time_ms
        self.server = Server(self.behave)

    def behave(self, connection, request, number):
        if request.method == "POST":
            self.answered = time.monotonic()
            self.answer = json.loads(request.body)
            connection.sendall(answer(b"", "500 enough"))
            return False
        self.handed_out = time.monotonic()
        connection.sendall(answer(
            self.event, head="Lambda-Runtime-Aws-Request-Id: id\n"
            "Lambda-Runtime-Deadline-Ms: %d" % (
                time.time() * 1000 + self.time_ms)))
        return True


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
