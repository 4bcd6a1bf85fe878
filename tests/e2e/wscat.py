# SPDX-License-Identifier: MIT
"""wscat at a terminal, as one talks with it."""

import contextlib
import os
import pty
import re
import select
import subprocess
import time
import tty

import e2e
import node

COLOURS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


class Wscat:
    """A line for the shell that begins with wscat."""

    def __init__(self, line, **more):
        programs = node.install(node.WSCAT) / ".bin"
        path = f"{programs}:{os.environ['PATH']}"
        self.terminal, theirs = pty.openpty()
        tty.setraw(theirs)
        self.process = subprocess.Popen(
            ["sh", "-c", f"exec {line}"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=e2e.environment(TERM="dumb", PATH=path),
            start_new_session=True,
            **more,
        )
        os.close(theirs)
        self.came = b""
        self.read = 0  # up to here hear() has taken

    def _more(self, patience):
        ready, _, _ = select.select([self.terminal], [], [], patience)
        try:
            piece = os.read(self.terminal, 65536) if ready else b""
        except OSError:  # it has ended
            piece = b""
        self.came += piece
        return bool(piece)

    def text(self):
        return COLOURS.sub(b"", self.came).decode(errors="replace").replace("\r", "\n")

    def hear(self, pattern):
        """The next line that is this; all before it is passed over."""
        until = time.monotonic() + node.PATIENCE
        line = re.compile(f"^{pattern}$", re.MULTILINE)
        while True:
            text = self.text()
            # A line is whole once something is behind it.
            whole = text.rfind("\n") + 1
            found = line.search(text, self.read, whole)
            if found:
                self.read = found.end()
                return found[0]
            if not self._more(max(0, until - time.monotonic())):
                raise AssertionError(f"wscat did not say {pattern!r}: {text!r}")

    def say(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def stop(self):
        """Ctrl-D, if it has not ended by itself."""
        with contextlib.suppress(OSError):
            os.write(self.terminal, b"\x04")
        until = time.monotonic() + node.PATIENCE
        while self.process.poll() is None and time.monotonic() < until:
            self._more(0.1)
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
