# SPDX-License-Identifier: MIT
"""What the tests of load and faults share: an API whose function is C without
a compiler, many clients in one program, and a look at what the gateway holds.
"""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess

import e2e
import gateway

LOAD = os.path.abspath(os.environ.get("WSGEN_LOAD", e2e.BUILD / "tests/e2e/load"))
FUNCTION = os.path.abspath(
    os.environ.get("WSGEN_LOAD_FUNCTION", e2e.BUILD / "tests/e2e/load_function")
)
SANITIZED = bool(os.environ.get("WSGEN_SANITIZED"))
if SANITIZED:
    # What was freed is held back for a while, which is not to hide how much is held.
    more = [os.environ["ASAN_OPTIONS"]] if "ASAN_OPTIONS" in os.environ else []
    os.environ["ASAN_OPTIONS"] = ":".join([*more, "quarantine_size_mb=8"])

SPEC = """\
name: load
apis:
  main:
    routes:
      $connect: src/load.on_connect
      $disconnect: src/load.on_disconnect
      echo: { handler: src/load.on_echo, reply: true }
      hold: { handler: src/load.on_hold, reply: true }
      end: { handler: src/load.on_end, reply: true }
      rest: src/load.on_rest
      tell: src/load.on_tell
  guarded:
    authorizer:
      type: lambda
      handler: src/auth.on_authorize
      identity: [query.auth]
    routes:
      $connect: src/guarded.on_connect
      echo: { handler: src/guarded.on_echo, reply: true }
"""


def message(action, size=40):
    return json.dumps({"action": action, "text": "x" * size}, separators=(",", ":"))


def children(pid):
    """The processes that it has started."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(word) for word in text.split()]
    return []


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def memory(pid):
    """Bytes of memory of its own that are resident."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no RssAnon")


class Crowd:
    """Clients in the program `load`, each with a message under way, or at rest."""

    def __init__(self, url, count, ms=None, text="", expected=None):
        words = [LOAD, url.port, url.path, count]
        if ms is not None:
            words += [ms, text, text if expected is None else expected]
        self.process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line == "open\n", line

    def result(self):
        """Numbers by name; of a crowd at rest, how many are still open."""
        words = self.process.communicate()[0].split()
        assert self.process.returncode == 0
        return {
            name: int(value) for name, value in zip(words[::2], words[1::2])
        }

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Case(e2e.Case):
    options = ()

    def project(self):
        self.write("load.yaml", SPEC)
        self.wsgen("load.yaml", "-o", "build")
        build = self.folder / "build"
        gateway.puppeteer(build)
        for function in json.loads((build / "gateway.json").read_text())["functions"]:
            if "authorizer" not in function["name"]:
                shutil.copy(FUNCTION, build / function["bootstrap"])
        return build

    def serve(self, *words, build=None):
        served = gateway.Gateway(build or self.project(), *words, loud=False)
        self.addCleanup(served.stop)
        return served

    def client(self, served, api="main", **more):
        client = gateway.Client(served.url(api), **more)
        self.addCleanup(client.link.close)
        return client

    def crowd(self, *words, **more):
        crowd = Crowd(*words, **more)
        self.addCleanup(crowd.stop)
        return crowd

    def eventually(self, look, what, patience=gateway.PATIENCE):
        return e2e.eventually(look, what, patience)
