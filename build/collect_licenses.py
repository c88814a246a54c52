"""Gathers the licences of everything in a build into one folder, with an index.

Run by make_exe.py inside the build environment; it reads the list the recipe left behind.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LICENSE_WORDS = ("license", "licence", "copying", "notice", "copyright", "authors", "ofl")
_LONGEST_SHORT = 120
#: Below these folders a file belongs to an installed distribution or to Python itself.
_OWN_FOLDERS = (Path(sys.prefix), Path(sys.base_prefix), ROOT)

DATA_CREDITS = """\
The data the bundled reader learned from (none of it is in this folder)

MNIST: Yann LeCun and Corinna Cortes, made from NIST's Special Databases 1 and 3. CC BY-SA 3.0.

Pen-Based Recognition of Handwritten Digits: E. Alpaydin and F. Alimoglu, UCI Machine Learning
Repository. CC BY 4.0.
"""


@dataclass(frozen=True)
class Row:
    """One line of the index."""

    name: str
    version: str
    license: str
    files: tuple[str, ...]


def main(analysis: Path, target: Path) -> int:
    """Fill ``target``; 1 where something in the build has no licence text.

    Args:
        analysis: The packer's work folder, where the recipe wrote ``bundled.json``.
        target: Folder to make.
    """
    bundled = json.loads((analysis / "bundled.json").read_text(encoding="utf-8"))
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", target / "DigitDesk.txt")
    (target / "data sets.txt").write_text(DATA_CREDITS, encoding="utf-8")
    rows = [_python(target)]
    rows += [
        _distribution(name, target)
        for name in sorted(_distributions(bundled["names"]), key=str.lower)
    ]
    rows += _system_libraries((Path(source) for source in bundled["sources"]), target)
    index = "\n".join(
        ["DigitDesk itself: MIT, see DigitDesk.txt. It contains:", "", *map(_line, rows), ""]
    )
    (target / "INDEX.txt").write_text(index, encoding="utf-8")
    missing = [row.name for row in rows if not row.files]
    print(f"licences of {len(rows)} components in {target}")
    if missing:
        print(f"no licence text found for: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def _line(row: Row) -> str:
    where = ", ".join(row.files) or "no text found"
    return f"{row.name} {row.version}: {row.license}; {where}"


def _python(target: Path) -> Row:
    places = [
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(importlib.metadata.__file__).parents[2] / "LICENSE.txt",
        Path(importlib.metadata.__file__).parents[1] / "LICENSE.txt",
        Path("/usr/share/doc/python3/copyright"),
    ]
    files = []
    for place in places:
        if place.is_file():
            shutil.copyfile(place, target / "Python.txt")
            files = ["Python.txt"]
            break
    version = ".".join(map(str, sys.version_info[:3]))
    return Row("Python", version, "Python Software Foundation License", tuple(files))


def _distributions(names: Iterable[str]) -> set[str]:
    """Installed distributions that have something in the build."""
    owners = importlib.metadata.packages_distributions()
    found = {"pyinstaller"}  # its start-up program is the executable's first part
    for name in names:
        top = name.replace("\\", "/").split("/")[0].split(".")[0]
        found.update(owners.get(top, ()))
    return found


def _distribution(name: str, target: Path) -> Row:
    distribution = importlib.metadata.distribution(name)
    metadata = distribution.metadata
    texts = [
        file
        for file in distribution.files or ()
        if any(word in file.name.lower() for word in _LICENSE_WORDS)
        and file.suffix.lower() in {"", ".txt", ".md", ".rst", ".bsd", ".apache"}
    ]
    written = []
    for file in texts:
        source = Path(str(distribution.locate_file(file)))
        if source.is_file():
            # Keep the order of a distribution's own folder of licences, where it has one.
            parts = (
                file.parts[file.parts.index("licenses") + 1 :] if "licenses" in file.parts else ()
            )
            copy = target / name / Path(*(parts or (file.name,)))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            written.append(copy.relative_to(target).as_posix())
    short = metadata.get("License-Expression") or _short(metadata)
    where = (f"{name}/",) if written else ()
    return Row(name, distribution.version, short, where)


def _short(metadata: importlib.metadata.PackageMetadata) -> str:
    """A line for the index from older metadata, whose field may hold the whole text."""
    line = (metadata.get("License") or "").strip()
    if line and "\n" not in line and len(line) <= _LONGEST_SHORT:
        return line
    classes = metadata.get_all("Classifier") or []
    found = [text.split(" :: ")[-1] for text in classes if text.startswith("License ::")]
    return ", ".join(found) or "see its text"


def _system_libraries(sources: Iterable[Path], target: Path) -> Iterator[Row]:
    """Libraries that came from the system the build ran on, by its packages."""
    if shutil.which("dpkg-query") is None:
        return
    outside = {
        source
        for source in sources
        if source.is_absolute() and not any(source.is_relative_to(own) for own in _OWN_FOLDERS)
    }
    packages: dict[str, None] = {}
    for source in sorted(outside):
        packages.update(dict.fromkeys(_owners(source)))
    for package in sorted(packages):
        text = Path("/usr/share/doc") / package.split(":")[0] / "copyright"
        files = ()
        if text.is_file():
            files = (f"{package.split(':')[0]}.txt",)
            shutil.copyfile(text, target / files[0])
        version = _ask("dpkg-query", "--show", "--showformat=${Version}", package)
        yield Row(package.split(":")[0], version, "Debian package", files)


def _owners(source: Path) -> list[str]:
    """The package a file belongs to; it may be known with or without a leading /usr."""
    real = source.resolve()
    for path in (
        real,
        source,
        Path("/") / real.relative_to("/usr") if "usr" in real.parts else real,
    ):
        answer = _ask("dpkg-query", "--search", str(path))
        if answer:
            return [line.rsplit(": ", 1)[0] for line in answer.splitlines()]
    return []


def _ask(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
