#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line as a user meets it: help, mistakes, exit codes."""

import json
import unittest

from e2e import SPEC, Case, environment, need_program, run

USAGE = [
    ("nothing", [], "what is to be done?"),
    ("command", ["chek", "a.yaml"], "unknown command 'chek': did you mean 'check'?"),
    ("no path", ["chat"], "a spec is a path such as chat.yaml or ./chat"),
    ("planned", ["diff", "a.yaml"], "'diff' is not built yet"),
    ("planned too", ["deploy"], "'deploy' is not built yet"),
    ("option", ["a.yaml", "--outptu", "x"], "did you mean '--output'?"),
    ("letter", ["a.yaml", "-x"], "unknown option '-x'"),
    ("no value", ["a.yaml", "--emit"], "'--emit' needs a value: LIST"),
    ("no value, short", ["a.yaml", "-o"], "'-o' needs a value: DIR"),
    ("a value", ["a.yaml", "--check=1"], "'--check' takes no value"),
    ("choice", ["a.yaml", "--format", "jsn"], "did you mean 'json'?"),
    ("choice far off", ["a.yaml", "--color", "pink"], "one of auto|always|never"),
    ("emitter", ["a.yaml", "--emit", "c,stubbs"], "did you mean 'stubs'?"),
    ("not its option", ["schema", "--emit", "c"], "does not take '--emit'"),
    ("too few", ["check"], "'wsgen check' needs SPEC..."),
    ("too many", ["new", "a", "b"], "'wsgen new' does not take 'b'"),
    ("sample", ["new", "a", "--sample", "caht"], "did you mean 'chat'?"),
    ("view", ["show", "a.yaml", "rotes"], "did you mean 'routes'?"),
    ("key", ["explain", "handlr"], "did you mean 'handler'?"),
    ("key of", ["explain", "route.repli"], "did you mean 'reply'?"),
    ("shell", ["completion", "bsh"], "did you mean 'bash'?"),
    ("parameter", ["a.yaml", "--param", "x"], "NAME=VALUE"),
    ("empty output", ["a.yaml", "-o", ""], "'--output' cannot be empty"),
    ("space in output", ["a.yaml", "-o", "my build"], "make cannot"),
]

EXPLAINED = [
    ("route.handler", "path/file.symbol"),
    ("throttle", "route.throttle"),
    ("returnResponse", "route.reply"),
    ("stage.throttle.rate", "ThrottlingRateLimit"),
    ("route", "sendMessage"),
    ("spec.name", "Required"),
    ("message", "string"),
]


