"""Measured figures go between their marks and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.document import put


def test_only_what_is_between_the_marks_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- bake-off: made by x -->\nold\n<!-- end of bake-off -->\nafter\n", encoding="utf-8")
    put(page, "bake-off", "new\n")
    put(page, "bake-off", "newer\n")
    assert page.read_text(encoding="utf-8") == (
        "before\n<!-- bake-off: made by x -->\nnewer\n<!-- end of bake-off -->\nafter\n"
    )


def test_without_marks_nothing_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md has no marks for bake-off"):
        put(page, "bake-off", "new")
    assert page.read_text(encoding="utf-8") == "before"
