#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many calls the local gateway takes, how much memory, how soon.

    tests/bench/gateway.py WSGEN GATEWAY LOAD ECHO LEG

The calls go through a generated function in C and back. The floor beside them
is two programs that do half of it each: one that echoes WebSocket messages, and
one that hands events to the same function over the Runtime API. They and the
gateway take turns, so that what else runs hits all; medians count. Exit code 1
when a call is lost or memory is missed; the figures that go by how busy the
machine is are shown beside what they should reach.
"""

import contextlib
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

import gateway  # noqa: E402

ROUNDS = 9
ROUND_MS = 300
STARTS = 15
IDLE = 10_000
INSTANCES = 8

SPEC = """\
name: talk
routes:
  $default: { handler: src/talk.on_default, reply: true }
  say:
    handler: src/talk.on_say
    message: Line
    reply: Line
messages:
  Line: { text: string(1..512) }
"""

HANDLERS = """\
#include "talk.h"

enum wsg_result on_default(struct talk_default_call *call,
			   struct wsg_buf *reply)
{
	(void)call;
	wsg_buf_text(reply, "say something");
	return WSG_OK;
}

enum wsg_result on_say(struct talk_say_call *call, const struct talk_line *msg,
		       struct talk_line *reply)
{
	(void)call;
	reply->text = msg->text;
	return WSG_OK;
}
"""

MAKEFILE = """\
include build/wsgen.mk
build/wsgen.mk build/.wsgen/stamp: ; $(WSGEN) talk.yaml -o build/
"""

LINE = "hello there, how are you today?"
SAY = json.dumps({"action": "say", "text": LINE}, separators=(",", ":"))
SAID = json.dumps({"text": LINE}, separators=(",", ":"))

# What the gateway makes of SAY, for the floor.
EVENT = {
    "requestContext": {
        "routeKey": "say",
        "messageId": "R1knPc2ntjgCEgA=",
        "eventType": "MESSAGE",
        "extendedRequestId": "R1knPH17IAMFo2A=",
        "requestTime": "20/Jan/2026:11:55:00 +0000",
        "messageDirection": "IN",
        "stage": "dev",
        "connectedAt": 1768910100419,
        "requestTimeEpoch": 1768910103453,
        "identity": {"sourceIp": "127.0.0.1"},
        "requestId": "R1knPH17IAMFo2A=",
        "domainName": "localhost",
        "connectionId": "R1kmxc2VIAMCEgA=",
        "apiId": "gy415nuibc",
    },
    "body": SAY,
    "isBase64Encoded": False,
}


def build(folder, wsgen):
    (folder / "src").mkdir()
    (folder / "talk.yaml").write_text(SPEC)
    (folder / "src/talk.c").write_text(HANDLERS)
    (folder / "Makefile").write_text(MAKEFILE)
    subprocess.run(
        ["make", "-s", f"WSGEN={wsgen}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder / "build"


@contextlib.contextmanager
def serving(project):
    """The gateway: its process, the port and path of its stage."""
    served = gateway.Gateway(
        project,
        "--quiet",
        "--store",
        "memory",
        "--no-account-limits",
        "--max-instances",
        str(INSTANCES),
        loud=False,
    )
    try:
        yield served
    finally:
        served.stop()


@contextlib.contextmanager
def echoing(program):
    server = subprocess.Popen(
        [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield server, int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait()


def cpu_us(pid):
    """The processor's time that it has had so far."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e3


def numbers(text):
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2])))


def load(program, pid, *words):
    """One round of calls, and the processor's time that each took of pid."""
    before = cpu_us(pid)
    done = subprocess.run(
        [program, *map(str, words)], check=True, capture_output=True, text=True
    )
    said = numbers(done.stdout.removeprefix("open\n"))
    said["each"] = (cpu_us(pid) - before) / max(said["calls"], 1)
    said["rate"] = said["calls"] * 1e6 / said["us"]
    return said


def leg(program, project):
    function = next((project / "functions").iterdir()) / "bootstrap"
    done = subprocess.run(
        [program, function, str(INSTANCES), str(ROUND_MS)],
        input=json.dumps(EVENT, separators=(",", ":")),
        check=True,
        capture_output=True,
        text=True,
    )
    said = numbers(done.stdout)
    said["each"] = said["cpu"] / max(said["calls"], 1)
    said["rate"] = said["calls"] * 1e6 / said["us"]
    return said


