# SPDX-License-Identifier: MIT
"""What the end-to-end tests share: the program, folders, and runs of it.

A test that cannot run here says why and is skipped; with WSGEN_CI set it
fails instead, so that nothing goes missing unseen.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WSGEN = os.path.abspath(os.environ.get("WSGEN", ROOT / "_build" / "wsgen"))
BUILD = pathlib.Path(os.environ.get("WSGEN_BUILD", ROOT / "_build")).absolute()


def need(condition, why):
    if condition:
        return
    if os.environ.get("WSGEN_CI"):
        raise AssertionError(f"cannot run here: {why}")
    raise unittest.SkipTest(why)


def main():
    """Run the tests of a file, and say what was not; 77 if nothing was run."""
    result = unittest.main(exit=False).result
    for test, why in result.skipped:
        print(f"not run: {test}: {why}", file=sys.stderr)
    if result.skipped and not result.testsRun:
        sys.exit(77)
    sys.exit(not result.wasSuccessful())


def need_program(name):
    need(shutil.which(name), f"no {name}")


def environment(**more):
    """Nothing of the caller's make, colours or locale."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    for name in ("NO_COLOR", "CFLAGS", "LDFLAGS", "PKG_CONFIG_PATH", "WSGEN"):
        keep.pop(name, None)
    keep.update(LC_ALL="C.UTF-8", **more)
    return keep


def run(*command, cwd=None, stdin=None, env=None, timeout=300):
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=env or environment(),
        timeout=timeout,
        check=False,
    )


def eventually(look, what, patience=20):
    """What look returns once it is true."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"never: {what}: {look()}")


def make(folder):
    made = run("make", f"WSGEN={WSGEN}", cwd=folder)
    assert made.returncode == 0, made.stdout + made.stderr


def built_chat(case):
    """A folder with samples/chat built in it, which goes with the class."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-chat-"))
    case.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(
        ROOT / "samples/chat",
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("build"),
    )
    make(folder)
    return folder


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # Not under a path with spaces, which make refuses.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wsgen-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def wsgen(self, *words, code=0, cwd=None, **more):
        done = run(WSGEN, *words, cwd=cwd or self.folder, **more)
        self.assertEqual(
            done.returncode,
            code,
            f"wsgen {' '.join(map(str, words))}\n{done.stdout}{done.stderr}",
        )
        return done

    def make(self, *words, code=0, cwd=None, **more):
        done = run("make", f"WSGEN={WSGEN}", *words, cwd=cwd or self.folder, **more)
        if code is None:  # the caller looks
            return done
        self.assertEqual(
            done.returncode, code, f"make {words}\n{done.stdout}{done.stderr}"
        )
        return done

    def tree(self, path="build"):
        """Every file below path with its bytes, but for our own book-keeping."""
        root = self.folder / path
        return {
            str(file.relative_to(root)): file.read_bytes()
            for file in sorted(root.rglob("*"))
            if file.is_file() and ".wsgen" not in file.relative_to(root).parts
        }


SPEC = """\
name: chat
routes:
  $connect: src/connect.on_connect
  $default: src/fallback.on_default
  sendMessage: src/send.on_send_message
"""

MAKEFILE = """\
WSGEN ?= wsgen
include build/wsgen.mk
build/wsgen.mk build/.wsgen/stamp: ; $(WSGEN) chat.yaml -o build/
"""
