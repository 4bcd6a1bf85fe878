#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of runtime/gateway/README.md: what they name is there, and what is
not known of AWS is in them.
"""

import pathlib
import re
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
GATEWAY = TESTS.parent / "runtime" / "gateway"
KNOWN = ("documented", "recorded", "reported", "our choice")


def rows():
    """Of the tables with three columns: behaviour, known, shown by."""
    for line in (GATEWAY / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or not line.startswith("|"):
            continue
        if cells[0] != "behaviour" and set(cells[0]) != {"-"}:
            yield cells


def file_of(stem):
    found = [
        file
        for folder in ("e2e", "gateway")
        for file in sorted((TESTS / folder).glob(f"test_{stem}.*"))
        if file.suffix in (".c", ".py")
    ]
    return found[0] if len(found) == 1 else None


def is_there(name):
    """Whether `file.test` or `file "row"` names a test."""
    stem, function, row = re.fullmatch(r'(\w+)(?:\.(\w+)| "(.+)")', name).groups()
    file = file_of(stem)
    if not file:
        return False
    text = file.read_text()
    if row:
        return f'{{ "{row}",' in text
    if file.suffix == ".c":
        return f"cmocka_unit_test({function})" in text or bool(
            re.search(rf"cmocka_unit_test_\w+\(\s*{function}\b", text)
        )
    return bool(re.search(rf"^    def {function}\(self", text, re.MULTILINE))


class Table(unittest.TestCase):
    def test_words(self):
        count = 0
        for behaviour, known, _ in rows():
            with self.subTest(behaviour):
                self.assertTrue(known.startswith(KNOWN), known)
            count += 1
        self.assertGreater(count, 100)

    def test_tests(self):
        for behaviour, _, shown in rows():
            names = re.findall("`([^`]+)`", shown)
            with self.subTest(behaviour):
                self.assertEqual(shown, ", ".join(f"`{name}`" for name in names))
                self.assertTrue(names, "no test shows it")
                self.assertEqual([name for name in names if not is_there(name)], [])

    def test_choices(self):
        """Each UNSURE in the code has a name of its own, and its row."""
        chosen = [
            name
            for _, known, _ in rows()
            for name in re.findall(r"our choice \(([\w-]+)\)", known)
        ]
        marked = []
        for file in sorted(GATEWAY.rglob("*.[ch]")):
            text = file.read_text()
            names = re.findall(r"UNSURE\(([\w-]+)\):", text)
            with self.subTest(file.name):
                self.assertEqual(text.count("UNSURE"), len(names), "UNSURE(name): why")
            marked += names
        self.assertEqual(sorted(marked), sorted(chosen))


if __name__ == "__main__":
    unittest.main()
