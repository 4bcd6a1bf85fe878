#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write certificates as C, for tls/openssl.c to trust.

usage: roots.py OUT CERTIFICATE..., PEM files with one certificate each
"""
import base64
import re
import sys

BLOCK = re.compile(
    "-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)


def der(path):
    with open(path, encoding="ascii") as file:
        blocks = BLOCK.findall(file.read())
    if len(blocks) != 1:
        sys.exit("%s: not one certificate in PEM" % path)
    return base64.b64decode("".join(blocks[0].split()), validate=True)


def main():
    out, *paths = sys.argv[1:]
    text = ['/* Certificates of the system, as roots.py wrote them. */\n'
            '#include "roots.h"\n']
    roots = [der(path) for path in paths]
    for number, root in enumerate(roots):
        lines = [", ".join("0x%02x" % byte for byte in root[i:i + 12])
                 for i in range(0, len(root), 12)]
        text.append("\nstatic const unsigned char root_%d[] = {\n\t%s,\n};\n" %
                    (number, ",\n\t".join(lines)))
    text.append("\nconst struct wsg_tls_root wsg_tls_roots[] = {\n")
    text += ["\t{ root_%d, sizeof(root_%d) },\n" % (number, number)
             for number in range(len(roots))]
    text.append("\t{ NULL, 0 },\n};\n\nconst size_t wsg_tls_roots_count = "
                "%d;\n" % len(roots))
    with open(out, "w", encoding="ascii") as file:
        file.write("".join(text))


main()
