# SPDX-License-Identifier: MIT
"""Who may connect: the reference's sections 1.2, 3.5 and 4, row by row."""

import json
import time
import unittest
import urllib.parse

import gateway
import sign

FORBIDDEN = (403, '{"message":"Forbidden"}')
UNAUTHORIZED = (401, '{"message":"Unauthorized"}')
FAILED = (500, '{"message":"Internal server error"}')
WHO = {"query": "who=me", "headers": [("x-who", "me"), ("User-Agent", "tests")]}


class Authorizers(gateway.Rows):
    def ask(self, order, **how):
        return self.refused("guarded", auth=order, **{**WHO, **how})

    def enter(self, order=None, **how):
        return self.connect("guarded", auth=order, **{**WHO, **how})

    def asked(self):
        return self.events("guarded-authorizer")

    def test_4_1_event(self):
        self.enter({})
        event = self.asked()[-1]
        self.assertEqual(
            set(event),
            {
                "type",
                "methodArn",
                "headers",
                "multiValueHeaders",
                "queryStringParameters",
                "multiValueQueryStringParameters",
                "stageVariables",
                "requestContext",
            },
        )
        self.assertEqual(event["type"], "REQUEST")
        self.assertEqual(
            event["methodArn"],
            "arn:aws:execute-api:us-east-1:123456789012:"
            f"{event['requestContext']['apiId']}/dev/$connect",
        )
        self.assertEqual(event["headers"]["Connection"], "upgrade")
        self.assertEqual(event["headers"]["Upgrade"], "websocket")
        self.assertEqual(event["headers"]["content-length"], "0")
        self.assertEqual(event["stageVariables"], {"color": "red"})

    def test_4_1_same_connection(self):
        self.enter({})
        connected = self.events("guarded", "CONNECT")[-1]["requestContext"]
        self.assertEqual(
            self.asked()[-1]["requestContext"]["connectionId"],
            connected["connectionId"],
        )

    def test_4_2_every_source_has_to_be_there(self):
        agent = ("User-Agent", "tests")
        for query, headers in [
            ("who=me", [agent]),
            ("who=me", [("X-Who", ""), agent]),
            ("", [("X-Who", "me"), agent]),
            ("who=", [("X-Who", "me"), agent]),
            ("who=me&who=", [("X-Who", "me"), agent]),
            ("who=me", [("X-Who", "me")]),
        ]:
            with self.subTest(query=query, headers=headers):
                before = len(self.asked())
                self.assertEqual(
                    self.ask({}, query=query, headers=headers), UNAUTHORIZED
                )
                self.assertEqual(len(self.asked()), before)

    def test_4_2_a_headers_case_does_not_matter(self):
        client = self.connect(
            "guarded", query="who=me", headers=[("x-wHO", "me"), ("user-AGENT", "tests")]
        )
        self.assertEqual(client.status, 101)

    def test_4_3_asked_once(self):
        """What a policy says of another route is not looked at afterwards."""
        said = [
            {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
            for effect, resource in (("Allow", "*"), ("Deny", "*/ask"))
        ]
        policy = {"Version": "2012-10-17", "Statement": said}
        client = self.connect(
            "guarded",
            auth={"more": {"policyDocument": policy}},
            query="who=me",
            headers=[("X-Who", "me"), ("User-Agent", "tests")],
        )
        asked = len(self.asked())
        self.assertEqual(client.ask({"action": "ask"}), "fine")
        self.assertEqual(len(self.asked()), asked)

    def test_4_3_allow_by_wildcard(self):
        for resource in ("*", "arn:aws:execute-api:*/dev/*", "arn:aws:*/$connec?"):
            with self.subTest(resource):
                self.assertEqual(self.enter({"resource": resource}).status, 101)

    def test_4_3_not_about_this(self):
        for resource in ("arn:*/live/*", "arn:aws:execute-api:*/dev/*/*", ""):
            with self.subTest(resource):
                order = {"resource": resource or "arn:aws:s3:::x"}
                self.assertEqual(self.ask(order), FORBIDDEN)

    def test_4_3_deny(self):
        self.assertEqual(self.ask({"effect": "Deny"}), FORBIDDEN)

    def test_4_3_deny_beats_allow(self):
        statements = [
            {"Action": "execute-api:*", "Effect": effect, "Resource": "*"}
            for effect in ("Allow", "Deny")
        ]
        answer = {
            "principalId": "me",
            "policyDocument": {"Version": "2012-10-17", "Statement": statements},
        }
        self.assertEqual(self.ask({"answer": answer}), FORBIDDEN)

    def test_4_3_unauthorized(self):
        self.assertEqual(self.ask({"error": "Unauthorized"}), UNAUTHORIZED)

    def test_4_3_any_other_error(self):
        for text in ("unauthorized", "Unauthorized.", "no"):
            with self.subTest(text):
                self.assertEqual(self.ask({"error": text}), FAILED)

    def test_4_3_exits(self):
        self.assertEqual(self.ask({"exit": 1}), FAILED)

    def test_4_3_invalid_documents(self):
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
            ],
        }
        for answer in [
            {},
            {"principalId": "me"},
            {"policyDocument": policy},
            {"principalId": "me", "policyDocument": {"Statement": policy["Statement"]}},
            {
                "principalId": "me",
                "policyDocument": policy,
                "context": {"nested": {"a": 1}},
            },
        ]:
            with self.subTest(answer):
                self.assertEqual(self.ask({"answer": answer}), FAILED)
        self.assertEqual(self.ask({"text": "nothing"}), FAILED)

    def test_4_2_ten_seconds(self):
        client = self.enter({"sleep": 1}, wait=False)
        time.sleep(0.2)
        self.gateway.advance("10s")
        with self.assertRaises(gateway.Refused) as caught:
            client.answer()
        self.assertEqual((caught.exception.status, caught.exception.body), FAILED)

    def test_3_5_context(self):
        client = self.enter({})
        client.ask({"action": "ask"})
        mine = self.events("guarded", "MESSAGE")[-1]["requestContext"]["connectionId"]
        client.close(1000)
        left = self.left("guarded", mine)
        connected = self.events("guarded", "CONNECT")[-1]["requestContext"]
        sent = self.events("guarded", "MESSAGE")[-1]["requestContext"]
        known = {"tenant": "acme", "number": "7", "flag": "true", "principalId": "somebody"}
        latency = connected["authorizer"].pop("integrationLatency")
        self.assertIsInstance(latency, int)
        self.assertEqual(connected["authorizer"], known)
        self.assertEqual(sent["authorizer"], known)
        self.assertEqual(left["authorizer"], known)

    def test_3_5_no_authorizer(self):
        self.connect()
        self.assertNotIn(
            "authorizer", self.events(kind="CONNECT")[-1]["requestContext"]
        )

    def test_1_2_authorizer_that_is_not_here(self):
        self.assertEqual(
            self.refused("elsewhere", headers=[("Authorization", "x")]), FAILED
        )
        self.assertIn("not one of this project", self.gateway.said())


