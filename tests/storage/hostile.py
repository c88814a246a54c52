"""Makes damaged and hostile files for the tests: mutants, bombs and pickles that would run code."""

from __future__ import annotations

import pickle
import random
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

EXTREMES = (0, 1, 127, 128, 255, 0xFFFF, 1 << 20, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutant(
    raw: bytes, rng: random.Random, others: Sequence[bytes] = (), words: Sequence[bytes] = ()
) -> bytes:
    """The bytes after one to four accidents, small and large.

    Args:
        raw: A good file.
        rng: Chooses the accidents.
        others: Good files of the same kind, of which parts are spliced in.
        words: What means something in such a file, put in at any place.
    """
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 4))):
        place = rng.randrange(len(data) + 1) if data else 0
        length = rng.choice((1, 2, 4, 8, 64))
        accident = rng.randrange(12)
        if accident == 0 and data:
            data[place % len(data)] ^= 1 << rng.randrange(8)
        elif accident == 1 and data:
            data[place % len(data)] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
        elif accident == 2:
            del data[place : place + length]
        elif accident == 3:
            data[place:place] = rng.randbytes(length)
        elif accident == 4:
            data[place:place] = data[place : place + length] * rng.choice((1, 1, 100))
        elif accident == 5:
            del data[place:]
        elif accident == 6:
            source = rng.randrange(len(data) + 1)
            data[place : place + length] = data[source : source + length]
        elif accident in (7, 8):
            # A length field, of whatever width and byte order, says something extreme.
            width, order = rng.choice((1, 2, 4, 4, 8)), rng.choice((*"<<>",))
            number = rng.choice(EXTREMES) & ((1 << 8 * width) - 1)
            form = {1: "B", 2: "H", 4: "I", 8: "Q"}[width]
            data[place : place + width] = struct.pack(order + form, number)
        elif accident == 9 and others:
            other = rng.choice(others)
            data[place:] = other[rng.randrange(len(other) + 1) :]
        elif accident == 10 and words:
            word = rng.choice(words)
            data[place : place + rng.choice((0, len(word)))] = word
        elif accident == 11:
            data += data[place:] if rng.randrange(4) else rng.randbytes(length)
    return bytes(data)


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


class Sets:
    """Pickles as an object whose state is set by BUILD."""

    def __init__(self) -> None:
        self.state = 1


class Made:
    """Pickles with arguments for ``__new__``."""

    def __new__(cls, *_: Any, **__: Any) -> Made:
        return super().__new__(cls)

    def __getnewargs_ex__(self) -> Any:
        return (1,), {"x": 2}


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def malicious_pickles(canary: Path) -> Iterator[tuple[str, bytes]]:
    """Pickles that would create the canary file, or do something else no model file needs."""
    import builtins
    import codecs
    import functools
    import importlib
    import operator
    import os
    import shutil
    import subprocess

    touch = f"open({str(canary)!r}, 'w').close()"
    by_call = {
        "exec": Calls(exec, touch),
        "eval": Calls(eval, touch),
        "open": Calls(open, str(canary), "w"),
        "compile": Calls(compile, touch, "x", "exec"),
        "getattr": Calls(getattr, Path(canary), "touch"),
        "system": Calls(os.system, f"touch {canary}"),
        "popen": Calls(os.popen, f"touch {canary}"),
        "mkdir": Calls(os.mkdir, str(canary)),
        "putenv": Calls(os.putenv, "HARM", "1"),
        "subprocess": Calls(subprocess.call, ["touch", str(canary)]),
        "Popen": Calls(subprocess.Popen, ["touch", str(canary)]),
        "import_module": Calls(importlib.import_module, "antigravity"),
        "__import__": Calls(builtins.__import__, "os"),
        "partial": Calls(functools.partial, exec, touch),
        "attrgetter": Calls(operator.attrgetter("parent"), Path(canary)),
        "methodcaller": Calls(operator.methodcaller("touch"), Path(canary)),
        "rmtree": Calls(shutil.rmtree, str(canary), True),
        "decode": Calls(codecs.decode, b"x", "rot13"),
        "breakpoint": Calls(breakpoint),
        "loads": Calls(pickle.loads, pickle.dumps(Calls(exec, touch))),
        "bytearray": Calls(bytearray, 10**9),
        "path": Path(canary),
        "build": Sets(),
        "newobj_ex": Made(),
        "class": Sets,
        "function": os.system,
        "hidden in a dictionary": {"card": "{}", "arrays": {}, "sha256": Calls(exec, touch)},
        "hidden as a key": {Calls(str, "x"): 1},
        "hidden in an array": {"arrays": {"w": ("float32", Calls(exec, touch), b"")}},
    }
    for name, value in by_call.items():
        for protocol in (2, 3, 4, 5) if name in ("exec", "system", "newobj_ex") else (3,):
            yield f"{name}-{protocol}", pickle.dumps(value, protocol)
    command = f"touch {canary}".encode()
    head, argument = b"\x80\x03", text(command.decode())
    yield from {
        "protocol 0": pickle.dumps(Calls(exec, touch), 0),
        "global": head + b"cposix\nsystem\n" + argument + b"\x85R.",
        "inst": head + b"(" + argument + b"iposix\nsystem\n.",
        "obj": head + b"(cposix\nsystem\n" + argument + b"o.",
        "newobj": head + b"cposix\nsystem\n" + argument + b"\x85\x81.",
        "stack_global": head + text("posix") + text("system") + b"\x93" + argument + b"\x85R.",
        "extension 1": head + b"\x82\x01.",
        "extension 2": head + b"\x83\x01\x00.",
        "extension 4": head + b"\x84\x01\x00\x00\x00.",
        "persistent id": head + b"Pfile:///etc/passwd\n.",
        "binary persistent id": head + text("x") + b"Q.",
        "next buffer": b"\x80\x05\x97.",
        "harm before damage": head + b"cposix\nsystem\n" + argument + b"\x85R\xff",
        "harm after the end": head + b"}.cposix\nsystem\n" + argument + b"\x85R.",
        "harm thrown away": head + b"cposix\nsystem\n" + argument + b"\x85R0}.",
        "two protocols": head + b"\x80\x05cposix\nsystem\n" + argument + b"\x85R.",
        "line feed in a name": head + b"cposix\nsystem\n0}.",
        "frame around": b"\x80\x04\x95" + struct.pack("<Q", 40) + b"cposix\nsystem\n" + argument,
        "long of a gigabyte": head + b"\x8b\x00\x00\x00\x40.",
        "bytes of four gigabytes": head + b"B\xff\xff\xff\xff.",
        "text of two gigabytes": head + b"X\xff\xff\xff\x7f.",
        "eight byte length": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
        "memo of a billion": head + b"}r\xff\xff\xff\x7f.",
        "doubling": head + b")" + b"2\x86" * 60 + b".",
        "doubling by memo": head + b")q\x00" + b"h\x00h\x00\x86q\x00" * 60 + b".",
        "marks only": head + b"(" * 500_000 + b".",
        "deep tuples": head + b")" + b"\x85" * 500_000 + b".",
        "unhashable key": head + b"}(}X\x00\x00\x00\x00u.",
        "stack underflow": head + b"u.",
        "no end": head + b"}",
        "a list": pickle.dumps([1], 3),
        "a float": pickle.dumps(1.5, 3),
        "none": pickle.dumps(None, 3),
        "a set": pickle.dumps({1}, 4),
        "wrong keys": head + b"}.",
    }.items()
