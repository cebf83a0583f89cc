"""The tables that choose what to say, read once: answers.yml, situations.yml, talk.yml and focus.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from bot import content
from bot.reply.conditions import check_patterns
from bot.reply.focus import Cues
from bot.reply.responses import Response

FOLDER = Path(__file__).parent
SCHEMA = FOLDER / "tables.schema.json"
FILES = ("answers.yml", "situations.yml", "talk.yml", "focus.yml")
TABLES = ("answers", "situations", "extras", "parts", "talk", "worry")


@dataclass(frozen=True)
class Row:
    """One row of a table. `key` is its topic or situation; `data` holds what only that table has."""

    key: str
    when: Mapping[str, Any]
    response: str
    data: Mapping[str, Any]

    @property
    def intents(self) -> tuple[str, ...]:
        """Of an answer: the questions it answers."""
        return tuple(self.data.get("intents", ()))

    @property
    def covered_by(self) -> tuple[str, ...]:
        """What makes this row unnecessary in the same reply: of an answer flag, part or do; of a situation topics."""
        return tuple(self.data.get("covered_by", ()))


@dataclass(frozen=True)
class Tables:
    """All rows in their order, and the response names the planner uses by role.

    `calls` name a number to call; `care` maps a talk line to what the patient told with it: seen or arranged.
    """

    cues: Cues
    answers: tuple[Row, ...]
    situations: tuple[Row, ...]
    extras: tuple[Row, ...]
    keep: str
    net: str
    calls: frozenset[str]
    parts: tuple[Row, ...]
    talk: tuple[Row, ...]
    worry: tuple[Row, ...]
    noted: tuple[str, ...]
    ask_more: str
    okay: tuple[str, ...]
    not_understood: tuple[str, ...]
    handover: str
    reminders: Mapping[str, Sequence[str]]
    reminders_in_care: Mapping[str, Sequence[str]]
    care: Mapping[str, str]
    heard: Mapping[str, str]
    heard_as: str
    heard_cue: str
    no_answer: tuple[str, ...]
    ask_more_other: str
    later: str
    crisis_rules: tuple[str, ...]
    crisis_lines: frozenset[str]
    checks_alone: tuple[str, ...]
    own_instruction: tuple[str, ...]
    identification: tuple[str, ...]
    doubtful: tuple[str, ...]

    @classmethod
    def load(cls, responses: Mapping[str, Response], folder: Path = FOLDER) -> Tables:
        """Read the tables and check them against `responses`. Raises ContentError with file and line."""
        data: dict[str, Any] = {}
        for name in FILES:
            part = content.load(folder / name, SCHEMA)
            _check(folder / name, part, responses)
            data.update(part)
        _check_topics(folder / "answers.yml", data, "answers", "related")
        _check_topics(folder / "talk.yml", data, "talk", "covers")
        data["calls"] = frozenset(name for name, response in responses.items() if "_phone}" in response.on("web").text)
        data["care"] = {row["response"]: row["care"] for row in data["talk"] if "care" in row}
        crisis = {f"utter_flag_{rule}_emergency" for rule in data["crisis_rules"]}
        data["crisis_lines"] = frozenset({*crisis, *data["reminders"]["crisis"]})
        data["cues"] = Cues(**{field.name: _frozen(data[field.name]) for field in fields_of(Cues)})
        fields: dict[str, Any] = {field.name: _frozen(data[field.name]) for field in fields_of(cls)}
        fields |= {table: tuple(_row(row) for row in data[table]) for table in TABLES}
        return cls(**fields)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _row(row: Mapping[str, Any]) -> Row:
    key = row.get("topic") or row.get("situation") or row["response"]
    return Row(key=key, when=row.get("when") or {}, response=row["response"], data=row)


def named(data: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every response name in a table, with the place it stands at."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from named(value, (*keys, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from named(value, (*keys, index))
    elif isinstance(data, str) and data.startswith("utter_"):
        yield keys, data


def _check(path: Path, data: Mapping[str, Any], responses: Mapping[str, Response]) -> None:
    for keys, name in named(data):
        if name not in responses:
            raise content.error_at(path, keys, f"no response named {name}")
    if "asks" in data:
        check_patterns(path, ["asks"], {"text": data["asks"]})
        for table in ("words", "only_said"):
            for intent, pattern in data[table].items():
                check_patterns(path, [table, intent], {"text": pattern})
    if "heard_cue" in data:
        check_patterns(path, ["heard_cue"], {"text": data["heard_cue"]})
    for table in TABLES:
        for index, row in enumerate(data.get(table, ())):
            check_patterns(path, [table, index, "when"], row.get("when"))


def _check_topics(path: Path, data: Mapping[str, Any], table: str, key: str) -> None:
    topics = {row["topic"] for row in data["answers"]}
    for index, row in enumerate(data[table]):
        for place, topic in enumerate(row.get(key, ())):
            if topic not in topics:
                raise content.error_at(path, [table, index, key, place], f"no topic named {topic}")
