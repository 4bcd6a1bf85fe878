#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The registry of connections: over a DynamoDB that says what its test tells it
to, and over a real one (dynalite), whose table is the one that wsgen's template
asks for.

usage: test_registry.py FUNCTION CACHE TEMPLATE

FUNCTION is the binary of registry_function.c. dynalite is installed to CACHE
when it is not there. Without npm its tests are skipped, unless WSGEN_CI is set.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import Server, answer  # noqa: E402
from dynalite import Dynalite, table_of  # noqa: E402

BINARY, CACHE, TEMPLATE = (os.path.abspath(path) for path in sys.argv[1:4])
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "session/token==", "AWS_REGION": "eu-west-1",
        "WSG_CONNECTIONS_TABLE": "kept"}
OURS = ("AWS_LAMBDA_RUNTIME_API", "WSG_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB",
        "TEST_JOIN", "TEST_REFUSE", "TEST_TTL", "TEST_TOPICS")
GONE = answer(b"", "410 Gone", "x-amzn-ErrorType: GoneException")


def error(kind, status="400 Bad Request", message="why"):
    body = {"__type": "com.amazonaws.dynamodb.v20120810#" + kind,
            "message": message}
    return answer(json.dumps(body).encode(), status)


def says(body):
    return answer(json.dumps(body).encode())


def do(what, **more):
    return {"do": what, **more}


class Case(unittest.TestCase):
    url = None

    def start(self, behave):
        server = Server(behave)
        self.addCleanup(server.close)
        return server

    def launch(self, key="any", tasks=(), connection="me=", stage="dev",
               **env):
        """The function, which has its event but no leave to start yet."""
        event = {"requestContext": {
            "routeKey": key, "apiId": "abc", "stage": stage,
            "connectionId": connection}, "body": json.dumps(tasks)}
        variables = {name: value for name, value in os.environ.items()
                     if name not in OURS}
        variables.update(KEYS)
        if self.url:
            variables["AWS_ENDPOINT_URL_DYNAMODB"] = self.url
        for name, value in env.items():
            variables.pop(name, None)
            if value is not None:
                variables[name] = value
        process = subprocess.Popen([BINARY], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=variables)
        return process, json.dumps(event).encode()

    def invoke(self, key="any", **more):
        """The function's answer, None if it failed, and its log."""
        process, event = self.launch(key, **more)
        said, log = process.communicate(event, timeout=50)
        log = log.decode()
        # Whatever happens, no secret in the log.
        for secret in (SECRET, KEYS["AWS_SESSION_TOKEN"], "Signature="):
            self.assertNotIn(secret, log)
        said = json.loads(said)
        return (None if process.returncode else said), log

    def ask(self, *tasks, **more):
        """What became of each task."""
        said, log = self.invoke(tasks=tasks, **more)
        self.assertIsNotNone(said, log)
        return json.loads(said["body"]), log

    def tell(self, *tasks, **more):
        """The same, where all goes well and nothing is logged."""
        said, log = self.ask(*tasks, **more)
        self.assertEqual(log, "")
        for one in said:
            self.assertIs(one.pop(), True, said)
        return said