class Iam(gateway.Rows):
    def enter(self, target="/dev", headers=()):
        url = self.gateway.url("signed")
        path, _, query = target.partition("?")
        client = gateway.Client(url._replace(path=path), query, headers)
        self.addCleanup(client.link.close)
        return client

    def refused_with(self, target="/dev", headers=()):
        with self.assertRaises(gateway.Refused) as caught:
            self.enter(target, headers)
        return caught.exception.status, caught.exception.body

    def headers(self, **how):
        signed = sign.in_headers("GET", "/dev", self.gateway.url("signed").netloc, **how)
        del signed["host"]
        return list(signed.items())

    def test_4_4_in_headers(self):
        client = self.enter(headers=self.headers())
        self.assertEqual(client.ask({"action": "ask"}), "fine")

    def test_4_4_in_the_query(self):
        target = sign.in_query("/dev?room=7", self.gateway.url("signed").netloc)
        self.enter(target)
        event = self.events("signed", "CONNECT")[-1]
        self.assertEqual(event["queryStringParameters"]["room"], "7")
        self.assertIn("X-Amz-Signature", event["queryStringParameters"])

    def test_4_4_not_signed(self):
        self.assertEqual(self.refused_with(), FORBIDDEN)

    def test_4_4_wrong(self):
        host = self.gateway.url("signed").netloc
        for headers in [
            self.headers(key=sign.Key("local", "other")),
            self.headers(key=sign.Key("nobody", "local")),
            self.headers(service="s3"),
            self.headers(skew=-3600),
            self.headers(skew=3600),
        ]:
            with self.subTest(headers):
                self.assertEqual(self.refused_with(headers=headers), FORBIDDEN)
        target = sign.in_query("/dev", host, expires=1, skew=-60)
        self.assertEqual(self.refused_with(target), FORBIDDEN)
        target = sign.in_query("/dev", host)
        self.assertEqual(self.refused_with(target + "&more=1"), FORBIDDEN)

    def test_3_4_identity(self):
        client = self.enter(headers=self.headers())
        client.ask({"action": "ask"})
        for kind in ("CONNECT", "MESSAGE"):
            identity = self.events("signed", kind)[-1]["requestContext"]["identity"]
            self.assertEqual(identity["accountId"], "123456789012")
            self.assertEqual(
                identity["userArn"], "arn:aws:iam::123456789012:user/local"
            )
            for member in ("caller", "user", "principalOrgId", "sourceIp"):
                self.assertIn(member, identity)


if __name__ == "__main__":
    unittest.main()
