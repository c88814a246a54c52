"""What the executable leaves behind: modules, files and debug symbols nobody needs at run time.

The recipe imports it. Each rule says what it drops and why that is safe; the smoke test and the
self-test show that what is left still works.
"""

from __future__ import annotations

import fnmatch
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import PIL

#: A file of the bundle as PyInstaller lists it: name in the bundle, source, kind.
Entry = tuple[str, str, str]

_LOAD = 1  # an ELF segment that is mapped into memory

#: Modules that are imported somewhere below our dependencies, but never on a path we take.
EXCLUDED_MODULES = [
    # A GPU build is made from source; its libraries are larger than everything else together.
    "cupy",
    "cupyx",
    # Exports to ONNX and the server are for installations with Python, which may add these.
    "flask",
    "onnx",
    "onnxruntime",
    "segno",
    "torch",
    "waitress",
    "werkzeug",
    # Only our tests, tools and interactive sessions use these.
    "IPython",
    "doctest",
    "lib2to3",
    "matplotlib.pylab",
    "matplotlib.testing",
    "matplotlib.tests",
    "mpl_toolkits",
    "numpy.conftest",
    "numpy.f2py",
    "numpy.tests",
    "pdb",
    "pip",
    "pkg_resources",
    "pydoc",
    "pydoc_data",
    "pytest",
    "setuptools",
    "test",
    "tkinter.test",
    "unittest.mock",
    "wheel",
    # Parts of NumPy and Matplotlib that load only when they are asked for.
    "contourpy",
    "matplotlib._qhull",
    "matplotlib._tri",
    "matplotlib.pyplot",
    "numpy.fft",
    "numpy.polynomial",
    "numpy.testing",
    # A second decimal arithmetic, for Pythons without the fast one.
    "_pydecimal",
    # Guesses in which letters a page is written; what is downloaded here is no text.
    "charset_normalizer",
    # Databases, terminals and network servers.
    "curses",
    "dbm",
    "paramiko",
    "readline",
    "sqlite3",
    "xmlrpc",
    # The codec of a picture format the board does not read, and the color management of printers.
    "PIL._avif",
    "PIL._imagingcms",
    "PIL.ImageCms",
    "PIL.ImageQt",
    "PIL.PdfParser",
    # Font engineering; the PDF writer of the chart only cuts fonts down to the letters it uses.
    "fontTools.cu2qu",
    "fontTools.feaLib.builder",
    "fontTools.feaLib.lexer",
    "fontTools.feaLib.parser",
    "fontTools.mtiLib",
    "fontTools.qu2cu",
    "fontTools.svgLib",
    "fontTools.ufoLib",
    "fontTools.varLib.instancer",
    # Other windows than Tk.
    "gi",
    "PyQt5",
    "PyQt6",
    "PySide2",
    "PySide6",
    "wx",
    # Other processes and event loops than ours; a start-up hook comes with the first.
    "asyncio",
    "multiprocessing",
]

#: Pillow's readers that stay: the formats of picture_file.py; phones write MPO as JPEG. AVIF has a
#: decoder of 5 MB, and is read where the program is installed as a Python package.
KEPT_PICTURE_FORMATS = {"Bmp", "Gif", "Jpeg", "Mpo", "Png", "Ppm", "Tiff", "WebP"}

