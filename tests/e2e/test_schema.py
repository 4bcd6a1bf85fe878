#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`wsgen schema`, judged by a real validator: good specs pass, broken do not."""

import copy
import json
import unittest

from e2e import ROOT, Case, need

try:
    import jsonschema
    import yaml
except ImportError as error:
    jsonschema = yaml = None
    MISSING = str(error)
else:
    MISSING = ""

# Each with what makes it wrong, at which key.
BROKEN = [
    ("unknown key", "rotues: {}", "rotues"),
    ("unknown key of a route", "routes: {x: {handlr: a/b.c}}", "x"),
    ("handler without a symbol", "routes: {x: src/send}", "x"),
    ("duration in words", "functions: {f: {handler: a.b, timeout: soon}}", "f"),
    ("architecture", "functions: {f: {handler: a.b, architecture: mips}}", "f"),
    ("boolean", "stage: {name: dev, autoDeploy: perhaps}", "stage"),
    ("number", "routes: {x: {handler: a.b, throttle: {rate: fast}}}", "x"),
    ("grouping", "grouping: triple", "grouping"),
    ("list for a mapping", "gateway: [1]", "gateway"),
    ("not built yet", "customDomain: api.example.com", "customDomain"),
    ("field", "messages: {M: {x: [1]}}", "M"),
    ("permission", "permissions: [{actoins: s3:GetObject}]", "permissions"),
]


if yaml:

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        """YAML 1.2's booleans, and CloudFormation's tags as what they mean."""

    Loader.yaml_implicit_resolvers = copy.deepcopy(Loader.yaml_implicit_resolvers)
    for letter in "yYnNoO":
        Loader.yaml_implicit_resolvers[letter] = [
            (tag, regexp)
            for tag, regexp in Loader.yaml_implicit_resolvers.get(letter, [])
            if tag != "tag:yaml.org,2002:bool"
        ]

    def construct_tag(loader, suffix, node):
        if isinstance(node, yaml.ScalarNode):
            return {suffix: loader.construct_scalar(node)}
        if isinstance(node, yaml.SequenceNode):
            return {suffix: loader.construct_sequence(node, deep=True)}
        return {suffix: loader.construct_mapping(node, deep=True)}

    Loader.add_multi_constructor("!", construct_tag)


def good_specs():
    """What the project itself has, and wsgen takes."""
    yield from sorted((ROOT / "samples").glob("*/*.yaml"))
    yield from sorted((ROOT / "tests" / "golden").glob("*/spec.yaml"))


class Schema(Case):
    def setUp(self):
        super().setUp()
        need(not MISSING, MISSING)
        self.schema = json.loads(self.wsgen("schema").stdout)
        kind = getattr(jsonschema, "Draft202012Validator", None)
        need(kind, "python3-jsonschema is too old")
        kind.check_schema(self.schema)
        self.validator = kind(self.schema)

    def errors(self, text):
        spec = yaml.load(text, Loader)
        return sorted(self.validator.iter_errors(spec), key=lambda e: list(e.path))

    def test_good(self):
        specs = list(good_specs())
        self.assertGreater(len(specs), 0)
        for path in specs:
            with self.subTest(str(path.relative_to(ROOT))):
                errors = self.errors(path.read_text())
                self.assertEqual([f"{list(e.path)}: {e.message}" for e in errors], [])

    def test_scaffold(self):
        self.wsgen("new", "p")
        self.assertEqual(self.errors((self.folder / "p/p.yaml").read_text()), [])

    def test_examples_of_explain(self):
        """Those that are whole specs once they have a name."""
        tried = 0
        for line in self.wsgen("explain").stdout.splitlines():
            if not line.startswith("  ") or line[2] == " ":
                continue
            name = line.split()[0]
            text = self.wsgen("explain", name).stdout
            if "  Example:\n" not in text:
                continue
            example = text.split("  Example:\n")[1].split("\nAs a key:")[0]
            spec = yaml.load(example, Loader)
            if not set(spec) <= set(self.schema["$defs"]["spec"]["properties"]):
                continue
            with self.subTest(name):
                tried += 1
                spec.setdefault("name", "x")
                self.assertEqual(
                    [e.message for e in self.validator.iter_errors(spec)], []
                )
        self.assertGreater(tried, 3)

    def test_broken(self):
        for name, line, key in BROKEN:
            with self.subTest(name):
                errors = self.errors(f"name: chat\n{line}\n")
                self.assertTrue(errors)
                where = str(list(errors[0].path)) + errors[0].message
                self.assertIn(key, where)

    def test_says_what_an_editor_shows(self):
        spec = self.schema["$defs"]["spec"]
        self.assertIn("name", spec["required"])
        for name, key in spec["properties"].items():
            with self.subTest(name):
                self.assertTrue(key["description"])
        self.assertEqual(
            spec["properties"]["grouping"]["enum"], ["single", "route", "file"]
        )
        self.assertEqual(spec["properties"]["grouping"]["default"], "single")


if __name__ == "__main__":
    unittest.main()