class Command(Case):
    def test_usage(self):
        self.write("a.yaml", SPEC)
        for name, words, message in USAGE:
            with self.subTest(name):
                done = self.wsgen(*words, code=2)
                self.assertIn(message, done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "build").exists())

    def test_help_fits_a_screen(self):
        text = self.wsgen("--help").stdout
        lines = text.splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)
        for word in ("deploy", "package", "import", "diff", "man "):
            self.assertNotIn(f"\n  {word}", text)

    def test_help_of_each_command(self):
        listed = self.wsgen("--help").stdout.split("\n\n")[1].splitlines()[1:]
        self.assertGreater(len(listed), 6)
        for line in listed:
            name = line.split()[0]
            with self.subTest(name):
                text = self.wsgen(name, "--help").stdout
                self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_help_of_generate_has_what_the_overview_leaves_out(self):
        text = self.wsgen("generate", "--help").stdout
        self.assertLessEqual(len(text.splitlines()), 24)
        for option in ("--stage", "--param", "--templates", "--check"):
            self.assertIn(option, text)

    def test_version(self):
        self.assertRegex(self.wsgen("--version").stdout, r"^wsgen \d+\.\d+\.\d+\n$")

    def test_wrong_spec(self):
        self.write("a.yaml", "name: chat\nroutes:\n  $conect: src/a.b\n")
        done = self.wsgen("a.yaml", code=1)
        self.assertIn("a.yaml:3:3: error:", done.stderr)
        self.assertIn("$connect", done.stderr)
        self.assertFalse((self.folder / "build").exists())

    def test_no_spec(self):
        for words in (["no.yaml"], ["check", "no.yaml"], ["show", "no.yaml"]):
            with self.subTest(words):
                done = self.wsgen(*words, code=3)
                self.assertIn("no.yaml", done.stderr)

    def test_diagnostics_formats(self):
        self.write("a.yaml", "name: chat\nroutes: {x: {handlr: a}}\n")
        done = self.wsgen("check", "a.yaml", "--diagnostics", "json", code=1)
        self.assertEqual(done.stderr, "")
        self.assertEqual(json.loads(done.stdout)[0]["line"], 2)
        done = self.wsgen("check", "a.yaml", "--diagnostics=sarif", code=1)
        self.assertEqual(json.loads(done.stdout)["version"], "2.1.0")

    def test_colour(self):
        self.write("a.yaml", "name: 7\nroutes: {}\n")
        always = ["check", "a.yaml", "--color", "always"]
        self.assertIn("\x1b[", self.wsgen(*always, code=1).stderr)
        for words in (["check", "a.yaml"], ["check", "a.yaml", "--color=never"]):
            self.assertNotIn("\x1b[", self.wsgen(*words, code=1).stderr)
        need_program("script")
        for more, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
            with self.subTest(more):
                from e2e import WSGEN

                done = run(
                    *["script", "-qec", f"{WSGEN} check a.yaml", "/dev/null"],
                    cwd=self.folder,
                    env=environment(TERM="xterm", **more),
                )
                self.assertEqual("\x1b[" in done.stdout, coloured, done.stdout)

    def test_quiet_and_verbose(self):
        self.write("a.yaml", SPEC)
        self.assertEqual(self.wsgen("a.yaml", "-q").stderr, "")
        self.assertRegex(self.wsgen("a.yaml", "-v").stderr, r"\d+ files in .* ms")

    def test_explain(self):
        self.assertIn("\n  route ", self.wsgen("explain").stdout)
        for key, text in EXPLAINED:
            with self.subTest(key):
                done = self.wsgen("explain", key)
                self.assertIn(text, done.stdout)
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)

    def test_explain_covers_every_key(self):
        names = [
            line.split()[0]
            for line in self.wsgen("explain").stdout.splitlines()
            if line.startswith("  ") and line[2] != " "
        ]
        self.assertGreater(len(names), 10)
        for name in names:
            keys = self.wsgen("explain", name).stdout.split("\n\n")[1]
            for line in keys.splitlines():
                if line[2] == " ":
                    continue
                key = line.split()[0].rstrip("*")
                with self.subTest(f"{name}.{key}"):
                    self.wsgen("explain", f"{name}.{key}")

    def test_completions(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell):
                text = self.wsgen("completion", shell).stdout
                for word in ("generate", "explain", "diagnostics", "sarif"):
                    self.assertIn(word, text)
        script = self.write("c.bash", self.wsgen("completion", "bash").stdout)
        tried = (
            f"source {script}; compopt() {{ :; }}; "
            'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wsgen; '
            'echo "${COMPREPLY[*]}"; }; '
            "try wsgen che; try wsgen check --diagnostics s; try wsgen new --s; "
            "try wsgen completion f"
        )
        # Files complete as well, so there must be none of these names.
        empty = self.folder / "empty"
        empty.mkdir()
        done = run("bash", "-c", tried, cwd=empty)
        self.assertEqual(done.stdout.splitlines(), ["check", "sarif", "--sample", "fish"])

    def test_zsh_completions(self):
        need_program("zsh")
        script = self.write("_wsgen", self.wsgen("completion", "zsh").stdout)
        done = run("zsh", "-n", script)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_fish_completions(self):
        need_program("fish")
        script = self.write("w.fish", self.wsgen("completion", "fish").stdout)
        typed = ["wsgen che", "wsgen check --diagnostics s", "wsgen completion f"]
        tried = "; ".join(f"complete -C '{words}'" for words in typed)
        done = run(
            *["fish", "--no-config", "-c", f"source {script}; {tried}"],
            env=environment(HOME=str(self.folder)),
        )
        found = [line.split("\t")[0] for line in done.stdout.splitlines()]
        self.assertEqual(found, ["check", "sarif", "fish"])

    def test_man_page(self):
        need_program("man")
        page = self.write("wsgen.1", self.wsgen("man").stdout)
        done = run("man", "--warnings", "-l", page, env=environment(MANWIDTH="80"))
        self.assertEqual(done.stderr, "")
        self.assertIn("--list-outputs", done.stdout)

    def test_closed_output(self):
        done = run("sh", "-c", f"exec {self.program()} --help >/dev/full")
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output", done.stderr)

    def program(self):
        from e2e import WSGEN

        return WSGEN


class Show(Case):
    def setUp(self):
        super().setUp()
        self.write("a.yaml", SPEC)

    def test_tables(self):
        text = self.wsgen("show", "a.yaml").stdout
        self.assertRegex(text, r"(?m)^  sendMessage +chat +src/send\.on_send_message ")
        self.assertIn("ChatSendMessageRoute", text)
        self.assertIn("\nfunctions:\n", text)

    def test_json(self):
        for thing in ("routes", "functions", "messages", "permissions", "ids", "arns"):
            with self.subTest(thing):
                shown = json.loads(self.wsgen("show", "a.yaml", thing, "--json").stdout)
                self.assertEqual(list(shown), [thing])
        shown = json.loads(self.wsgen("show", "a.yaml", "--json").stdout)
        self.assertEqual(shown["routes"][2]["key"], "sendMessage")
        self.assertEqual(shown["functions"][0]["routes"], 3)
        ids = [row["id"] for row in shown["ids"]]
        self.assertEqual(len(ids), len(set(ids)))

    def test_budget(self):
        text = self.wsgen("show", "a.yaml", "--budget").stdout
        self.assertIn("resources", text)
        self.assertIn("500", text)

    def test_graph(self):
        text = self.wsgen("show", "a.yaml", "--graph", "mermaid").stdout
        self.assertTrue(text.startswith("flowchart LR\n"))
        text = self.wsgen("show", "a.yaml", "--graph", "dot").stdout
        self.assertRegex(text, r'r\d \[label="sendMessage", shape=oval\];')
        self.assertEqual(text.count("{"), text.count("}"))


if __name__ == "__main__":
    unittest.main()
