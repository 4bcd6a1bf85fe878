#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A bootstrap that does what its events say, most of it wrong.

The event is {"do": NAME, ...}; INIT in the environment is what goes wrong
before the first one.
"""
import http.client
import json
import os
import signal
import subprocess
import sys
import time

BASE = "/2018-06-01/runtime/"
PLACE = os.environ["AWS_LAMBDA_RUNTIME_API"]


def connect():
    return http.client.HTTPConnection(PLACE)


def call(connection, method, path, body=None, **headers):
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    connection.request(method, BASE + path, body, headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read().decode()


def say(*words, end="\n"):
    print(*words, end=end, flush=True)


class Bootstrap:
    def __init__(self):
        self.api = connect()
        self.seen = []  # what the Runtime API said to what was wrong
        self.kept = []

    def next(self):
        status, headers, body = call(self.api, "GET", "invocation/next")
        assert status == 200, (status, body)
        self.headers = {k.lower(): v for k, v in headers.items()}
        self.id = self.headers["lambda-runtime-aws-request-id"]
        return json.loads(body)

    def respond(self, body, what="response", request_id=None, **headers):
        path = "invocation/%s/%s" % (request_id or self.id, what)
        status, headers, text = call(self.api, "POST", path, body, **headers)
        self.seen.append([status, text])
        return status

    def serve(self):
        while True:
            event = self.next()
            getattr(self, "do_" + event["do"].replace("-", "_"))(event)

    def done(self, **answer):
        self.respond(json.dumps(dict(answer, pid=os.getpid())))

    def do_echo(self, event):
        self.done(event=event, seen=self.seen)

    def do_headers(self, event):
        self.done(headers=self.headers, now=time.time() * 1000)

    def do_environment(self, event):
        files = sorted(int(fd) for fd in os.listdir("/proc/self/fd"))
        self.done(environment=dict(os.environ), folder=os.getcwd(),
                  files=files, group=os.getpgid(0), stdin=sys.stdin.read(),
                  ignored=signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN)

    def do_sleep(self, event):
        time.sleep(event["seconds"])
        self.done()

    def do_exit(self, event):
        say("leaving", end="")
        os._exit(event["status"])

    def do_signal(self, event):
        os.kill(os.getpid(), event["number"])

    def do_hang(self, event):
        say("hanging")
        time.sleep(1000)

    def do_error(self, event):
        self.respond(event["body"], "error", **event.get("headers", {}))

    def do_huge(self, event):
        self.respond(b"x" * event["bytes"])

    def do_wrong_id(self, event):
        for request_id in ("nobody", self.id[:-1], self.id + "0",
                           "00000000-0000-4000-8000-000000000000"):
            self.respond("{}", request_id=request_id)
            self.respond("{}", "error", request_id=request_id)
        self.done()

    def do_twice(self, event):
        self.done()
        self.respond('"again"')
        self.respond("{}", "error")

    def do_out_of_turn(self, event):
        self.seen.append(list(call(self.api, "POST", "init/error", "{}")[::2]))
        self.done()

    def do_mode(self, event):
        self.respond("{}", Lambda_Runtime_Function_Response_Mode=event["mode"])

    def do_chunked(self, event):
        self.api.request("POST", BASE + "invocation/%s/response" % self.id,
                         iter([b'{"a":', b"1}"]), encode_chunked=True,
                         headers={"Transfer-Encoding": "chunked"})
        self.api.getresponse().read()

    def do_other_paths(self, event):
        for method, path in (("GET", "invocation/nowhere"),
                             ("POST", "invocation/next"),
                             ("GET", "init/error"), ("GET", "../../etc"),
                             ("DELETE", "invocation/%s/response" % self.id)):
            answer = call(self.api, method, path, "{}")
            self.seen.append([answer[0], answer[2]])
        for name, value in (("Host", "evil.example"), ("Origin", "http://x"),
                            ("Sec-Fetch-Site", "cross-site")):
            other = connect()
            other.putrequest("GET", BASE + "invocation/next",
                             skip_host=name == "Host")
            other.putheader(name, value)
            other.endheaders()
            answer = other.getresponse()
            self.seen.append([answer.status, answer.read().decode()])
        self.done(seen=self.seen)

    def do_ask_again(self, event):
        """The event did not arrive: it is handed out once more."""
        first = self.id, event
        assert (self.id, self.next()) == (first[0], event)
        self.done(again=True)

    def do_leave_next(self, event):
        """Ask on a connection that is closed while it waits."""
        self.done()
        other = connect()
        other.request("GET", BASE + "invocation/next")
        time.sleep(0.2)
        other.close()
        time.sleep(0.2)

    def do_ask_twice(self, event):
        self.done()
        other = connect()
        other.request("GET", BASE + "invocation/next")
        time.sleep(0.1)
        event = self.next()  # the later one gets it
        answer = other.getresponse()
        self.seen.append([answer.status, answer.read().decode()])
        getattr(self, "do_" + event["do"])(event)

    def do_grow(self, event):
        for _ in range(event["mb"]):
            self.kept.append(b"x" * (1 << 20))
            time.sleep(0.002)
        if event.get("wait"):
            time.sleep(event["wait"])
        self.done()

    def do_grow_child(self, event):
        # It waits for a line that never comes, and ends when we do.
        subprocess.Popen([sys.executable, "-c",
                          "x = b'x' * (%d << 20); input()" % event["mb"]],
                         stdin=subprocess.PIPE).wait()

    def do_reserve(self, event):
        """Address space that nothing is kept in, as Node takes it."""
        import mmap
        self.kept.append(mmap.mmap(-1, event["mb"] << 20, mmap.MAP_PRIVATE |
                                   mmap.MAP_ANONYMOUS | 0x4000))
        self.done()

    def do_print(self, event):
        say(event["text"], end="")
        if event.get("stderr"):
            print(event["stderr"], file=sys.stderr, end="", flush=True)
        self.done()

    def do_write(self, event):
        os.write(1, bytes(event["bytes"]))
        self.done()

    def do_flood(self, event):
        text = b"z" * event["bytes"]
        while text:
            text = text[os.write(1, text):]
        self.done()

    def do_child(self, event):
        """Leave a process behind, deaf to SIGTERM."""
        child = subprocess.Popen(
            [sys.executable, "-c",
             "import signal, time\n"
             "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
             "print(flush=True)\n"
             "time.sleep(1000)"], stdout=subprocess.PIPE)
        child.stdout.readline()
        self.done(child=child.pid)

    def do_deaf(self, event):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.done()

    def do_leave(self, event):
        """Answer, and exit a while later, when nothing is to be done."""
        self.done()
        pid = os.fork()
        if not pid:
            time.sleep(0.2)
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(0)
        self.serve()

    def do_linger(self, event):
        """Answer, and never ask again."""
        self.done()
        time.sleep(1000)


def main():
    init = os.environ.get("INIT", "")
    say("starting") if init else None
    if init.startswith("exit"):
        sys.exit(int(init[4:]))
    if init.startswith("once"):
        # Fails until the file is there that the first one makes.
        if not os.path.exists(init[4:]):
            with open(init[4:], "w"):
                sys.exit(1)
    if init.startswith("sleep"):
        time.sleep(float(init[5:]))
    if init == "respond":
        print(call(connect(), "POST", "invocation/x/response", "{}"),
              flush=True)
    if init.startswith("error"):
        status = call(connect(), "POST", "init/error", json.dumps(
            {"errorMessage": "no table", "errorType": "Runtime.NoTable"}),
            Lambda_Runtime_Function_Error_Type="Runtime.NoTable")[0]
        say("told", status)
        if init == "errorhang":
            time.sleep(1000)
        sys.exit(1)
    Bootstrap().serve()


main()
