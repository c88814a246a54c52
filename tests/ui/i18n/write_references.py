"""Writes above each entry of zh_CN.po the files in which its sentence stands.

Run it after sentences have moved: ``.venv/bin/python tests/ui/i18n/write_references.py``.
"""

from __future__ import annotations

from test_catalogue import FILE, PLACES, entries


def with_references(entry: str, said: str) -> str:
    lines = [line for line in entry.splitlines() if not line.startswith("#: ")]
    if said in PLACES:
        place = next(k for k, line in enumerate(lines) if line.startswith("msgid"))
        lines.insert(place, "#: " + " ".join(sorted(PLACES[said])))
    return "\n".join(lines)


if __name__ == "__main__":
    texts = [with_references(entry, said) for entry, said in entries()]
    FILE.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