def median(rounds, name):
    return statistics.median(said[name] for said in rounds)


def bench_calls(project, programs, connections):
    """Whether no call was lost."""
    ours, echoes, legs = [], [], []
    with serving(project) as served, echoing(programs["echo"]) as (echo, port):
        url = served.url("talk")
        for _ in range(ROUNDS):
            ours.append(
                load(programs["load"], served.process.pid, url.port, url.path,
                     connections, ROUND_MS, SAY, SAID)
            )
            echoes.append(
                load(programs["load"], echo.pid, port, "/echo",
                     connections, ROUND_MS, LINE, LINE)
            )
            legs.append(leg(programs["leg"], project))
    floors = [
        {
            "rate": 1 / (1 / a["rate"] + 1 / b["rate"]),
            "each": a["each"] + b["each"],
        }
        for a, b in zip(echoes, legs)
    ]
    ratios = [
        {name: said[name] / floor[name] for name in ("rate", "each")}
        for said, floor in zip(ours, floors)
    ]
    lost = sum(said["lost"] + said["failed"] + said["closed"] for said in ours)
    print(
        f"echo through C, {connections:3} connections: "
        f"{median(ours, 'rate'):7.0f} calls/s (reach 35000), {lost} lost, "
        f"p50 {median(ours, 'p50') / 1e3:.1f} ms, "
        f"p99 {median(ours, 'p99') / 1e3:.1f} ms"
        + (" (reach 30)" if connections == 500 else "")
    )
    print(
        f"    floor {median(floors, 'rate'):7.0f} calls/s: ratio "
        f"{median(ratios, 'rate'):.2f}; CPU {median(ours, 'each'):.1f} us a call, "
        f"floor {median(floors, 'each'):.1f}: ratio {median(ratios, 'each'):.2f}"
    )
    print(
        f"    WebSocket alone {median(echoes, 'rate'):7.0f} a second, "
        f"Runtime API alone {median(legs, 'rate'):7.0f}"
    )
    return not lost


def memory(pid):
    """Resident memory, and what of it is the process's own; KB."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return int(fields["VmRSS"].split()[0]), int(fields["RssAnon"].split()[0])


def bench_idle(project, programs):
    """Whether memory is within its limits."""
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serving(project) as served:
        url, pid = served.url("talk"), served.process.pid
        rest, before = memory(pid)
        print(f"at rest: {rest / 1024:.1f} MB (reach 10)")
        if files < IDLE + 100:
            print(f"{IDLE} idle connections: not run: {files} descriptors")
            return rest <= 10240
        client = subprocess.Popen(
            [programs["load"], str(url.port), url.path, str(IDLE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        client.stdout.readline()
        # One message has been seen to by then.
        gateway.Client(url).ask("hello")
        each = (memory(pid)[1] - before) * 1024 / IDLE
        still = client.communicate()[0]
    print(f"{IDLE} idle connections: {each:.0f} bytes each (reach 1024), {still}",
          end="")
    return rest <= 10240 and each <= 1024


def first_reply(project):
    begin = time.perf_counter()
    with serving(project) as served:
        client = gateway.Client(served.url("talk"))
        assert client.ask(SAY) == SAID
        taken = time.perf_counter() - begin
        client.link.close()
    return taken * 1e3


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    wsgen, gateway.PROGRAM, *rest = map(os.path.abspath, sys.argv[1:])
    programs = dict(zip(("load", "echo", "leg"), rest))
    where = "/dev/shm" if os.path.isdir("/dev/shm") else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-bench-", dir=where))
    try:
        project = build(folder, wsgen)
        well = bench_calls(project, programs, 50)
        well = bench_calls(project, programs, 500) and well
        well = bench_idle(project, programs) and well
        starts = [first_reply(project) for _ in range(STARTS)]
        print(
            f"start to first reply: {statistics.median(starts):.1f} ms, best "
            f"{min(starts):.1f} (reach 50)"
        )
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
