"""Makes sure that what is to be read is a file, and says what it is where it is none."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from digitdesk.errors import DigitDeskError
from digitdesk.files.atomic import reason

# A path has swallowed one of the strokes, and may be made absolute by now.
_ADDRESS = re.compile(r"(^|/)(https?|ftp):/", re.IGNORECASE)


def is_address(path: Path) -> bool:
    """Whether a path is an address on the network."""
    return _ADDRESS.search(path.as_posix()) is not None


def size_of(path: Path) -> int:
    """Bytes of a file.

    Raises:
        DigitDeskError: There is none, or something else has this name: a folder, an address, or a
            pipe or device, which would never end or never begin.
    """
    if is_address(path):
        raise DigitDeskError(
            "It is on the network",
            expected="a file",
            hint="Fetch it first: DigitDesk opens no addresses",
        )
    try:
        status = path.stat()
    except FileNotFoundError:
        raise DigitDeskError("There is no such file", hint="Check the path") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "no name of a file"
        raise DigitDeskError("It cannot be read", received=why) from None
    if stat.S_ISDIR(status.st_mode):
        raise DigitDeskError("It is a folder", expected="a file", hint="Choose a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise DigitDeskError("It is not a file")
    return status.st_size
