"""What the end of an archive announces is known before its directory is read."""

from __future__ import annotations

import io
import zipfile

from digitdesk.files.zip_archive import read_end_record


def archive(count: int, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.comment = comment
        for number in range(count):
            made.writestr(f"{number}.npy", b"x")
    return stream.getvalue()


def test_a_whole_archive_announces_its_members() -> None:
    content = archive(3)
    stream = io.BytesIO(content)
    end = read_end_record(stream)
    assert end is not None and stream.tell() == 0
    assert (end.entries, end.file_bytes) == (3, len(content))
    assert end.is_proper and end.is_behind_directory


def test_what_is_no_end_of_an_archive_is_told() -> None:
    assert read_end_record(io.BytesIO(b"PK\5\6")) is None
    for content in (archive(1)[:-1], archive(1) + b"x", archive(1, b"comment"), bytes(100)):
        end = read_end_record(io.BytesIO(content))
        assert end is not None and not end.is_proper
    end = read_end_record(io.BytesIO(b"moved" + archive(1)))
    assert end is not None and end.is_proper and not end.is_behind_directory
