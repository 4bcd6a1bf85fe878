#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Projects as a user has them: started, built with make, changed, rebuilt."""

import json
import os
import shutil
import time
import unittest

from e2e import MAKEFILE, ROOT, SPEC, WSGEN, Case, environment, need_program, run

NOTHING = "Nothing to be done for 'all'"
FLAGS = "-std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"


def event(key, body='{"action":"x"}', kind="MESSAGE"):
    return json.dumps(
        {
            "requestContext": {
                "routeKey": key,
                "eventType": kind,
                "connectionId": "Bm1HxfeBIAMCJ8g=",
                "requestId": "Bm1MdEgxIAMF5Cg=",
                "stage": "dev",
                "apiId": "a1b2c3d4e5",
            },
            "body": body,
            "isBase64Encoded": False,
        }
    )


class Project(Case):
    def answer(self, bootstrap, path=None, text=None):
        text = text or (self.folder / path).read_text()
        done = run(self.folder / bootstrap, stdin=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def start(self):
        self.write("chat.yaml", SPEC)
        self.write("Makefile", MAKEFILE)


class New(Project):
    def test_builds_and_answers(self):
        for name in ("hello", "my chat!", "7seas", "int", "null", "a" * 50):
            with self.subTest(name):
                # make refuses the space; the name that is made of it is fine.
                self.wsgen("new", name)
                folder = self.folder / name.replace(" ", "-")
                if folder.name != name:
                    (self.folder / name).rename(folder)
                flags = "CFLAGS=" + FLAGS
                self.make(flags, cwd=folder)
                done = self.make("-s", "try", flags, cwd=folder)
                self.assertEqual(
                    json.loads(json.loads(done.stdout)["body"]),
                    {"text": "Hello, world!"},
                )
                self.assertIn(NOTHING, self.make(flags, cwd=folder).stdout)
                # With others it is built again.
                self.assertIn("link", self.make(cwd=folder).stdout)

    def test_style(self):
        need_program("clang-format")
        self.wsgen("new", "a-rather-long-name")
        for file in (self.folder / "a-rather-long-name" / "src").glob("*.c"):
            style = f"--style=file:{ROOT / '.clang-format'}"
            done = run("clang-format", style, "--dry-run", "-Werror", file)
            self.assertEqual(done.stderr, "")

    def test_overwrites_nothing(self):
        self.wsgen("new", "p")
        before = self.tree("p")
        done = self.wsgen("new", "p", code=3)
        self.assertIn("wsgen: p/Makefile: is there already\n", done.stderr)
        self.assertEqual(self.tree("p"), before)
        self.write("q/Makefile", "mine\n")
        self.wsgen("new", "q", code=3)
        self.assertEqual(self.tree("q"), {"Makefile": b"mine\n"})

    def test_link_is_not_followed(self):
        (self.folder / "p").mkdir()
        (self.folder / "p" / "Makefile").symlink_to("../elsewhere")
        self.wsgen("new", "p", code=3)
        self.assertFalse((self.folder / "elsewhere").exists())

    def test_in_this_folder(self):
        self.wsgen("new", ".")
        self.assertEqual(len(list(self.folder.glob("*.yaml"))), 1)
        self.make()

    def test_file_in_the_way(self):
        self.write("p", "a file")
        self.assertIn("wsgen: p", self.wsgen("new", "p", code=3).stderr)

    def test_editor_settings(self):
        self.wsgen("new", "p")
        settings = json.loads((self.folder / "p/.vscode/settings.json").read_text())
        (schema, names), = settings["yaml.schemas"].items()
        self.assertEqual(names, "p.yaml")
        self.assertEqual(
            (self.folder / "p" / schema).read_text(), self.wsgen("schema").stdout
        )


class Samples(Project):
    def test_each(self):
        """As copied by `new`, with the strictest flags, in both compilers."""
        samples = sorted(path.name for path in (ROOT / "samples").iterdir())
        self.assertIn("chat", samples)
        for sample in samples:
            with self.subTest(sample):
                self.wsgen("new", sample, "--sample", sample)
                tracked = {
                    name
                    for name in self.tree(ROOT / "samples" / sample)
                    if not name.startswith("build/")
                }
                self.assertEqual(set(self.tree(sample)), tracked)
                self.make("CFLAGS=" + FLAGS, cwd=self.folder / sample)
                if shutil.which("clang"):
                    self.make("clean", cwd=self.folder / sample)
                    self.make("CC=clang", "CFLAGS=" + FLAGS, cwd=self.folder / sample)
                for file in (self.folder / sample / "events").glob("*.json"):
                    with self.subTest(f"{sample} {file.stem}"):
                        self.make("-s", "try", f"EVENT={file.stem}", cwd=self.folder / sample)

    def test_chat(self):
        self.wsgen("new", "chat", "--sample", "chat")
        self.make(cwd=self.folder / "chat")
        bootstrap = "chat/build/functions/chat/bootstrap"

        def body(name):
            answer = self.answer(bootstrap, f"chat/events/{name}.json")
            return json.loads(answer["body"])

        self.assertEqual(body("invalid")["field"], "$.room")
        self.assertEqual(body("default")["routes"], ["join", "leave", "sendMessage"])


class Make(Project):
    def test_second_make_does_nothing(self):
        self.start()
        self.assertIn("link", self.make().stdout)
        self.assertIn(NOTHING, self.make().stdout)
        self.assertIn(NOTHING, self.make("-j4").stdout)

    def test_parallel(self):
        self.start()
        self.make("-j8")
        self.assertIn(NOTHING, self.make("-j8").stdout)

    def test_stub_gives_way_to_the_users_file(self):
        self.start()
        self.make()
        self.wsgen("stub", "chat.yaml", "-q")
        file = self.folder / "src/send.c"
        old = time.time() - 10000  # as an archive would unpack it
        os.utime(file, (old, old))
        self.assertIn("cc    src/send.c", self.make().stdout)
        self.assertIn(NOTHING, self.make().stdout)
        file.unlink()
        self.assertIn("cc    build/stubs/src/send.c", self.make("-B").stdout)

    def test_spec_change(self):
        self.start()
        self.make()
        self.write("chat.yaml", SPEC + "  another: src/send.on_another\n")
        done = self.make()
        self.assertIn("chat.yaml -o build/", done.stdout)
        self.assertIn("cc    build/functions/chat/main.c", done.stdout)
        self.assertIn(NOTHING, self.make().stdout)
        os.utime(self.folder / "chat.yaml")
        done = self.make()
        self.assertIn("chat.yaml -o build/", done.stdout)
        self.assertNotIn("cc ", done.stdout)
        self.assertIn(NOTHING, self.make().stdout)

    def test_include_change(self):
        self.start()
        self.write("chat.yaml", SPEC + "include: more/*.yaml\n")
        self.write("more/a.yaml", "routes: {a: src/a.on_a}\n")
        self.make()
        self.assertIn(NOTHING, self.make().stdout)
        for path in ("more/a.yaml", "more/b.yaml"):
            self.write(path, f"routes: {{{path[5]}: src/x.on_x{path[5]}}}\n")
            self.assertIn("cc    build/stubs/src/x.c", self.make().stdout)
            self.assertIn(NOTHING, self.make().stdout)
        (self.folder / "more/b.yaml").unlink()
        self.assertIn("chat.yaml -o build/", self.make().stdout)
        self.assertIn(NOTHING, self.make().stdout)

    def test_wrong_spec_stops_make(self):
        self.start()
        self.write("chat.yaml", SPEC + "  x: {handlr: 1}\n")
        done = self.make(code=2)
        self.assertIn("did you mean 'handler'", done.stderr)
        self.write("chat.yaml", SPEC)
        self.make()

    def test_header_change(self):
        self.start()
        self.wsgen("stub", "chat.yaml", "-q")
        self.write("src/own.h", "#define ANSWER 1\n")
        file = self.folder / "src/send.c"
        file.write_text('#include "own.h"\n' + file.read_text())
        self.make()
        self.write("src/own.h", "#define ANSWER 2\n")
        done = self.make()
        self.assertIn("cc    src/send.c", done.stdout)
        self.assertNotIn("cc    src/fallback.c", done.stdout)
        (self.folder / "src/own.h").unlink()
        file.write_text(file.read_text().replace('#include "own.h"\n', ""))
        self.make()

    def test_missing_handler(self):
        self.start()
        self.write("src/send.c", '#include "chat.h"\n')
        done = self.make(code=2)
        self.assertIn("undefined reference to `on_send_message'", done.stderr)
        self.assertIn("'wsgen stub' writes them", done.stderr)
        self.wsgen("stub", "chat.yaml", "-q")
        self.make()

    def test_journal(self):
        self.start()
        self.make()
        self.write("build/.wsgen/journal", "")
        self.assertIn("run wsgen again", self.make(code=2).stderr)

    def test_folder_with_spaces(self):
        (self.folder / "my chat").mkdir()
        for path, text in (("chat.yaml", SPEC), ("Makefile", MAKEFILE)):
            self.write(f"my chat/{path}", text)
        done = self.make(cwd=self.folder / "my chat", code=2)
        self.assertIn("spaces in its path", done.stderr)

    def test_hostile_paths(self):
        for path in ("src/a b.on_x", "src/$(touch x).on_x", "src/a;b.on_x", "src/%.on_x"):
            with self.subTest(path):
                self.write("chat.yaml", SPEC + f"  x: {json.dumps(path)}\n")
                done = self.wsgen("chat.yaml", code=1)
                self.assertIn("chat.yaml:6:", done.stderr)
                self.assertFalse((self.folder / "build").exists())

    def test_out_of_tree(self):
        self.write("app/chat.yaml", SPEC)
        self.write("app/src/send.c", (
            '#include "chat.h"\nenum wsg_result on_send_message('
            "struct chat_send_message_call *call)\n{\n\t(void)call;\n"
            "\treturn WSG_OK;\n}\n"))
        self.wsgen("app/chat.yaml", "-o", "out/deep")
        self.assertIn("cc    app/src/send.c", self.make("-f", "out/deep/wsgen.mk").stdout)
        self.assertTrue((self.folder / "out/deep/functions/chat/bootstrap").exists())
        self.assertFalse((self.folder / "build").exists())
        below = self.folder / "out/deep"
        self.assertNotIn("cc ", self.make("-f", "wsgen.mk", cwd=below).stdout)
        for name in ("wsgen.mk", "wsgen-rules.mk"):
            text = (self.folder / "out/deep" / name).read_text()
            self.assertNotIn(str(self.folder), text)

    def test_clean(self):
        self.start()
        self.wsgen("chat.yaml")
        before = self.tree()
        self.make()
        self.make("SANITIZE=address")
        self.make("clean")
        self.assertEqual(self.tree(), before)

    def test_sanitizers_and_other_compilers(self):
        self.start()
        self.make("SANITIZE=address,undefined")
        bootstrap = "build/sanitize/chat/bootstrap"
        self.answer(bootstrap, text=event("sendMessage"))
        self.assertIn("libwsgen.a", " ".join(
            str(path) for path in (self.folder / "build/obj/sanitize").iterdir()))
        self.assertFalse((self.folder / "build/functions/chat/bootstrap").exists())

    def test_static(self):
        self.start()
        self.make()
        bootstrap = self.folder / "build/functions/chat/bootstrap"
        headers = run("readelf", "-lW", bootstrap).stdout
        self.assertIn("LOAD", headers)
        self.assertNotIn("INTERP", headers)

    def test_sources_and_libraries(self):
        self.write("Makefile", MAKEFILE)
        self.write("chat.yaml", SPEC.replace("name: chat\n", (
            "name: chat\ndefaults:\n  function:\n    sources: src/extra.c\n"
            "    libraries: extra-lib\n")))
        self.write("src/extra.c", (
            "#ifndef EXTRA\n#error its flags are missing\n#endif\n"
            "int extra(void);\nint extra(void)\n{\n\treturn 1;\n}\n"))
        self.write("src/fallback.c", (
            '#include "chat.h"\nint extra(void);\nenum wsg_result on_default('
            "struct chat_default_call *call)\n{\n\t(void)call;\n"
            "\treturn extra() ? WSG_OK : WSG_FAILED;\n}\n"))
        self.write("pc/extra-lib.pc", (
            "Name: extra-lib\nDescription: x\nVersion: 1\n"
            "Cflags: -DEXTRA=1\nLibs: -lm\n"))
        env = environment(PKG_CONFIG_PATH=str(self.folder / "pc"))
        self.assertIn(" -lm", self.make("V=1", env=env).stdout)
        self.assertIn(NOTHING, self.make(env=env).stdout)
        commands = json.loads((self.folder / "build/compile_commands.json").read_text())
        self.assertIn("-DEXTRA=1", commands[0]["command"])

    def test_functions(self):
        self.write("Makefile", MAKEFILE)
        self.write("chat.yaml", SPEC.replace("name: chat\n", "name: chat\ngrouping: route\n"))
        self.make("-j4")
        made = sorted((self.folder / "build/functions").glob("*/bootstrap"))
        self.assertEqual(len(made), 3)
        self.assertIn(NOTHING, self.make().stdout)

    def test_compile_commands(self):
        self.start()
        self.wsgen("stub", "chat.yaml", "-q")
        self.make()
        file = self.folder / "build/compile_commands.json"
        commands = json.loads(file.read_text())
        self.assertIn("src/send.c", [entry["file"] for entry in commands])
        for entry in commands:
            self.assertEqual(entry["directory"], str(self.folder))
            done = run("sh", "-c", entry["command"], cwd=entry["directory"])
            self.assertEqual(done.returncode, 0, done.stderr)
        stamp = file.stat().st_mtime_ns
        self.make()
        self.assertEqual(file.stat().st_mtime_ns, stamp)
        self.write("src/more.c", "")
        self.write("chat.yaml", SPEC.replace("src/send.", "src/other."))
        self.make()
        self.assertIn("build/stubs/src/other.c", file.read_text())

    def test_runtime_not_found(self):
        self.start()
        shutil.copy(WSGEN, self.folder / "wsgen")
        env = environment(PKG_CONFIG_LIBDIR="/nonexistent")
        done = run("make", "WSGEN=./wsgen", cwd=self.folder, env=env)
        self.assertEqual(done.returncode, 2)
        self.assertIn("the runtime of wsgen is not found", done.stderr)


class Stub(Project):
    def test_writes_what_is_missing(self):
        self.start()
        done = self.wsgen("stub", "chat.yaml")
        self.assertEqual(
            done.stdout.split(), ["src/connect.c", "src/fallback.c", "src/send.c"]
        )
        self.make("CFLAGS=" + FLAGS)
        self.assertEqual(self.wsgen("stub", "chat.yaml").stdout, "")

    def test_appends(self):
        self.start()
        mine = (
            '#include "chat.h"\n\n'
            "/* enum wsg_result on_send_message(x) { } */\n"
            'const char *text = "on_send_message(void) {";\n'
            "#define on_send_message(x) {\n#undef on_send_message\n"
            "static int use(void)\n{\n\treturn sizeof(on_send_message);\n}\n"
        )
        self.write("src/send.c", mine)
        self.assertIn("src/send.c: on_send_message\n", self.wsgen("stub", "chat.yaml").stdout)
        text = (self.folder / "src/send.c").read_text()
        self.assertTrue(text.startswith(mine))
        self.assertIn("\nenum wsg_result on_send_message(struct", text[len(mine):])
        self.wsgen("stub", "chat.yaml")
        self.assertEqual((self.folder / "src/send.c").read_text(), text)

    def test_leaves_alone(self):
        self.start()
        bodies = {
            "plain": "enum wsg_result on_send_message(struct c *call)\n{\n}\n",
            "one line": "int on_send_message(void) { return 0; }",
            "comment": "int on_send_message /* here */ (void)\n/* and */ {\n}\n",
            "callback": "int on_send_message(int (*f)(void)) {}\n",
            "line end": "int on_send_message(void)\r\n{\r\n}\r\n",
        }
        for name, text in bodies.items():
            with self.subTest(name):
                self.write("src/send.c", text)
                self.wsgen("stub", "chat.yaml")
                self.assertEqual((self.folder / "src/send.c").read_bytes(), text.encode())

    def test_unreadable(self):
        self.start()
        (self.folder / "src/send.c").mkdir(parents=True)
        self.assertIn("src/send.c", self.wsgen("stub", "chat.yaml", code=3).stderr)


if __name__ == "__main__":
    unittest.main()
