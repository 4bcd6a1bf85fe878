#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long wsgen takes, how much memory, how that grows; the CDK beside it.

    tests/bench/generate.py WSGEN [--no-cdk]

Everything is written to memory (/dev/shm) and the best of several runs counts:
of the clock, and next to it of the processor's time, which a busy machine leaves
more or less alone.
What is not at hand prints "not run", which is no pass. Exit code 1 when a limit
is missed. The CDK comes from npm, into a folder that goes again.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CONNECT = "  $connect: src/connect.on_connect\n  $disconnect: src/connect.on_disconnect\n"

CDK = """\
const cdk = require('aws-cdk-lib');
const ws = require('aws-cdk-lib/aws-apigatewayv2');
const { WebSocketLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const lambda = require('aws-cdk-lib/aws-lambda');
const count = Number(process.argv[2]), own = process.argv[3] === 'own';
const app = new cdk.App({ analyticsReporting: false, outdir: process.argv[4] });
const stack = new cdk.Stack(app, 'Chat');
const bucket = cdk.aws_s3.Bucket.fromBucketName(stack, 'Code', 'code');
const make = (id) => new lambda.Function(stack, id, {
  runtime: lambda.Runtime.PROVIDED_AL2023, handler: 'bootstrap',
  code: lambda.Code.fromBucket(bucket, 'code.zip'),
});
const shared = own ? null : make('Fn');
const api = new ws.WebSocketApi(stack, 'Api');
for (let i = 0; i < count; i++) {
  const fn = own ? make('Fn' + i) : shared;
  api.addRoute('route' + i, { integration: new WebSocketLambdaIntegration('I' + i, fn) });
}
new ws.WebSocketStage(stack, 'Stage', { webSocketApi: api, stageName: 'dev', autoDeploy: true });
app.synth();
"""


def spec(routes, grouping):
    """Routes beside the two that every API has; a message on each second."""
    lines = [f"name: chat\ngrouping: {grouping}\nroutes:\n{CONNECT}"]
    for i in range(routes - 2):
        message = f", message: M{i % 50}" if i % 2 else ""
        lines.append(f"  route{i}: {{handler: src/r{i % 100}.on_route{i}{message}}}\n")
    lines.append("messages:\n")
    for i in range(min(50, routes - 2)):
        lines.append(f"  M{i}: {{room: string(1..64), text: string(..4096)}}\n")
    return "".join(lines)


SMALLEST = (
    f"name: chat\nroutes:\n{CONNECT}"
    "  $default: src/fallback.on_default\n  sendMessage: src/send.on_send_message\n"
)


# Python's own memory would count for what it starts: this starts it instead.
LAUNCHER = r"""
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage usage;
	int status;
	pid_t child;

	(void)argc;
	clock_gettime(CLOCK_MONOTONIC, &from);
	child = fork();
	if (!child) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	wait4(child, &status, 0, &usage);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%f %f %ld\n", (to.tv_sec - from.tv_sec) * 1e3 +
	       (to.tv_nsec - from.tv_nsec) / 1e6,
	       (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3,
	       usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
"""


class Launcher:
    def __init__(self, folder):
        source = folder / "launch.c"
        source.write_text(LAUNCHER)
        self.path = folder / "launch"
        subprocess.run(
            ["cc", "-O1", "-D_DEFAULT_SOURCE", "-o", self.path, source], check=True
        )

    def __call__(self, command, cwd):
        """The clock's ms, the processor's ms, and the most memory in MB."""
        done = subprocess.run(
            [self.path, shutil.which(command[0]), *command[1:]],
            cwd=cwd, capture_output=True, text=True, check=False,
        )
        if done.returncode:
            sys.exit(f"{command}: exit code {done.returncode}\n{done.stderr}")
        took, busy, memory = map(float, done.stdout.splitlines()[-1].split())
        return took, busy, memory / 1024


def best(runs, run):
    """The least of each time, the most memory."""
    took, busy, memory = zip(*(run() for _ in range(runs)))
    return (min(took), min(busy)), max(memory)


