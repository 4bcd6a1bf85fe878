# SPDX-License-Identifier: MIT
"""Conversations with an echo, numbered as in the Autobahn test suite.

The numbers let a reader compare; the tables are our own. A case is a list of
steps: bytes are sent in one go, Chopped ones in small segments, and a tuple
is the event that has to come next. FAIL stands for a close with 1002, and
what the table does not end by itself is closed with 1000 by the client.
"""
import functools

from wire import BINARY, CLOSE, MORE, PING, PONG, TEXT, close_frame, frame

FAIL = ("close", 1002)
BAD_TEXT = ("close", 1007)


class Chopped(bytes):
    """Sent a few bytes at a time."""

    chop = 1


def chopped(data, chop=1):
    """The bytes, to be sent so many at a time."""
    data = Chopped(data)
    data.chop = chop
    return data


def fragments(opcode, *parts):
    """A message in frames."""
    last = len(parts) - 1
    made = functools.lru_cache(4)(frame)
    return [made(MORE if at else opcode, part, fin=at == last) for at, part in enumerate(parts)]


def framing():
    """Chapter 1."""
    sizes = [0, 125, 126, 127, 128, 65535, 65536]
    for section, opcode, name, fill in ((1, TEXT, "text", b"*"), (2, BINARY, "binary", b"\xfe")):
        for at, size in enumerate(sizes, 1):
            payload = fill * size
            yield f"1.{section}.{at}", f"{name} of {size}", [frame(opcode, payload), (name, payload)]
        payload = fill * 65536
        yield f"1.{section}.8", f"{name} of 65536 in segments of 997", [
            chopped(frame(opcode, payload), 997),
            (name, payload),
        ]


def pings():
    """Chapter 2."""
    yield "2.1", "a ping without payload", [frame(PING), ("pong", b"")]
    yield "2.2", "a ping with text", [frame(PING, b"Hello, world!"), ("pong", b"Hello, world!")]
    odd = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
    yield "2.3", "a ping with binary", [frame(PING, odd), ("pong", odd)]
    most = b"\xfe" * 125
    yield "2.4", "a ping of 125", [frame(PING, most), ("pong", most)]
    yield "2.5", "a ping of 126", [frame(PING, b"\xfe" * 126), FAIL]
    yield "2.6", "a ping of 125, a byte at a time", [chopped(frame(PING, most)), ("pong", most)]
    yield "2.7", "a pong nobody asked for", [frame(PONG)]
    yield "2.8", "one with payload", [frame(PONG, b"unsolicited")]
    yield "2.9", "one, then a ping", [
        frame(PONG, b"unsolicited") + frame(PING, b"ping"),
        ("pong", b"ping"),
    ]
    ten = [frame(PING, b"payload-%d" % at) for at in range(10)]
    answers = [("pong", b"payload-%d" % at) for at in range(10)]
    yield "2.10", "ten pings", [b"".join(ten), *answers]
    yield "2.11", "ten pings, a byte at a time", [chopped(b"".join(ten)), *answers]


def reserved():
    """Chapter 3."""
    hello, ping = frame(TEXT, b"Hello"), frame(PING)
    echo = ("text", b"Hello")
    yield "3.1", "RSV 1", [frame(TEXT, b"Hello", rsv=1), FAIL]
    yield "3.2", "RSV 2 behind a text", [hello + frame(TEXT, b"x", rsv=2) + ping, echo, FAIL]
    yield "3.3", "RSV 3, frame by frame", [hello, frame(TEXT, b"x", rsv=3), ping, echo, FAIL]
    yield "3.4", "RSV 4, byte by byte", [
        chopped(hello + frame(TEXT, b"x", rsv=4) + ping),
        echo,
        FAIL,
    ]
    yield "3.5", "RSV 5 of a binary", [frame(BINARY, b"\x00\xff", rsv=5), FAIL]
    yield "3.6", "RSV 6 of a ping", [frame(PING, b"x", rsv=6), FAIL]
    yield "3.7", "RSV 7 of a close", [frame(CLOSE, b"", rsv=7), FAIL]


def opcodes():
    """Chapter 4."""
    hello, ping = frame(TEXT, b"Hello"), frame(PING)
    for section, first in ((1, 3), (2, 11)):
        for at in range(5):
            opcode = first + at
            payload = b"reserved" if at % 2 else b""
            data = frame(opcode, payload)
            steps = [data, FAIL]
            if at >= 2:
                data = hello + data + ping
                steps = [chopped(data) if at == 4 else data, ("text", b"Hello"), FAIL]
            yield f"4.{section}.{at + 1}", f"opcode {opcode}", steps


def three_ways(number, name, frames, *events):
    """The frames in one go, one by one, and byte by byte."""
    chapter, first = number.split(".")
    whole = b"".join(frames)
    ways = (("at once", [whole]), ("frame by frame", frames), ("byte by byte", [chopped(whole)]))
    for at, (way, sent) in enumerate(ways):
        yield f"{chapter}.{int(first) + at}", f"{name}, {way}", [*sent, *events]


