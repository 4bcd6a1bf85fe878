# SPDX-License-Identifier: MIT
"""The handshake, row by row of the reference's sections 1.1 to 1.3."""

import json
import time
import unittest

import gateway

FORBIDDEN = (403, '{"message":"Forbidden"}')
UNAUTHORIZED = (401, '{"message":"Unauthorized"}')


def error(status, text="Internal server error"):
    return status, json.dumps({"message": text}, separators=(",", ":"))


class Handshake(gateway.Rows):
    def test_1_1_waits_for_connect(self):
        begun = time.monotonic()
        client = self.connect(do={"sleep": 0.3})
        self.assertEqual(client.status, 101)
        self.assertGreater(time.monotonic() - begun, 0.3)

    def test_1_1_connect_is_optional(self):
        self.assertEqual(self.connect("bare").status, 101)

    def test_1_1_gone_inside_connect(self):
        self.connect(do={"call": ["POST", "too early"]})
        self.assertEqual(
            self.calls()[-1], {"called": "POST", "status": 410, "body": ""}
        )

    def test_1_1_plain_get(self):
        status, headers, _ = self.gateway.http("main", "GET", "/dev")
        self.assertEqual(status, 426)
        self.assertEqual(headers["sec-websocket-version"], "13")

    def test_1_1_wrong_stage(self):
        url = self.gateway.url("main")
        for path in ("/nope", "/", "/dev/more", "/Dev"):
            with self.subTest(path), self.assertRaises(gateway.Refused) as caught:
                gateway.Client(url._replace(path=path))
            refused = caught.exception
            self.assertEqual((refused.status, refused.body), FORBIDDEN)

    def test_1_1_no_deflate(self):
        client = self.connect(
            headers=[("Sec-WebSocket-Extensions", "permessage-deflate")]
        )
        self.assertNotIn("sec-websocket-extensions", client.headers)
        self.assertEqual(
            self.events(kind="CONNECT")[-1]["headers"]["Sec-WebSocket-Extensions"],
            "permessage-deflate",
        )

    def test_1_4_url_of_4096_characters(self):
        query = "x=" + "y" * (4096 - len("/dev?x="))
        self.assertEqual(self.connect(query=query).status, 101)
        status, body = self.refused(query=query + "y")
        self.assertEqual((status, body), error(414, "URI Too Long"))

    def test_1_2_2xx_opens(self):
        for status in (200, 201, 204, 299):
            client = self.connect(do={"answer": {"statusCode": status}})
            self.assertEqual(client.status, 101)

    def test_1_2_connect_status_is_the_clients(self):
        for status in (301, 400, 401, 403, 501, 503):
            with self.subTest(status):
                answer = {"statusCode": status, "body": "no", "headers": {"X-A": "b"}}
                self.assertEqual(self.refused(do={"answer": answer}), (status, ""))
                self.assertNotIn("x-a", self.refusal.headers)

    def test_1_2_lambda_error(self):
        self.assertEqual(self.refused(do={"error": "no"}), error(502))

    def test_1_2_lambda_exits(self):
        self.assertEqual(self.refused(do={"exit": 3}), error(502))

    def test_1_2_lambda_runs_out_of_time(self):
        self.assertEqual(self.refused("brief", do={"sleep": 1.5}), error(502))

    def test_1_2_no_numeric_status(self):
        for text in ("{}", '{"statusCode":"200"}', "[]", "7", "null"):
            with self.subTest(text):
                self.assertEqual(self.refused(do={"text": text}), error(502))

    def test_1_2_integration_timeout(self):
        client = self.connect(do={"sleep": 3}, wait=False)
        time.sleep(0.2)
        self.gateway.advance("5s")
        with self.assertRaises(gateway.Refused) as caught:
            client.answer()
        refused = caught.exception
        self.assertEqual(
            (refused.status, refused.body), error(504, "Endpoint request timed out")
        )

    def test_1_2_mock_accepts(self):
        self.assertEqual(self.connect("mock").status, 101)

    def test_1_2_mock_refuses(self):
        self.assertEqual(self.refused("refusing")[0], 403)

    def test_1_2_client_leaves_during_connect(self):
        before = len(self.events(kind="DISCONNECT"))
        client = self.connect(do={"sleep": 0.2}, wait=False)
        time.sleep(0.1)
        client.cut()
        event = self.eventually(
            lambda: self.events(kind="DISCONNECT")[before:], "its $disconnect"
        )[0]
        self.assertEqual(event["requestContext"]["disconnectStatusCode"], 1006)

    def test_1_2_api_key(self):
        self.assertEqual(self.refused("keys"), FORBIDDEN)
        self.assertEqual(self.refused("keys", headers=[("x-api-key", "no")]), FORBIDDEN)
        client = self.connect(
            "keys", headers=[("X-Api-Key", "0123456789abcdef0123")]
        )
        identity = self.events("keys", "CONNECT")[-1]["requestContext"]["identity"]
        self.assertEqual(identity["apiKey"], "0123456789abcdef0123")
        self.assertEqual(identity["apiKeyId"], "web")
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_1_2_api_key_of_the_authorizer(self):
        self.assertEqual(self.refused("usage", auth={}), FORBIDDEN)
        more = {"more": {"usageIdentifierKey": "0123456789abcdef0123"}}
        self.assertEqual(self.connect("usage", auth=more).status, 101)
        self.assertEqual(
            self.refused(
                "usage", auth={}, headers=[("x-api-key", "0123456789abcdef0123")]
            ),
            FORBIDDEN,
        )

    def test_1_2_throttled(self):
        self.gateway.advance("10s")
        self.connect("calm")
        self.assertEqual(self.refused("calm"), error(429, "Too Many Requests"))
        self.gateway.advance("1s")
        self.connect("calm")

    def test_1_3_offer_arrives_as_one_header(self):
        client = self.connect(headers=[("Sec-WebSocket-Protocol", "a, b")])
        self.assertEqual(
            self.events(kind="CONNECT")[-1]["headers"]["Sec-WebSocket-Protocol"],
            "a, b",
        )
        self.assertNotIn("sec-websocket-protocol", client.headers)

    def test_1_3_chosen_by_connect_alone(self):
        for name in ("Sec-WebSocket-Protocol", "sec-websocket-protocol"):
            with self.subTest(name):
                client = self.connect(
                    headers=[("Sec-WebSocket-Protocol", "a, b")],
                    do={"answer": {"statusCode": 200, "headers": {name: "b"}}},
                )
                self.assertEqual(client.headers["sec-websocket-protocol"], "b")


class Flood(gateway.Rows):
    """On a gateway of its own: what it takes is not given back."""

    def test_1_4_new_connections_a_second(self):
        clients = [self.connect("mock") for _ in range(500)]
        self.assertEqual(self.refused("mock"), error(429, "Too Many Requests"))
        self.gateway.advance("1s")
        self.connect("mock")
        for client in clients:
            client.cut()


if __name__ == "__main__":
    unittest.main()
