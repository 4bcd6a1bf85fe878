#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the registry of connections asks of DynamoDB, and what it makes of its
answers, over one that says what its test tells it to.

usage: test_registry_calls.py FUNCTION

FUNCTION is the binary of registry_function.c.
"""
import datetime
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_server import answer  # noqa: E402
from registry_case import BINARY, KEYS, Case, do, error, says  # noqa: E402


class Calls(Case):
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


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