def fragmentation():
    """Chapter 5."""
    two = fragments(TEXT, b"fragment1", b"fragment2")
    both = ("text", b"fragment1fragment2")
    ping, pong = frame(PING, b"ping"), ("pong", b"ping")
    hello = frame(TEXT, b"Hello, world!")
    loose = frame(MORE, b"non-continuation")
    loose_more = frame(MORE, b"non-continuation", fin=False)
    yield "5.1", "a ping in two fragments", [b"".join(fragments(PING, b"a", b"b")), FAIL]
    yield "5.2", "a pong in two fragments", [b"".join(fragments(PONG, b"a", b"b")), FAIL]
    yield from three_ways("5.3", "a text in two", two, both)
    yield from three_ways("5.6", "a ping between", [two[0], ping, two[1]], pong, both)
    yield from three_ways("5.9", "nothing to go on with", [loose, hello], FAIL)
    yield from three_ways("5.12", "nor if more follows", [loose_more, hello], FAIL)
    yield "5.15", "nothing left to go on with", [b"".join([*two, loose_more, hello]), both, FAIL]
    yield "5.16", "a loose fragment, then a text, twice", [(loose_more + hello) * 2, FAIL]
    yield "5.17", "a loose last fragment, then a text, twice", [(loose + hello) * 2, FAIL]
    yield "5.18", "both fragments with an opcode", [
        frame(TEXT, b"fragment1", fin=False) + frame(TEXT, b"fragment2"),
        FAIL,
    ]
    five = fragments(TEXT, b"fragment1", b"fragment2", b"fragment3", b"fragment4", b"fragment5")
    all_five = ("text", b"fragment1fragment2fragment3fragment4fragment5")
    pong1, pong2 = ("pong", b"ping1"), ("pong", b"ping2")
    ping1, ping2 = frame(PING, b"ping1"), frame(PING, b"ping2")
    yield "5.19", "five fragments, pings answered between", [
        five[0] + five[1] + ping1,
        pong1,
        five[2] + five[3] + ping2,
        pong2,
        five[4],
        all_five,
    ]
    yield "5.20", "the same at once", [
        five[0] + five[1] + ping1 + five[2] + five[3] + ping2 + five[4],
        pong1,
        pong2,
        all_five,
    ]


def closing():
    """Chapter 7."""
    hello, done = frame(TEXT, b"Hello World!"), close_frame(1000)
    echo, closed = ("text", b"Hello World!"), ("close", 1000)
    yield "7.1.1", "a text, then a close", [hello, done, echo, closed]
    yield "7.1.2", "two closes", [done + done, closed]
    yield "7.1.3", "a ping behind the close", [done + frame(PING), closed]
    yield "7.1.4", "a text behind the close", [done + hello, closed]
    two = fragments(TEXT, b"fragment1", b"fragment2")
    yield "7.1.5", "a close between fragments", [two[0] + done + two[1], closed]
    big = b"BAsd7&jh23" * 26 * 1024
    yield "7.1.6", "256 KB, then a text, a close, a ping", [
        frame(TEXT, big) + hello + done + frame(PING),
        ("text", big),
        echo,
        closed,
    ]
    yield "7.3.1", "a close without code", [close_frame(), ("close", 1005)]
    yield "7.3.2", "half a code", [frame(CLOSE, b"a"), FAIL]
    yield "7.3.3", "a code", [done, closed]
    yield "7.3.4", "a code and a reason", [close_frame(1000, b"Hello World!"), closed]
    yield "7.3.5", "the longest reason", [close_frame(1000, b"*" * 123), closed]
    yield "7.3.6", "a longer one", [close_frame(1000, b"*" * 124), FAIL]
    wrong = "κόσμε".encode() + b"\xed\xa0\x80" + b"edited"
    yield "7.5.1", "a reason that is not UTF-8", [close_frame(1000, wrong), BAD_TEXT]
    valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
    for at, code in enumerate(valid, 1):
        yield f"7.7.{at}", f"code {code}", [close_frame(code), ("close", code)]
    wrong = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
    for at, code in enumerate(wrong, 1):
        yield f"7.9.{at}", f"code {code}", [close_frame(code), FAIL]
    yield "7.13.1", "code 5000", [close_frame(5000), FAIL]
    yield "7.13.2", "code 65535", [close_frame(65535), FAIL]


KB, MB = 1 << 10, 1 << 20


def limits():
    """Chapter 9."""
    kinds = ((TEXT, "text", b"*"), (BINARY, "binary", b"\xfe"))
    sizes = [64 * KB, 256 * KB, MB, 4 * MB, 8 * MB, 16 * MB]
    for section, (opcode, name, fill) in enumerate(kinds, 1):
        for at, size in enumerate(sizes, 1):
            payload = fill * size
            yield f"9.{section}.{at}", f"{name} of {size}", [frame(opcode, payload), (name, payload)]
    sizes = [64, 256, KB, 4 * KB, 16 * KB, 64 * KB, 256 * KB, MB, 4 * MB]
    for section, (opcode, name, fill) in enumerate(kinds, 3):
        payload = fill * 4 * MB
        for at, size in enumerate(sizes, 1):
            parts = [payload[:size]] * (len(payload) // size)
            yield f"9.{section}.{at}", f"{name} of 4 MB in fragments of {size}", [
                b"".join(fragments(opcode, *parts)),
                (name, payload),
            ]
    for section, (opcode, name, fill) in enumerate(kinds, 5):
        payload = fill * MB
        for at, size in enumerate([64, 128, 256, 512, KB, 2 * KB], 1):
            yield f"9.{section}.{at}", f"{name} of 1 MB in segments of {size}", [
                chopped(frame(opcode, payload), size),
                (name, payload),
            ]
    for section, (opcode, name, fill) in enumerate(kinds, 7):
        for at, size in enumerate([0, 16, 64, 256, KB, 4 * KB], 1):
            payload = fill * size
            yield f"9.{section}.{at}", f"1000 times {name} of {size}, there and back", [
                frame(opcode, payload),
                (name, payload),
            ] * 1000


def fragmenting():
    """Chapter 10."""
    payload = b"*" * 65536
    parts = [payload[at:at + 1300] for at in range(0, len(payload), 1300)]
    yield "10.1.1", "64 KB in fragments of 1300", [
        b"".join(fragments(TEXT, *parts)),
        ("text", payload),
    ]
