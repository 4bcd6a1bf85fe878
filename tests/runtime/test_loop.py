#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The loop against a Runtime API that behaves, and one that does not.

usage: test_loop.py FUNCTION, the binary of loop_function.c
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

BINARY = os.path.abspath(sys.argv[1])
with open(BINARY, "rb") as binary:
    SANITIZED = b"__asan_init" in binary.read()


def event(key, body="{}"):
    return json.dumps({
        "requestContext": {"routeKey": key, "connectionId": "c="},
        "body": body,
    }).encode()


def chunked(data, size):
    parts = [data[i:i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"


class Step:
    """One invocation: how it is handed out, and how its answer is met."""

    def __init__(self, data, request_id="id-1", head="", chunk=0, dribble=0,
                 raw=None, hang_up=False, answers=(202,), close=False):
        self.raw = raw
        self.hang_up = hang_up
        self.answers = list(answers)
        self.close = close
        self.dribble = dribble
        if raw is None:
            deadline = int(time.time() * 1000) + 30000
            lines = ["HTTP/1.1 200 OK", "content-type: application/json",
                     "lambda-runtime-aws-request-id: " + request_id,
                     "Lambda-Runtime-Deadline-Ms: %d" % deadline]
            lines += [line for line in head.split("\n") if line]
            if chunk:
                lines.append("Transfer-Encoding: chunked")
                data = chunked(data, chunk)
            else:
                lines.append("Content-Length: %d" % len(data))
            self.raw = "\r\n".join(lines + ["", ""]).encode() + data


class RuntimeApi:
    """Hands out steps over a real socket and keeps what comes back."""

    def __init__(self, steps):
        self.steps = list(steps)
        self.posts = []  # (path, headers, body)
        self.idle = threading.Event()  # all steps are through
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.connections = 0
        self.current = None
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    def serve(self, connection):
        stream = connection.makefile("rb")
        try:
            while self.request(connection, stream):
                pass
        except OSError:
            pass
        stream.close()
        connection.close()

    def request(self, connection, stream):
        line = stream.readline()
        if not line:
            return False
        method, path, _ = line.decode().split(" ")
        headers = {}
        while True:
            line = stream.readline().decode().strip()
            if not line:
                break
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        path = path.replace("/2018-06-01/runtime", "")
        if method == "GET":
            return self.next(connection)
        return self.post(connection, stream, path, headers)

    def next(self, connection):
        if not self.steps:
            self.idle.set()
            connection.recv(1)  # until the other side hangs up
            return False
        self.current = step = self.steps.pop(0)
        if step.dribble:
            for i in range(0, len(step.raw), step.dribble):
                connection.sendall(step.raw[i:i + step.dribble])
                time.sleep(0.0005)
        else:
            connection.sendall(step.raw)
        return not step.hang_up

    def post(self, connection, stream, path, headers):
        length = int(headers["content-length"])
        status = self.current.answers.pop(0) if self.current else 202
        if status == "early 413":
            # Refused before the body is read, as a proxy in between might.
            self.posts.append((path, headers, b""))
            connection.sendall(b"HTTP/1.1 413 Too Large\r\n"
                               b"Content-Length: 0\r\nConnection: close\r\n"
                               b"\r\n")
            while length > 0:
                length -= len(stream.read(min(length, 65536)))
            return False
        self.posts.append((path, headers, stream.read(length)))
        if status == "hang up":
            return False
        body = b'{"status":"OK"}' if status == 202 else b"{}"
        connection.sendall(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" %
                           (status, len(body), body))
        return not self.current or not self.current.close


class Loop(unittest.TestCase):
    def run_function(self, *steps, function=None, wait=True, env=None):
        """Serve the steps; then SIGTERM. Returns api, exit code, log."""
        api = RuntimeApi(steps)
        process = subprocess.Popen(
            [BINARY], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            env=dict(os.environ, AWS_LAMBDA_RUNTIME_API=api.address,
                     FUNCTION=function or "", **(env or {})))
        if wait:
            self.assertTrue(api.idle.wait(20), "the steps took too long")
            process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=20)[1].decode()
        api.socket.close()
        return api, process.returncode, log

    def test_deliveries(self):
        text = "0123456789" * 400
        small = event("echo", text)
        for name, step in {
            "plain": Step(small),
            "one chunk": Step(small, chunk=1 << 20),
            "small chunks": Step(small, chunk=100),
            "chunks of one byte": Step(small, chunk=1),
            "dribbled": Step(small, dribble=61),
            "dribbled chunks": Step(small, chunk=700, dribble=97),
            "after 100 Continue":
                Step(small, raw=b"HTTP/1.1 100 Continue\r\n\r\n" +
                     Step(small).raw),
            "server closes": Step(small, close=True),
        }.items():
            with self.subTest(name):
                api, code, log = self.run_function(step, Step(event("echo")))
                self.assertEqual(code, 0, log)
                self.assertEqual([p[0] for p in api.posts],
                                 ["/invocation/id-1/response"] * 2)
                answer = json.loads(api.posts[0][2])
                self.assertEqual(answer, {"statusCode": 200, "body": text})
                self.assertEqual(json.loads(api.posts[1][2])["body"], "{}")

    def test_one_connection_is_kept(self):
        steps = [Step(event("echo", "x" * i)) for i in range(50)]
        api, code, log = self.run_function(*steps)
        self.assertEqual(code, 0, log)
        self.assertEqual(len(api.posts), 50)
        self.assertEqual(api.connections, 1)

    @unittest.skipUnless(shutil.which("valgrind") and not SANITIZED,
                         "needs valgrind, and no sanitizer")
    def test_no_heap_traffic(self):
        """However many events there are, the heap is asked as often."""
        allocations = set()
        for count in (10, 60):
            api = RuntimeApi(
                Step(event("echo" if i % 2 else "tell", "\u00e9\n" * (i % 10)),
                     head="Lambda-Runtime-Trace-Id: Root=%d" % i)
                for i in range(count))
            process = subprocess.Popen(
                ["valgrind", BINARY], stderr=subprocess.PIPE,
                env=dict(os.environ, AWS_LAMBDA_RUNTIME_API=api.address))
            served = api.idle.wait(30)
            process.terminate()
            log = process.communicate(timeout=20)[1].decode()
            self.assertTrue(served, log)
            self.assertIn("ERROR SUMMARY: 0 errors", log)
            allocations.add(re.search(r"([\d,]+) allocs", log)[1])
        self.assertEqual(len(allocations), 1, allocations)

    def test_six_megabytes(self):
        size = 6 * 1024 * 1024
        api, code, log = self.run_function(
            Step(b"%d%s" % (size, b" " * (size - 7))),
            Step(b"%d%s" % (size, b" " * (size - 7)), chunk=65536),
            function="raw")
        self.assertEqual(code, 0, log)
        self.assertEqual([len(p[2]) for p in api.posts], [size, size])

    def test_an_answer_that_is_too_large(self):
        api, code, log = self.run_function(
            Step(b"6291557"), Step(b"6291556"), function="raw")
        self.assertEqual(code, 0, log)
        self.assertEqual([p[0] for p in api.posts],
                         ["/invocation/id-1/error",
                          "/invocation/id-1/response"])
        fault = json.loads(api.posts[0][2])
        self.assertEqual(fault["errorType"], "Function.ResponseSizeTooLarge")
        self.assertEqual(
            fault["errorMessage"],
            "Response payload size (6291557 bytes) exceeded maximum allowed "
            "payload size (6291556 bytes).")
        self.assertEqual(len(api.posts[1][2]), 6291556)

    def test_a_413_is_reported(self):
        for first in (413, "early 413"):
            with self.subTest(first):
                api, code, log = self.run_function(
                    Step(b"3000000", answers=[first, 202]), Step(b"5"),
                    function="raw")
                self.assertEqual(code, 0, log)
                self.assertEqual([p[0].split("/")[-1] for p in api.posts],
                                 ["response", "error", "response"])

    def test_what_headers_say(self):
        head = ("Lambda-Runtime-Invoked-Function-Arn: arn:f\n"
                "LAMBDA-RUNTIME-TRACE-ID: Root=1-2;Sampled=1\n"
                "Lambda-Runtime-Client-Context: {\"a\":1}\n"
                "Lambda-Runtime-Cognito-Identity: {\"b\":2}\n")
        api, code, log = self.run_function(
            Step(event("tell"), request_id="r-1", head=head),
            Step(event("tell"), request_id="r-2"))
        self.assertEqual(code, 0, log)
        self.assertEqual(api.posts[0][0], "/invocation/r-1/response")
        self.assertEqual(json.loads(api.posts[0][2])["body"],
                         'r-1|arn:f|Root=1-2;Sampled=1|Root=1-2;Sampled=1|'
                         '{"a":1}|{"b":2}|soon')
        self.assertEqual(json.loads(api.posts[1][2])["body"],
                         'r-2|||||||soon'.replace("|||||||", "||||||"))

    def test_a_failed_handler(self):
        api, code, log = self.run_function(
            Step(event("fail")), Step(event("nowhere")), Step(b"[]"),
            Step(b"{"), Step(b""), Step(event("echo")))
        self.assertEqual(code, 0, log)
        self.assertEqual([p[0].split("/")[-1] for p in api.posts],
                         ["error"] * 5 + ["response"])
        self.assertEqual(
            [p[1].get("lambda-runtime-function-error-type")
             for p in api.posts],
            ["Function.Failed", "Runtime.NoRoute", "Runtime.InvalidEvent",
             "Runtime.InvalidEvent", "Runtime.InvalidEvent", None])
        self.assertEqual(json.loads(api.posts[0][2]),
                         {"errorMessage": "route 'fail' failed",
                          "errorType": "Function.Failed", "stackTrace": []})
        self.assertIn("ERROR id-1 c= fail Function.Failed: route 'fail' "
                      "failed\n", log)

    def test_refusals(self):
        refused = (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}")
        for name, steps, posts in (
            ("of an answer", [Step(event("echo"), answers=[403]),
                              Step(event("echo"))], 2),
            ("of an answer by 400", [Step(event("echo"), answers=[400]),
                                     Step(event("echo"))], 2),
            ("of /next", [Step(b"", raw=refused), Step(b"", raw=refused),
                          Step(event("echo"))], 1),
        ):
            with self.subTest(name):
                api, code, log = self.run_function(*steps)
                self.assertEqual(code, 0, log)
                self.assertEqual(len(api.posts), posts)
                self.assertIn("the Runtime API refused", log)

    def test_endings(self):
        """A Runtime API that is broken: out, with a reason and not 0."""
        failed = b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}"
        refused = b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{}"
        good = Step(event("echo")).raw
        bodyless = good[:good.index(b"\r\n\r\n") + 4]
        for name, steps in {
            "500 for /next": [Step(b"", raw=failed)],
            "500 for an answer": [Step(event("echo"), answers=[500])],
            "403 for ever": [Step(b"", raw=refused) for _ in range(10)],
            "not HTTP": [Step(b"", raw=b"SSH-2.0-x\r\n\r\n" * 9)],
            "half a head": [Step(b"", raw=good[:30], hang_up=True)],
            "half a body": [Step(b"", raw=bodyless + b"{", hang_up=True)],
            "bad chunk": [Step(b"", raw=b"HTTP/1.1 200 OK\r\nTransfer-"
                               b"Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
                               hang_up=True)],
            "huge chunk": [Step(b"", raw=b"HTTP/1.1 200 OK\r\nTransfer-"
                                b"Encoding: chunked\r\n\r\n"
                                b"ffffffffffffffff\r\n", hang_up=True)],
            "huge length": [Step(b"", raw=b"HTTP/1.1 200 OK\r\nContent-"
                                 b"Length: 99999999999999999999\r\n\r\n",
                                 hang_up=True)],
            "endless head": [Step(b"", raw=b"HTTP/1.1 200 OK\r\n" +
                                  b"X: " + b"y" * 100000, hang_up=True)],
        }.items():
            with self.subTest(name):
                _, code, log = self.run_function(*steps, wait=False)
                self.assertEqual(code, 1, log)
                self.assertIn("the Runtime API", log)

    def test_a_lost_answer_is_sent_again(self):
        api, code, log = self.run_function(
            Step(event("echo"), answers=["hang up", 202]), Step(event("echo")))
        self.assertEqual(code, 0, log)
        self.assertEqual(len(api.posts), 3)

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = "127.0.0.1:%d" % free.getsockname()[1]
        for name, value in {"closed": address, "no port": "127.0.0.1",
                            "bad port": "127.0.0.1:x", "port 0": "[::1]:0",
                            "no such host": "nowhere.invalid:1"}.items():
            with self.subTest(name):
                result = subprocess.run(
                    [BINARY], capture_output=True, timeout=20,
                    env=dict(os.environ, AWS_LAMBDA_RUNTIME_API=value))
                self.assertEqual(result.returncode, 1)
                self.assertIn(b"RUNTIME_API" if name == "no port" else
                              b"Runtime API at", result.stderr)

    def test_a_name_from_etc_hosts(self):
        api = RuntimeApi([Step(event("echo"))])
        process = subprocess.Popen(
            [BINARY], stderr=subprocess.PIPE,
            env=dict(os.environ, AWS_LAMBDA_RUNTIME_API=api.address.replace(
                "127.0.0.1", "localhost")))
        served = api.idle.wait(10)
        process.terminate()
        log = process.communicate(timeout=10)[1].decode()
        if not served and "No route to host" in log:
            self.skipTest("localhost is not in /etc/hosts")
        self.assertTrue(served, log)

    def test_init_and_shutdown(self):
        _, code, log = self.run_function(Step(event("echo")))
        self.assertEqual(code, 0)
        self.assertEqual([line.split()[-1] for line in log.splitlines()],
                         ["started", "ended"])
        api, code, log = self.run_function(function="bad", wait=False)
        self.assertEqual(code, 1)
        self.assertEqual(api.posts[0][0], "/init/error")
        self.assertEqual(json.loads(api.posts[0][2])["errorType"],
                         "Runtime.InitError")

    def test_sigterm_while_it_works(self):
        api, code, log = self.run_function(Step(event("stop")), wait=False)
        self.assertEqual(code, 0)
        self.assertEqual(api.posts[0][0], "/invocation/id-1/response")
        self.assertIn("ended", log)

    def test_a_crash_names_its_event(self):
        for form, line in {
            "Text": "FATAL segmentation fault requestId=id-1 routeKey=crash\n",
            "JSON": '{"level":"FATAL","message":"segmentation fault",'
                    '"requestId":"id-1","routeKey":"crash"}\n',
        }.items():
            with self.subTest(form):
                _, code, log = self.run_function(
                    Step(event("crash")), wait=False,
                    env={"AWS_LAMBDA_LOG_FORMAT": form})
                self.assertEqual(code, -signal.SIGSEGV)
                self.assertTrue(log.endswith(line), log)

    def test_one_event_from_standard_input(self):
        for data, code, answer in (
            (event("echo", "hi"), 0, b'{"statusCode":200,"body":"hi"}\n'),
            (event("fail"), 1, b'{"errorMessage":"route \'fail\' failed",'
             b'"errorType":"Function.Failed","stackTrace":[]}\n'),
            (b"", 1, b'{"errorMessage":"the event is not JSON: ends in the '
             b'middle","errorType":"Runtime.InvalidEvent","stackTrace":[]}\n'),
        ):
            with self.subTest(data):
                env = dict(os.environ)
                env.pop("AWS_LAMBDA_RUNTIME_API", None)
                result = subprocess.run([BINARY], input=data, env=env,
                                        capture_output=True, timeout=10)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertEqual(result.stdout, answer)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
