# SPDX-License-Identifier: MIT
"""Messages, row by row of the reference's sections 1.4, 1.5, 2 and 3."""

import json
import time
import unittest

import gateway

ERROR = '{{"message": "{}", "connectionId":"{}", "requestId":"{}"}}'


class Limits(gateway.Rows):
    def test_1_4_frame_of_32_kb(self):
        client = self.connect("bare")
        client.send_frame(gateway.TEXT, b"x" * 32768)
        client.send_frame(gateway.TEXT, b"x" * 32769)
        while True:
            final, opcode, payload = client.frame()
            if opcode == gateway.CLOSE:
                break
        self.assertEqual(payload[:2], (1009).to_bytes(2, "big"))

    def test_1_4_message_of_128_kb(self):
        client = self.connect()
        client.send("y" * 131072)
        self.assertEqual(client.text(), "fine")
        client.send("y" * 131073)
        self.assertEqual(client.closed()[0], 1009)

    def test_1_4_binary_is_refused(self):
        client = self.connect()
        client.send_frame(gateway.BINARY, b"x")
        self.assertEqual(client.closed()[0], 1003)

    def test_1_4_text_is_utf_8(self):
        client = self.connect()
        client.send_frame(gateway.TEXT, b"\xc3(")
        self.assertEqual(client.closed()[0], 1007)

    def test_1_4_idle(self):
        client = self.connect()
        mine = self.id_of(client)
        self.gateway.advance("599s")
        self.assertTrue(client.is_quiet())
        self.gateway.advance("1s")
        self.assertEqual(client.closed(), (1001, "Going away"))
        client.link.close()
        left = self.left("main", mine)
        self.assertEqual(left["disconnectStatusCode"], 1001)
        self.assertEqual(left["disconnectReason"], "Going away")

    def test_1_4_pings_do_not_keep_alive(self):
        client = self.connect()
        self.gateway.advance("5m")
        client.send_frame(gateway.PING, b"hi")
        self.assertEqual(client.frame(), (True, gateway.PONG, b"hi"))
        self.gateway.advance("5m")
        self.assertEqual(client.closed(), (1001, "Going away"))

    def test_1_4_messages_keep_alive(self):
        client = self.connect()
        for _ in range(3):
            self.gateway.advance("9m")
            self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_1_4_posts_keep_alive(self):
        client = self.connect()
        mine = self.id_of(client)
        for _ in range(3):
            self.gateway.advance("9m")
            self.assertEqual(self.gateway.manage("main", "POST", mine, b"a")[0], 200)
            self.assertEqual(client.text(), "a")

    def test_1_4_two_hours(self):
        client = self.connect()
        for _ in range(14):
            self.gateway.advance("500s")
            client.ask({"action": "ask"})
        self.gateway.advance("199s")
        client.ask({"action": "ask"})
        self.gateway.advance("1s")
        self.assertEqual(client.closed(), (1001, "Going away"))

    def test_1_4_what_is_sent_is_cut_into_frames(self):
        client = self.connect()
        client.send({"action": "ask", "do": {"big": 100000}})
        sizes = []
        final = False
        while not final:
            final, opcode, payload = client.frame()
            self.assertEqual(opcode, 0 if sizes else gateway.TEXT)
            sizes.append(len(payload))
        self.assertEqual(sizes, [32768, 32768, 32768, 1696])

    def test_1_4_answer_past_128_kb(self):
        client = self.connect()
        said = client.ask({"action": "ask", "do": {"big": 131073}})
        self.assertEqual(json.loads(said)["message"], "Internal server error")
        said = client.ask({"action": "ask", "do": {"big": 131072}})
        self.assertEqual(len(said), 131072)


