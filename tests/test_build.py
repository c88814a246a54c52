"""The recipes of the executable, as far as they can be tried without building one."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

from digitdesk import __version__
from digitdesk.cli import main as cli
from digitdesk.cli import self_test
from digitdesk.inspection.explain.explain import EXPLAINED

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
posix_only = pytest.mark.skipif(os.name != "posix", reason="a shell script of the Linux archive")


# -- what goes in


def test_what_is_needed_stays_and_what_is_not_goes(recipe) -> None:
    trim = recipe("trim")
    kept = [
        "_tcl_data/init.tcl",
        "_tcl_data/encoding/gb2312.enc",
        "_tk_data/ttk/ttk.tcl",
        "certifi/cacert.pem",
        "digitdesk/assets/reader.npz",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
        "matplotlib/mpl-data/fonts/ttf/LastResortHE-Regular.ttf",
        "matplotlib/mpl-data/matplotlibrc",
        "numpy.libs/libscipy_openblas64_-32a4b2a6.so",
        "ttkbootstrap/assets/icons/bootstrap.ttf",
    ]
    dropped = [
        "_tcl_data/tzdata/Europe/Berlin",
        "_tk_data/demos/widget",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans-Bold.ttf",
        "matplotlib/mpl-data/sample_data/goog.npz",
        "pillow.libs/libavif-c6062d5f.so.16.4.2",
        r"tzdata\zoneinfo\UTC",
    ]
    entries = [(name, "source", "DATA") for name in kept + dropped]
    assert [entry[0] for entry in trim.without_dropped(entries)] == kept


def test_no_module_of_ours_or_of_our_requirements_is_excluded(recipe) -> None:
    excluded = set(recipe("trim").excluded_modules())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {name.split(">")[0] for name in project["dependencies"]}
    assert not excluded & (required | {"PIL", "tkinter", "ssl", "digitdesk"})
    assert {"cupy", "PIL.PsdImagePlugin"} <= excluded


def test_every_picture_format_the_board_reads_stays(recipe) -> None:
    from digitdesk.files.picture_file import FORMATS

    trim = recipe("trim")
    kept = {name.upper() for name in trim.KEPT_PICTURE_FORMATS}
    assert set(FORMATS) - kept <= {"AVIF"}, "whose decoder alone takes 5 MB"
    excluded = set(trim.excluded_modules())
    assert not excluded & {f"PIL.{name}ImagePlugin" for name in trim.KEPT_PICTURE_FORMATS}


def library(offset: int, address: int, align: int = 0x1000) -> bytes:
    """The head of a 64-bit ELF file with one segment."""
    header = bytearray(64)
    header[:6] = b"\x7fELF\x02\x01"
    struct.pack_into("<Q", header, 32, 64)
    struct.pack_into("<HH", header, 54, 56, 1)
    return bytes(header) + struct.pack("<IIQQQQQQ", 1, 5, offset, address, 0, 9, 9, align)


def test_a_library_that_would_not_load_is_not_taken_stripped(recipe) -> None:
    is_laid_out = recipe("trim")._is_laid_out_by_page
    assert is_laid_out(library(0x2000, 0x5000))
    assert not is_laid_out(library(0x2010, 0x5000))
    assert not is_laid_out(b"no library")


@pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("strip"), reason="needs strip of a Linux system"
)
def test_stripping_leaves_the_original_alone(recipe, tmp_path: Path) -> None:
    import numpy.random._generator as extension

    source = Path(str(extension.__file__))
    before = source.read_bytes()
    ((name, copy, kind),) = recipe("trim").with_stripped(
        [("numpy/random/_generator.so", str(source), "EXTENSION")], tmp_path
    )
    assert (name, kind) == ("numpy/random/_generator.so", "EXTENSION")
    assert source.read_bytes() == before
    assert Path(copy).stat().st_size <= len(before)


def test_the_recipe_packs_on_three_systems() -> None:
    spec = (BUILD / "digitdesk.spec").read_text(encoding="utf-8")
    compile(spec, "digitdesk.spec", "exec")
    for needed in ("VSVersionInfo", "BUNDLE(", "icon.ico", "icon.icns", '"upx": False'):
        assert needed in spec


def test_the_program_shows_lines_that_the_recipe_brings_along() -> None:
    spec = (BUILD / "digitdesk.spec").read_text(encoding="utf-8")
    brought = re.findall(r'"(digitdesk[\w.]+)": "pyz\+py"', spec)
    for kind, told in EXPLAINED.items():
        shown = {kind.__module__, *(helper.__module__ for helper in told.helpers)}
        assert all(module.startswith(tuple(brought)) for module in shown)


@pytest.mark.parametrize("font", ["", "fonts/truetype/Text.TTF"])
@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have fonts")
def test_a_system_without_fonts_gets_those_of_the_chart(font: str, tmp_path: Path) -> None:
    if font:
        (tmp_path / font).parent.mkdir(parents=True)
        (tmp_path / font).write_bytes(b"")
    code = f"""if True:
        import os, runpy, sys
        sys._MEIPASS = "/bundle"
        walk = os.walk
        os.walk = lambda folder: walk(folder) if str(folder).startswith({str(tmp_path)!r}) else []
        runpy.run_path({str(BUILD / "runtime_hook.py")!r})
        print(os.environ.get("FONTCONFIG_FILE", "the system's"))
    """
    environment = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ("the system's" if font else "/bundle/fonts.conf")


# -- licences


def test_every_component_has_its_licence(recipe, tmp_path: Path) -> None:
    bundled = {"names": ["numpy/core.so", "tqdm.std", "PIL/_imaging.so"], "sources": []}
    (tmp_path / "bundled.json").write_text(json.dumps(bundled), encoding="utf-8")
    collect = recipe("collect_licenses")
    found = collect._distributions(bundled["names"])
    assert {"numpy", "tqdm", "pillow", "pyinstaller"} <= {name.lower() for name in found}
    row = collect._distribution("numpy", tmp_path)
    assert row.license.startswith("BSD")
    assert list((tmp_path / "numpy").rglob("LICENSE*"))


def test_a_component_without_a_licence_is_an_error(
    recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect = recipe("collect_licenses")
    (tmp_path / "bundled.json").write_text('{"names": [], "sources": []}', encoding="utf-8")
    monkeypatch.setattr(collect, "_distributions", lambda names: {"tqdm"})
    assert collect.main(tmp_path, tmp_path / "with") == 0
    index = (tmp_path / "with" / "INDEX.txt").read_text(encoding="utf-8")
    assert "tqdm" in index and "Python" in index
    monkeypatch.setattr(collect, "_LICENSE_WORDS", ("no such word",))
    assert collect.main(tmp_path, tmp_path / "without") == 1


def test_the_data_the_reader_learned_from_is_credited(recipe) -> None:
    credits = recipe("collect_licenses").DATA_CREDITS
    for name in ("LeCun", "Cortes", "Alpaydin", "Alimoglu", "CC BY 4.0", "CC BY-SA 3.0"):
        assert name in credits


# -- icon, version, menu entry


def test_the_icon_is_what_its_script_draws(recipe) -> None:
    drawn = recipe("draw_icon").draw(256)
    kept = Image.open(ROOT / "assets" / "icon.png").convert("RGBA")
    difference = max(abs(a - b) for a, b in zip(drawn.tobytes(), kept.tobytes(), strict=True))
    assert difference <= 1
    assert Image.open(ROOT / "assets" / "icon.ico").info["sizes"] >= {(16, 16), (256, 256)}
    assert (512, 512, 1) in Image.open(ROOT / "assets" / "icon.icns").info["sizes"]


def test_the_archive_is_named_by_version_and_system(recipe) -> None:
    name = recipe("make_exe")._full_name()
    assert name.startswith(f"DigitDesk-{__version__}-")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The Linux archive's own files, in a folder with an awkward name."""
    folder = tmp_path / 'a "new" $place 100% é'
    shutil.copytree(BUILD / "linux", folder)
    (folder / "digitdesk.png").write_bytes(b"icon")
    program = folder / "DigitDesk"
    program.write_text("#!/bin/sh\necho started\n", encoding="utf-8")
    program.chmod(0o755)
    return folder


