"""How many drawings ``digitdesk serve`` reads a second, with many clients on this computer.

``.venv/bin/python tests/benchmarks/serve.py`` starts a server on loopback and asks it for a minute,
from processes of its own; every answer is compared with what the reader says. Then, for some
seconds, three times as many clients ask as it has room for: who is refused must be told so soon, by
a 503, and the others get their answers. Drawings are those of ``crohme_dev.json.gz`` where the data
are at hand, and spirals otherwise. It asks nobody else, and no more than ``--most`` times.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session

SECONDS, CLIENTS, MOST = 60.0, 50, 100_000
OVERLOAD_SECONDS, OVERLOAD_CLIENTS = 5.0, 150
_WARM_SECONDS = 10.0
_CLOSE = 1e-3
HOME = "DIGITDESK_HOME"


@dataclass
class Tally:
    """What came of the questions of some clients."""

    seconds: list[float] = field(default_factory=list)
    refused_seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0


def drawings(count: int = 200) -> list[Any]:
    from digitdesk.ink.stroke_file import read_stroke_file
    from digitdesk.ink.strokes import fit_to_board

    folder = os.environ.get("DIGITDESK_DATA", "")
    files = list(Path(folder).rglob("crohme_dev.json.gz")) if folder else []
    if files:
        kept = [fit_to_board(one.strokes) for one in read_stroke_file(files[0])[:count]]
        return [[[[round(x, 3), round(y, 3)] for x, y, *_ in s] for s in one] for one in kept]
    found = []
    for k in range(count):
        angles = [(k % 12 + 1) * 0.5 * step / 30 for step in range(31)]
        found.append([[[140 + (40 + k / 9) * math.cos(a), 140 - 90 * math.sin(a)] for a in angles]])
    return found


def client(port: int, asked: list[Any], expected: list[Any], until: float, pause: float,
           share: int, tally: Tally, start: int) -> None:  # fmt: skip
    """One client: asks, waits for the answer, and asks again."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"}
    next_at = time.monotonic()
    for number in range(share):
        next_at = max(next_at + pause, time.monotonic())
        time.sleep(max(0.0, next_at - time.monotonic()))
        if time.monotonic() > until:
            break
        k = (start + number) % len(asked)
        begun = time.monotonic()
        line.request("POST", "/api/predict", asked[k], headers)
        response = line.getresponse()
        content = response.read()
        tally.statuses[response.status] += 1
        if response.status != 200:
            tally.refused_seconds.append(time.monotonic() - begun)
            time.sleep(float(response.getheader("Retry-After", "1")))
            continue
        tally.seconds.append(time.monotonic() - begun)
        (answer,) = json.loads(content)["predictions"]
        pairs = zip(answer["probabilities"], expected[k], strict=True)
        tally.wrong += any(abs(a - b) > _CLOSE for a, b in pairs)
    line.close()


def clients(port: int, count: int, seconds: float, pause: float, share: int, first: int,
            results: Any) -> None:  # fmt: skip
    """Some of the clients, in a process of their own."""
    session = Session(UserPaths.default(), environ={})
    drawn = drawings()
    expected = [session.read_strokes(as_strokes(one)).probabilities for one in drawn]
    asked = [json.dumps({"strokes": one}) for one in drawn]
    results.put("ready")
    tallies = [Tally() for _ in range(count)]
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=client,
            args=(port, asked, expected, until, pause, share, tally, 7 * (first + k)),
        )
        for k, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(tallies)


def as_strokes(drawing: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple((x, y) for x, y in stroke) for stroke in drawing)


def memory_mb(pid: int) -> float:
    """What a process holds in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--seconds", type=float, default=SECONDS)
    add("--clients", type=int, default=CLIENTS)
    add("--rate", type=float, default=0, help="questions a second of all together (as many as go)")
    add("--most", type=int, default=MOST, help="questions in all")
    options = parser.parse_args()
    seconds = min(options.seconds, 600.0)
    count = min(options.clients, 500)
    words = [sys.executable, "-m", "digitdesk", "serve", "--port", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split(":")[2].split("/")[0])
            pause = count / options.rate if options.rate else 0.0
            measure_load(server.pid, port, seconds, count, pause, options.most)
            measure_overload(port, options.most)
        finally:
            server.terminate()


class Load:
    """Clients in two processes; they begin once all know what the right answers are."""

    def __init__(self, port: int, count: int, seconds: float, pause: float, most: int) -> None:
        self._results: Any = multiprocessing.Queue()
        self._seconds = seconds
        halves = (count // 2, count - count // 2)
        self._processes = [
            multiprocessing.Process(
                target=clients,
                args=(port, n, seconds, pause, most // count, k * count, self._results),
            )
            for k, n in enumerate(halves)
        ]
        for process in self._processes:
            process.start()
        for _ in self._processes:
            assert self._results.get(timeout=120) == "ready"
        self._begun = time.monotonic()

    def tally(self) -> tuple[Tally, float]:
        """What came of all questions, and how many seconds it took; waits for the end."""
        parts: list[Tally] = []
        for _ in self._processes:
            parts += self._results.get(timeout=self._seconds + 120)
        taken = time.monotonic() - self._begun
        for process in self._processes:
            process.join()
        whole = Tally(
            sorted(second for part in parts for second in part.seconds),
            sorted(second for part in parts for second in part.refused_seconds),
            sum((part.statuses for part in parts), Counter()),
            sum(part.wrong for part in parts),
        )
        return whole, taken


def at(seconds: list[float], part: float) -> str:
    """So many of these times are no longer."""
    return f"{1000 * seconds[int(part * len(seconds))]:.0f} ms" if seconds else "no time"


def measure_load(pid: int, port: int, seconds: float, count: int, pause: float, most: int) -> None:
    """As many questions as go, or at a steady pace."""
    load = Load(port, count, seconds, pause, most)
    used = processor_seconds(pid)
    time.sleep(min(_WARM_SECONDS, seconds / 2))
    warm = memory_mb(pid)
    tally, taken = load.tally()
    used = processor_seconds(pid) - used
    times, grown = tally.seconds, memory_mb(pid) / warm - 1
    sys.stdout.write(
        f"{len(times) / taken:.0f} predictions a second, {count} clients, {taken:.0f} s; "
        f"median {at(times, 0.5)}, p99 {at(times, 0.99)}\n"
        f"answers by status {dict(tally.statuses)}, wrong {tally.wrong}; "
        f"the server used {1000 * used / max(1, len(times)):.1f} ms of a processor for each; "
        f"memory {warm:.0f} MB after warm-up, grown by {100 * grown:.1f} %\n"
    )


def measure_overload(port: int, most: int) -> None:
    """More clients than there is room for: how they are refused, and that it works afterwards."""
    tally, _ = Load(port, OVERLOAD_CLIENTS, OVERLOAD_SECONDS, 0.0, most).tally()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/api/health")
    health = json.loads(line.getresponse().read())
    sys.stdout.write(
        f"overload, {OVERLOAD_CLIENTS} clients, {OVERLOAD_SECONDS:.0f} s: "
        f"answers by status {dict(tally.statuses)}, wrong {tally.wrong}; p99 "
        f"{at(tally.seconds, 0.99)} answered, {at(tally.refused_seconds, 0.99)} refused; "
        f"afterwards {health['status']}, {health['waiting']} waiting\n"
    )


if __name__ == "__main__":
    main()
