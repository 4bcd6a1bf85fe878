#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The console's files as C, so that the gateway is one file."""

import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def main(output, *paths):
    arrays, rows = [], []
    for number, path in enumerate(map(pathlib.Path, sorted(paths))):
        data = path.read_bytes()
        lines = [
            "\t" + ", ".join(str(byte) for byte in data[at : at + 16]) + ","
            for at in range(0, len(data), 16)
        ]
        arrays += [f"static const unsigned char file_{number}[] = {{", *lines, "};"]
        name = "" if path.name == "index.html" else "/" + path.name
        kind = TYPES[path.suffix]
        rows.append(f'\t{{ "{name}", "{kind}", file_{number}, {len(data)} }},')
    text = [
        "/* Made by embed.py from the files in page/. */",
        '#include "page.h"',
        "",
        *arrays,
        "",
        "const struct page_file page_files[] = {",
        *rows,
        "};",
        f"const size_t page_files_count = {len(rows)};",
        "",
    ]
    pathlib.Path(output).write_text("\n".join(text), encoding="utf-8")


main(*sys.argv[1:])
