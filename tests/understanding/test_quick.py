"""What `Quick` finds is what `re` finds: on messages and on awkward text."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import pytest

from bot import understanding
from bot.understanding.quick import Quick, beginnings

MESSAGES = Path(__file__).parents[1] / "data" / "messages.jsonl"
AWKWARD = [
    "",
    "a",
    "½ mm",
    ".5mm",
    "#30",
    "10/10",
    "I'M 54",
    "don''t",
    "x2",
    "i've had 2 implants",
    "٣ mm",
    "ſore",
    "İ",
    "2\n3",
]


def _every(value: object) -> list[Quick]:
    if isinstance(value, Quick):
        return [value]
    return [quick for part in value for quick in _every(part)] if isinstance(value, (tuple, list)) else []


EXPRESSIONS = {
    quick.pattern.pattern: quick
    for info in pkgutil.iter_modules(understanding.__path__, "bot.understanding.")
    for value in vars(importlib.import_module(info.name)).values()
    for quick in _every(value)
}


def test_finds_what_re_finds() -> None:
    lines = MESSAGES.read_text("utf-8").splitlines()[::9]
    texts = [json.loads(line)["text"] for line in lines] + AWKWARD
    for text in (*texts, *(text.upper() for text in texts[::5])):
        for quick in EXPRESSIONS.values():
            for start, end in ((0, len(text)), (len(text) // 3, len(text) - 5)):
                wanted = [match.span() for match in quick.pattern.finditer(text, start, end)]
                assert [match.span() for match in quick.finditer(text, start, end)] == wanted, (quick.pattern, text)


def test_most_expressions_of_the_room_are_quick() -> None:
    told = [quick for quick in EXPRESSIONS.values() if quick.beginnings is not None]
    assert len(told) > 0.8 * len(EXPRESSIONS) > 40


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (r"\bpain", {"pain"}),
        (r"\b(?:an?|the)\s+crown", {"a ", "an ", "the "}),
        (r"\b(?:my\s+)?gums?\b", {"my ", "gum ", "gums"}),
        (r"(?<![\w-])(?:'ve|had)\b", {"'", "had "}),
        (r"\b\d{1,2}(?:st|nd)\b", set("0123456789")),
        (r"\b[2-4]\s?(?:mm|cm)", {f"{n}{u}" for n in "234" for u in (" ", "mm", "cm")}),
        (r"\bi'm\b", {"i "}),
        (r"\bso+re", {"so"}),
        (r"pain", None),  # also inside a word
        (r"\b\w+ed\b", None),
        (r"(?:^|\bon)\s+monday", None),
        (r"(?<!\d)7", None),
    ],
)
def test_beginnings(source: str, wanted: set[str] | None) -> None:
    assert beginnings(source) == wanted
