"""How many drawings ``digitdesk serve`` reads a second, with many clients on this computer.

``.venv/bin/python tests/benchmarks/serve.py`` starts a server on loopback and asks it for a minute,
from processes of its own; every answer is compared with what the reader says. Drawings are those of
``crohme_dev.json.gz`` where the data are at hand, and spirals otherwise. It asks nobody else, and
no more than ``--most`` times.
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
_WARM_SECONDS = 10.0
_CLOSE = 1e-3
HOME = "DIGITDESK_HOME"


@dataclass
class Tally:
    """What came of the questions of some clients."""

    seconds: list[float] = field(default_factory=list)
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
            run(server.pid, port, seconds, count, options.rate, options.most)
        finally:
            server.terminate()


def run(pid: int, port: int, seconds: float, count: int, rate: float, most: int) -> None:
    results: Any = multiprocessing.Queue()
    pause, halves = count / rate if rate else 0.0, (count // 2, count - count // 2)
    processes = [
        multiprocessing.Process(
            target=clients,
            args=(port, n, seconds, pause, most // count, k * count, results),
        )
        for k, n in enumerate(halves)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        assert results.get(timeout=120) == "ready"
    begun, used = time.monotonic(), processor_seconds(pid)
    time.sleep(min(_WARM_SECONDS, seconds / 2))
    warm = memory_mb(pid)
    tallies: list[Tally] = []
    for _ in processes:
        tallies += results.get(timeout=seconds + 120)
    taken, used = time.monotonic() - begun, processor_seconds(pid) - used
    grown = memory_mb(pid) / warm - 1
    for process in processes:
        process.join()
    times = sorted(second for tally in tallies for second in tally.seconds)
    statuses: Counter[int] = sum((tally.statuses for tally in tallies), Counter())
    sys.stdout.write(
        f"{len(times) / taken:.0f} predictions a second, {count} clients, {taken:.0f} s; "
        f"median {1000 * times[len(times) // 2]:.0f} ms, "
        f"p99 {1000 * times[int(0.99 * len(times))]:.0f} ms\n"
        f"answers by status {dict(statuses)}, wrong {sum(tally.wrong for tally in tallies)}; "
        f"the server used {1000 * used / max(1, len(times)):.1f} ms of a processor for each; "
        f"memory {warm:.0f} MB after warm-up, grown by {100 * grown:.1f} %\n"
    )


if __name__ == "__main__":
    main()