class Leaving(gateway.Rows):
    def ends(self, how, code, reason):
        client = self.connect()
        mine = self.id_of(client)
        how(client, mine)
        left = self.left("main", mine)
        self.assertEqual(
            (left["disconnectStatusCode"], left["disconnectReason"]), (code, reason)
        )
        self.assertEqual(left["routeKey"], "$disconnect")
        self.assertEqual(self.gateway.manage("main", "POST", mine, b"x")[0], 410)

    def test_1_5_client_closes_with_code_and_text(self):
        self.ends(lambda client, _: client.close(4001, "enough"), 4001, "enough")

    def test_1_5_client_closes_with_code(self):
        self.ends(lambda client, _: client.close(1001), 1001, "")

    def test_1_5_client_closes_without_code(self):
        self.ends(
            lambda client, _: client.close(),
            1005,
            "Client-side close frame status not set",
        )

    def test_1_5_deleted(self):
        def delete(client, mine):
            self.assertEqual(self.gateway.manage("main", "DELETE", mine)[0], 204)
            self.assertEqual(client.closed(), (1000, ""))
            client.link.close()

        self.ends(delete, 1000, "Connection Closed Normally")

    def test_1_5_cut(self):
        self.ends(lambda client, _: client.cut(), 1006, "")

    def test_1_5_too_big(self):
        def flood(client, _):
            client.send_frame(gateway.TEXT, b"x" * 32769)
            client.closed()
            client.link.close()

        client = self.connect()
        mine = self.id_of(client)
        flood(client, mine)
        self.assertEqual(self.left("main", mine)["disconnectStatusCode"], 1009)

    def test_1_5_binary(self):
        client = self.connect()
        mine = self.id_of(client)
        client.send_frame(gateway.BINARY, b"x")
        client.closed()
        client.link.close()
        self.assertEqual(self.left("main", mine)["disconnectStatusCode"], 1003)

    def test_1_5_not_after_a_refusal(self):
        before = len(self.events(kind="DISCONNECT"))
        self.refused(do={"answer": {"statusCode": 400}})
        time.sleep(0.2)
        self.assertEqual(len(self.events(kind="DISCONNECT")), before)


