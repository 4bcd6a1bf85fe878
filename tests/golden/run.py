#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Golden cases: tests/golden/<case>/spec.yaml and out/, all that wsgen writes.

For each case wsgen runs, and every byte is compared with out/; --update
rewrites out/ instead. What is the same for every spec stands in no out/: it
is compared with the template that it is a copy of. Then what came out has to be what it claims to be: its
JSON and YAML parse, gateway.json fits its schema, clang-format leaves the C
alone, and each function compiles without a warning, links with libwsgen and
answers one event for each of its routes.

A case may hold an `args` file (more arguments for wsgen, one a line) and any
files that its spec includes. Compiling is what takes time: results are kept
in --cache by the hash of what went in.
"""

import argparse
import concurrent.futures
import difflib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import events

HERE = pathlib.Path(__file__).resolve().parent
TEMPLATES = HERE.parent.parent / "templates"
COPIES = {"wsgen-rules.mk": TEMPLATES / "make/wsgen-rules.mk"}
FLAGS = (
    "-std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
).split()
COMPILERS = ["gcc", "clang"]
CLANG_FORMAT = "14"  # others disagree about details


class Failure(Exception):
    pass


def run(command, **options):
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )


def text_of(result):
    return result.stdout.decode("utf-8", "replace")


def files_below(folder):
    """Path below folder -> bytes; without wsgen's own folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".wsgen/"):
            found[name] = path.read_bytes()
    return found


def digest(*parts):
    sha = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        sha.update(b"%d\n" % len(part) + part)
    return sha.hexdigest()


# --- generating and comparing ---------------------------------------------


def generate(wsgen, case, work):
    """Run wsgen on a copy of the case; what it wrote is below work/out."""
    for path in case.iterdir():
        if path.name != "out":
            target = work / path.name
            if path.is_dir():
                shutil.copytree(path, target)
            else:
                shutil.copy(path, target)
    args = case / "args"
    more = args.read_text().split() if args.exists() else []
    result = run([wsgen, "spec.yaml", "-o", "out", *more], cwd=work)
    if result.returncode:
        raise Failure(
            f"wsgen exits {result.returncode}:\n{text_of(result)}"
        )
    return files_below(work / "out")


def show_difference(name, want, got):
    if want is None:
        return f"{name}: not in out/"
    if got is None:
        return f"{name}: no longer written"
    lines = difflib.unified_diff(
        want.decode("utf-8", "replace").splitlines(),
        got.decode("utf-8", "replace").splitlines(),
        f"out/{name}",
        f"now/{name}",
        lineterm="",
    )
    return "\n".join(list(lines)[:60])


def compare(case, got):
    want = files_below(case / "out")
    for name, template in COPIES.items():
        want[name] = template.read_bytes()
    differences = [
        show_difference(name, want.get(name), got.get(name))
        for name in sorted(want.keys() | got.keys())
        if want.get(name) != got.get(name)
    ]
    if differences:
        raise Failure(
            "\n".join(differences)
            + "\n(ninja update-golden takes these over; read them first)"
        )


def update(case, got):
    shutil.rmtree(case / "out", ignore_errors=True)
    for name in got.keys() - COPIES.keys():
        path = case / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(got[name])


# --- documents ------------------------------------------------------------


