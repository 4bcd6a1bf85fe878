# SPDX-License-Identifier: MIT
"""The console without a browser: who may have it, and what its feed tells."""

import json
import re
import time
import unittest

import gateway

PAGE = "/_wsgen"
FORBIDDEN = 403
KEPT_A_SECOND = 200  # events, while no page is open
HISTORY = 512
PAGES = 16


class Console(gateway.Rows):
    def ask(self, method="GET", path=PAGE, body=None, **headers):
        return self.gateway.http("main", method, path, body, headers)

    def feed(self, **headers):
        url = self.gateway.url("main")._replace(path=f"{PAGE}/feed")
        client = gateway.Client(url, headers=list(headers.items()))
        self.addCleanup(client.link.close)
        return client

    def hear(self, feed, is_it):
        """The first event that is it, of those that come."""
        while True:
            for event in json.loads(feed.text())["events"]:
                if is_it(event):
                    return event

    def test_page_and_all_that_it_loads(self):
        loaded, wanted = set(), {PAGE}
        while wanted - loaded:
            path = min(wanted - loaded)
            loaded.add(path)
            status, headers, text = self.ask(path=path)
            with self.subTest(path):
                self.assertEqual(status, 200)
                self.assertEqual(headers["x-content-type-options"], "nosniff")
                self.assertEqual(headers["cache-control"], "no-store")
                self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")
                self.assertRegex(
                    headers["content-type"],
                    {"css": "css", "js": "javascript", "svg": "svg"}.get(
                        path.rsplit(".")[-1], "html"
                    ),
                )
            wanted.update(re.findall(r'(?:href|src)="(/[^"]+)"', text))
            wanted.update(f"{PAGE}/{name}" for name in re.findall(r'"\./(\w+\.js)"', text))
            # All of it is our own.
            self.assertEqual(re.findall(r"""["'(]https?://[^"')]*""", text)
                             if not path.endswith("svg") else [], [])
        self.assertGreater(len(loaded), 8)

    def test_content_security_policy(self):
        policy = self.ask()[1]["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        self.assertEqual(rules["default-src"], "'none'")
        self.assertEqual(rules["script-src"], "'self'")
        self.assertEqual(rules["style-src"], "'self'")
        self.assertEqual(rules["frame-ancestors"], "'none'")
        self.assertEqual(rules["require-trusted-types-for"], "'script'")
        self.assertNotIn("unsafe", policy)

    def test_hosts_and_origins(self):
        port = self.gateway.url("main").port
        here = f"127.0.0.1:{port}"
        cases = [
            (here, None, True),
            (here, f"http://{here}", True),
            (f"localhost:{port}", f"http://localhost:{port}", True),
            (f"[::1]:{port}", None, True),
            ("LOCALHOST", None, True),
            # A name that its owner lets point here.
            (f"evil.example:{port}", f"http://evil.example:{port}", False),
            (f"evil.example:{port}", None, False),
            (f"127.0.0.1.evil.example:{port}", None, False),
            (f"localhost.evil.example:{port}", None, False),
            ("", None, False),
            ("[::1", None, True),
            ("[]", None, False),
            ("a" * 200, None, False),
            # A page from elsewhere, or one that hides where it is from.
            (here, "http://evil.example", False),
            (here, "null", False),
            (here, "", False),
            (here, f"https://{here}", False),
            (here, f"http://{here}.evil.example", False),
            (here, f"http://127.0.0.1:{port + 1}", False),
            (here, f"http://localhost:{port}", False),
        ]
        for host, origin, admitted in cases:
            headers = {"Host": host}
            if origin is not None:
                headers["Origin"] = origin
            for method, path in (
                ("GET", PAGE),
                ("GET", f"{PAGE}/state"),
                ("GET", f"{PAGE}/feed"),
                ("POST", f"{PAGE}/clock"),
            ):
                with self.subTest(f"{host} {origin} {path}"):
                    status, _, _ = self.ask(method, path, '{"advance":"1ms"}', **headers)
                    self.assertEqual(status != FORBIDDEN, admitted, status)

    def test_feed_of_a_strange_page(self):
        here = f"http://{self.gateway.url('main').netloc}"
        self.feed(Origin=here)
        for origin in ("http://evil.example", "null", f"{here}.evil.example"):
            with self.assertRaises(gateway.Refused, msg=origin) as caught:
                self.feed(Origin=origin)
            self.assertEqual(caught.exception.status, FORBIDDEN)

    def test_methods_and_paths(self):
        for method, path, status in (
            ("HEAD", "", 200),
            ("POST", "", 405),
            ("PUT", "/state", 405),
            ("DELETE", "/feed", 405),
            ("OPTIONS", "/state", 405),
            ("GET", "/clock", 405),
            ("GET", "/nothing", 404),
            ("GET", "/../state", 404),
            ("GET", "/page.css/", 404),
            ("GET", "/", 200),
            ("GET", "?a=b", 200),
        ):
            with self.subTest(f"{method} {path}"):
                self.assertEqual(self.ask(method, PAGE + path)[0], status)

    def test_state(self):
        _, headers, text = self.ask(path=f"{PAGE}/state")
        state = json.loads(text)
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual((state["name"], state["clock"]), ("rows", "manual"))
        apis = {api["name"]: api for api in state["apis"]}
        self.assertEqual(apis["main"]["stages"], ["dev", "live"])
        self.assertEqual(apis["main"]["port"], self.gateway.url("main").port)
        routes = {route["key"]: route for route in apis["main"]["routes"]}
        self.assertEqual(routes["ask"]["function"], "main")
        self.assertTrue(routes["ask"]["twoWay"])
        self.assertTrue(routes["keyed"]["apiKey"])
        authorizers = [route.get("authorizer") for route in apis["guarded"]["routes"]]
        self.assertTrue(any(authorizers), authorizers)

    def test_feed_begins_with_who_is_there(self):
        client = self.connect()
        me = self.id_of(client)
        first = json.loads(self.feed().text())
        self.assertEqual(first["missed"], 0)
        there = {each["connectionId"]: each for each in first["connections"]}
        self.assertEqual(first["open"], len(there))
        self.assertEqual((there[me]["api"], there[me]["stage"]), ("main", "dev"))
        self.assertIn("invoked", {event["kind"] for event in first["events"]})
        client.close()
        self.eventually(
            lambda: me
            not in [each["connectionId"] for each in
                    json.loads(self.feed().text())["connections"]],
            "it leaves the list",
        )

    def test_feed_tells_what_happens(self):
        feed = self.feed()
        feed.text()
        client = self.connect(do={"sleep": 0})
        opened = self.hear(feed, lambda event: event["kind"] == "opened")
        client.ask({"action": "ask", "do": {"call": ["POST", "hello"]}, "mark": "<b>"})
        managed = self.hear(feed, lambda event: event["kind"] == "managed")
        self.assertEqual(
            (managed["connectionId"], managed["status"], managed["note"], managed["text"]),
            (opened["connectionId"], 200, "POST", "hello"),
        )
        client.close(1000)
        closed = self.hear(feed, lambda event: event["kind"] == "closed")
        self.assertEqual(closed["connectionId"], opened["connectionId"])

    def test_feed_tells_of_authorizers(self):
        feed = self.feed()
        feed.text()
        with self.assertRaises(gateway.Refused):
            self.connect("guarded", auth={"effect": "Deny"}, query="who=me",
                         headers=[("x-who", "me"), ("User-Agent", "tests")])
        decision = self.hear(feed, lambda event: event["kind"] == "authorized")
        self.assertEqual(decision["status"], 403)
        self.assertTrue(decision["note"].startswith("deny"), decision)

    def test_long_texts_are_cut_and_say_so(self):
        feed = self.feed()
        feed.text()
        client = self.connect()
        client.send('{"action":"tell","pad":"' + "\u00e9" * 50000 + '"}')
        event = self.hear(feed, lambda event: event["kind"] == "received")
        self.assertTrue(event["cut"])
        self.assertLess(len(event["text"].encode()), 70000)
        self.assertNotIn("\ufffd", event["text"])

    def test_reload_refreshes_pages(self):
        feed = self.feed()
        feed.text()
        self.gateway.order(do="reload")
        self.hear(feed, lambda event: event.get("note") == "reloaded")
        self.gateway.hear()

    def test_history_is_bounded_while_nobody_looks(self):
        client = self.connect()
        begun = time.monotonic()
        for _ in range(500):
            client.ask({"action": "ask", "mark": "history"})
        seconds = int(time.monotonic() - begun) + 2
        events = json.loads(self.feed().text())["events"]
        ours = [event for event in events if "history" in event.get("text", "")]
        self.assertGreater(len(ours), 0)
        self.assertLessEqual(len(ours), seconds * KEPT_A_SECOND)
        self.assertLessEqual(len(events), HISTORY)

    def test_a_page_that_does_not_read(self):
        feed = self.feed()
        feed.text()
        client = self.connect()
        missed = 0
        # More than what waits for a page, and for what the system keeps.
        for _ in range(500):
            client.ask('{"action":"ask","pad":"' + "p" * 20000 + '"}')
        while not missed:
            client.ask({"action": "ask"})
            missed = json.loads(feed.text())["missed"]
        # What comes then is shown again.
        client.ask({"action": "ask", "mark": "again"})
        self.hear(feed, lambda event: "again" in event.get("text", ""))

    def test_so_many_pages(self):
        pages = []
        with self.assertRaises(gateway.Refused) as caught:
            for _ in range(PAGES + 1):
                pages.append(self.feed())
        self.assertEqual(caught.exception.status, 503)
        for page in pages:
            page.link.close()
        self.eventually(self.can_open, "a page closes, another opens")

    def can_open(self):
        try:
            return self.feed()
        except gateway.Refused:
            return None

    def test_what_pages_send_is_not_heard(self):
        feed = self.feed()
        feed.text()
        feed.send("{}")
        feed.send_frame(gateway.PING, b"there?")
        while True:
            _, opcode, payload = feed.frame()
            if opcode == gateway.PONG:
                break
        self.assertEqual(payload, b"there?")
        feed.send_frame(gateway.TEXT, b"x" * 5000)
        self.assertEqual(feed.closed()[0], 1009)


if __name__ == "__main__":
    unittest.main()