#: Files of the bundle that are never opened, by patterns of their names in it.
DROPPED_FILES = [
    # Tcl's time zones, message catalogues of other tools, demos and test suites.
    "_tcl_data/tzdata/*",
    "_tcl_data/msgs/*",
    "_tcl_data/encoding/*",
    "_tk_data/demos/*",
    "_tk_data/msgs/*",
    "_tk_data/images/*",
    "tcl8/*",
    # Matplotlib: what its examples and its toolbar load, and fonts of printed mathematics.
    "matplotlib/mpl-data/sample_data/*",
    "matplotlib/mpl-data/images/*",
    "matplotlib/mpl-data/plot_directive/*",
    "matplotlib/mpl-data/stylelib/*",
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "matplotlib/mpl-data/fonts/ttf/STIX*",
    "matplotlib/mpl-data/fonts/ttf/cm*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans-*Oblique.ttf",
    # The chart writes nothing in bold; where a system has no fonts of its own, headings are plain.
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans-Bold.ttf",
    # The theme library's own application icon.
    "ttkbootstrap/assets/app_icons/*",
    # Time zones: chart and log use the system's clock only.
    "tzdata/*",
    "dateutil/zoneinfo/*",
    # The AVIF codec, of a format the board does not read.
    "*libavif*",
    "numpy/_core/*_tests.*",
    # Type hints and C headers.
    "*.pyi",
    "*/py.typed",
    "*.h",
]

#: Kept although a pattern above would drop them.
KEPT_FILES = [
    "_tcl_data/encoding/ascii.enc",
    "_tcl_data/encoding/utf-16.enc",
    "_tcl_data/encoding/cp125*.enc",
    # GBK, on every system; the next three are for Windows in Japan, Korea and Taiwan.
    "_tcl_data/encoding/cp936.enc",
    *(
        [f"_tcl_data/encoding/cp{page}.enc" for page in (932, 949, 950)]
        if sys.platform == "win32"
        else []
    ),
    "_tcl_data/encoding/gb2312.enc",
    "_tcl_data/encoding/big5.enc",
    "_tcl_data/encoding/iso8859-1.enc",
    "_tcl_data/encoding/iso8859-15.enc",
    "_tcl_data/encoding/macRoman.enc",
    # Without this one Tk has no symbols for its own dialogs.
    "_tcl_data/encoding/symbol.enc",
]


def excluded_modules() -> list[str]:
    """All modules to leave out; asks the installed Pillow which formats it reads."""
    plugins = sorted(path.stem for path in Path(PIL.__file__).parent.glob("*ImagePlugin.py"))
    unread = [
        f"PIL.{plugin}"
        for plugin in plugins
        if plugin.removesuffix("ImagePlugin") not in KEPT_PICTURE_FORMATS
    ]
    return EXCLUDED_MODULES + unread


def without_dropped(entries: Iterable[Entry]) -> list[Entry]:
    """The files that stay."""
    return [entry for entry in entries if not _is_dropped(entry[0])]


def with_stripped(entries: Iterable[Entry], scratch: Path) -> list[Entry]:
    """The same binaries without symbols and debug information, where they still load without.

    Args:
        entries: Binaries of the bundle.
        scratch: Folder for the stripped copies; the originals stay as they are.
    """
    strip = shutil.which("strip")
    if strip is None or sys.platform != "linux":
        return list(entries)
    return [_stripped(entry, scratch, strip) for entry in entries]


def _is_dropped(name: str) -> bool:
    name = name.replace("\\", "/")
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in KEPT_FILES):
        return False
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in DROPPED_FILES)


def _stripped(entry: Entry, scratch: Path, strip: str) -> Entry:
    name, source, kind = entry
    if kind not in {"BINARY", "EXTENSION"}:
        return entry
    copy = scratch / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)
    copy.chmod(0o755)
    subprocess.run([strip, "--strip-unneeded", str(copy)], check=True, stderr=subprocess.DEVNULL)
    return (name, str(copy), kind) if _is_laid_out_by_page(copy.read_bytes()) else entry


def _is_laid_out_by_page(elf: bytes) -> bool:
    """Whether the loader can map every segment of a 64-bit library.

    OpenBLAS and others that were patched when their wheel was made lose this by ``strip`` and
    fail with "ELF load command address/offset not properly aligned".
    """
    if elf[:5] != b"\x7fELF\x02":
        return False
    (table,) = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for index in range(count):
        kind, _flags, offset, address, *_sizes, align = struct.unpack_from(
            "<IIQQQQQQ", elf, table + index * size
        )
        if kind == _LOAD and (offset - address) % align:
            return False
    return True
