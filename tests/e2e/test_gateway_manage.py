# SPDX-License-Identifier: MIT
"""The @connections API: the reference's section 5, row by row."""

import datetime
import json
import socket
import unittest
import urllib.parse

import gateway
import sign


class Manage(gateway.Rows):
    def call(self, *words, **how):
        return self.gateway.manage("main", *words, **how)

    def test_5_1_post(self):
        client = self.connect()
        status, headers, body = self.call("POST", self.id_of(client), b"hello")
        self.assertEqual((status, body), (200, ""))
        self.assertEqual(client.text(), "hello")

    def test_5_1_post_of_128_kb(self):
        client = self.connect()
        data = b"x" * 131072
        self.assertEqual(self.call("POST", self.id_of(client), data)[0], 200)
        sizes = []
        final = False
        while not final:
            final, _, payload = client.frame()
            sizes.append(len(payload))
        self.assertEqual(sizes, [32768] * 4)

    def test_5_1_get(self):
        client = self.connect(headers=[("User-Agent", "tests/1")])
        mine = self.id_of(client)
        status, headers, body = self.call("GET", mine)
        self.assertEqual(status, 200)
        self.assertEqual(headers["content-type"], "application/json")
        said = json.loads(body)
        self.assertEqual(list(said), ["connectedAt", "identity", "lastActiveAt"])
        self.assertEqual(
            said["identity"], {"sourceIp": "127.0.0.1", "userAgent": "tests/1"}
        )
        for name in ("connectedAt", "lastActiveAt"):
            self.assertRegex(said[name], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_5_1_last_active(self):
        client = self.connect()
        mine = self.id_of(client)

        def active():
            said = json.loads(self.call("GET", mine)[2])
            return [
                datetime.datetime.strptime(said[name], "%Y-%m-%dT%H:%M:%S.%fZ")
                for name in ("connectedAt", "lastActiveAt")
            ]

        connected, _ = active()
        self.gateway.advance("90s")
        self.call("POST", mine, b"x")
        self.assertEqual((active()[1] - connected).seconds, 90)
        self.gateway.advance("90s")
        client.ask({"action": "ask"})
        self.assertEqual((active()[1] - connected).seconds, 180)

    def test_5_1_no_user_agent(self):
        client = self.connect()
        said = json.loads(self.call("GET", self.id_of(client))[2])
        self.assertIsNone(said["identity"]["userAgent"])

    def test_5_1_delete(self):
        client = self.connect()
        mine = self.id_of(client)
        self.assertEqual(self.call("DELETE", mine)[::2], (204, ""))
        self.assertEqual(client.closed(), (1000, ""))
        self.assertEqual(self.call("DELETE", mine)[0], 410)

    def test_5_1_slow_reader(self):
        client = self.connect()
        mine = self.id_of(client)
        client.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        data = b"x" * 131072
        for _ in range(400):
            status, headers, _ = self.call("POST", mine, data)
            if status != 200:
                break
        self.assertEqual(status, 429)
        self.assertEqual(headers["x-amzn-errortype"], "LimitExceededException")
        # And nobody else is any slower for it.
        other = self.connect()
        self.assertEqual(self.call("POST", self.id_of(other), b"hi")[0], 200)

    def gone(self, answer):
        status, headers, body = answer
        self.assertEqual((status, body), (410, ""))
        self.assertEqual(headers["x-amzn-errortype"], "GoneException")

    def test_5_2_unknown(self):
        for method in ("POST", "GET", "DELETE"):
            with self.subTest(method):
                body = b"x" if method == "POST" else None
                self.gone(self.call(method, "L0SM9cOFvHcCIhw=", body))

    def test_5_2_closed(self):
        client = self.connect()
        mine = self.id_of(client)
        client.close(1000)
        self.left("main", mine)
        self.gone(self.call("POST", mine, b"x"))

    def test_5_2_of_another_stage_or_api(self):
        client = self.connect()
        mine = self.id_of(client)
        self.gone(self.call("POST", mine, b"x", stage="live"))
        self.gone(self.gateway.manage("bare", "POST", mine, b"x"))

    def test_5_2_id_not_well_formed(self):
        for identity in ("abc", "L0SM9cOFvHcCIhw", "a" * 40, "L0SM9cOFvHcCIh =", '"'):
            with self.subTest(identity):
                status, headers, body = self.call("POST", identity, b"x")
                self.assertEqual(status, 400)
                self.assertEqual(headers["x-amzn-errortype"], "BadRequestException")
                self.assertEqual(
                    json.loads(body), {"message": f"Invalid connectionId: {identity}"}
                )

    def test_bytes_that_are_no_text(self):
        client = self.connect(headers=[("User-Agent", "caf\udce9")])
        said = json.loads(self.call("GET", self.id_of(client))[2])
        self.assertEqual(said["identity"]["userAgent"], "caf\ufffd")
        status, _, body = self.call("DELETE", b"\xff")
        self.assertEqual(
            (status, json.loads(body)),
            (400, {"message": "Invalid connectionId: \ufffd"}),
        )

    def test_bytes_that_are_no_text_in_a_wrong_signature(self):
        path = "/dev/@connections/L0SM9cOFvHcCIhw%3D"
        headers = sign.in_headers(
            "GET", path, self.gateway.url("main").netloc
        )
        headers["authorization"] = headers["authorization"].replace(
            "x-amz-date,", "x-amz-date;x-odd,"
        )
        headers["x-odd"] = "\xff"
        status, headers, body = self.gateway.http("main", "GET", path, None, headers)
        self.assertEqual(status, 403)
        self.assertIn("x-odd:\ufffd", json.loads(body)["message"])

    def test_5_2_no_stage(self):
        for path in (
            "/@connections/L0SM9cOFvHcCIhw%3D",
            "/nope/@connections/L0SM9cOFvHcCIhw%3D",
        ):
            with self.subTest(path):
                headers = sign.in_headers(
                    "POST", path, self.gateway.url("main").netloc, b"x"
                )
                status, headers, body = self.gateway.http(
                    "main", "POST", path, b"x", headers
                )
                self.assertEqual((status, body), (403, '{"message":"Forbidden"}'))
                self.assertEqual(headers["x-amzn-errortype"], "ForbiddenException")

    def test_5_2_wrong_signature(self):
        client = self.connect()
        status, headers, body = self.call(
            "POST", self.id_of(client), b"x", key=sign.Key("local", "other")
        )
        self.assertEqual(status, 403)
        self.assertEqual(headers["x-amzn-errortype"], "InvalidSignatureException")
        message = json.loads(body)["message"]
        self.assertTrue(
            message.startswith(
                "The request signature we calculated does not match the signature "
                "you provided. "
            )
        )
        self.assertIn("'POST\n/dev/%40connections/", message)
        self.assertIn("'AWS4-HMAC-SHA256\n", message)

    def test_5_2_not_signed(self):
        status, headers, body = self.gateway.http(
            "main", "POST", "/dev/@connections/L0SM9cOFvHcCIhw%3D", b"x"
        )
        self.assertEqual(
            (status, body), (403, '{"message":"Missing Authentication Token"}')
        )
        self.assertEqual(
            headers["x-amzn-errortype"], "MissingAuthenticationTokenException"
        )

    def test_5_2_body_that_was_not_signed(self):
        client = self.connect()
        mine = self.id_of(client)
        path = f"/dev/@connections/{urllib.parse.quote(mine, safe='')}"
        host = self.gateway.url("main").netloc
        signed = sign.in_headers("POST", path, host, b"one")
        answer = self.gateway.http("main", "POST", path, b"two", signed)
        self.assertEqual(answer[0], 403)

    def test_5_2_not_allowed(self):
        """A function of another API signs well, and may not."""
        other = self.connect()
        mine = self.id_of(other)
        client = self.connect("signed", headers=self.signed_headers())
        client.send({"action": "ask", "do": {"call": ["POST", "mine"]}})
        client.text()
        client.text()
        self.assertEqual(self.calls("signed")[-1]["status"], 200)
        order = {"call": ["POST", "not mine", mine, self.endpoint("main")]}
        client.ask({"action": "ask", "do": order})
        said = self.calls("signed")[-1]
        self.assertEqual(said["status"], 403)
        api = self.events("main", "MESSAGE")[-1]["requestContext"]["apiId"]
        self.assertEqual(
            json.loads(said["body"]),
            {
                "Message": "User: arn:aws:sts::123456789012:assumed-role/signed/signed "
                "is not authorized to perform: execute-api:ManageConnections on "
                f"resource: arn:aws:execute-api:us-east-1:123456789012:{api}/dev/POST/"
                "@connections/{connectionId}"
            },
        )

    def signed_headers(self):
        signed = sign.in_headers("GET", "/dev", self.gateway.url("signed").netloc)
        del signed["host"]
        return list(signed.items())

    def endpoint(self, api):
        return f"http://{self.gateway.url(api).netloc}/dev"

    def test_5_2_functions_have_credentials(self):
        client = self.connect()
        client.send({"action": "tell", "do": {"call": ["POST", "from a function"]}})
        self.assertEqual(client.text(), "from a function")
        client.send({"action": "tell", "do": {"call": ["DELETE", ""]}})
        self.assertEqual(client.closed(), (1000, ""))

    def test_5_2_too_large(self):
        client = self.connect()
        status, headers, body = self.call("POST", self.id_of(client), b"x" * 131073)
        self.assertEqual(status, 413)
        self.assertEqual(headers["x-amzn-errortype"], "PayloadTooLargeException")
        self.assertIn("message", json.loads(body))

    def test_5_2_not_utf_8(self):
        client = self.connect()
        status, headers, body = self.call("POST", self.id_of(client), b"\xff\xfe")
        self.assertEqual(status, 400)
        self.assertIn("UTF-8", json.loads(body)["message"])

    def test_5_2_no_data(self):
        client = self.connect()
        self.assertEqual(self.call("POST", self.id_of(client), b"")[0], 400)

    def test_5_2_other_methods(self):
        client = self.connect()
        for method in ("PUT", "PATCH"):
            self.assertEqual(self.call(method, self.id_of(client))[0], 403)

    def test_5_2_order_of_faults(self):
        """The first of these that a call has is the one that it is told."""
        large, unknown = b"x" * 131073, "AAAAAAAAAAAAAAA="
        wrong = sign.Key("local", "wrong")
        for how, status, error in (
            ({"stage": "nowhere", "key": wrong}, 403, "ForbiddenException"),
            ({"key": wrong}, 403, "InvalidSignatureException"),
            ({}, 400, "BadRequestException"),
            ({"connection": unknown}, 413, "PayloadTooLargeException"),
            ({"connection": unknown, "body": b"x"}, 410, "GoneException"),
        ):
            with self.subTest(error):
                call = {"connection": "not one", "body": large, "key": sign.LOCAL, **how}
                stage = call.pop("stage", "dev")
                url = self.gateway.url("main")
                path = f"/{stage}/@connections/{urllib.parse.quote(call['connection'])}"
                headers = sign.in_headers(
                    "POST", path, url.netloc, call["body"], call["key"]
                )
                found = self.gateway.http("main", "POST", path, call["body"], headers)
                self.assertEqual(found[0], status)
                self.assertEqual(found[1]["x-amzn-errortype"], error)

    def test_5_3_paths_on_the_wire(self):
        client = self.connect()
        mine = self.id_of(client)
        host = self.gateway.url("main").netloc
        for path in (
            f"/dev/@connections/{mine}",
            f"/dev/@connections/{mine.replace('=', '%3D')}",
            f"/dev/%40connections/{mine.replace('=', '%3D')}",
            f"/dev/%40connections/{mine.replace('=', '%3d')}",
        ):
            with self.subTest(path):
                headers = sign.in_headers("POST", path, host, path.encode())
                status, _, _ = self.gateway.http(
                    "main", "POST", path, path.encode(), headers
                )
                self.assertEqual(status, 200)
                self.assertEqual(client.text(), path)


class Throttled(gateway.Rows):
    """On a gateway of its own: what it takes is not given back."""

    def test_5_2_requests_a_second(self):
        client = self.connect()
        mine = self.id_of(client)
        url = self.gateway.url("main")
        path = f"/dev/@connections/{mine.replace('=', '%3D')}"
        headers = sign.in_headers("GET", path, url.netloc)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()
        with socket.create_connection((url.hostname, url.port), 20) as link:
            answers = 0
            refused = b""
            stream = link.makefile("rb")
            for _ in range(5100):
                link.sendall(request)
                status = stream.readline()
                answer = {}
                while (line := stream.readline()) != b"\r\n":
                    name, _, value = line.decode().partition(":")
                    answer[name.lower()] = value.strip()
                stream.read(int(answer["content-length"]))
                if b" 429 " in status:
                    break
                answers += 1
        self.assertEqual(answer["x-amzn-errortype"], "LimitExceededException")
        self.assertLessEqual(answers, 5000)
        self.assertGreater(answers, 4900)


class Unsigned(gateway.Rows):
    options = ("--no-sign-check",)

    def test_5_3_no_sign_check(self):
        client = self.connect()
        mine = self.id_of(client)
        path = f"/dev/@connections/{mine}"
        self.assertEqual(self.gateway.http("main", "POST", path, b"x")[0], 200)
        self.assertEqual(client.text(), "x")


if __name__ == "__main__":
    unittest.main()
