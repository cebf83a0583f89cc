"""What the invariants are tried with: the messages and red flags of all own sets and training, nothing held out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "bot/triage/red_flag_examples.yml"
TIERS = ("day", "hour", "emergency")
_MARKED = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
"""A word of a training sentence with its label: "[crown](part)"."""


def flags() -> tuple[str, ...]:
    """Every sentence written to raise a red flag: the rules' own, our red-flag messages, pairs and wordings."""
    found = [text for _, text in examples("raise")]
    found += [row["text"] for row in _rows("red_flags") if row["urgency"] in ("same_day", "emergency")]
    found += [text for sides in _yaml("tests/triage/false_alarms.yml").values() for text in sides["raised"]]
    found += [text for rule in _yaml("tests/understanding/red_flag_wordings.yml").values() for text in rule["texts"]]
    return tuple(dict.fromkeys(found))


def messages() -> tuple[str, ...]:
    """Every own message of any kind: the sets, the rules' look-alikes, what Rasa and the second look learned from."""
    found = [row["text"] for name in ("messages", "red_flags", "small") for row in _rows(name)]
    found += [text for _, text in examples("not")]
    for sides in _yaml("tests/triage/false_alarms.yml").values():
        found += [text for side in sides.values() for text in side]
    for path in sorted((ROOT / "nlu_data").glob("*/*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in entry:
                lines = (line.strip() for line in entry["examples"].splitlines())
                found += [_MARKED.sub(r"\1", line[2:].strip()) for line in lines if line.startswith("- ")]
    for path in sorted((ROOT / "bot/understanding/second_look").glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            found += [*group["today"], *group["calm"]]
    return tuple(dict.fromkeys(found))


def examples(kind: str) -> Iterator[tuple[str, str]]:
    """(lowest tier that is enough, sentence) of the rules' `raise`, ("", sentence) of their `not`."""
    for rows in yaml.safe_load(EXAMPLES.read_text(encoding="utf-8")).values():
        if kind == "not":
            yield from (("", text) for text in rows["not"])
        else:
            yield from ((tier, text) for tier in TIERS for text in rows["raise"].get(tier, ()))


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (ROOT / f"tests/data/{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@cache
def _yaml(path: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return loaded
