#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Lambda service with real processes: what callers are told of them.

usage: test_lambda.py TOOL FUNCTION CACHE

TOOL is the binary of lambda_tool.c, FUNCTION that of loop_function.c.
aws-lambda-ric is installed below CACHE when it is not there. Tests that cannot run
here are skipped and say why; with WSGEN_CI set they fail.
"""
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import e2e  # noqa: E402
import node  # noqa: E402

TOOL, FUNCTION, CACHE = (os.path.abspath(path) for path in sys.argv[1:4])
MOST = 6 * 1024 * 1024 + 100
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
with open(TOOL, "rb") as tool:
    SANITIZED = b"__asan_init" in tool.read()


def ends(pid, seconds=10):
    """Whether the process goes within that time."""
    for _ in range(int(seconds * 50)):
        try:
            with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


class Tool:
    def __init__(self, *options, files=True, **more):
        self.process = subprocess.Popen(
            [TOOL, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            **more)
        self.lines = queue.Queue()
        self.files = files
        self.traces = []  # of all that happened
        self.answers = {}
        self.rest = []
        self.tags = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def take(self, timeout=30):
        """Take one line in; False when there is none any more."""
        line = self.lines.get(timeout=timeout)
        if line is None:
            return False
        if "kind" in line:
            self.traces.append(line)
        elif "answer" in line:
            self.answers[line["answer"]] = line
        else:
            self.rest.append(line)
        return True

    def tell(self, *words):
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()

    def make(self, path, key="f", timeout=30000, memory=512, word="function",
             **variables):
        pairs = ["%s=%s" % pair for pair in variables.items()]
        self.tell(word, key, path, timeout, memory, *pairs)

    def invoke(self, event, key="f"):
        self.tags += 1
        tag = "t%d" % self.tags
        self.tell("invoke", key, tag,
                  event if isinstance(event, str) else json.dumps(event))
        return tag

    def answer(self, tag, timeout=30):
        while tag not in self.answers:
            assert self.take(timeout), "the tool is gone"
        return self.answers[tag]

    def call(self, event, key="f", timeout=30):
        return self.answer(self.invoke(event, key), timeout)

    def said(self):
        while not self.rest:
            assert self.take(), "the tool is gone"
        return self.rest.pop(0)

    def count(self, key="f"):
        self.tell("count", key)
        return self.said()

    def count_is(self, key="f", seconds=10, **wanted):
        for _ in range(int(seconds * 50)):
            count = self.count(key)
            if all(count[name] == value for name, value in wanted.items()):
                return True
            time.sleep(0.02)
        raise AssertionError("%s, not %s" % (count, wanted))

    def wait_for(self, kind, text, seconds=30):
        """The first trace of that kind whose text or note has it."""
        until = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < until:
            for trace in self.traces[seen:]:
                seen += 1
                if trace["kind"] == kind and re.search(
                        text, trace.get("text", "") + trace.get("note", "")):
                    return trace
            try:
                self.take(0.1)
            except queue.Empty:
                pass
        raise AssertionError("no %s of %s in %s" % (kind, text, self.traces))

    def pids(self):
        return [int(re.search(r"process (\d+)", trace["note"])[1])
                for trace in self.traces if trace["kind"] == "function"
                and "started as process" in trace["note"]]

    def close(self):
        """End it: it leaves neither descriptors nor processes behind."""
        if self.process.stdout.closed:
            return
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        while self.take():
            pass
        code = self.process.wait()
        self.process.stdout.close()
        if self.files:
            assert code == 0, code
            assert self.rest[-1] == {"files_left": 0}, self.rest
        for pid in self.pids():
            assert ends(pid), "process %d is still there" % pid


class Case(unittest.TestCase):
    maxDiff = None

    def tool(self, *options, **more):
        tool = Tool(*options, **more)
        self.addCleanup(tool.close)
        return tool

    def folder(self):
        folder = tempfile.mkdtemp(prefix="wsgen-lambda-")
        self.addCleanup(shutil.rmtree, folder)
        return pathlib.Path(folder)

    def bootstrap(self, text=None):
        """A bootstrap in a folder of its own: misbehave.py, or that text."""
        path = self.folder() / "bootstrap"
        if text is None:
            shutil.copy(HERE / "misbehave.py", path)
        else:
            path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def misbehaving(self, *options, **more):
        tool = self.tool(*options)
        tool.make(self.bootstrap(), **more)
        return tool

    def check(self, answer, outcome="done", **wanted):
        self.assertEqual(answer["outcome"], outcome, answer)
        for name, value in wanted.items():
            self.assertEqual(answer[name], value, answer)
        if outcome == "done":
            return json.loads(answer["payload"])
        if outcome != "error":
            self.assertEqual(json.loads(answer["payload"]), {
                "errorType": answer["type"],
                "errorMessage": answer["message"]})
        return None


class RuntimeApi(Case):
    def test_event_and_answer(self):
        tool = self.misbehaving()
        event = {"do": "echo", "text": "gr\u00fc\u00df \"dich\""}
        answer = tool.call(event)
        self.assertEqual(self.check(answer)["event"], event)
        self.assertRegex(answer["id"], "^%s$" % UUID)
        self.assertGreater(answer["us"], 0)
        kinds = [trace["kind"] for trace in tool.traces]
        self.assertEqual(kinds, ["function", "function", "invoked",
                                 "answered"])
        for trace in tool.traces[2:]:
            self.assertEqual(trace["requestId"], answer["id"])
        self.assertEqual(json.loads(tool.traces[2]["text"]), event)
        self.assertEqual(tool.traces[3]["note"], "done")

    def test_headers(self):
        tool = self.misbehaving(timeout=5000)
        answer = tool.call({"do": "headers"})
        found = self.check(answer)
        headers = found["headers"]
        self.assertEqual(headers["lambda-runtime-aws-request-id"],
                         answer["id"])
        left = int(headers["lambda-runtime-deadline-ms"]) - found["now"]
        self.assertTrue(3000 < left <= 5000, left)
        self.assertEqual(headers["lambda-runtime-invoked-function-arn"],
                         "arn:aws:lambda:us-east-1:123456789012:function:it")
        self.assertRegex(headers["lambda-runtime-trace-id"],
                         "^Root=1-[0-9a-f]{8}-[0-9a-f]{24};"
                         "Parent=[0-9a-f]{16};Sampled=0$")
        self.assertEqual(headers["content-type"], "application/json")
        for name in ("lambda-runtime-client-context",
                     "lambda-runtime-cognito-identity"):
            self.assertNotIn(name, headers)

    def test_accepted(self):
        tool = self.misbehaving()
        tool.call({"do": "error", "body": "{}"})
        tool.call({"do": "echo"})
        found = self.check(tool.call({"do": "echo"}))
        self.assertEqual(found["seen"], [[202, '{"status":"OK"}']] * 2)

    def test_errors(self):
        tool = self.misbehaving()
        header = "Lambda-Runtime-Function-Error-Type"
        body = '{"errorMessage": "no \\"x\\"", "errorType": "%s", "a": [1]}'
        for text, kind, want, message in (
                (body % "Mine", None, "Mine", 'no "x"'),
                (body % "Mine", "Runtime.Other", "Mine", 'no "x"'),
                ("{}", "Runtime.Other", "Runtime.Other", ""),
                ("{}", "Function.Other", "Function.Other", ""),
                ("{}", "Runtime.no", "Runtime.Unknown", ""),
                ("{}", "Runtime.X1", "Runtime.Unknown", ""),
                ("{}", "Runtime.X", "Runtime.Unknown", ""),
                ("{}", "Function.", "Function.Unknown", ""),
                ("{}", "KeyError", "Function.Unknown", ""),
                ("{}", None, "Function.Unknown", ""),
                ("no json", None, "Function.Unknown", ""),
                ('["a"]', None, "Function.Unknown", ""),
                ('{"errorMessage":7}', None, "Function.Unknown", "")):
            with self.subTest(text=text, kind=kind):
                self.check(tool.call({
                    "do": "error", "body": text,
                    "headers": {header: kind} if kind else {}}), "error",
                    payload=text, type=want, message=message)

    def test_refusals(self):
        """What a runtime gets wrong is refused as Lambda does; it goes on."""
        wrong_id = [400, '{"errorMessage":"Invalid request ID",'
                    '"errorType":"InvalidRequestID"}']
        for what, seen in (
                ("wrong-id", [wrong_id] * 8 + [[202, '{"status":"OK"}']]),
                ("twice", [[202, '{"status":"OK"}'],
                           [403, "InvalidStateTransition"],
                           [403, "InvalidStateTransition"]]),
                ("out-of-turn", [[403, "InvalidStateTransition"],
                                 [202, '{"status":"OK"}']])):
            with self.subTest(what=what):
                tool = self.misbehaving()
                self.check(tool.call({"do": what}))
                found = self.check(tool.call({"do": "echo"}))["seen"]
                for (status, text), want in zip(found, seen, strict=True):
                    self.assertEqual(status, want[0])
                    self.assertIn(want[1], text)

    def test_other_paths(self):
        tool = self.misbehaving()
        found = self.check(tool.call({"do": "other-paths"}))["seen"]
        self.assertEqual([status for status, _ in found],
                         [405, 405, 405, 404, 405, 403, 403, 403])
        for _, text in found:
            self.assertEqual(set(json.loads(text)),
                             {"errorMessage", "errorType"})

    def test_modes(self):
        tool = self.misbehaving()
        self.check(tool.call({"do": "mode", "mode": "streaming"}))
        self.check(tool.call({"do": "mode", "mode": "buffered"}), "error",
                   type="Runtime.InvalidResponseModeHeader")
        self.assertEqual(self.check(tool.call({"do": "chunked"})), {"a": 1})

    def test_sizes(self):
        tool = self.misbehaving()
        for size in (MOST - 1, MOST):
            answer = tool.call({"do": "huge", "bytes": size})
            self.assertEqual(answer["outcome"], "done")
            self.assertEqual(len(answer["payload"]), size)
        for size in (MOST + 1, 3 * MOST):
            self.check(tool.call({"do": "huge", "bytes": size}), "too large",
                       type="Function.ResponseSizeTooLarge",
                       message="Response payload size (%d bytes) exceeded "
                       "maximum allowed payload size (6291556 bytes)." % size)
        seen = self.check(tool.call({"do": "echo"}))["seen"]
        self.assertEqual([status for status, _ in seen], [202] * 2 + [413] * 2)
        self.assertEqual(seen[3][1], '{"errorMessage":"Exceeded maximum '
                         'allowed payload size (6291556 bytes).",'
                         '"errorType":"RequestEntityTooLarge"}')

    def test_event_sizes(self):
        tool = self.misbehaving()
        text = "x" * (6 * 1024 * 1024 - 30)
        found = self.check(tool.call({"do": "echo", "text": text}))
        self.assertEqual(found["event"]["text"], text)
        self.check(tool.call({"do": "echo", "text": text + "y" * 99}),
                   "too large", type="RequestTooLargeException")

    def test_asking(self):
        """Runtimes may lose the connection that they ask for events on."""
        tool = self.misbehaving("max=1")
        self.assertTrue(self.check(tool.call({"do": "ask-again"}))["again"])
        self.check(tool.call({"do": "leave-next"}))
        self.check(tool.call({"do": "echo"}))
        self.check(tool.call({"do": "ask-twice"}))
        time.sleep(0.5)
        self.check(tool.call({"do": "echo"}))
        seen = self.check(tool.call({"do": "echo"}))["seen"]
        self.assertEqual([status for status, _ in seen].count(403), 1)
        self.assertEqual(len(tool.pids()), 1)


class Environment(Case):
    def test_variables(self):
        env = dict(os.environ, SECRET_OF_MINE="x", HOME="/nowhere")
        tool = self.tool(env=env)
        path = self.bootstrap()
        tool.make(path, TABLE="a=b", AWS_ACCESS_KEY_ID="AKID", TZ="Europe/Rome",
                  _HANDLER="mine", AWS_REGION="mars", LC_ALL="C.UTF-8",
                  AWS_LAMBDA_LOG_LEVEL="DEBUG", AWS_LAMBDA_RUNTIME_API="h:1")
        found = self.check(tool.call({"do": "environment"}))
        got = found["environment"]
        self.assertRegex(got.pop("AWS_LAMBDA_RUNTIME_API"),
                         r"^127\.0\.0\.1:\d+$")
        self.assertRegex(got.pop("AWS_LAMBDA_LOG_STREAM_NAME"),
                         r"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$")
        folder = str(path.parent)
        self.assertEqual(got, {
            "PATH": env["PATH"], "LANG": "en_US.UTF-8", "TZ": "Europe/Rome",
            "LD_LIBRARY_PATH": "%s:%s/lib:/opt/lib" % (folder, folder),
            "AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "DEBUG",
            "TABLE": "a=b", "AWS_ACCESS_KEY_ID": "AKID", "LC_ALL": "C.UTF-8",
            "_HANDLER": "bootstrap", "LAMBDA_TASK_ROOT": folder,
            "LAMBDA_RUNTIME_DIR": "/var/runtime", "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "f",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f"})

    def test_process(self):
        tool = self.tool()
        path = self.bootstrap()
        tool.make(path)
        found = self.check(tool.call({"do": "environment"}))
        self.assertEqual(found["folder"], str(path.parent))
        self.assertEqual(found["group"], found["pid"])
        self.assertEqual(found["stdin"], "")
        self.assertFalse(found["ignored"])
        # Its own socket, and the folder that it reads.
        self.assertLessEqual(len(found["files"]), 5, found["files"])


class Logs(Case):
    def lines(self, tool):
        return [(trace["text"] if "text" in trace else "",
                 trace.get("requestId"))
                for trace in tool.traces if trace["kind"] == "log"]

    def test_lines(self):
        tool = self.misbehaving()
        for text, stderr, want in (
                ("one\ntwo\n", "", ["one", "two"]),
                ("no end", "", ["no end"]),
                ("a\n\nb", "", ["a", "", "b"]),
                ("dos\r\n", "", ["dos"]),
                ("out\n", "err\n", ["out", "err"])):
            with self.subTest(text=text):
                tool.traces.clear()
                answer = tool.call({"do": "print", "text": text,
                                    "stderr": stderr})
                self.assertEqual(self.lines(tool),
                                 [(line, answer["id"]) for line in want])
                # They come before the end of the call that wrote them.
                self.assertEqual(tool.traces[-1]["kind"], "answered")

    def test_bytes(self):
        tool = self.misbehaving()
        answer = tool.call({"do": "write", "bytes": [97, 255, 0, 98, 10]})
        self.assertEqual(self.lines(tool), [("a\ufffd\0b", answer["id"])])

    def test_long_lines(self):
        tool = self.misbehaving()
        size = 3 * (256 * 1024 - 26) + 5
        tool.call({"do": "flood", "bytes": size})
        tool.call({"do": "echo"})
        sizes = [len(text) for text, _ in self.lines(tool)]
        self.assertEqual(sizes, [256 * 1024 - 26] * 3 + [5])

    def test_last_words(self):
        tool = self.misbehaving()
        answer = tool.call({"do": "exit", "status": 3})
        self.assertEqual(self.lines(tool), [("leaving", answer["id"])])


class Ends(Case):
    def test_exits(self):
        for event, message in (
                ({"do": "exit", "status": 3},
                 "Runtime exited with error: exit status 3"),
                ({"do": "exit", "status": 0},
                 "Runtime exited without providing a reason"),
                ({"do": "signal", "number": signal.SIGSEGV},
                 "Runtime exited with error: signal: segmentation fault"),
                ({"do": "signal", "number": signal.SIGKILL},
                 "Runtime exited with error: signal: killed"),
                ({"do": "signal", "number": signal.SIGABRT},
                 "Runtime exited with error: signal: aborted"),
                ({"do": "signal", "number": signal.SIGRTMIN},
                 "Runtime exited with error: signal: signal %d"
                 % signal.SIGRTMIN)):
            with self.subTest(event=event):
                tool = self.misbehaving("max=1")
                answer = tool.call(event)
                self.check(answer, "crashed", type="Runtime.ExitError",
                           message="RequestId: %s Error: %s" % (
                               answer["id"], message))
                self.check(tool.call({"do": "echo"}))
                self.assertEqual(len(tool.pids()), 2)

    def test_timeout(self):
        tool = self.misbehaving("max=1", timeout=1500)
        started = time.monotonic()
        answer = tool.call({"do": "hang"})
        self.assertLess(abs(time.monotonic() - started - 1.5), 1)
        self.check(answer, "timed out")
        self.assertRegex(answer["message"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z %s "
                         r"Task timed out after 1\.50 seconds$" % answer["id"])
        self.assertGreaterEqual(answer["us"], 1500000)
        self.assertEqual(tool.traces[-2]["note"],
                         "instance 1 ran out of time: killed")
        self.check(tool.call({"do": "echo"}))
        self.assertTrue(ends(tool.pids()[0]))

    def test_timeout_after_answer(self):
        tool = self.misbehaving("max=1", timeout=1000)
        self.check(tool.call({"do": "linger"}))
        self.check(tool.call({"do": "echo"}))
        tool.wait_for("function", "until its time was up")

    def test_exit_while_idle(self):
        tool = self.misbehaving("max=1")
        self.check(tool.call({"do": "leave"}))
        tool.wait_for("function", "crashed: .* signal: killed")
        self.assertEqual(tool.count()["instances"], 0)
        self.check(tool.call({"do": "echo"}))

    def test_ignored_children(self):
        """How they end is known, even if our parent did not care."""
        tool = self.tool("max=1", preexec_fn=lambda: signal.signal(
            signal.SIGCHLD, signal.SIG_IGN))
        tool.make(self.bootstrap())
        answer = tool.call({"do": "exit", "status": 3})
        self.assertRegex(answer["message"], "exit status 3$")

    def test_children_go_too(self):
        tool = self.misbehaving("max=1")
        child = self.check(tool.call({"do": "child"}))["child"]
        tool.call({"do": "exit", "status": 1})
        self.assertTrue(ends(child), "its child is still there")

    def test_shutdown(self):
        tool = self.tool()
        tool.make(self.bootstrap())
        tool.make(FUNCTION, key="c")
        deaf = self.check(tool.call({"do": "deaf"}))["pid"]
        child = self.check(tool.call({"do": "child"}))["child"]
        tool.call(json.dumps(ROUTED), key="c")
        busy = tool.invoke({"do": "hang"})
        waiting = tool.invoke({"do": "hang"})
        tool.wait_for("log", "hanging")
        started = time.monotonic()
        tool.close()
        self.assertLess(time.monotonic() - started, 5)
        for tag in (busy, waiting):
            self.check(tool.answers[tag], "gone")
        self.assertTrue(ends(deaf, 0.1) and ends(child, 0.1))

    def test_killed_gateway(self):
        """Nothing outlives the gateway, however it ends."""
        tool = self.tool(files=False)
        tool.make(self.bootstrap())
        pid = self.check(tool.call({"do": "deaf"}))["pid"]
        tool.process.kill()
        self.assertTrue(ends(pid), "it is still there")


class Init(Case):
    def test_exit(self):
        for init, message in (
                ("exit3", "Runtime exited with error: exit status 3"),
                ("exit0", "Runtime exited without providing a reason")):
            with self.subTest(init=init):
                tool = self.misbehaving(INIT=init)
                answer = tool.call({"do": "echo"})
                self.check(answer, "init failed", type="Runtime.ExitError",
                           message="RequestId: %s Error: %s" % (
                               answer["id"], message), us=0)
                tool.wait_for("log", "^starting$")

    def test_reported(self):
        for init in ("error", "errorhang"):
            with self.subTest(init=init):
                tool = self.misbehaving(INIT=init)
                answer = tool.call({"do": "echo"})
                self.assertEqual(
                    (answer["outcome"], answer["type"], answer["message"]),
                    ("init failed", "Runtime.NoTable", "no table"))
                self.assertEqual(json.loads(answer["payload"])["errorType"],
                                 "Runtime.NoTable")
                tool.wait_for("log", "^told 202$")
                self.assertTrue(ends(tool.pids()[0], 3))

    def test_before_first_event(self):
        tool = self.misbehaving(INIT="respond")
        self.check(tool.call({"do": "echo"}))
        tool.wait_for("log", r"^\(400, .*InvalidRequestID")

    def test_no_program(self):
        folder = self.folder()
        plain = folder / "plain"
        plain.write_text("#!/bin/sh\n", encoding="utf-8")
        garbage = folder / "garbage"
        garbage.write_bytes(b"\x7fELF and no more")
        garbage.chmod(0o755)
        for name, reason in (("missing", "no such file or directory"),
                             ("plain", "permission denied"),
                             ("garbage", "exec format error")):
            with self.subTest(name=name):
                tool = self.tool()
                tool.make(folder / name)
                answer = tool.call("{}")
                self.check(answer, "init failed",
                           type="Runtime.InvalidEntrypoint",
                           message="RequestId: %s Error: fork/exec "
                           "/var/task/bootstrap: %s" % (answer["id"], reason))

    def test_back_off(self):
        """Calls that come while it is held back wait for the next start."""
        tool = self.misbehaving("max=1", INIT="exit1")
        started = time.monotonic()
        for _ in range(5):
            self.check(tool.call({"do": "echo"}), "init failed")
        # 100, 200, 400 and 800 ms lie between them.
        self.assertGreater(time.monotonic() - started, 1.5)
        self.assertEqual(len(tool.pids()), 5)

    def test_recovery(self):
        flag = self.folder() / "flag"
        tool = self.misbehaving("max=1", INIT="once%s" % flag)
        calls = [tool.invoke({"do": "echo"}) for _ in range(4)]
        for tag in calls:
            self.check(tool.answer(tag), "init failed")
        self.check(tool.call({"do": "echo"}))

    def test_swap_ends_back_off(self):
        tool = self.tool("max=1")
        path = self.bootstrap()
        tool.make(path, INIT="exit1")
        for _ in range(5):
            tool.call({"do": "echo"})
        started = time.monotonic()
        tag = tool.invoke({"do": "echo"})
        tool.make(path)
        self.check(tool.answer(tag))
        self.assertLess(time.monotonic() - started, 1.5)

    def test_slow(self):
        """After 10 s it is started anew, for as long as the call may take."""
        tool = self.misbehaving("max=1", timeout=1000, INIT="sleep1000")
        started = time.monotonic()
        answer = tool.call({"do": "echo"})
        self.assertLess(abs(time.monotonic() - started - 11), 2)
        self.check(answer, "timed out")
        self.assertRegex(answer["message"], "Task timed out after 1.00 seconds")
        self.assertEqual(len(tool.pids()), 2)


class Pool(Case):
    def test_scaling(self):
        tool = self.misbehaving("max=3", "idle=700")
        calls = [tool.invoke({"do": "sleep", "seconds": 0.8})
                 for _ in range(5)]
        tool.count_is(instances=3, busy=3, waiting=2)
        pids = {self.check(tool.answer(tag))["pid"] for tag in calls}
        self.assertEqual(len(pids), 3)
        # Idle ones end, but for the one that was used last.
        tool.count_is(instances=1, busy=0)
        time.sleep(1.5)
        self.assertEqual(tool.count()["instances"], 1)

    def test_order(self):
        tool = self.misbehaving("max=1")
        calls = [tool.invoke({"do": "echo", "n": n}) for n in range(20)]
        for tag in calls:
            tool.answer(tag)
        self.assertEqual(list(tool.answers), calls)

    def test_reuse(self):
        """The one that was used last is used again."""
        tool = self.misbehaving("max=4")
        calls = [tool.invoke({"do": "sleep", "seconds": 0.3 + n / 10})
                 for n in range(4)]
        for tag in calls:
            tool.answer(tag)
        last = self.check(list(tool.answers.values())[-1])["pid"]
        for _ in range(5):
            time.sleep(0.1)
            self.assertEqual(self.check(tool.call({"do": "echo"}))["pid"],
                             last)

    def test_queue_is_bounded(self):
        tool = self.misbehaving("max=1", "quiet=1")
        tool.call({"do": "echo"})
        busy = tool.invoke({"do": "sleep", "seconds": 3})
        calls = [tool.invoke({"do": "echo"}) for _ in range(10003)]
        for tag in calls[-3:]:
            self.check(tool.answer(tag), "throttled",
                       type="TooManyRequestsException",
                       message="Rate Exceeded.")
        self.assertNotIn(busy, tool.answers)
        self.assertEqual(tool.count()["waiting"], 10000)

    def test_abandon(self):
        tool = self.misbehaving("max=1")
        tool.call({"do": "echo"})
        busy = tool.invoke({"do": "sleep", "seconds": 0.5})
        waiting = tool.invoke({"do": "exit", "status": 1})
        last = tool.invoke({"do": "echo"})
        tool.tell("abandon", busy)
        tool.tell("abandon", waiting)
        self.check(tool.answer(last))
        self.assertEqual(set(tool.answers), {"t1", last})
        self.assertEqual(len(tool.pids()), 1)

    def test_crash(self):
        tool = self.misbehaving("max=1")
        tag = tool.invoke({"do": "hang"})
        tool.wait_for("log", "hanging")
        tool.tell("crash", tag)
        answer = tool.answer(tag)
        self.check(answer, "crashed")
        self.assertRegex(answer["message"], "signal: killed$")

    def test_swap(self):
        tool = self.tool("max=2")
        path = self.bootstrap()
        tool.make(path, WHICH="old")
        old = self.check(tool.call({"do": "echo"}))["pid"]
        # Nothing differs: it is the same one.
        tool.make(path, WHICH="old")
        self.assertEqual(self.check(tool.call({"do": "echo"}))["pid"], old)
        # A busy one finishes, and what comes meanwhile goes to a new one.
        busy = tool.invoke({"do": "sleep", "seconds": 1})
        tool.wait_for("invoked", "sleep")
        tool.make(path, WHICH="new")
        found = self.check(tool.call({"do": "environment"}))
        self.assertEqual(found["environment"]["WHICH"], "new")
        self.assertNotEqual(found["pid"], old)
        self.assertNotIn(busy, tool.answers)
        self.assertEqual(self.check(tool.answer(busy))["pid"], old)
        self.assertTrue(ends(old))
        # The binary was built anew: an idle one ends at once.
        tool.make(path, WHICH="new", word="swap")
        self.assertTrue(ends(found["pid"]))
        self.assertNotEqual(self.check(tool.call({"do": "echo"}))["pid"],
                            found["pid"])

    def test_swap_under_load(self):
        tool = self.tool("max=4", "quiet=1")
        tool.make(FUNCTION)
        tool.tell("load", "f", 4000, 50, json.dumps(ROUTED))
        for _ in range(5):
            time.sleep(0.03)
            tool.make(FUNCTION, word="swap")
        self.assertEqual(tool.said()["bad"], 0)

    def test_remove(self):
        tool = self.tool("max=1")
        path = self.bootstrap()
        tool.make(path)
        tool.make(path, key="other")
        self.check(tool.call({"do": "echo"}, key="other"))
        busy = tool.invoke({"do": "sleep", "seconds": 0.7})
        waiting = tool.invoke({"do": "echo"})
        tool.wait_for("invoked", "sleep")
        tool.tell("remove", "f")
        self.check(tool.answer(waiting), "gone")
        self.check(tool.answer(busy))
        self.assertTrue(ends(tool.pids()[1]))
        self.check(tool.call({"do": "echo"}, key="other"))


class Memory(Case):
    def test_limit(self):
        tool = self.misbehaving("max=1", "memory=1", memory=64)
        answer = tool.call({"do": "grow", "mb": 400})
        self.check(answer, "crashed", type="Runtime.ExitError")
        self.assertRegex(answer["message"],
                         "Runtime exited with error: signal: killed$")
        note = tool.wait_for("function", "of 64 MB: killed")["note"]
        self.assertLess(int(re.search(r"uses (\d+) MB", note)[1]), 300)
        self.check(tool.call({"do": "grow", "mb": 10, "wait": 0.3}))

    def test_children_count(self):
        tool = self.misbehaving("max=1", "memory=1", memory=64)
        self.check(tool.call({"do": "grow-child", "mb": 100}), "crashed")

    def test_address_space(self):
        """What is only reserved is free: Node reserves gigabytes."""
        tool = self.misbehaving("max=1", "memory=1", memory=64)
        self.check(tool.call({"do": "reserve", "mb": 4096}))
        self.check(tool.call({"do": "sleep", "seconds": 0.4}))

    def test_no_limit(self):
        tool = self.misbehaving("max=1", memory=16)
        self.check(tool.call({"do": "grow", "mb": 64, "wait": 0.3}))


class Faults(Case):
    def test_crash(self):
        tool = self.misbehaving("fault=crash=100%")
        answer = tool.call({"do": "echo"})
        self.check(answer, "crashed")
        self.assertRegex(answer["message"], "signal: killed$")

    def test_crashes_under_load(self):
        tool = self.tool("fault=crash=2%,seed=1", "max=4", "quiet=1")
        tool.make(FUNCTION)
        tool.tell("load", "f", 2000, 20, json.dumps(ROUTED))
        self.assertTrue(10 < tool.said()["bad"] < 100)

    def test_latency(self):
        tool = self.misbehaving("fault=latency=300ms..400ms")
        tool.call({"do": "echo"})
        started = time.monotonic()
        tag = tool.invoke({"do": "echo"})
        dropped = tool.invoke({"do": "echo"})
        tool.tell("abandon", dropped)
        self.check(tool.answer(tag))
        self.assertTrue(0.3 < time.monotonic() - started < 2)

    def test_latency_of_what_is_removed(self):
        tool = self.misbehaving("fault=latency=400ms..400ms")
        tags = [tool.invoke({"do": "echo"}) for _ in range(2)]
        tool.tell("remove", "f")
        tool.tell("abandon", tags[0])
        self.check(tool.answer(tags[1]), "gone")


class Debug(Case):
    def test_debugger(self):
        """Calls wait until gdb has attached, and then for its commands."""
        e2e.need_program("gdb")
        tool = self.tool("debug=f", "max=4")
        tool.make(FUNCTION, timeout=1000)
        calls = [tool.invoke(json.dumps(ROUTED)) for _ in range(3)]
        pid = int(tool.wait_for("function", r"waits for: gdb -p \d+")
                  ["note"].split()[-1])
        # Longer than the function may take: time stands still for it.
        time.sleep(1.5)
        self.assertEqual(tool.answers, {})
        self.assertEqual(tool.count()["instances"], 1)
        gdb = subprocess.run(
            ["gdb", "-q", "-nx", "-batch", "-p", str(pid),
             "-ex", "set confirm off", "-ex", "break echo", "-ex", "continue",
             "-ex", "shell sleep 1.2", "-ex", "backtrace", "-ex", "delete",
             "-ex", "detach"], capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, check=False)
        self.assertRegex(gdb.stdout, r"Breakpoint 1, echo \(event=", gdb)
        self.assertIn("wsg_run", gdb.stdout)
        for tag in calls:
            self.check(tool.answer(tag))


ROUTED = {"requestContext": {"routeKey": "echo", "connectionId": "c=",
                             "eventType": "MESSAGE"}, "body": "hello"}


class Functions(Case):
    def test_runtime(self):
        """libwsgen as it is: answers, errors, and what is too large."""
        tool = self.tool()
        tool.make(FUNCTION)
        answer = tool.call(json.dumps(ROUTED))
        self.assertEqual(self.check(answer)["body"], "hello")
        failing = json.dumps(ROUTED).replace('"echo"', '"fail"')
        self.check(tool.call(failing), "error", message="route 'fail' failed")
        crashing = json.dumps(ROUTED).replace('"echo"', '"crash"')
        answer = tool.call(crashing)
        self.check(answer, "crashed")
        self.assertRegex(answer["message"], "signal: segmentation fault$")
        tool.wait_for("log", "segmentation fault.*requestId=" + answer["id"])

    @unittest.skipIf(SANITIZED, "what make links statically holds no sanitizer")
    def test_generated(self):
        """A project as wsgen makes it, built by make."""
        e2e.need_program("make")
        project = e2e.Case()
        project.setUp()
        self.addCleanup(project.doCleanups)
        project.write("chat.yaml", e2e.SPEC)
        project.write("Makefile", e2e.MAKEFILE)
        project.wsgen("chat.yaml", "-o", "build/")
        project.make()
        found = [path for path in (project.folder / "build").rglob("bootstrap")]
        self.assertTrue(found)
        for path in found:
            tool = self.tool()
            tool.make(path)
            event = json.dumps(dict(ROUTED, requestContext=dict(
                ROUTED["requestContext"], routeKey="$default")))
            answer = tool.call(event)
            self.assertIn(answer["outcome"], ("done", "error"), answer)
            self.check(tool.call(event), answer["outcome"])

    def test_speed(self):
        """Not a measurement: that nothing is lost, and it is not slow."""
        tool = self.tool("max=4", "quiet=1")
        tool.make(FUNCTION)
        tool.tell("load", "f", 20000, 50, json.dumps(ROUTED))
        found = tool.said()
        self.assertEqual(found["bad"], 0)
        each = found["cpu_us"] / 20000
        print("%d invocations a second, %.1f us of the gateway's processor "
              "each" % (20000e6 / found["load_us"], each), file=sys.stderr)
        # What others do on this machine counts little for that.
        self.assertLess(each, 1000 if SANITIZED else 200)


class Node(Case):
    """A function that is not ours, under the runtime that AWS gives Node."""

    @classmethod
    def setUpClass(cls):
        cls.command = node.install_ric(CACHE)

    def function(self, code, *options, **more):
        path = self.bootstrap("#!/bin/sh\nexec node '%s' app.handler\n"
                              % self.command)
        path.with_name("app.mjs").write_text(code, encoding="utf-8")
        tool = self.tool(*options)
        tool.make(path, **more)
        return tool

    def test_handler(self):
        tool = self.function("""
            export const handler = async (event, context) => {
                console.log('hello', event.n);
                if (event.n === 3) throw new TypeError('three');
                return { statusCode: 200, body: String(event.n),
                         id: context.awsRequestId,
                         left: context.getRemainingTimeInMillis(),
                         name: context.functionName,
                         trace: process.env._X_AMZN_TRACE_ID };
            };""", "memory=1", "max=1", memory=256)
        for n in range(6):
            answer = tool.call({"n": n}, timeout=60)
            log = tool.wait_for("log", r"hello %d\b" % n)
            self.assertEqual(log["requestId"], answer["id"])
            if n == 3:
                self.check(answer, "error", type="TypeError", message="three")
                continue
            found = self.check(answer)
            self.assertEqual((found["body"], found["id"], found["name"]),
                             (str(n), answer["id"], "f"))
            self.assertTrue(20000 < found["left"] <= 30000)
            self.assertTrue(found["trace"].startswith("Root=1-"))
        self.assertEqual(len(tool.pids()), 1)

    def test_no_handler(self):
        tool = self.function("throw new Error('broken');")
        answer = tool.call({}, timeout=60)
        self.assertEqual(answer["outcome"], "init failed", answer)
        self.assertEqual(answer["message"], "broken")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:], verbosity=1)
