"""Nothing a person types reaches Rasa as a command; nothing unprintable reaches the disk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.text import clean, for_engine


@pytest.mark.parametrize(
    ("typed", "handed"),
    [
        ("/restart", "restart"),
        (" \n\t/restart", "restart"),
        ("//restart", "restart"),
        ("/ /restart", "restart"),
        ("EXTERNAL: x", "x"),
        ("/EXTERNAL: /x", "x"),
        ("\u00a0/x", "x"),
        ("/", "-"),
        ("", "-"),
        ("   ", "-"),
        ("upper/lower", "upper/lower"),
        ("😭", "😭"),
        ("<b>hi</b>", "<b>hi</b>"),
    ],
)
def test_commands_are_taken_off(typed: str, handed: str) -> None:
    assert for_engine(typed, 100) == handed


@given(st.text(alphabet=st.sampled_from("/ EXTRNAL:x\t\n\u2003\ufeff"), max_size=30), st.integers(1, 40))
def test_never_a_command_never_empty_never_too_long(typed: str, limit: int) -> None:
    handed = for_engine(typed, limit)
    assert handed
    assert len(handed) <= limit
    assert not handed.startswith(("/", "EXTERNAL:"))
    assert handed == handed.strip()  # as Rasa will, else it would not be the text that was understood


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\0b\x07c", "abc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tstays", "tab\tstays"),
        ("\ud800half", "half"),
        ("👩‍⚕️", "👩‍⚕️"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_clean(typed: str, stored: str) -> None:
    assert clean(typed) == stored


@given(st.text())
def test_clean_is_storable_and_stable(typed: str) -> None:
    once = clean(typed)
    once.encode()
    assert "\0" not in once
    assert clean(once) == once
