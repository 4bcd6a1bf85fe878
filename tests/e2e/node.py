# SPDX-License-Identifier: MIT
"""What runs on Node.js: clients and a runtime, each of a pinned version."""

import contextlib
import json
import pathlib
import queue
import subprocess
import sys
import threading

import e2e

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
import npm  # noqa: E402

# Debian 12's Node.js is 18; newer ones of the SDK want 20.
RIC = "aws-lambda-ric@3.3.0"
SDK = "@aws-sdk/client-apigatewaymanagementapi@3.726.1"
WS = "ws@8.18.3"
WSCAT = "wscat@6.1.0"
PATIENCE = 60  # seconds for Node.js to say something on a busy machine


def install(package, cache=None):
    """Its folder node_modules."""
    modules, why = npm.install(package, cache or e2e.BUILD / "npm")
    e2e.need(modules, f"{package}: {why}")
    return modules


def install_ric(cache=None):
    """The command of the runtime that AWS gives Node.js."""
    # It builds curl and its own client when it is installed.
    for name in ("autoreconf", "libtoolize", "cmake", "g++"):
        e2e.need_program(name)
    return install(RIC, cache) / "aws-lambda-ric" / "bin" / "index.mjs"


class Script:
    """A script of ours that takes JSON lines and answers with JSON lines."""

    def __init__(self, package, name, *words):
        self.process = subprocess.Popen(
            ["node", str(HERE / name), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=install(package).parent,
            env=e2e.environment(),
        )
        self.lines = queue.Queue()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def order(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self):
        return self.lines.get(timeout=PATIENCE)

    def ask(self, **order):
        self.order(**order)
        return self.hear()

    def stop(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        self.process.stdout.close()
