#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hostile texts in every position of a spec that takes text.

Where text may stand, `wsgen schema` says. Each text in each position is either
refused, at a place and without a crash, or comes out as it was: the template
has the same string as JSON and as YAML. What was accepted is then put into one
spec for each text: its C has to compile without a warning and define the same
symbols as that of a harmless text, and make has to run nothing of it.
"""
import argparse
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

FLAGS = "-std=c11 -Wall -Wextra -Wpedantic -Werror -trigraphs".split()
HARMLESS = "harmless"
LONG = 1024 * 1024

TEXTS = {
    "comment": "a */ int x; /* b /*",
    "line comment": "a // b \\",
    "quotes": "a \"b\" 'c'",
    "backslash": "C:\\new\\table\\",
    "escape": "\\\"); system(\"touch pwned\"); //",
    "format": "%s%n%d%%",
    "reference": "${}",
    "open reference": "${Nobody",
    "make call": "$(shell touch pwned)",
    "lines": "a\n\ttouch pwned\nb: c\r\n#include </etc/passwd>\n#error x",
    "shell": "`touch pwned`; touch pwned; echo $HOME & | > x",
    "bidi": "abc\u202edef\u2066\u2028b\u2029c\u0085d",
    "control": "bell\u0007 escape\u001b[31m delete\u007f",
    "trigraphs": "what??/\n??>??!??'??(",
    "YAML": "- a: [b, {c: !!d e}] # f",
    "YAML words": "no",
    "number": "012",
    "JSON": '{"a": [1, null]}\\u0000 {{ a }} {% b %} <% c %> @d@',
    "wide": "\u00e9 \u4e2d \U0001f600 \ufeff \ufffe",
    "spaces": "  in front and behind  ",
    "empty": "",
}

SPEC = {
    "name": "chat",
    "routes": {
        "$connect": {},
        "$default": {},
        "send": {"message": "Send", "reply": "Page", "function": {}},
        "put": {
            "integration": {
                "type": "aws",
                "action": "dynamodb:PutItem",
                "permissions": ["dynamodb:PutItem"],
                "requestTemplates": {"$default": "{}"},
            }
        },
        "http": {"integration": {"type": "http", "url": "https://e.com"}},
    },
    "functions": {
        "slow": {
            "handler": "src/slow.on_slow",
            "vpc": {"subnets": ["s"], "securityGroups": ["g"]},
            "permissions": [{"actions": ["s3:GetObject"], "resources": "*"}],
        }
    },
    "authorizer": "guard",
    "authorizers": {
        "guard": {"type": "lambda", "handler": "src/auth.on_auth"},
        "token": {
            "type": "jwt",
            "issuer": "https://e.com/",
            "secret": {"env": "KEY"},
        },
        "pool": {"type": "userPool", "userPool": {"id": "eu-west-1_x"}},
    },
    "messages": {
        "Send": {"text": "string(..64)", "mood": "enum(a|b)"},
        "Page": {"text": {"type": "string(..64)"}},
    },
    "stages": [{"name": "dev", "accessLog": {"format": "json"}}],
    "gateway": {},
    "resources": {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
    },
    "outputs": {"Out": "x"},
    "parameters": {"Par": {"Type": "String"}},
    "tags": {},
    "grants": [{"to": "Role"}],
    "defaults": {"function": {}, "integration": {}},
}

# Where each section of the schema stands in SPEC.
SECTIONS = {
    "spec": [()],
    "route": [("routes", "send")],
    "function": [("functions", "slow")],
    "vpc": [("functions", "slow", "vpc")],
    "permissions": [("functions", "slow", "permissions", 0)],
    "integration": [
        ("routes", "put", "integration"),
        ("routes", "http", "integration"),
    ],
    "authorizer": [("authorizers", "guard"), ("authorizers", "token")],
    "secret": [("authorizers", "token", "secret")],
    "userPool": [("authorizers", "pool", "userPool")],
    "stage": [("stages", 0)],
    "accessLog": [("stages", 0, "accessLog")],
    "gateway": [("gateway",)],
    "grant": [("grants", 0)],
}

# Maps whose names are the user's.
NAMES = [
    ("routes",),
    ("functions",),
    ("authorizers",),
    ("messages",),
    ("messages", "Send"),
    ("resources",),
    ("outputs",),
    ("parameters",),
    ("tags",),
    ("functions", "slow", "environment"),
    ("functions", "slow", "tags"),
    ("stages", 0, "variables"),
    ("routes", "put", "integration", "requestTemplates"),
    ("resources", "Queue", "Properties"),
    ("gateway", "properties"),
]

# Places inside of what the schema leaves open: functions of the text.
INSIDE = {
    ("messages", "Send", "$doc"): lambda text: text,
    ("messages", "Page", "text", "doc"): lambda text: text,
    ("messages", "Page", "text", "pattern"): lambda text: text,
    ("messages", "Page", "text", "default"): lambda text: text,
    ("messages", "Page", "text", "name"): lambda text: text,
    ("messages", "Send", "mood"): lambda text: f"enum(a|{text}|b)",
    ("messages", "Send", "text"): lambda text: text,
    ("resources", "Queue", "Properties", "QueueName"): lambda text: text,
    ("resources", "Queue", "Properties", "List"): lambda text: [text, [text]],
    ("resources", "Queue", "Type"): lambda text: text,
    ("outputs", "Out"): lambda text: {"Value": text, "Description": text},
    ("parameters", "Par", "Default"): lambda text: text,
    ("parameters", "Par", "Type"): lambda text: text,
    ("tags", "Team"): lambda text: text,
    ("functions", "slow", "environment", "TABLE"): lambda text: text,
    ("functions", "slow", "permissions", 0): lambda text: text,
    ("functions", "slow", "permissions", 0, "conditions"): lambda text: {
        "StringEquals": {"aws:x": text}
    },
    ("stages", 0, "variables", "name"): lambda text: text,
    ("routes", "put", "integration", "requestTemplates", "$default"): (
        lambda text: text
    ),
    ("routes", "put", "integration", "requestParameters"): lambda text: {
        "integration.request.header.A": text
    },
    ("gateway", "properties"): lambda text: {"BasePath": text},
}

# What a template says of none of these: they are for people, or for C.
NOT_IN_TEMPLATE = {
    "doc",
    "$doc",
    "pattern",
    "default",
    "name",
    "sources",
    "libraries",
    "include",
    "mood",
    "text",
    "identity",
    "jwks",
    "secret",
    "env",
    "ssm",
    "region",
    "issuer",
    "audience",
    "clients",
    "scopes",
    "userPool",
    "id",
}


def resolve(schema, node):
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def properties(schema, name):
    node = resolve(schema, schema["$defs"][name])
    found = {}
    for part in [node, *node.get("anyOf", []), *node.get("allOf", [])]:
        found.update(resolve(schema, part).get("properties", {}))
    return found


def takes_text(node):
    """Not what is a word of ours, a number or a boolean: no text fits."""
    numbers = ("boolean", "integer", "number")
    return "enum" not in node and node.get("type") not in numbers


def positions(schema):
    """Every path into SPEC, and what to put there for a text."""
    found = {}
    for section, places in SECTIONS.items():
        for key, node in properties(schema, section).items():
            node = resolve(schema, node)
            if not takes_text(node):
                continue
            listed = any("items" in part for part in node.get("anyOf", []))
            for place in places:
                path = (*place, key, "[]") if listed else (*place, key)
                found[path] = lambda text: text
    for place in NAMES:
        found[(*place, "{}")] = lambda text: text
    found.update(INSIDE)
    return found


def put(spec, path, value):
    """Put value at path; "[]" makes a list of it, "{}" a name."""
    *to, last = path
    if last == "[]":
        return put(spec, to, [value])
    at = spec
    for step in to:
        if isinstance(at, dict) and not isinstance(at.get(step), (dict, list)):
            at[step] = {}
        at = at[step]
    if last != "{}":
        at[last] = value
        return None
    inner = "x"
    if to[-1] == "resources":
        inner = {"Type": "AWS::SQS::Queue"}
    elif to[-1] == "parameters":
        inner = {"Type": "String"}
    elif to[-1] == "messages":
        inner = {"text": "string(..9)"}
    elif to[-1] == "routes":
        inner = "src/hostile.on_hostile"
    elif to[-1] == "functions":
        inner = "src/hostile.on_raw"
    elif to[-1] == "authorizers":
        inner = {"type": "lambda", "handler": "src/hostile.on_authorize"}
    elif to[:1] == ["messages"]:
        inner = "string(..9)"
    at[value] = inner
    return None


def needs(path):
    """What has to change in SPEC so that the position can be right at all."""
    spec = copy.deepcopy(SPEC)
    if path[-1] in ("action", "uri"):
        spec["routes"]["put"]["integration"].pop("action", None)
    if path[-1] == "role":
        spec["functions"]["slow"].pop("permissions", None)
        spec["routes"]["put"]["integration"].pop("permissions", None)
    return spec


class Run:
    def __init__(self, wsgen, folder):
        self.wsgen = wsgen
        self.folder = pathlib.Path(folder)
        self.count = 0

    def __call__(self, spec, *more):
        """The result of wsgen, and the folder that it wrote."""
        self.count += 1
        work = self.folder / f"{self.count}"
        work.mkdir()
        (work / "spec.yaml").write_text(
            json.dumps(spec, ensure_ascii=False), encoding="utf-8"
        )
        done = subprocess.run(
            [self.wsgen, "spec.yaml", "-o", "out", *more],
            cwd=work,
            capture_output=True,
            timeout=60,
        )
        return done, work


def strings(node, found):
    if isinstance(node, str):
        found.add(node)
    elif isinstance(node, dict):
        for key, value in node.items():
            found.add(key)
            strings(value, found)
    elif isinstance(node, list):
        for value in node:
            strings(value, found)
    return found


def documents(folder):
    found = set()
    for path in folder.rglob("*.json"):
        strings(json.loads(path.read_text(encoding="utf-8")), found)
    return found


def judge(path, text, done, work):
    """None when all is well, else what is not."""
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode == 1:
        if "error: " not in said or "spec.yaml:" not in said:
            return f"refused without a place: {said[:200]!r}"
        if any(c in said for c in "\u202e\u001b\u0007\u2066"):
            return "the error itself has hidden characters"
        return None
    if done.returncode:
        return f"result {done.returncode}: {said[:300]!r}"
    found = documents(work / "out")
    steps = {step for step in path if isinstance(step, str)}
    if (
        "${" in text
        or steps & NOT_IN_TEMPLATE
        or any(text == one or (text and text in one) for one in found)
        or not text
    ):
        return None
    return "accepted, but no document has it"


def compare_yaml(run, spec, folder):
    """The template as YAML holds what it holds as JSON."""
    if not yaml:
        return None
    done, work = run(spec, "--format", "yaml")
    if done.returncode:
        return f"as YAML: result {done.returncode}"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with open(work / "out" / "template.yaml", encoding="utf-8") as file:
        as_yaml = yaml.load(file, Loader=loader)
    with open(folder / "out" / "template.json", encoding="utf-8") as file:
        as_json = json.load(file)
    return None if as_yaml == as_json else "YAML and JSON differ"


def symbols(work, include, compiler):
    """Compile every C file; the names that they define and use."""
    found = {}
    out = work / "out"
    for path in sorted(out.rglob("*.c")):
        target = out / "object.o"
        done = subprocess.run(
            [compiler, *FLAGS, "-O0", "-c", "-I", include, "-I", out]
            + [path, "-o", target],
            capture_output=True,
        )
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace")
            return None, f"{path.name}: {said[:600]}"
        names = subprocess.run(
            ["nm", "--format=posix", target], capture_output=True, check=True
        )
        found[path.relative_to(out).as_posix()] = sorted(
            " ".join(line.split()[:2])
            for line in names.stdout.decode().splitlines()
        )
    return found, None


def make_runs_nothing(work):
    """make reads the rules, and shows what it would do: nothing of the spec."""
    subprocess.run(
        ["make", "-n", "-f", "out/wsgen.mk"], cwd=work, capture_output=True
    )
    return not list(work.rglob("pwned*"))


def built(run, places):
    """Without the positions that refuse any text, as they are for later."""
    found = {}
    for path, make in places.items():
        spec = needs(path)
        try:
            put(spec, path, make(HARMLESS))
        except (TypeError, KeyError):
            continue
        done, work = run(spec)
        if b"is not built yet" not in done.stderr:
            found[path] = make
        shutil.rmtree(work)
    return found


def every_position(run, texts, places):
    """Which positions accept which text; failures are printed."""
    accepted = {name: [] for name in texts}
    failures = 0
    for name, text in texts.items():
        for path, make in places.items():
            spec = needs(path)
            put(spec, path, make(text))
            done, work = run(spec, "--format", "json")
            wrong = judge(path, text, done, work)
            if wrong:
                failures += 1
                print(f"{name} at {'.'.join(map(str, path))}: {wrong}")
            elif done.returncode == 0:
                accepted[name].append(path)
            shutil.rmtree(work)
    return accepted, failures


# Each alone is right, but not beside what else there is.
ONE_OF_TWO = {
    0,
    "uri",
    "role",
    "id",
    "pattern",
    "destination",
    "functionArn",
    "userPool",
}

# Names make symbols of their own, and one text cannot be two names.
NAME = {"{}", "name", "logicalId"}


def together(text, paths, places):
    spec = copy.deepcopy(SPEC)
    for path in paths:
        bare = path[:-1] if path[-1] == "[]" else path
        below = any(
            len(other) > len(path) and other[: len(bare)] == bare
            for other in places
        )
        if not below and bare[-1] not in ONE_OF_TWO | NAME:
            put(spec, path, places[path](text))
    return spec


def all_at_once(run, accepted, places, include, compiler):
    failures = 0
    for name, paths in accepted.items():
        done, work = run(together(TEXTS[name], paths, places), "--format", "json")
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace")
            print(f"{name}: alone each is right, together not: {said[:600]}")
            failures += 1
            continue
        spec = json.loads((work / "spec.yaml").read_text(encoding="utf-8"))
        got, wrong = symbols(work, include, compiler)
        plain, plain_work = run(
            together(HARMLESS, paths, places), "--format", "json"
        )
        if not wrong and plain.returncode == 0:
            want, _ = symbols(plain_work, include, compiler)
            if want != got:
                wrong = "other symbols than a harmless text makes"
        wrong = wrong or compare_yaml(run, spec, work)
        if not wrong and not make_runs_nothing(work):
            wrong = "make ran it"
        if wrong:
            failures += 1
            print(f"{name}, in {len(paths)} places: {wrong}")
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wsgen", required=True)
    parser.add_argument("--include", required=True)
    parser.add_argument("--compiler", default="cc")
    args = parser.parse_args()
    wsgen = os.path.abspath(args.wsgen)
    schema = json.loads(
        subprocess.run([wsgen, "schema"], capture_output=True, check=True).stdout
    )
    places = positions(schema)
    # wsgen syncs what it writes, which memory does at once.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        run = Run(wsgen, folder)
        done, _ = run(SPEC)
        if done.returncode:
            sys.exit(done.stderr.decode())
        places = built(run, places)
        accepted, failures = every_position(run, TEXTS, places)
        failures += all_at_once(
            run, accepted, places, args.include, args.compiler
        )
        long_texts = {"a long text": "x" * LONG, "long": '"\\' * (LONG // 2)}
        failures += every_position(run, long_texts, places)[1]
        total = sum(map(len, accepted.values()))
        print(f"{run.count} specs, {len(places)} positions, {total} accepted")
    if failures:
        sys.exit(f"{failures} failures")
    if total < 5 * len(TEXTS):
        sys.exit("hardly anything was accepted: the test tests nothing")


main()
