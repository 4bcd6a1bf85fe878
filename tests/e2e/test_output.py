#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What generating writes, leaves alone, and does when the disk is against it."""

import json
import os
import pathlib
import signal
import stat
import subprocess
import time
import unittest

from e2e import SPEC, WSGEN, Case, environment, need_program, run

ROUTES = "".join(f"  route{i}: src/r{i}.on_r{i}\n" for i in range(200))


class Output(Case):
    def setUp(self):
        super().setUp()
        self.write("chat.yaml", SPEC)

    def times(self):
        return {
            path: (self.folder / "build" / path).stat().st_mtime_ns
            for path in self.tree()
        }

    def test_unchanged_files_are_untouched(self):
        self.wsgen("chat.yaml")
        before = self.times()
        stamp = (self.folder / "build/.wsgen/stamp").stat().st_mtime_ns
        self.wsgen("chat.yaml", "-o", "build/")
        self.assertEqual(self.times(), before)
        after = (self.folder / "build/.wsgen/stamp").stat().st_mtime_ns
        self.assertGreater(after, stamp)

    def test_same_bytes_from_anywhere(self):
        self.write("deep/er/chat.yaml", SPEC)
        self.wsgen("chat.yaml")
        first = self.tree()
        self.wsgen(self.folder / "chat.yaml", "-o", self.folder / "other", cwd="/")
        self.assertEqual(self.tree("other"), first)
        self.wsgen("chat.yaml", "-o", "build", cwd=self.folder / "deep/er")
        self.assertEqual(self.tree("deep/er/build"), first)
        self.assertNotIn(str(self.folder).encode(), b"".join(first.values()))

    def test_removes_what_it_no_longer_writes(self):
        self.write("chat.yaml", SPEC + "  x: src/x.on_x\n")
        self.wsgen("chat.yaml")
        self.write("build/mine.txt", "mine\n")
        self.assertIn("stubs/src/x.c", self.tree())
        self.write("chat.yaml", SPEC)
        self.wsgen("chat.yaml")
        self.assertNotIn("stubs/src/x.c", self.tree())
        self.assertIn("mine.txt", self.tree())

    def test_check(self):
        done = self.wsgen("chat.yaml", "--check", code=1)
        self.assertFalse((self.folder / "build").exists())
        self.assertIn("build", done.stdout)
        self.wsgen("chat.yaml")
        self.assertEqual(self.wsgen("chat.yaml", "--check").stdout, "")
        self.write("chat.yaml", SPEC + "  x: src/x.on_x\n")
        before = self.tree()
        self.assertIn("stubs/src/x.c", self.wsgen("chat.yaml", "--check", code=1).stdout)
        self.assertEqual(self.tree(), before)
        self.write("chat.yaml", SPEC)
        self.write("build/chat.h", "edited\n")
        self.assertIn("build/chat.h", self.wsgen("chat.yaml", "--check", code=1).stdout)

    def test_list_outputs(self):
        listed = self.wsgen("chat.yaml", "-o", "out", "--list-outputs").stdout.split()
        self.assertFalse((self.folder / "out").exists())
        self.wsgen("chat.yaml", "-o", "out")
        self.assertEqual(sorted(listed), sorted(f"out/{path}" for path in self.tree("out")))

    def test_depfile(self):
        self.write("chat.yaml", SPEC + "include: more/*.yaml\n")
        self.write("more/a.yaml", "routes: {a: src/a.on_a}\n")
        self.wsgen("chat.yaml", "--depfile", "chat.d")
        words = (self.folder / "chat.d").read_text().replace("\\\n", " ").split()
        self.assertEqual(words[0], "build/.wsgen/stamp:")
        for path in ("chat.yaml", "more/a.yaml", "more"):
            self.assertIn(path, words)
        self.write("Makefile", (
            "build/.wsgen/stamp:\n\t$(WSGEN) chat.yaml --depfile chat.d\n"
            "-include chat.d\n"))
        self.assertIn("up to date", self.make().stdout)
        os.utime(self.folder / "more/a.yaml")
        self.assertIn("--depfile", self.make().stdout)
        self.assertIn("up to date", self.make().stdout)

    def test_depfile_for_ninja(self):
        need_program("ninja")
        self.write("build.ninja", (
            f"rule wsgen\n  command = {WSGEN} chat.yaml --depfile chat.d\n"
            "  depfile = chat.d\n  deps = gcc\n"
            "build build/.wsgen/stamp: wsgen chat.yaml\n"))
        self.assertIn("[1/1]", run("ninja", cwd=self.folder).stdout)
        self.assertIn("no work to do", run("ninja", cwd=self.folder).stdout)

    def test_emit(self):
        self.wsgen("chat.yaml", "--emit", "c")
        self.assertEqual(
            set(self.tree()), {"chat.c", "chat.h", "functions/chat/main.c"}
        )
        self.wsgen("chat.yaml", "--emit", "cfn,iam")
        self.assertIn("template.yaml", self.tree())
        self.assertNotIn("chat.h", self.tree())
        for name in ("c", "stubs", "iam", "cfn", "make", "gateway"):
            self.assertTrue(self.wsgen("chat.yaml", "--emit", name, "--list-outputs").stdout)

    def test_format(self):
        self.wsgen("chat.yaml", "--format", "json")
        template = json.loads((self.folder / "build/template.json").read_text())
        self.assertIn("ChatApi", template["Resources"])
        self.wsgen("chat.yaml")
        self.assertFalse((self.folder / "build/template.json").exists())
        self.assertTrue((self.folder / "build/template.yaml").exists())

    def test_stage(self):
        self.wsgen("chat.yaml", "--format=json", "--stage", "prod")
        template = json.loads((self.folder / "build/template.json").read_text())
        self.assertEqual(template["Parameters"]["StageName"]["Default"], "prod")
        done = self.wsgen("chat.yaml", "--stage", "my prod", code=1)
        self.assertIn("'--stage' is letters, digits, '-' and '_'", done.stderr)
        for own in ("stage: live\n", "stages: [a, b]\n", "stages: []\n"):
            self.write("chat.yaml", SPEC + own)
            done = self.wsgen("chat.yaml", "--stage", "prod", code=1)
            self.assertIn("'--stage prod' names no stage", done.stderr)

    def test_param(self):
        self.write("chat.yaml", SPEC + (
            "parameters:\n  Table: {Type: String, Default: a}\n"
            "  Size: {Type: Number}\n"))
        self.wsgen("chat.yaml", "--format=json", "--param", "Table=b=c", "--param", "Size=3")
        template = json.loads((self.folder / "build/template.json").read_text())
        self.assertEqual(template["Parameters"]["Table"]["Default"], "b=c")
        self.assertEqual(template["Parameters"]["Size"]["Default"], "3")
        done = self.wsgen("chat.yaml", "--param", "Tabel=b", code=1)
        self.assertIn("did you mean 'Table'", done.stderr)

    def test_templates(self):
        header = self.write("mine/c/none.tmpl", "")
        self.wsgen("chat.yaml", "--templates", header.parents[1])
        for template in ("make/inputs.mk.tmpl", "make/wsgen-rules.mk"):
            self.write(f"mine/{template}", "# mine\n")
        self.wsgen("chat.yaml", "--templates", "mine")
        for name in ("inputs.mk", "wsgen-rules.mk"):
            self.assertEqual(self.tree()[name], b"# mine\n")

    def test_standard_input(self):
        self.wsgen("-", "-o", "out", stdin=SPEC)
        self.wsgen("chat.yaml")
        self.assertEqual(
            self.tree("out")["functions/chat/main.c"].split(b"\n", 1)[1],
            self.tree()["functions/chat/main.c"].split(b"\n", 1)[1],
        )
        done = self.wsgen("check", "-", stdin="name: 7\nroutes: {}\n", code=1)
        self.assertIn("<stdin>:1:7: error:", done.stderr)

    def test_by_name(self):
        self.wsgen("chat.yaml", "-o", "short")
        for words in (["generate", "chat.yaml", "-olong"], ["-o", "long", "--", "chat.yaml"]):
            self.wsgen(*words)
            self.assertEqual(self.tree("long"), self.tree("short"))

    def test_several_files(self):
        self.write("more.yaml", "routes: {x: src/x.on_x}\n")
        self.wsgen("chat.yaml", "more.yaml")
        self.assertIn("stubs/src/x.c", self.tree())

    def test_users_file_in_our_place(self):
        self.write("build/chat.h", "mine\n")
        done = self.wsgen("chat.yaml", code=3)
        self.assertIn("build/chat.h", done.stderr)
        self.assertEqual(self.tree(), {"chat.h": b"mine\n"})


