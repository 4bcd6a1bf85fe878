#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes one C file that holds every file below templates/ (see gen/render.h),
and every file below samples/ with that before its name.

usage: embed.py TEMPLATES SAMPLES OUT.c OUT.d
"""

import os
import sys


def names_below(root):
    """Every file and folder, as paths below root; files sorted by bytes."""
    files, folders = [], []
    for folder, subfolders, leaves in os.walk(root):
        subfolders[:] = [s for s in subfolders if s not in ("__pycache__", "build")]
        folders.append(folder)
        for leaf in leaves:
            path = os.path.join(folder, leaf)
            name = os.path.relpath(path, root).replace(os.sep, "/")
            if name != "embed.py" and not leaf.endswith("~"):
                files.append(name)
    return sorted(files, key=os.fsencode), sorted(folders)


def c_string(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def c_source(files):
    """A string literal holds 4095 bytes at most, so bytes are numbers."""
    out = ["/* SPDX-License-Identifier: MIT */\n"]
    out.append("/* Made from templates/ by embed.py. */\n")
    out.append('#include "render/template.h"\n')
    for i, (name, path) in enumerate(files):
        with open(path, "rb") as file:
            text = file.read() + b"\0"
        out.append(f"\nstatic const unsigned char text_{i}[] = {{\n")
        for at in range(0, len(text), 20):
            row = ", ".join(str(byte) for byte in text[at : at + 20])
            out.append(f"\t{row},\n")
        out.append("};\n")
    out.append("\nconst struct template_file template_files[] = {\n")
    for i, (name, _) in enumerate(files):
        out.append(f"\t{{ {c_string(name)}, text_{i}, sizeof(text_{i}) - 1 }},\n")
    out.append("\t{ 0 },\n};\n")
    out.append(f"const size_t template_file_count = {len(files)};\n")
    return "".join(out)


def make_word(path):
    for char in "\\ #":
        path = path.replace(char, "\\" + char)
    return path.replace("$", "$$")


def main():
    templates, samples, source, depfile = sys.argv[1:]
    files, folders = [], []
    for root, prefix in ((templates, ""), (samples, "samples/")):
        names, below = names_below(root)
        files += [(prefix + name, os.path.join(root, name)) for name in names]
        folders += below
    files.sort(key=lambda file: os.fsencode(file[0]))
    with open(source, "w", encoding="utf-8", newline="\n") as file:
        file.write(c_source(files))
    # A folder changes when a file in it comes or goes.
    inputs = folders + [path for _, path in files]
    with open(depfile, "w", encoding="utf-8", newline="\n") as file:
        words = " \\\n ".join(make_word(path) for path in inputs)
        file.write(f"{make_word(source)}: {words}\n")


main()
