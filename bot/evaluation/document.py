"""Puts what was measured into a page of docs/, between two marks."""

from __future__ import annotations

from pathlib import Path


def put(page: Path, name: str, text: str) -> None:
    """Replace what is between `<!-- NAME: … -->` and `<!-- end of NAME -->`. Raises ValueError where they are not."""
    current = page.read_text(encoding="utf-8")
    begin, end = current.find(f"<!-- {name}: "), current.find(f"<!-- end of {name} -->")
    if begin < 0 or end < begin:
        raise ValueError(f"{page.name} has no marks for {name}")
    after = current.index("-->", begin) + len("-->")
    page.write_text(f"{current[:after]}\n{text.strip()}\n{current[end:]}", encoding="utf-8")
