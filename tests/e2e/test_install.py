#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `meson install` puts where, and that a project builds from that alone."""

import os
import re
import shutil
import subprocess
import unittest
import urllib.parse

from e2e import BUILD, Case, environment, need, need_program, run
from gateway import Client

# Below the prefix; a star is Debian's x86_64-linux-gnu.
PLACES = [
    "bin/wsgen",
    "bin/wsgen-gateway",
    "include/wsgen/runtime.h",
    "include/wsgen/event.h",
    "lib*/libwsgen.a",
    "lib*/pkgconfig/wsgen-runtime.pc",
    "share/wsgen/runtime/lambda.c",
    "share/wsgen/runtime/internal.h",
    "share/wsgen/templates/make/wsgen-rules.mk",
    "share/wsgen/templates/make/wsgen.mk.tmpl",
    "share/wsgen/samples/chat/chat.yaml",
    "share/man/man1/wsgen.1",
    "share/bash-completion/completions/wsgen",
    "share/zsh/site-functions/_wsgen",
    "share/fish/vendor_completions.d/wsgen.fish",
]


class Install(Case):
    def setUp(self):
        super().setUp()
        need_program("meson")
        # Installing must not build: other tests use what is there.
        done = run(
            *["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet"],
            *["--destdir", self.folder / "root"],
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (program,) = (self.folder / "root").rglob("bin/wsgen")
        self.program = program
        self.prefix = program.parents[1]

    def test_places(self):
        for place in PLACES:
            with self.subTest(place):
                found = {
                    path
                    for lib in ("lib", "lib/*", "lib64")
                    for path in self.prefix.glob(place.replace("lib*", lib))
                }
                self.assertEqual(len(found), 1, place)
        self.assertEqual(list(self.prefix.rglob("*.pyc")), [])
        self.assertEqual(list(self.prefix.rglob("embed.py")), [])

    def test_builds_a_project(self):
        env = environment(PATH=f"{self.program.parent}:{os.environ['PATH']}")
        done = run("wsgen", "new", "hello", cwd=self.folder, env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run("make", "V=1", cwd=self.folder / "hello", env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"-I{self.prefix}/", done.stdout)
        self.assertNotIn(str(BUILD), done.stdout)
        done = run("make", "-s", "try", cwd=self.folder / "hello", env=env)
        self.assertIn("Hello, world!", done.stdout)
        done = run("make", "SANITIZE=undefined", cwd=self.folder / "hello", env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("share/wsgen/runtime/", done.stdout)

    def test_serves_a_project(self):
        env = environment(PATH=f"{self.program.parent}:{os.environ['PATH']}")
        self.assertEqual(run("wsgen", "new", "a", cwd=self.folder, env=env).returncode, 0)
        dev = subprocess.Popen(
            ["wsgen", "dev", "a.yaml", "--port", "0"],
            cwd=self.folder / "a", env=env, stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )
        self.addCleanup(dev.stderr.close)
        self.addCleanup(dev.wait)
        self.addCleanup(dev.terminate)
        said = ""
        while "ws://" not in said:
            line = dev.stderr.readline()
            self.assertTrue(line, said)
            said += line
        url = urllib.parse.urlsplit(re.search(r"ws://\S+", said)[0])
        client = Client(url)
        self.addCleanup(client.link.close)
        client.send('{"action": "hello", "name": "world"}')
        self.assertIn("Hello, world!", client.text())

    def test_can_be_moved(self):
        moved = self.folder / "elsewhere"
        shutil.move(self.prefix, moved)
        self.program, self.prefix = moved / "bin/wsgen", moved
        self.test_builds_a_project()

    def test_templates_are_those_built_in(self):
        need(self.program.exists(), "nothing was installed")
        done = run(self.program, "new", "a", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        templates = self.prefix / "share/wsgen/templates"
        for out, more in (("one", []), ("two", ["--templates", templates])):
            done = run(
                *[self.program, "a.yaml", "-o", f"../{out}", *more],
                cwd=self.folder / "a",
            )
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.tree("one"), self.tree("two"))


if __name__ == "__main__":
    unittest.main()
