"""Builds the executables: a clean environment, PyInstaller, licences, archive, and what it weighs.

``make exe`` runs it with the system's Python; everything it writes is below build/out/.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

BUILD = Path(__file__).resolve().parent
ROOT = BUILD.parent
OUT = BUILD / "out"
ENVIRONMENT = OUT / "venv"
DIST = OUT / "dist"
NAME = "DigitDesk"
PACKER = "pyinstaller>=6.22,<7"
WINDOWS, MACOS = sys.platform == "win32", sys.platform == "darwin"
MEGABYTE = 1_000_000
LARGEST_FOLDER_MB, LARGEST_ARCHIVE_MB = 100, 40


def main() -> int:
    """Build everything; 0 where it worked and stayed within the limits of size."""
    parser = argparse.ArgumentParser(description="Build DigitDesk's executables.")
    parser.add_argument(
        "--keep-environment", action="store_true", help="do not make the environment anew"
    )
    arguments = parser.parse_args()
    if sys.platform == "linux" and shutil.which("objdump") is None:
        sys.exit("make exe needs objdump. On Debian or Ubuntu: sudo apt install binutils")
    python = _make_environment(keep=arguments.keep_environment)
    _run_packer(python)
    folder = DIST / (f"{NAME}.app" if MACOS else NAME)
    _add_companions(python, folder)
    # A build that lacks something says so here, and not to the first user.
    _run(_command_line(folder), "--self-test")
    archive = _pack(folder)
    single = _name_single_file()
    return _weigh(folder, archive, single)


def _make_environment(*, keep: bool) -> Path:
    """A virtual environment with what the app needs to run, the packer, and nothing else."""
    python = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")
    if keep and python.exists():
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run(sys.executable, "-m", "venv", ENVIRONMENT)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, *project["dependencies"], PACKER)
    return python


def _run_packer(python: Path) -> None:
    # The packer's usual folders are build/ and dist/, and the first of them holds our recipes.
    _run(
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--workpath", OUT / "work", "--distpath", DIST),
        BUILD / "digitdesk.spec",
    )


def _add_companions(python: Path, folder: Path) -> None:
    """Put licences, a note and, on Linux, the desktop entry beside the program."""
    beside = folder / "Contents" / "Resources" if MACOS else folder
    analysis = OUT / "work" / "digitdesk"
    _run(python, BUILD / "collect_licenses.py", analysis, beside / "LICENSES")
    if sys.platform == "linux":
        for source in (BUILD / "linux").iterdir():
            shutil.copy(source, beside / source.name)
        shutil.copy(ROOT / "assets" / "icon.png", beside / "digitdesk.png")


def _command_line(folder: Path) -> Path:
    """The program that answers on a console."""
    if MACOS:
        return folder / "Contents" / "MacOS" / NAME
    return folder / ("digitdesk-cli.exe" if WINDOWS else NAME)


def _pack(folder: Path) -> Path:
    """The folder as one file to hand out, the same bytes for the same content."""
    if sys.platform == "linux":
        # A quarter smaller than with gzip; every desktop unpacks it by a double click.
        archive = OUT / f"{_full_name()}.tar.xz"
        with tarfile.open(archive, "w:xz", preset=6) as tar:
            for path in [folder, *sorted(folder.rglob("*"))]:
                tar.add(path, path.relative_to(DIST), recursive=False, filter=_anonymous)
        return archive
    archive = OUT / f"{_full_name()}.zip"
    if MACOS:
        # The system's own tool keeps links and permissions of an app bundle.
        _run("ditto", "-c", "-k", "--keepParent", folder, archive)
        return archive
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed_zip:
        for path in sorted(folder.rglob("*")):
            packed_zip.write(path, path.relative_to(DIST))
    return archive


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _name_single_file() -> Path:
    suffix = ".exe" if WINDOWS else ""
    single = OUT / f"{_full_name()}-onefile{suffix}"
    shutil.copy2(DIST / f"{NAME}-onefile{suffix}", single)
    return single


def _full_name() -> str:
    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    return f"{NAME}-{_version()}-{system}-{platform.machine().lower()}"


def _version() -> str:
    text = (ROOT / "digitdesk" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    assert found is not None
    return found[1]


def _weigh(folder: Path, archive: Path, single: Path) -> int:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    folder_mb = sum(path.stat().st_size for path in files) / MEGABYTE
    archive_mb = archive.stat().st_size / MEGABYTE
    print(f"folder   {folder_mb:6.1f} MB in {len(files)} files: {folder.relative_to(ROOT)}")
    print(f"archive  {archive_mb:6.1f} MB: {archive.relative_to(ROOT)}")
    print(f"one file {single.stat().st_size / MEGABYTE:6.1f} MB: {single.relative_to(ROOT)}")
    if folder_mb > LARGEST_FOLDER_MB or archive_mb > LARGEST_ARCHIVE_MB:
        print(f"too large: {LARGEST_FOLDER_MB} and {LARGEST_ARCHIVE_MB} MB are the limits")
        return 1
    return 0


def _run(*command: str | Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    try:
        subprocess.run([str(word) for word in command], check=True, cwd=ROOT, env=clean)
    except subprocess.CalledProcessError as error:
        words = " ".join(str(word) for word in command)
        sys.exit(f"make exe stopped: '{words}' ended with {error.returncode}; see above")


if __name__ == "__main__":
    sys.exit(main())