class Scripted(Case):
    """What is asked of DynamoDB, and what is done about its answers."""

    def script(self, *raws):
        """A server that gives these answers, the last one ever after."""
        server = self.start(lambda connection, request, number: connection
                            .sendall(raws[min(number, len(raws) - 1)]) or True)
        self.url = "http://127.0.0.1:%d" % server.port
        return server

    def asked(self, server):
        return [(request.header("x-amz-target").split(".")[1],
                 json.loads(request.body)) for request in server.requests]

    def test_connect(self):
        server = self.script(says({}))
        said, log = self.invoke("$connect", TEST_TTL="90")
        self.assertEqual((said, log), ({"statusCode": 200}, ""))
        [(operation, body)] = self.asked(server)
        expires = int(body["Item"].pop("expires")["N"])
        self.assertAlmostEqual(expires, time.time() + 90, delta=20)
        self.assertEqual((operation, body), ("PutItem", {
            "TableName": "kept",
            "Item": {"pk": {"S": "abc/dev/connections"},
                     "sk": {"S": "me="}}}))
        request = server.requests[0]
        self.assertEqual(request.line, "POST / HTTP/1.1")
        self.assertEqual(request.header("content-type"),
                         "application/x-amz-json-1.0")
        self.assertRegex(
            request.header("authorization"),
            r"^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-west-1/"
            r"dynamodb/aws4_request, SignedHeaders=content-type;host;"
            r"x-amz-date;x-amz-security-token;x-amz-target, Signature=")

    def test_connect_is_refused(self):
        with self.subTest("by the handler"):
            server = self.script(says({}))
            said, log = self.invoke("$connect", TEST_REFUSE="1")
            self.assertEqual((said, log), ({"statusCode": 403}, ""))
            self.assertEqual(server.requests, [])
        with self.subTest("by the handler, after it joined"):
            said, log = self.invoke("$connect", TEST_REFUSE="1",
                                    TEST_JOIN="room")
            self.assertEqual((said, log), ({"statusCode": 403}, ""))
            self.assertEqual(server.requests, [])
        with self.subTest("by the store, half way"):
            server = self.script(says({}), error("AccessDeniedException"),
                                 says({}))
            said, log = self.invoke("$connect", TEST_JOIN="room")
            self.assertIsNone(said)
            self.assertIn("BatchWriteItem: 400 AccessDeniedException", log)
            self.assertEqual(
                [name for name, _ in self.asked(server)],
                ["PutItem", "BatchWriteItem", "DeleteItem", "Query"])
        with self.subTest("by the store"):
            self.script(error("AccessDeniedException", message="not you"))
            said, log = self.invoke("$connect")
            self.assertIsNone(said)
            self.assertIn("PutItem: 400 AccessDeniedException: not you", log)

    def test_nothing_is_kept_without_a_table(self):
        server = self.script(says({}))
        said, log = self.invoke("$connect", WSG_CONNECTIONS_TABLE=None)
        self.assertEqual(said, {"statusCode": 200})
        self.assertIn("connections are not kept here", log)
        said, log = self.ask(do("count"), WSG_CONNECTIONS_TABLE=None)
        self.assertEqual(said, [[0, False]])
        self.assertEqual(server.requests, [])

    def test_without_topics(self):
        server = self.script(says({}))
        self.invoke("$disconnect", TEST_TOPICS="no")
        self.assertEqual(
            self.asked(server),
            [("DeleteItem", {"TableName": "kept", "Key": {
                "pk": {"S": "abc/dev/connections"}, "sk": {"S": "me="}}})])
        said, log = self.ask(do("join", id="a=", topic="t"),
                             do("in topic", topic="t"), TEST_TOPICS="no")
        self.assertEqual(said, [[False], [False]])
        self.assertIn("has no `topics: true`", log)

    def test_busy(self):
        busy = "ProvisionedThroughputExceededException"
        for name, raws, tries in (
                ("throttled", [error(busy), error("ThrottlingException"),
                               says({"Count": 7})], 3),
                ("limited", [error("RequestLimitExceeded"),
                             says({"Count": 7})], 2),
                ("server's fault", [error("InternalServerError", "500 Oops"),
                                    answer(b"", "503 Busy"),
                                    says({"Count": 7})], 3),
        ):
            with self.subTest(name):
                server = self.script(*raws)
                self.assertEqual(self.tell(do("count")), [[7]])
                self.assertEqual(len(server.requests), tries)

    def lambda_with(self, left_ms, *events):
        """A Runtime API with these events, and what was posted to it."""
        posted, left = [], list(events)

        def behave(connection, request, number):
            if request.method == "POST":
                posted.append((request.target.rsplit("/", 1)[1],
                               json.loads(request.body)))
                connection.sendall(answer(b"", "202 Accepted"))
                return True
            if not left:
                return False
            connection.sendall(answer(
                json.dumps(left.pop(0)).encode(), head="Lambda-Runtime-Aws-Request-"
                "Id: r\nLambda-Runtime-Deadline-Ms: %d" %
                (time.time() * 1000 + left_ms)))
            return True

        server = self.start(behave)
        return "127.0.0.1:%d" % server.port, posted

    def test_the_deadline(self):
        busy = error("ThrottlingException")
        left = says({"UnprocessedItems": {"kept": [{"DeleteRequest": {"Key": {
            "pk": {"S": "a"}, "sk": {"S": "b"}}}}]}})
        for name, raw, key, task, said, log in (
                ("connect", busy, "$connect", [],
                 ("error", "Function.Failed"), "PutItem: 400 Throttling"),
                ("join", busy, "any", [do("join", id="a=", topic="t")],
                 ("response", "[[false]]"), "BatchWriteItem: 400 Throttling"),
                ("left over", left, "any", [do("leave", id="a=", topic="t")],
                 ("response", "[[false]]"), "BatchWriteItem: items are left"),
        ):
            with self.subTest(name):
                server = self.script(raw)
                address, posted = self.lambda_with(1500, {
                    "requestContext": {"routeKey": key, "apiId": "abc",
                                       "stage": "dev", "connectionId": "me="},
                    "body": json.dumps(task)})
                started = time.time()
                result = subprocess.run(
                    [BINARY], capture_output=True, timeout=20,
                    env=dict(os.environ, **KEYS, AWS_LAMBDA_RUNTIME_API=address,
                             AWS_ENDPOINT_URL_DYNAMODB=self.url))
                self.assertLess(time.time() - started, 4)
                [(what, body)] = posted
                self.assertEqual(
                    (what, body.get("errorType") or body.get("body")), said)
                self.assertIn(log, result.stderr.decode())
                self.assertIn("up to the deadline", result.stderr.decode())
                # With pauses in between that grow.
                self.assertIn(len(server.requests), range(3, 20))

    def test_connections_are_kept(self):
        server = self.script(says({"Count": 7}))
        event = {"requestContext": {"routeKey": "any", "apiId": "abc",
                                    "stage": "dev", "connectionId": "me="},
                 "body": json.dumps([do("count")] * 2)}
        address, posted = self.lambda_with(9000, *[event] * 3)
        subprocess.run(
            [BINARY], capture_output=True, timeout=20,
            env=dict(os.environ, **KEYS, AWS_LAMBDA_RUNTIME_API=address,
                     AWS_ENDPOINT_URL_DYNAMODB=self.url))
        self.assertEqual([(what, body["body"]) for what, body in posted],
                         [("response", "[[7,true],[7,true]]")] * 3)
        self.assertEqual((len(server.requests), server.connections), (6, 1))

    def test_hang_up(self):
        def behave(connection, request, number):
            if number == 0:
                return False
            connection.sendall(says({"Count": 3}))
            return True

        server = self.start(behave)
        self.url = "http://127.0.0.1:%d" % server.port
        self.assertEqual(self.tell(do("count")), [[3]])

    def test_refusals_are_not_repeated(self):
        for kind, shown in (("ValidationException", ": why"),
                            ("ResourceNotFoundException", ": why"),
                            ("InvalidSignatureException", ""),
                            ("UnrecognizedClientException", "")):
            with self.subTest(kind):
                server = self.script(error(kind))
                said, log = self.ask(do("count"))
                self.assertEqual(said, [[0, False]])
                self.assertIn("DynamoDB Query: 400 %s%s" % (kind, shown), log)
                self.assertEqual("why" in log, bool(shown))
                self.assertEqual(len(server.requests), 1)

    def test_a_clock_that_is_off(self):
        then = datetime.datetime.now(datetime.timezone.utc)
        then += datetime.timedelta(hours=3)
        head = then.strftime("Date: %a, %d %b %Y %H:%M:%S GMT")
        body = json.dumps({"__type": "x#InvalidSignatureException"}).encode()
        server = self.script(answer(body, "400 Bad Request", head),
                             says({"Count": 7}))
        said, log = self.ask(do("count"))
        self.assertEqual(said, [[7, True]])
        self.assertIn("the clock is off by 10", log)
        signed = datetime.datetime.strptime(
            server.requests[1].header("x-amz-date") + "+0000",
            "%Y%m%dT%H%M%SZ%z")
        self.assertLess(abs((signed - then).total_seconds()), 60)

    def test_what_a_batch_left_over(self):
        left = {"kept": [{"PutRequest": {"Item": {
            "pk": {"S": "abc/dev/topic/t"}, "sk": {"S": "a="},
            "expires": {"N": "1"}}}}]}
        server = self.script(says({"UnprocessedItems": left}),
                             error("ThrottlingException"),
                             says({"UnprocessedItems": left}),
                             says({"UnprocessedItems": {}}),
                             says({"Count": 1}))
        self.assertEqual(self.tell(do("join", id="a=", topic="t")), [[]])
        asked = self.asked(server)
        self.assertEqual([name for name, _ in asked],
                         ["BatchWriteItem"] * 4 + ["Query"])
        self.assertEqual(len(asked[0][1]["RequestItems"]["kept"]), 2)
        for _, body in asked[1:4]:
            self.assertEqual(body, {"RequestItems": left})

    def test_join(self):
        pair = [{"pk": {"S": "abc/dev/topic/t"}, "sk": {"S": "a="}},
                {"pk": {"S": "abc/dev/topics-of/a="}, "sk": {"S": "t"}}]
        for name, count, operations in (
                ("connected", 1, ["BatchWriteItem", "Query"]),
                ("not", 0, ["BatchWriteItem", "Query", "BatchWriteItem"]),
        ):
            with self.subTest(name):
                server = self.script(says({}), says({"Count": count}),
                                     says({}))
                said, log = self.ask(do("join", id="a=", topic="t"))
                self.assertEqual(said, [[count > 0]])
                self.assertEqual("joins no topic" in log, not count)
                asked = self.asked(server)
                self.assertEqual([one for one, _ in asked], operations)
                written = [item["PutRequest"]["Item"] for item in
                           asked[0][1]["RequestItems"]["kept"]]
                for item in written:
                    item.pop("expires")
                self.assertEqual(written, pair)
                body = asked[1][1]
                self.assertTrue(body.pop("ConsistentRead"))
                body["ExpressionAttributeValues"].pop(":now")
                self.assertEqual(body, {
                    "TableName": "kept",
                    "KeyConditionExpression": "pk = :set AND sk = :member",
                    "FilterExpression": "expires > :now",
                    "ExpressionAttributeValues": {
                        ":set": {"S": "abc/dev/connections"},
                        ":member": {"S": "a="}},
                    "Select": "COUNT"})
                if not count:
                    self.assertEqual(
                        [item["DeleteRequest"]["Key"] for item in
                         asked[2][1]["RequestItems"]["kept"]], pair)

    def pauses(self, count):
        """Between the tries of a call that is throttled so many times."""
        times = []

        def behave(connection, request, number):
            times.append(time.monotonic())
            connection.sendall(error("ThrottlingException") if number < count
                               else says({"Count": 7}))
            return True

        server = self.start(behave)
        self.url = "http://127.0.0.1:%d" % server.port
        self.assertEqual(self.tell(do("count")), [[7]])
        self.assertEqual(len(times), count + 1)
        return [after - before for before, after in zip(times, times[1:])]

    def test_pauses(self):
        with self.subTest("they grow"):
            for number, pause in enumerate(self.pauses(5)):
                self.assertGreaterEqual(pause, 0.012 * 2 ** number)
        with self.subTest("and are drawn by lot"):
            first = [self.pauses(1)[0] for _ in range(8)]
            self.assertGreater(max(first) - min(first), 0.0007)

    def test_pages(self):
        key = {"pk": {"S": "abc/dev/connections"}, "sk": {"S": "b="}}
        server = self.script(
            says({"Items": [{"sk": {"S": "a="}}, {"sk": {"S": "b="}}],
                  "LastEvaluatedKey": key}),
            says({"Items": [], "LastEvaluatedKey": key}),
            says({"Items": [{"sk": {"S": "ü\n\""}}]}))
        self.assertEqual(self.tell(do("all")), [["a=", "b=", "ü\n\""]])
        asked = [body for _, body in self.asked(server)]
        self.assertEqual([body.get("ExclusiveStartKey") for body in asked],
                         [None, key, key])
        self.assertTrue(all(body["ConsistentRead"] for body in asked))
        with self.subTest("and enough of them"):
            self.script(says({"Items": [{"sk": {"S": "a="}}],
                              "LastEvaluatedKey": key}))
            self.assertEqual(self.tell(do("all", times=2)), [["a=", "a="]])

    def test_answers_that_are_none(self):
        for body in (b"", b"[]", b"{\"Items\":[{\"sk\":{\"S\":3}}]}",
                     b"{\"Items\":[{\"sk\":{\"S\":\"a\"", b"\xff"):
            with self.subTest(body):
                self.script(answer(body))
                said, log = self.ask(do("all"))
                self.assertEqual(said, [[body == b""]])
                self.assertEqual("DynamoDB's answer" in log, body != b"")

    def test_what_is_no_topic(self):
        server = self.script(says({}))
        said, log = self.ask(*(do("join", id=name, topic=topic) for name, topic
                               in (("a=", ""), ("a=", "x" * 1001),
                                   ("", "room"))))
        self.assertEqual(said, [[False]] * 3)
        self.assertEqual(server.requests, [])

    def test_no_address(self):
        for name, env in (
                ("no region", {"AWS_REGION": None}),
                ("no key", {"AWS_ACCESS_KEY_ID": None}),
                ("a region that is none", {"AWS_REGION": "eu.example.com/"}),
                ("no URL", {"AWS_ENDPOINT_URL_DYNAMODB": "localhost"}),
        ):
            with self.subTest(name):
                said, log = self.ask(do("count"), **env)
                self.assertEqual(said, [[0, False]])
                self.assertIn("AWS_", log)


