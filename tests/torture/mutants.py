"""Opens thousands of damaged files and measures what each costs, in a process of its own.

Run as a program it prints its findings as JSON: ``python -m tests.torture.mutants
KIND COUNT SEED FOLDER``, where the kind may be ``all``.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import random
import resource
import subprocess
import sys
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path

from digitdesk.errors import DigitDeskError
from tests.storage.hostile import mutant
from tests.torture.kills import ROOT
from tests.torture.specimens import Specimen, specimens

MOST_SECONDS = 1.0
MOST_BYTES = 64 << 20
LONGEST_SENTENCE = 600
LOOKED_AFTER = 50
"""Mutants after which the memory is looked at: the system keeps its peak, and asking takes time."""
_ADDRESS_SPACE = 8 << 30
"""Not the bound: it only keeps a failure from taking the whole machine with it."""


@dataclass
class Findings:
    """What opening the mutants of one kind has shown.

    Attributes:
        slowest_seconds: Processor time of the dearest one.
        peak_bytes: Most memory beyond what the process held before the first one.
        problems: What went wrong, with the number of the mutant; empty when all is well.
    """

    kind: str
    mutants: int = 0
    refused: int = 0
    slowest_seconds: float = 0.0
    peak_bytes: int = 0
    problems: list[str] = field(default_factory=list)


def peak_bytes() -> int:
    """Most memory the process has held since ``forget_peak``."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) << 10
    raise LookupError("VmHWM")


def forget_peak() -> None:
    """Let the peak be what the process holds now.

    What earlier tests have left goes first, garbage and memory that was freed but not given back:
    a reader that takes as much again from there would seem to take nothing.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of the GNU C library
    if trim is not None:
        trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def try_mutants(kind: str, specimen: Specimen, count: int, seed: int, folder: Path) -> Findings:
    """Open mutants one after the other.

    Args:
        kind: The specimen's name among ``specimens``.
        specimen: What to damage and how to open it.
        count: How many.
        seed: The same seed gives the same mutants.
        folder: Where the file is written; after a crash it holds the mutant that caused it.
    """
    rng, findings = random.Random(f"{kind} {seed}"), Findings(kind)
    path = folder / specimen.name
    known = set()
    for good in specimen.good:
        path.write_bytes(specimen.pack(good))
        known.add(specimen.read(path))
    forget_peak()
    held = peak_bytes()
    for number in range(count):
        damaged = mutant(rng.choice(specimen.good), rng, specimen.good, specimen.words)
        path.write_bytes(specimen.pack(damaged))
        began = time.process_time()
        try:
            found = specimen.read(path)
            if specimen.is_sealed and found not in known:
                findings.problems.append(f"{number}: silently another content")
        except DigitDeskError as error:
            findings.refused += 1
            if not error.sentence.isprintable() or len(error.sentence) > LONGEST_SENTENCE:
                findings.problems.append(f"{number}: not a sentence: {error.sentence!r:.300}")
        except Exception:
            findings.problems.append(f"{number}: {traceback.format_exc()[-600:]}")
        seconds = time.process_time() - began
        if seconds > MOST_SECONDS:
            findings.problems.append(f"{number}: {seconds:.2f} s")
        findings.mutants += 1
        findings.slowest_seconds = max(findings.slowest_seconds, seconds)
        if findings.mutants % LOOKED_AFTER == 0 or findings.mutants == count:
            peak = peak_bytes() - held
            findings.peak_bytes = max(findings.peak_bytes, peak)
            if peak > MOST_BYTES:
                findings.problems.append(f"{number} or one just before it: {peak >> 20} MB")
                forget_peak()
    return findings


def findings_of(kind: str, count: int, seed: int, folder: Path) -> list[Findings]:
    """The same in a process of its own, one entry for each kind."""
    command = [sys.executable, "-m", "tests.torture.mutants", kind, str(count), str(seed)]
    done = subprocess.run([*command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0, f"{kind}: the process died; the mutant is in {folder}"
    return [Findings(**json.loads(line)) for line in done.stdout.splitlines()]


def main(kind: str, count: str, seed: str, folder: str) -> None:
    """Print one line of JSON for each kind."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    for name, specimen in specimens().items():
        if kind in (name, "all"):
            found = try_mutants(name, specimen, int(count), int(seed), Path(folder))
            sys.stdout.write(json.dumps(asdict(found)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
