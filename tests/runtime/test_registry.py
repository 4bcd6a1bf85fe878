#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The registry of connections over a real DynamoDB (dynalite), whose table is
the one that wsgen's template asks for.

usage: test_registry.py FUNCTION CACHE TEMPLATE

FUNCTION is the binary of registry_function.c. dynalite is installed below
CACHE when it is not there. Without npm these tests are skipped, unless WSGEN_CI is
set.
"""
import json
import os
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import npm  # noqa: E402
from http_server import answer  # noqa: E402
from dynalite import Dynalite, table_of  # noqa: E402
from registry_case import Case, do, error  # noqa: E402

CACHE, TEMPLATE = (os.path.abspath(path) for path in sys.argv[2:4])
GONE = answer(b"", "410 Gone", "x-amzn-ErrorType: GoneException")


class Registry(Case):
    @classmethod
    def setUpClass(cls):
        modules, why = npm.install(Dynalite.PACKAGE, CACHE)
        if why and os.environ.get("WSGEN_CI"):
            raise RuntimeError("dynalite cannot be had: " + why)
        if why:
            raise unittest.SkipTest("dynalite: " + why)
        cls.database = Dynalite(modules / "dynalite" / "cli.js")
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
        # Several at a time, however fast each one was answered.
        self.assertGreater(server.connections, 1)

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