class Failure(Case):
    """The old output or the new, never a mixture; exit 3; the path is named."""

    def setUp(self):
        super().setUp()
        self.write("chat.yaml", SPEC)
        self.wsgen("chat.yaml")
        self.old = self.tree()
        self.write("chat.yaml", SPEC + ROUTES)
        self.wsgen("chat.yaml", "-o", "new")
        self.new = self.tree("new")

    def assert_old(self, done):
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r"^wsgen: [^ ]*build[^ ]*: ")
        self.assertEqual(self.tree(), self.old)

    def assert_recovers(self):
        self.wsgen("chat.yaml")
        self.assertEqual(self.tree(), self.new)
        self.wsgen("chat.yaml", "--check")

    def test_folder_in_the_way(self):
        (self.folder / "build/stubs/src/r1.c").mkdir(parents=True)
        self.write("build/stubs/src/r1.c/mine", "mine\n")
        done = run(WSGEN, "chat.yaml", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("build/stubs/src/r1.c", done.stderr)
        left = self.tree()
        del left["stubs/src/r1.c/mine"]
        self.assertEqual(left, self.old)

    def test_file_where_a_folder_must_be(self):
        self.write("chat.yaml", SPEC + "  x: deep/er/x.on_x\n")
        self.write("build/stubs/deep", "mine\n")
        self.old["stubs/deep"] = b"mine\n"
        self.assert_old(run(WSGEN, "chat.yaml", cwd=self.folder))
        done = run(WSGEN, "chat.yaml", "-o", "chat.yaml/build", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("wsgen: chat.yaml", done.stderr)

    def test_read_only_folder(self):
        command = [WSGEN, "chat.yaml"]
        if os.getuid() == 0:
            need_program("setpriv")
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            # The program may stand where only root can look.
            copy = self.folder / "wsgen"
            copy.write_bytes(pathlib.Path(WSGEN).read_bytes())
            copy.chmod(0o755)
            self.folder.chmod(0o755)
            command += [copy, "chat.yaml"]
        for path in [self.folder / "build", *(self.folder / "build").rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)
        done = run(*command, cwd=self.folder)
        self.assert_old(done)
        for path in [self.folder / "build", *(self.folder / "build").rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)
        self.assert_recovers()

    def test_disk_full(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = run("mount", "-t", "tmpfs", "-o", "size=256k", "none", disk)
        if mounted.returncode:
            # Containers forbid it even to root; test_file_size_limit is left.
            self.skipTest(f"only root can mount a file system: {mounted.stderr}")
        self.addCleanup(run, "umount", "-l", disk)
        self.write("small.yaml", SPEC)
        self.wsgen("small.yaml", "-o", "disk/build")
        old = self.tree("disk/build")
        done = run(WSGEN, "chat.yaml", "-o", "disk/build", cwd=self.folder)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r"wsgen: disk/build\S*: No space left")
        self.assertEqual(self.tree("disk/build"), old)
        self.wsgen("small.yaml", "-o", "disk/build", "--check")

    def test_file_size_limit(self):
        """A write that fails half way, which needs no rights at all."""
        limit = "trap '' XFSZ; ulimit -f 8; exec \"$@\""
        done = run("sh", "-c", limit, "sh", WSGEN, "chat.yaml", cwd=self.folder)
        self.assert_old(done)
        self.assertIn("File too large", done.stderr)
        self.assert_recovers()

    def test_depfile_cannot_be_written(self):
        done = self.wsgen("chat.yaml", "--depfile", "no/such/chat.d", code=3)
        self.assertIn("no/such", done.stderr)

    def test_killed(self):
        """At many moments; whatever is left, the next run makes it the new."""
        start = time.monotonic()
        self.wsgen("chat.yaml", "-o", "timed")
        whole = time.monotonic() - start
        seen = set()
        for i in range(12):
            self.wsgen("chat.yaml", "-q", "-o", "build")
            self.write("chat.yaml", SPEC)
            self.wsgen("chat.yaml")
            self.write("chat.yaml", SPEC + ROUTES)
            child = subprocess.Popen(
                [WSGEN, "chat.yaml"], cwd=self.folder, env=environment()
            )
            time.sleep(whole * i / 12)
            child.send_signal(signal.SIGKILL)
            child.wait()
            now = self.tree()
            journal = (self.folder / "build/.wsgen/journal").exists()
            seen.add("journal" if journal else "old" if now == self.old else "new")
            if not journal:
                self.assertIn(now, (self.old, self.new))
            self.assert_recovers()
        self.assertIn("old", seen)

    def test_roll_forward(self):
        """Killed just before each change to the disk, as strace injects it."""
        need_program("strace")
        rolled = 0
        for call in range(1, 400, 37):
            with self.subTest(call):
                self.write("chat.yaml", SPEC)
                self.wsgen("chat.yaml")
                self.write("chat.yaml", SPEC + ROUTES)
                done = run(
                    *["strace", "-f", "-o", "/dev/null", "-e", "trace=renameat,renameat2,rename"],
                    *["-e", f"inject=renameat,renameat2,rename:signal=KILL:when={call}"],
                    *[WSGEN, "chat.yaml"],
                    cwd=self.folder,
                )
                if done.returncode == 0:
                    break
                now = self.tree()
                journal = (self.folder / "build/.wsgen/journal").exists()
                rolled += journal
                if not journal:
                    self.assertIn(now, (self.old, self.new))
                self.assert_recovers()
        self.assertGreater(rolled, 1)


if __name__ == "__main__":
    unittest.main()