def install(folder: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [str(folder / "install.sh"), *words],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )


@posix_only
def test_the_menu_entry_comes_and_goes(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    install(unpacked, home)
    entry = home / ".local/share/applications/digitdesk.desktop"
    (line,) = [x for x in entry.read_text("utf-8").splitlines() if x.startswith("Exec=")]
    # First the file's own escaping is undone, then that of a quoted argument.
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    assert value.startswith('"') and value.endswith('"')
    for character in '"$`\\':
        value = value.replace("\\" + character, character)
    assert value[1:-1].replace("%%", "%") == str(unpacked / "DigitDesk")
    command = home / ".local/bin/digitdesk"
    assert subprocess.check_output([str(command)], text=True) == "started\n"

    install(unpacked, home, "--remove")
    left = {path.name for path in home.rglob("*") if not path.is_dir()}
    assert left <= {"mimeinfo.cache"}  # the system's own index
    assert (unpacked / "DigitDesk").exists()


@posix_only
def test_installing_leaves_a_command_of_the_user_alone(unpacked: Path, tmp_path: Path) -> None:
    command = tmp_path / "home" / ".local/bin/digitdesk"
    command.parent.mkdir(parents=True)
    command.write_text("mine", encoding="utf-8")
    install(unpacked, tmp_path / "home")
    install(unpacked, tmp_path / "home", "--remove")
    assert command.read_text(encoding="utf-8") == "mine"


# -- the installed program tries itself


def test_a_sound_installation_passes_its_self_test(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--self-test"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("ok ") for line in lines)


def test_a_broken_installation_fails_its_self_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_toolkit() -> str:
        raise ImportError("libtk8.6.so: cannot open shared object file")

    monkeypatch.setattr(self_test, "toolkit_version", no_toolkit)
    monkeypatch.setattr(self_test, "DRAWINGS", (("5", self_test.DRAWINGS[0][1]),))
    assert cli.main(["--self-test"]) == 1
    out = capsys.readouterr().out
    assert "FAILED  window toolkit" in out and "libtk8.6.so" in out
    assert "FAILED  bundled reader" in out
    assert "ok      training" in out


# -- the machines that build


def test_three_systems_test_and_build() -> None:
    text = (ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    for needed in ("ubuntu", "windows", "macos", "make test", "make exe", "build/smoke"):
        assert needed in text
