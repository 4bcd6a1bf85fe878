# SPDX-License-Identifier: MIT
"""Chapter 6: texts that are UTF-8, and texts that are not.

The sequences are those of the usual stress tests of UTF-8 decoders, made here
from what the encoding says; each is sent whole, and each invalid one must be
refused at its first byte that no character can go on with.
"""
from wire import MORE, TEXT, frame
from wire_cases import BAD_TEXT, chopped, fragments

KOSME = "κόσμε".encode()
GREETING = "Hello-µ@ßöäüàá-UTF-8!!".encode()


def first_wrong(data):
    """Where Python's strict decoder finds the first wrong byte; None: fine."""
    for end in range(1, len(data) + 1):
        try:
            data[:end].decode()
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                return end
    return None


def is_valid(data):
    """Whether it is UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def sequence(code, size):
    """The code point in so many bytes, be it too many or past the last one."""
    if size == 1:
        return bytes([code])
    lead = (0xff00 >> size) & 0xff
    shift = 6 * (size - 1)
    tail = [0x80 | (code >> at) & 0x3f for at in range(shift - 6, -1, -6)]
    return bytes([lead | code >> shift, *tail])


def surrogates(*codes):
    """UTF-16's halves as if they were characters."""
    return b"".join(sequence(code, 3) for code in codes)


def lonely(first, last):
    """Each of those first bytes, a space behind."""
    return b"".join(bytes([byte, 0x20]) for byte in range(first, last))


def tables():
    """(number, data) of sections 6.5 to 6.23."""
    last_missing = [
        sequence(0, 2)[:-1],
        sequence(0, 3)[:-1],
        sequence(0, 4)[:-1],
        sequence(0, 5)[:-1],
        sequence(0, 6)[:-1],
        sequence(0x7ff, 2)[:-1],
        sequence(0xffff, 3)[:-1],
        sequence(0x1fffff, 4)[:-1],
        sequence(0x3ffffff, 5)[:-1],
        sequence(0x7fffffff, 6)[:-1],
    ]
    pairs = [
        (0xd800, 0xdc00),
        (0xd800, 0xdfff),
        (0xdb7f, 0xdc00),
        (0xdb7f, 0xdfff),
        (0xdb80, 0xdc00),
        (0xdb80, 0xdfff),
        (0xdbff, 0xdc00),
        (0xdbff, 0xdfff),
    ]
    nonchars = [0xfffe, 0xffff]
    nonchars += [plane << 16 | low for plane in range(1, 17) for low in (0xfffe, 0xffff)]
    yield 5, [KOSME, "ὕαλον ϕαγεῖν".encode(), "Ⓗⓔⓛⓛⓞ".encode(), "안녕".encode(), GREETING]
    yield 6, [KOSME[:end] for end in range(1, len(KOSME) + 1)]
    yield 7, [sequence(0, 1), sequence(0x80, 2), sequence(0x800, 3), sequence(0x10000, 4)]
    yield 8, [sequence(0x200000, 5), sequence(0x4000000, 6)]
    yield 9, [sequence(0x7f, 1), sequence(0x7ff, 2), sequence(0xffff, 3), sequence(0x10ffff, 4)]
    yield 10, [sequence(0x1fffff, 4), sequence(0x3ffffff, 5), sequence(0x7fffffff, 6)]
    yield 11, [sequence(code, 3) for code in (0xd7ff, 0xe000, 0xfffd)] + [
        sequence(0x10ffff, 4),
        sequence(0x110000, 4),
    ]
    yield 12, [b"\x80", b"\xbf"] + [(b"\x80\xbf" * 4)[:size] for size in range(2, 7)] + [
        bytes(range(0x80, 0xc0))
    ]
    yield 13, [
        lonely(0xc0, 0xe0),
        lonely(0xe0, 0xf0),
        lonely(0xf0, 0xf8),
        lonely(0xf8, 0xfc),
        lonely(0xfc, 0xfe),
    ]
    yield 14, last_missing
    yield 15, [b"".join(last_missing)]
    yield 16, [b"\xfe", b"\xff", b"\xfe\xfe\xff\xff"]
    yield 17, [sequence(ord("/"), size) for size in range(2, 7)]
    yield 18, [
        sequence(most, size)
        for size, most in ((2, 0x7f), (3, 0x7ff), (4, 0xffff), (5, 0x1fffff), (6, 0x3ffffff))
    ]
    yield 19, [sequence(0, size) for size in range(2, 7)]
    yield 20, [
        surrogates(code) for code in (0xd800, 0xdb7f, 0xdb80, 0xdbff, 0xdc00, 0xdf80, 0xdfff)
    ]
    yield 21, [surrogates(*pair) for pair in pairs]
    yield 22, [chr(code).encode() for code in nonchars]
    specials = (0xfffe, 0xfeff, 0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd)
    yield 23, [chr(code).encode() for code in specials]