class Messages(gateway.Rows):
    def route_of(self, body):
        """Which route a body goes to."""
        client = self.connect()
        before = len(self.events(kind="MESSAGE"))
        client.send(body)
        events = self.eventually(
            lambda: self.events(kind="MESSAGE")[before:], f"a message for {body!r}"
        )
        self.assertEqual(events[0]["body"], body if isinstance(body, str) else json.dumps(body))
        client.cut()
        return events[0]["requestContext"]["routeKey"]

    def test_2_1_which_route(self):
        for body, route in [
            ({"action": "ask"}, "ask"),
            ({"action": "tell"}, "tell"),
            ({"action": "Ask"}, "$default"),
            ({"action": "nope"}, "$default"),
            ({"action": "$connect"}, "$default"),
            ({"action": "$disconnect"}, "$default"),
            ({"action": "$default"}, "$default"),
            ({"action": ""}, "$default"),
            ({"action": None}, "$default"),
            ({"action": {"a": 1}}, "$default"),
            ({}, "$default"),
            ("hello", "$default"),
            ("", "$default"),
            ("[1]", "$default"),
            ('"ask"', "$default"),
        ]:
            with self.subTest(body):
                self.assertEqual(self.route_of(body), route)

    def test_2_1_no_route_and_no_default(self):
        client = self.connect("bare")
        said = client.ask("hello")
        frame = json.loads(said)
        self.assertEqual(
            said, ERROR.format("Forbidden", frame["connectionId"], frame["requestId"])
        )
        self.assertRegex(frame["requestId"], r"^[\w-]{15}=$")
        self.assertEqual(json.loads(client.ask("again"))["message"], "Forbidden")

    def test_2_4_one_way_says_nothing(self):
        client = self.connect()
        for order in ({}, {"answer": {"statusCode": 500, "body": "x"}}, {"text": "7"}):
            client.send({"action": "tell", "do": order})
        self.assertTrue(client.is_quiet())

    def test_2_4_two_way_sends_the_body(self):
        client = self.connect()
        for answer, body in [
            ({"statusCode": 200, "body": "hi"}, "hi"),
            ({"body": "bare"}, "bare"),
            ({"statusCode": 500, "body": "even so"}, "even so"),
            ({"body": "aGk=", "isBase64Encoded": True}, "hi"),
            ({"body": "h\u00e9"}, "h\u00e9"),
        ]:
            with self.subTest(answer):
                self.assertEqual(
                    client.ask({"action": "ask", "do": {"answer": answer}}), body
                )

    def test_2_4_two_way_without_a_body(self):
        client = self.connect()
        client.send({"action": "ask", "do": {"answer": {"statusCode": 200}}})
        self.assertTrue(client.is_quiet())

    def test_2_4_lambda_failed(self):
        client = self.connect()
        mine = self.id_of(client)
        for route in ("ask", "tell"):
            for order in ({"error": "no"}, {"exit": 1}):
                with self.subTest(route=route, order=order):
                    said = client.ask({"action": route, "do": order})
                    frame = json.loads(said)
                    self.assertEqual(
                        said,
                        ERROR.format("Internal server error", mine, frame["requestId"]),
                    )
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_2_4_lambda_runs_out_of_time(self):
        client = self.connect("brief")
        said = client.ask({"action": "ask", "do": {"sleep": 1.5}})
        self.assertEqual(json.loads(said)["message"], "Internal server error")
        # The next one has a process of its own again.
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_2_4_mock(self):
        client = self.connect("mock")
        for action in ("ping", "pong"):
            client.send({"action": action})
        self.assertTrue(client.is_quiet())
        # Without a status in its template a mock fails.
        said = client.ask({"action": "hollow"})
        self.assertEqual(json.loads(said)["message"], "Internal server error")

    def test_2_4_no_object_on_a_two_way_route(self):
        client = self.connect()
        for text in ("7", "null", "[]", '"x"'):
            with self.subTest(text):
                said = client.ask({"action": "ask", "do": {"text": text}})
                self.assertEqual(json.loads(said)["message"], "Internal server error")

    def test_2_4_body_that_does_not_fit_the_model(self):
        client = self.connect()
        mine = self.id_of(client)
        fine = {"action": "fit", "text": "abcd"}
        for more in ({}, {"many": [1, 2]}, {"kind": "b"}, {"kind": None}, {"at": "xy"}):
            with self.subTest(more):
                self.assertEqual(client.ask({**fine, **more}), "fine")
        calls = len(self.events(kind="MESSAGE"))
        for more in (
            {"text": ""},
            {"text": "12345"},
            {"text": 7},
            {"text": None},
            {"many": []},
            {"many": [1, 2, 3]},
            {"many": [1.5]},
            {"many": [1 << 31]},
            {"many": "1"},
            {"kind": "c"},
            {"at": "y"},
            {"other": 1},
        ):
            with self.subTest(more):
                self.assertRegex(
                    client.ask({**fine, **more}),
                    r'^{"message" : "Bad request body", '
                    rf'"connectionId": "{mine}", "messageId": "[\w-]{{15}}="}}$',
                )
        self.assertIn("Bad request body", client.ask({"action": "fit"}))
        self.assertEqual(len(self.events(kind="MESSAGE")), calls)
        self.assertIn("note fit 'text' is not there", self.gateway.said())

    def test_2_4_throttled(self):
        self.gateway.advance("5s")
        client = self.connect()
        self.assertEqual(client.ask({"action": "calm"}), "fine")
        self.assertEqual(client.ask({"action": "calm"}), "fine")
        said = client.ask({"action": "calm"})
        frame = json.loads(said)
        self.assertEqual(
            said,
            ERROR.format("Too Many Requests", frame["connectionId"], frame["requestId"]),
        )
        self.gateway.advance("1s")
        self.assertEqual(client.ask({"action": "calm"}), "fine")

    def test_2_4_integration_over_its_time(self):
        client = self.connect()
        client.send({"action": "slow", "do": {"sleep": 0.6}})
        time.sleep(0.2)
        self.gateway.advance("1999ms")
        self.assertTrue(client.is_quiet())
        self.gateway.advance("1ms")
        self.assertEqual(
            json.loads(client.text())["message"], "Endpoint request timed out"
        )
        # What the function says later is for nobody.
        self.assertTrue(client.is_quiet(0.6))

    def test_2_4_29_seconds(self):
        client = self.connect()
        client.send({"action": "tell", "do": {"sleep": 0.4}})
        time.sleep(0.1)
        self.gateway.advance("29s")
        self.assertEqual(
            json.loads(client.text())["message"], "Endpoint request timed out"
        )

    def test_2_4_messages_overtake(self):
        client = self.connect()
        for name, sleep in (("late", 1), ("early", 0)):
            order = {"sleep": sleep, "answer": {"body": name}}
            client.send({"action": "ask", "do": order})
        self.assertEqual([client.text(), client.text()], ["early", "late"])

    def test_2_4_api_key_of_a_route(self):
        client = self.connect()
        self.assertEqual(
            json.loads(client.ask({"action": "keyed"}))["message"], "Forbidden"
        )
        client = self.connect(headers=[("x-api-key", "0123456789abcdef0123")])
        self.assertEqual(client.ask({"action": "keyed"}), "fine")

    def test_2_4_other_integrations_fail(self):
        client = self.connect("mock")
        self.assertEqual(
            json.loads(client.ask({"action": "far"}))["message"],
            "Internal server error",
        )
        self.assertIn("not called here", self.gateway.said())

    def test_3_3_ids(self):
        client = self.connect()
        self.id_of(client)
        context = self.events(kind="MESSAGE")[-1]["requestContext"]
        self.assertRegex(context["connectionId"], r"^[\w-]{15}=$")
        self.assertEqual(context["requestId"], context["extendedRequestId"])
        connect = [
            event["requestContext"]
            for event in self.events(kind="CONNECT")
            if event["requestContext"]["connectionId"] == context["connectionId"]
        ]
        self.assertEqual(connect[0]["connectedAt"], context["connectedAt"])

    def test_3_1_stage_variables(self):
        client = self.connect(stage="live")
        client.ask({"action": "ask"})
        for kind in ("CONNECT", "MESSAGE"):
            self.assertEqual(self.events(kind=kind)[-1]["stageVariables"], {"color": "red"})
        self.connect()
        self.assertNotIn("stageVariables", self.events(kind="CONNECT")[-1])

    def test_3_3_domain_is_the_host_that_was_asked(self):
        self.connect(headers=[("Host", "chat.test:99")])
        event = self.events(kind="CONNECT")[-1]
        self.assertEqual(event["requestContext"]["domainName"], "chat.test:99")


class Busy(gateway.Rows):
    """On a gateway of its own: its functions are busy for long."""

    def test_1_4_a_sender_that_does_not_read_is_not_read(self):
        """Backpressure: what is taken in while functions work has a limit."""
        client = self.connect()
        total = 64 << 20
        piece = json.dumps({"action": "tell", "do": {"sleep": 9}, "x": "x" * 30000})
        sent = 0
        client.link.settimeout(1)
        try:
            while sent < total:
                client.send_frame(gateway.TEXT, piece.encode())
                sent += len(piece)
        except OSError:
            pass
        self.assertLess(sent, 32 << 20)
        client.cut()


class Serial(gateway.Rows):
    options = ("--serial",)

    def test_2_4_one_after_another(self):
        client = self.connect()
        for name, sleep in (("first", 0.3), ("second", 0), ("third", 0)):
            order = {"sleep": sleep, "answer": {"body": name}}
            client.send({"action": "ask", "do": order})
        self.assertEqual(
            [client.text() for _ in range(3)], ["first", "second", "third"]
        )


if __name__ == "__main__":
    unittest.main()