def install():
    """dynalite's command, or why there is none."""
    command = os.path.join(CACHE, "node_modules", "dynalite", "cli.js")
    if not shutil.which("npm") or not shutil.which("node"):
        return None, "no npm"
    if not os.path.exists(command):
        os.makedirs(CACHE, exist_ok=True)
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-save",
             "--prefix", CACHE, Dynalite.PACKAGE],
            capture_output=True, timeout=300)
        if done.returncode:
            return None, "npm: " + done.stderr.decode()[-300:]
    return command, None


class Real(Case):
    """The same over a table that keeps what it is told."""

    @classmethod
    def setUpClass(cls):
        command, why = install()
        if why and os.environ.get("WSGEN_CI"):
            raise RuntimeError("dynalite cannot be had: " + why)
        if why:
            raise unittest.SkipTest("dynalite: " + why)
        cls.database = Dynalite(command)
        cls.url = cls.database.url

    @classmethod
    def tearDownClass(cls):
        cls.database.close()

    def setUp(self):
        self.database.make_table("kept", table_of(TEMPLATE))

    def tearDown(self):
        self.database.drop_table("kept")

    def items(self):
        return sorted((item["pk"]["S"], item["sk"]["S"])
                      for item in self.database.scan("kept"))

    def peers(self, *gone):
        """An @connections API where these are gone."""
        def behave(connection, request, number):
            name = request.target.rsplit("/", 1)[1].replace("%3D", "=")
            connection.sendall(GONE if name in gone else answer())
            return True

        server = self.start(behave)
        return server, {"WSG_ENDPOINT": "http://127.0.0.1:%d/dev" %
                        server.port}

    def age(self, by=60):
        """As if whoever is connected had come so much earlier."""
        for item in self.database.scan("kept"):
            if item["pk"]["S"].endswith("/connections"):
                self.database.put("kept", item["pk"]["S"], item["sk"]["S"],
                                  int(item["expires"]["N"]) - by)

    def settle(self, name, *topics):
        """Somebody who has been connected for a while."""
        expires = time.time() + 7000
        self.database.put_many("kept", [
            ("abc/dev/connections", name, expires)] + [
            entry for topic in topics for entry in (
                ("abc/dev/topic/" + topic, name, expires),
                ("abc/dev/topics-of/" + name, topic, expires))])

    def between(self, act):
        """
        DynamoDB behind somebody who is told act(number, request, forward) of
        each request, and gives what that returns for its answer.
        """
        def forward(request):
            to = urllib.request.Request(self.database.url, request.body, {
                name: value for name, value in request.headers
                if name.lower() != "content-length"})
            try:
                with urllib.request.urlopen(to, timeout=30) as got:
                    return answer(got.read())
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return answer(refusal.read(), "%d No" % refusal.code)

        def behave(connection, request, number):
            connection.sendall(act(number, request, lambda: forward(request)))
            return True

        server = self.start(behave)
        return server, {"AWS_ENDPOINT_URL_DYNAMODB":
                        "http://127.0.0.1:%d" % server.port}

    def test_come_and_go(self):
        for name in ("a=", "b="):
            said, log = self.invoke("$connect", connection=name)
            self.assertEqual((said, log), ({"statusCode": 200}, ""))
        self.assertEqual(self.items(), [("abc/dev/connections", "a="),
                                        ("abc/dev/connections", "b=")])
        self.assertEqual(
            self.tell(do("all"), do("count"),
                      do("join", id="a=", topic="room"),
                      do("join", id="a=", topic="room"),
                      do("join", id="a=", topic="hall"),
                      do("join", id="b=", topic="room"),
                      do("in topic", topic="room"), do("count", topic="room"),
                      do("topics of", id="a="), do("count", topic="none")),
            [["a=", "b="], [2], [], [], [], [], ["a=", "b="], [2],
             ["hall", "room"], [0]])
        self.assertEqual(self.tell(do("leave", id="a=", topic="hall"),
                                   do("leave", id="a=", topic="hall"),
                                   do("topics of", id="a=")),
                         [[], [], ["room"]])
        said, log = self.invoke("$disconnect", connection="a=")
        self.assertEqual((said, log), ({"statusCode": 200}, ""))
        self.assertEqual(self.items(), [("abc/dev/connections", "b="),
                                        ("abc/dev/topic/room", "b="),
                                        ("abc/dev/topics-of/b=", "room")])

    def test_stages_are_apart(self):
        self.invoke("$connect", connection="a=", stage="dev")
        self.invoke("$connect", connection="b=", stage="prod")
        self.assertEqual(self.tell(do("all"), stage="prod"), [["b="]])
        self.assertEqual(self.tell(do("all"), stage="dev"), [["a="]])

    def test_join_on_connect(self):
        self.invoke("$connect", TEST_JOIN="lobby")
        self.assertEqual(self.tell(do("in topic", topic="lobby")), [["me="]])
        self.invoke("$connect", connection="you=", TEST_JOIN="lobby",
                    TEST_REFUSE="1")
        self.assertEqual(self.tell(do("in topic", topic="lobby"), do("all")),
                         [["me="], ["me="]])

    def test_publish(self):
        for name in ("a=", "b=", "c="):
            self.invoke("$connect", connection=name, TEST_JOIN="room")
        self.invoke("$connect", connection="d=")
        self.age()
        server, env = self.peers("b=", "d=")
        self.assertEqual(
            self.tell(do("publish", topic="room", text="hi"), **env),
            [[2, 1, 0]])
        self.assertEqual(
            sorted((request.target, request.body)
                   for request in server.requests),
            [("/dev/@connections/%s%%3D" % name, b'{"text":"hi"}')
             for name in "abc"])
        # Who was gone is out of everything.
        self.assertEqual([pair for pair in self.items() if "b=" in str(pair)],
                         [])
        self.assertEqual(self.tell(do("publish", text="all"), **env),
                         [[2, 1, 0]])
        self.assertEqual(self.tell(do("all")), [["a=", "c="]])

    def test_publish_mends_what_a_crash_left(self):
        self.database.put("kept", "abc/dev/topic/room", "half=",
                          time.time() + 60)
        _, env = self.peers("half=")
        self.assertEqual(
            self.tell(do("publish", topic="room", text="hi"), **env),
            [[0, 1, 0]])
        self.assertEqual(self.items(), [])

    def test_who_is_only_just_coming_is_not_gone(self):
        self.invoke("$connect", connection="a=", TEST_JOIN="room")
        _, env = self.peers("a=")
        items = self.items()
        self.assertEqual(len(items), 3)
        tasks = [do("publish", topic="room", text="hi"),
                 do("publish", text="hi"),
                 do("send", id="a=", text="hi", times=2)]
        self.assertEqual(self.tell(*tasks, **env), [[0, 1, 0]] * 2 + [[0]])
        self.assertEqual(self.items(), items)
        for task in tasks:
            with self.subTest(task):
                self.invoke("$connect", connection="a=", TEST_JOIN="room")
                self.age()
                self.tell(task, **env)
                self.assertEqual(self.items(), [])

    def test_many_are_gone(self):
        """Several are removed at a time, whatever DynamoDB throttles."""
        names = ["n%d=" % i for i in range(60)]
        for name in names:
            self.settle(name, "room", *(["hall"] if name < "n3" else []))
        self.settle("here=", "room")

        def act(number, request, forward):
            if number % 3 == 1:
                return error("ThrottlingException")
            return forward()

        server, proxied = self.between(act)
        _, env = self.peers(*names)
        self.assertEqual(self.tell(do("publish", topic="room", text="hi"),
                                   **env, **proxied), [[1, 60, 0]])
        self.assertEqual(self.items(), [("abc/dev/connections", "here="),
                                        ("abc/dev/topic/room", "here="),
                                        ("abc/dev/topics-of/here=", "room")])
        self.assertGreater(server.most_at_once, 4)

    def test_races(self):
        """A join and $disconnect, one between any two requests of another."""
        join = {"tasks": [do("join", id="a=", topic="room")]}
        leave = {"key": "$disconnect", "connection": "a="}
        for name, slow, fast in (("join", join, leave),
                                 ("disconnect", leave, join)):
            for at in range(9):
                came_between = False
                with self.subTest("%s, before its request %d" % (name, at)):
                    self.settle("a=", "hall")

                    def act(number, request, forward):
                        if number == at:
                            self.invoke(**fast)
                        return forward()

                    server, env = self.between(act)
                    self.invoke(**slow, **env)
                    came_between = len(server.requests) > at
                    if came_between:
                        self.assertEqual(self.items(), [])
                if not came_between:
                    break
            self.assertIn(at, range(2, 8))

    def test_crashes(self):
        """
        Killed after any of its requests: the next message to a topic, or to
        all, removes whatever is left. Of who is in which topic, it expires.
        """
        topics = ["t%d" % i for i in range(40)]
        for name, before, event in (
                ("disconnect", topics, {"key": "$disconnect"}),
                ("connect", None, {"key": "$connect", "TEST_JOIN": "t0"}),
                ("join", [], {"tasks": [do("join", id="a=", topic="t0")]}),
                ("join of nobody", None,
                 {"tasks": [do("join", id="a=", topic="t0")]}),
        ):
            for at in range(20):
                crashed = False
                with self.subTest("%s, after its request %d" % (name, at)):
                    if before is not None:
                        self.settle("a=", *before)
                    server = self.crash(at, connection="a=", **event)
                    self.age()
                    _, env = self.peers("a=")
                    self.tell(do("publish", text="hi"),
                              *(do("publish", topic=topic, text="hi")
                                for topic in topics), **env)
                    left = self.database.scan("kept")
                    self.assertEqual(
                        {item["pk"]["S"] for item in left} -
                        {"abc/dev/topics-of/a="}, set())
                    for item in left:
                        self.assertLessEqual(int(item["expires"]["N"]),
                                             time.time() + 7200)
                    crashed = len(server.requests) > at
                if not crashed:
                    break
            self.assertIn(at, range(2, 19))

    def crash(self, at, **event):
        """A function that dies when its request at has come through."""
        started = threading.Event()

        def act(number, request, forward):
            started.wait()
            if number > at:
                return error("ValidationException")
            raw = forward()
            if number == at:
                process.kill()
            return raw

        server, env = self.between(act)
        process, text = self.launch(**event, **env)
        started.set()
        process.communicate(text, timeout=50)
        return server

    def test_disconnect_of_nobody(self):
        self.settle("b=", "room")
        items = self.items()
        said, log = self.invoke("$disconnect", connection="a=")
        self.assertEqual((said, log), ({"statusCode": 200}, ""))
        self.assertEqual(self.items(), items)

    def test_join_of_nobody(self):
        now = time.time()
        self.database.put("kept", "abc/dev/connections", "old=", now - 5)
        for name in ("none=", "old="):
            said, log = self.ask(do("join", id=name, topic="room"))
            self.assertEqual(said, [[False]])
            self.assertIn("joins no topic", log)
        self.assertEqual(self.items(), [("abc/dev/connections", "old=")])

    def test_what_cannot_be_published(self):
        self.invoke("$connect", connection="a=", TEST_JOIN="room")
        server, env = self.peers()
        for text in ("", "x" * 140000):
            with self.subTest(len(text)):
                said, log = self.ask(do("publish", topic="room", text=text),
                                     **env)
                self.assertEqual(said, [[0, 0, 0, False]])
        self.assertEqual(server.requests, [])

    def test_expired(self):
        now = time.time()
        for name, expires in (("old=", now - 5), ("new=", now + 60)):
            for place in ("connections", "topic/room"):
                self.database.put("kept", "abc/dev/" + place, name, expires)
        self.assertEqual(
            self.tell(do("all"), do("count"), do("in topic", topic="room"),
                      do("count", topic="room")),
            [["new="], [1], ["new="], [1]])
        server, env = self.peers()
        self.assertEqual(
            self.tell(do("publish", topic="room", text="hi"), **env),
            [[1, 0, 0]])
        with self.subTest("after its time"):
            self.invoke("$connect", connection="brief=", TEST_TTL="1")
            time.sleep(2.1)
            self.assertEqual(self.tell(do("all")), [["new="]])

    def test_pages(self):
        """Past 1 MB, which is where DynamoDB ends a page."""
        topic, count = "t" * 1000, 1500
        names = ["%04d" % i + "n" * 56 for i in range(count)]
        self.database.put_many("kept", [
            ("abc/dev/topic/" + topic, name, time.time() + 600)
            for name in names])
        self.assertEqual(self.tell(do("count", topic=topic)), [[count]])
        [seen] = self.tell(do("in topic", topic=topic))
        self.assertEqual(sorted(seen), names)
        server, env = self.peers()
        self.assertEqual(
            self.tell(do("publish", topic=topic, text="hi"), **env),
            [[count, 0, 0]])
        self.assertGreater(server.most_at_once, 1)

    def test_many_topics_are_left_together(self):
        self.invoke("$connect", connection="a=")
        self.tell(*(do("join", id="a=", topic="t%d" % i) for i in range(40)))
        self.assertEqual(len(self.items()), 81)
        said, log = self.invoke("$disconnect", connection="a=")
        self.assertEqual((self.items(), log), ([], ""))

    def test_two_writers(self):
        """Each comes, joins and goes at once with the other, one stays."""
        runs = []
        for name in ("a", "b"):
            for i in range(60):
                self.settle("%s-%d" % (name, i))
            process, event = self.launch(tasks=[
                do("join many", id=name, topic="room", times=60)])
            process.stdin.write(event)
            process.stdin.flush()
            runs.append(process)
        for process in runs:
            said, log = process.communicate(timeout=50)
            self.assertEqual((json.loads(json.loads(said)["body"]), log),
                             ([[True]], b""))
        self.assertEqual(self.tell(do("count", topic="room")), [[120]])
        for name in ("a-0", "b-59"):
            self.invoke("$disconnect", connection=name)
        self.assertEqual(self.tell(do("count", topic="room")), [[118]])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
