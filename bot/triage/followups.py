"""What a later message says of symptoms told earlier without naming them: "it's worse now"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import content
from bot.triage.answers import plain
from bot.triage.types import CaseHistory
from bot.triage.view import View
from bot.understanding.types import Finding

FILE = Path(__file__).with_name("followups.yml")


@dataclass(frozen=True)
class Followup:
    """One way to say how earlier symptoms went on; `findings` are the symptoms it is said of."""

    says: re.Pattern[str]
    attributes: Mapping[str, Any]
    findings: tuple[str, ...]


def told_of_earlier(history: CaseHistory, text: str, stated: Sequence[Finding]) -> list[Finding]:
    """Symptoms that stood before `text`, once more, as they are now. `history` ends before this message.

    Of a symptom that the message itself names (`stated`) only its own words count. The evidence is the patient's
    earlier words for it.
    """
    followups, denied = _load()
    said = plain(text)
    heard = [f for f in followups if _says(f.says, denied, said)]
    if not heard or not history.turns:
        return []
    names = {finding.name for finding in stated}
    view = View.of(history)
    found: list[Finding] = []
    for followup in heard:
        for earlier in view.findings(n for n in followup.findings if n not in names):
            if earlier.assertion == "present":
                found.append(replace(earlier, attributes={**earlier.attributes, **followup.attributes}))
    return found


def _says(pattern: re.Pattern[str], denied: re.Pattern[str], said: str) -> bool:
    return any(not denied.search(said[: match.start()]) for match in pattern.finditer(said))


@lru_cache(maxsize=1)
def _load() -> tuple[tuple[Followup, ...], re.Pattern[str]]:
    data = content.load(FILE, FILE.with_suffix(".schema.json"))
    followups = tuple(
        Followup(re.compile(row["says"]), row["attributes"], tuple(row["findings"])) for row in data["followups"]
    )
    return followups, re.compile(data["denied"])