def no_repeated_keys(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key comes twice")
    return dict(pairs)


def check_documents(files):
    for name, content in files.items():
        try:
            if name.endswith(".json"):
                json.loads(content, object_pairs_hook=no_repeated_keys)
            elif name.endswith(".yaml") and yaml:
                yaml.safe_load(content)
        except ValueError as error:
            raise Failure(f"{name}: {error}")
        except Exception as error:  # PyYAML's have no base of their own
            raise Failure(f"{name}: {error}")
    if "gateway.json" in files and jsonschema:
        schema = json.loads((HERE / "gateway.schema.json").read_text())
        errors = jsonschema.Draft202012Validator(schema).iter_errors(
            json.loads(files["gateway.json"])
        )
        for error in errors:
            raise Failure(f"gateway.json: {error.json_path}: {error.message}")


def check_format(clang_format, work, files):
    names = [n for n in files if n.endswith((".c", ".h"))]
    if not clang_format or not names:
        return
    style = "-style=file:" + str(HERE.parent.parent / ".clang-format")
    result = run(
        [clang_format, style, "--dry-run", "-Werror", *names],
        cwd=work / "out",
    )
    if result.returncode:
        lines = text_of(result).splitlines()[:20]
        raise Failure("clang-format would change:\n" + "\n".join(lines))


# --- compiling, linking, calling ------------------------------------------


class Builder:
    """Compiles and links once for each content."""

    def __init__(self, options):
        self.cache = pathlib.Path(options.cache).absolute()
        self.cache.mkdir(parents=True, exist_ok=True)
        self.include = os.path.abspath(options.include)
        archives = [os.path.abspath(path) for path in options.library]
        self.libraries = [*archives, "-lm", *options.link.split()]
        headers = files_below(pathlib.Path(options.include))
        self.headers = digest(*(p for item in headers.items() for p in item))
        self.library_digest = digest(
            *(pathlib.Path(path).read_bytes() for path in archives),
            options.link,
        )
        self.symbols = set(
            re.findall(r" [TBDR] (\w+)", text_of(run(["nm", *archives])))
        )
        self.versions = {
            cc: text_of(run([cc, "--version"]))
            for cc in COMPILERS
            if shutil.which(cc)
        }

    def compile(self, cc, folder, files, name):
        headers = digest(
            *(p for i in files.items() if i[0].endswith(".h") for p in i)
        )
        key = digest(
            self.versions[cc], FLAGS, self.headers, headers, name, files[name]
        )
        target = self.cache / (key + ".o")
        if not target.exists():
            fresh = target.with_suffix(f".{os.getpid()}.{id(files)}")
            result = run(
                [cc, *FLAGS, "-I.", "-I" + self.include, "-c", name]
                + ["-o", str(fresh)],
                cwd=folder,
            )
            if result.returncode:
                raise Failure(f"{cc} {name}:\n{text_of(result)}")
            fresh.rename(target)
        return target

    def missing(self, objects):
        """What the objects want of libwsgen that it does not have yet."""
        wanted = set()
        for item in objects:
            wanted |= set(re.findall(r" U (wsg_\w+)", text_of(run(["nm", item]))))
        return wanted - self.symbols

    def link(self, cc, objects):
        """The program, or None when libwsgen is not that far yet."""
        key = digest(self.versions[cc], self.library_digest, *objects)
        target = self.cache / (key + ".exe")
        if target.exists():
            return target
        missing = self.missing(objects)
        fresh = target.with_suffix(f".{os.getpid()}.{id(objects)}")
        result = run([cc, *objects, *self.libraries, "-o", fresh])
        if missing:
            if not result.returncode:
                raise Failure(f"links without {', '.join(missing)}")
            for symbol in missing:
                if symbol not in text_of(result):
                    raise Failure(f"the linker does not name {symbol}")
            return None
        if result.returncode:
            raise Failure(f"{cc}, linking:\n{text_of(result)}")
        fresh.rename(target)
        return target


def call(program, key, event, is_valid):
    marker = program.with_name(
        digest(program.name, json.dumps(event)) + ".answer"
    )
    if marker.exists():
        return
    result = subprocess.run(
        [program],
        input=json.dumps(event).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
    )
    said = result.stdout.decode() + result.stderr.decode()
    # What Lambda counts as an error is how an authorizer answers with 401.
    if result.returncode and is_valid is not events.is_denied:
        raise Failure(f"{key}: exits {result.returncode}: {said}")
    try:
        why = is_valid(json.loads(result.stdout))
    except ValueError as error:
        why = f"no JSON: {error}"
    if why:
        raise Failure(f"{key}: {why}: {said}")
    marker.touch()


def check_programs(builder, work, files):
    folder = work / "out"
    gateway = json.loads(files["gateway.json"])
    shared = [n for n in files if n.endswith(".c") and "/" not in n]
    stubs = [n for n in files if n.startswith("stubs/")]
    for function in gateway["functions"]:
        name = function["name"]
        sources = [*shared, *stubs, f"functions/{name}/main.c"]
        for cc in builder.versions:
            objects = [
                builder.compile(cc, folder, files, source)
                for source in sources
            ]
            program = builder.link(cc, objects)
            if not program:
                continue
            for key, event, is_valid in events.of(gateway, function):
                call(program, f"{name}, {key}", event, is_valid)


# --- all cases ------------------------------------------------------------


def run_case(options, builder, clang_format, case):
    with tempfile.TemporaryDirectory(prefix="wsgen-golden-") as folder:
        work = pathlib.Path(folder)
        got = generate(options.wsgen, case, work)
        if options.update:
            update(case, got)
        else:
            compare(case, got)
        check_documents(got)
        check_format(clang_format, work, got)
        if builder and "gateway.json" in got:
            check_programs(builder, work, got)


def find_clang_format():
    for name in ("clang-format-" + CLANG_FORMAT, "clang-format"):
        if shutil.which(name):
            version = text_of(run([name, "--version"]))
            if f"version {CLANG_FORMAT}." in version:
                return name
    print(f"not run: clang-format {CLANG_FORMAT}")
    return None


def optional_module(name):
    try:
        return __import__(name)
    except ImportError:
        print(f"not run: what needs python3-{name}")
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wsgen", required=True)
    parser.add_argument(
        "--library",
        action="append",
        help="libwsgen.a, and what it needs; without it: no compiler",
    )
    parser.add_argument("--link", default="", help="what else is linked")
    parser.add_argument("--include", help="the folder of wsgen/runtime.h")
    parser.add_argument("--cache", default=".golden")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("cases", nargs="*", help="all, without any")
    options = parser.parse_args()
    options.wsgen = os.path.abspath(options.wsgen)
    cases = sorted(path.parent for path in HERE.glob("*/spec.yaml"))
    if options.cases:
        cases = [case for case in cases if case.name in options.cases]
    if not cases:
        sys.exit("no such case")
    builder = Builder(options) if options.library else None
    clang_format = find_clang_format()
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            (c, pool.submit(run_case, options, builder, clang_format, c))
            for c in cases
        ]
        for case, job in jobs:
            try:
                job.result()
            except (Failure, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"--- {case.name}\n{error}\n")
    print(f"{len(cases) - failed} of {len(cases)} golden cases are right")
    sys.exit(1 if failed else 0)


jsonschema = optional_module("jsonschema")
yaml = optional_module("yaml")
main()
