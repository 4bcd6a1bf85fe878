#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What wsgen says about each wrong spec of this folder, matched whole.

    errors.py PROGRAM            compare with the .err files
    errors.py PROGRAM --update   write the .err files anew

Two more things are checked: that every error and warning in gen/ has a spec
that brings it about, and that no .err file is left without its spec.
"""
import difflib
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
GEN = os.path.join(HERE, "..", "..", "gen")

# Functions that pass their format on to an error or a warning, and which
# argument of theirs it is.
SPEAKERS = {
    "diag_error": 2,
    "diag_warning": 2,
}

# What no spec can bring about, and why.
CHECKED_BEFORE = "the checks refuse what would lead here"
NOT_FROM_A_SPEC = {
    "out of memory": "libyaml's own",
    "'%s' is larger than %d MB": "tests/gen/test_files.c has it",
    "includes are nested more than %d deep": "tests/gen/test_files.c has it",
    "more than %d files": "ten thousand of them",
    "'$ref' needs a spec that is a file itself": "compile() has files",
    "%s '%s' has a '%c' in it, which make cannot handle": CHECKED_BEFORE,
    "the spec has no parameter '%s' to set": "tests/e2e/test_output.py has it",
    "'--stage' is letters, digits, '-' and '_', not '%.60s'":
        "tests/e2e/test_output.py has it",
    "'--stage %s' names no stage: the spec names its own, or has none":
        "tests/e2e/test_output.py has it",
    "resource '%s' must be a mapping with a Type": CHECKED_BEFORE,
    "resource '%s' needs a Type such as AWS::DynamoDB::Table": CHECKED_BEFORE,
    "function '%s' serves %zu routes; one function can find its way among %d":
        "tens of thousands of routes",
}


def cases():
    return sorted(name for name in os.listdir(HERE) if name.endswith(".yaml"))


def run(program):
    """Every case to what wsgen printed, its result in the first line."""
    done = subprocess.run(
        [program, *cases()], cwd=HERE, capture_output=True, timeout=120
    )
    if done.returncode:
        sys.exit(
            f"{program} ended with {done.returncode}:\n"
            + done.stderr.decode(errors="replace")
        )
    said = {}
    for part in re.split(rb"^== ", done.stdout, flags=re.M)[1:]:
        head, _, text = part.partition(b"\n")
        name, result = head.decode().rsplit(" ", 1)
        said[name] = (int(result), text.decode(errors="replace"))
    return said


def err_path(case):
    return os.path.join(HERE, case[: -len(".yaml")] + ".err")


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def compare(said, update):
    failures = 0
    for case, (result, text) in said.items():
        path = err_path(case)
        wanted = read(path)
        wrong = 0 if "error:" not in text else 1
        if result not in (wrong, 3):
            print(f"{case}: result {result} does not go with its text")
            failures += 1
        if not text:
            print(f"{case}: nothing is wrong with it")
            failures += 1
        if text == wanted:
            continue
        if update:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            continue
        failures += 1
        sys.stdout.writelines(
            difflib.unified_diff(
                wanted.splitlines(True),
                text.splitlines(True),
                os.path.basename(path),
                case,
            )
        )
    for name in os.listdir(HERE):
        if name.endswith(".err") and name[:-4] + ".yaml" not in said:
            print(f"{name}: has no spec")
            failures += 1
    return failures


# --- every message has a case -----------------------------------------------


def string_at(source, at):
    """
    A C string literal that starts at or after at: its text and its end. A
    macro among its parts may hold anything.
    """
    text = ""
    while True:
        space = re.compile(r"\s*").match(source, at)
        macro = re.compile(r"[A-Z][A-Z_0-9]*").match(source, space.end())
        if macro:
            text += "%s"
            at = macro.end()
            continue
        if source[space.end()] != '"':
            return text, at
        literal = re.compile(r'"((?:[^"\\]|\\.)*)"').match(source, space.end())
        text += literal.group(1)
        at = literal.end()


def arguments(source, at):
    """The arguments of a call whose "(" is just before at, as (start, end)."""
    found = []
    depth, start = 0, at
    while True:
        char = source[at]
        if char == '"':
            at = re.compile(r'"(?:[^"\\]|\\.)*"').match(source, at).end()
            continue
        if char == "'":
            at = re.compile(r"'(?:[^'\\]|\\.)*'").match(source, at).end()
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                found.append((start, at))
                return found
            depth -= 1
        elif char == "," and depth == 0:
            found.append((start, at))
            start = at + 1
        at += 1


def formats():
    """(file, line, format) of each text that an error or warning has."""
    for folder, _, names in os.walk(GEN):
        for name in sorted(names):
            if not name.endswith(".c"):
                continue
            path = os.path.join(folder, name)
            source = read(path)
            source = re.sub(
                r"/\*.*?\*/",
                lambda m: re.sub(r"[^\n]", " ", m.group()),
                source,
                flags=re.S,
            )
            for call in re.finditer(
                r"\b(" + "|".join(SPEAKERS) + r")\(", source
            ):
                args = arguments(source, call.end())
                which = SPEAKERS[call.group(1)]
                if len(args) <= which:
                    continue
                start, end = args[which]
                line = source.count("\n", 0, call.start()) + 1
                for text in literals(source[start:end]):
                    yield os.path.relpath(path, GEN), line, text


def literals(expression):
    """The strings of an argument: one, or those of a conditional."""
    at = 0
    while True:
        at = expression.find('"', at)
        if at < 0:
            return
        text, at = string_at(expression + ";", at)
        yield text


HOLE = re.compile(r"%(?:\.\*|\.\d+)?[-0 +#]*\d*(?:\.\d+)?(?:ll|l|z|h)?[sduXxcgf]")


def pattern(text):
    text = text.replace('\\"', '"').replace("\\\\", "\\")
    pieces = HOLE.split(text.replace("%%", "%"))
    return re.compile(
        r"^[^\n]*(?:error|warning): " + ".*".join(map(re.escape, pieces)) + "$",
        re.M,
    )


def uncovered():
    everything = "".join(read(err_path(case)) for case in cases())
    missing = 0
    for path, line, text in formats():
        if not HOLE.sub("", text).strip(" ':\""):
            continue  # nothing but holes: its words come from elsewhere
        if text in NOT_FROM_A_SPEC or pattern(text).search(everything):
            continue
        print(f"gen/{path}:{line}: no case has: {text}")
        missing += 1
    return missing


def main():
    program = os.path.abspath(sys.argv[1])
    update = "--update" in sys.argv[2:]
    said = run(program)
    if set(said) != set(cases()):
        sys.exit("not every case was compiled")
    failures = compare(said, update) + uncovered()
    if failures:
        sys.exit(f"{failures} failures")


main()