class Bench:
    def __init__(self, wsgen, folder):
        self.wsgen = wsgen
        self.folder = folder
        self.once = Launcher(folder)
        self.missed = 0

    def say(self, what, value, unit, limit=None, more=""):
        verdict = ""
        if limit is not None:
            good = value <= limit
            self.missed += not good
            verdict = f"limit {limit:g} {unit}: {'ok' if good else 'MISSED'}"
        print(f"{what:<52} {value:9.2f} {unit:<3}{more:<18}{verdict}", flush=True)

    def say_time(self, what, times, limit=None):
        took, busy = times
        self.say(what, took, "ms", limit, f"busy {busy:.2f} ms")

    def wsgen_time(self, text, runs, fresh=True):
        (self.folder / "chat.yaml").write_text(text)

        def run():
            if fresh:
                shutil.rmtree(self.folder / "build", ignore_errors=True)
            return self.once([self.wsgen, "chat.yaml", "-q"], self.folder)

        return best(runs, run)

    def run(self):
        idle, _ = best(20, lambda: self.once(["true"], self.folder))
        self.say_time("starting a program that does nothing", idle)
        four, memory = self.wsgen_time(SMALLEST, 30)
        self.say_time("4 routes, everything written", four, 5)
        self.say("4 routes, memory", memory, "MB", 8)
        again, _ = self.wsgen_time(SMALLEST, 30, fresh=False)
        self.say_time("4 routes, nothing to write", again, 5)
        own, memory = self.wsgen_time(spec(300, "route"), 10)
        self.say_time("300 routes with a function each", own, 30)
        self.say("300 routes, memory", memory, "MB")
        sizes = {}
        for count in (1250, 2500, 5000, 10000):
            sizes[count], memory = self.wsgen_time(spec(count, "single"), 3)
            limit = 1000 if count == 10000 else None
            self.say_time(f"{count:,} routes in one function", sizes[count], limit)
        self.say("10,000 routes, memory", memory, "MB")
        growth = sizes[10000][1] / sizes[2500][1]
        self.say("10,000 routes over 2,500, busy (4 is linear)", growth, "x", 5)
        return four, own


class Cdk:
    def __init__(self, folder):
        self.folder = folder
        self.once = Launcher(folder)

    def install(self):
        if not shutil.which("npm") or not shutil.which("node"):
            return "npm is not at hand"
        done = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "aws-cdk-lib", "constructs"],
            cwd=self.folder, capture_output=True, text=True, check=False,
        )
        if done.returncode:
            return "npm could not install aws-cdk-lib"
        (self.folder / "app.js").write_text(CDK)
        return None

    def time(self, count, kind, runs):
        out = self.folder / "out"

        def run():
            shutil.rmtree(out, ignore_errors=True)
            command = ["node", "app.js", str(count), kind, str(out)]
            return self.once(command, self.folder)

        return best(runs, run)


def compare(bench, folder, four, own):
    cdk = Cdk(folder)
    why = cdk.install()
    if why:
        print(f"CDK: not run: {why}")
        return
    times, memory = cdk.time(4, "shared", 3)
    bench.say_time("CDK, 4 routes", times)
    bench.say("CDK, 4 routes, memory", memory, "MB")
    bench.say("CDK over wsgen, 4 routes", times[0] / four[0], "x")
    # With functions of their own the CDK stops at some 80 routes: 500 resources.
    times, _ = cdk.time(150, "shared", 2)
    bench.say_time("CDK, 150 routes in one function", times)
    bench.say("CDK over wsgen's 300 with a function each", times[0] / own[0], "x")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wsgen = os.path.abspath(sys.argv[1])
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    if not memory:
        print("not in memory: /dev/shm is not at hand")
    with tempfile.TemporaryDirectory(dir=memory, prefix="wsgen-bench-") as folder:
        bench = Bench(wsgen, pathlib.Path(folder))
        times = bench.run()
    if "--no-cdk" in sys.argv:
        print("CDK: not run: --no-cdk")
    else:
        with tempfile.TemporaryDirectory(prefix="wsgen-cdk-") as folder:
            compare(bench, pathlib.Path(folder), *times)
    sys.exit(1 if bench.missed else 0)


main()