def sequences():
    """Sections 6.5 to 6.23, whole, and the wrong ones up to where they show."""
    for section, rows in tables():
        for at, data in enumerate(rows, 1):
            number = f"6.{section}.{at}"
            name = data.hex(" ")
            if is_valid(data):
                yield number, name, [frame(TEXT, data), ("text", data)]
                yield number + "-bytes", name, [
                    *fragments(TEXT, *(data[at:at + 1] for at in range(len(data)))),
                    ("text", data),
                ]
                continue
            yield number, name, [frame(TEXT, data), BAD_TEXT]
            shown = first_wrong(data)
            if shown is not None:
                # The rest of the frame is never sent.
                whole = frame(TEXT, data + b"*" * 1000)
                head = len(whole) - len(data) - 1000
                yield number + "-early", name, [whole[:head + shown], BAD_TEXT]


def texts():
    """Sections 6.1 to 6.4, and what comes of the tables."""
    yield "6.1.1", "an empty text", [frame(TEXT), ("text", b"")]
    yield "6.1.2", "in three fragments", [b"".join(fragments(TEXT, b"", b"", b"")), ("text", b"")]
    yield "6.1.3", "the middle one not empty", [
        b"".join(fragments(TEXT, b"", b"middle frame payload", b"")),
        ("text", b"middle frame payload"),
    ]
    bytes_of = [KOSME[at:at + 1] for at in range(len(KOSME))]
    yield "6.2.1", "a text", [frame(TEXT, GREETING), ("text", GREETING)]
    yield "6.2.2", "cut between characters", [
        *fragments(TEXT, GREETING[:12], GREETING[12:]),
        ("text", GREETING),
    ]
    yield "6.2.3", "cut everywhere", [
        *fragments(TEXT, *(GREETING[at:at + 1] for at in range(len(GREETING)))),
        ("text", GREETING),
    ]
    yield "6.2.4", "another cut everywhere", [*fragments(TEXT, *bytes_of), ("text", KOSME)]
    wrong = KOSME + b"\xed\xa0\x80" + b"edited"
    yield "6.3.1", "a surrogate in it", [frame(TEXT, wrong), BAD_TEXT]
    yield "6.3.2", "the same cut everywhere", [
        *fragments(TEXT, *(wrong[at:at + 1] for at in range(len(wrong)))),
        BAD_TEXT,
    ]
    # Past the last code point: the second of its bytes shows it.
    parts = [KOSME, b"\xf4\x90\x80\x80", b"edited"]
    yield "6.4.1", "wrong in the second of three fragments", [
        *fragments(TEXT, *parts)[:2],
        BAD_TEXT,
    ]
    parts = [KOSME + b"\xf4", b"\x90", b"\x80\x80edited"]
    yield "6.4.2", "by its second byte", [*fragments(TEXT, *parts)[:2], BAD_TEXT]
    whole = frame(TEXT, KOSME + b"\xf4\x90\x80\x80edited")
    head = len(whole) - len(KOSME) - 10
    at = head + len(KOSME)
    yield "6.4.3", "in one frame in three parts, the last not sent", [
        whole[:at],
        whole[at:at + 4],
        BAD_TEXT,
    ]
    yield "6.4.4", "as early as can be", [whole[:at + 1], whole[at + 1:at + 2], BAD_TEXT]
    yield "6.4.5", "and byte by byte", [chopped(whole[:at + 2]), BAD_TEXT]
    yield "6.4.6", "a fragment that ends a character wrongly", [
        frame(TEXT, b"\xce", fin=False) + frame(MORE, b"a", fin=False),
        BAD_TEXT,
    ]
    yield from sequences()
