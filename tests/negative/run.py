#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What must not build against generated code, and what the compiler or the
linker says about it: tests/negative/<case>.c against the golden case `sends`,
or the one that it names.

A case's first lines say what is to happen:

    // compile: no member named 'sends'
    // link: multiple definition of .wsg_untyped_send_in_a_function_that_declares_sends
    // function: room
    // golden: connections

`compile` and `link` hold a regular expression that the errors must match;
`ok` stands for a case that builds, so that the others fail for their own reason.

usage: run.py INCLUDE LIBRARY CC...
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
FLAGS = "-std=c11 -Wall -Wextra -Wpedantic -Werror".split()


def build(command):
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, LC_ALL="C"),
    )
    said = result.stdout.decode("utf-8", "replace")
    return result.returncode == 0, said.replace("‘", "'").replace("’", "'")


def wanted(source):
    found = re.findall(r"^// (\w+)(?:: (.*))?$", source.read_text(), re.M)
    return dict(found)


def run(source, compiler, include, library, folder):
    """None, or what went wrong."""
    want = wanted(source)
    out = GOLDEN / want.get("golden", "sends") / "out"
    flags = [*FLAGS, "-I" + str(out), "-I" + include]
    target = os.path.join(folder, "case.o")
    good, said = build([*compiler, *flags, "-c", str(source), "-o", target])
    if "compile" in want:
        if good:
            return "compiles"
        return None if re.search(want["compile"], said) else said
    if not good:
        return said
    if "link" not in want:
        return None
    main = out / "functions" / want["function"] / "main.c"
    good, said = build(
        [*compiler, *flags, str(main), str(out / "room.c"), target]
        + [library, "-lm", "-o", os.path.join(folder, "case")]
    )
    if good:
        return "links"
    return None if re.search(want["link"], said) else said


def main():
    include, library, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(HERE.glob("*.c")):
            why = run(source, compiler, include, library, folder)
            if why:
                failed += 1
                print(f"--- {source.name}: {why}")
    sys.exit(1 if failed else 0)


main()
