"""The way from a patient's text to findings: normalise, match the lexicon, read the context, measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from bot.understanding import assertion, attributes, lexicon, measures, mildness, parts, places, times
from bot.understanding.aligned import Aligned
from bot.understanding.clauses import Layout, Splitter
from bot.understanding.context import Context, Reached
from bot.understanding.frames import Framed, Frames, Makes
from bot.understanding.matcher import PhraseMatcher
from bot.understanding.mentions import Mention, holds, select
from bot.understanding.normalise import Normaliser
from bot.understanding.over import Overs, Told
from bot.understanding.people import People
from bot.understanding.spelling import Speller
from bot.understanding.types import Finding, Subject, Understanding

CHUNK = 4_000
"""Characters understood in one go; a longer text is understood piece by piece."""
OVERLAP = 200
"""Characters a piece shares with the next, so that no phrase is cut in two."""
DURATIONS = 12
"""Symptoms per message whose duration is read; nobody times more."""

_TIMED = frozenset(
    [
        "pain",
        "swelling",
        "bleeding",
        "numbness",
        "tingling",
        "electric_pain",
        "fever",
        "pus",
        "trismus",
        "bruise",
        "rash",
        "exposed_bone",
        "not_healing",
        "loose",
        "bad_taste",
        "breathing_trouble",
        "swallowing_trouble",
        "sinus_leak",
    ]
)
_HOURS = {"time_since_event_days": 24.0, "time_since_placement_weeks": 168.0}
_SEVERITIES = ("mild", "moderate", "severe")
_FEVER_C = 38.0
_RECOVERS = frozenset({"numbness"})
_SOON = 80  # characters
_OTHER_DRUG = re.compile(r"\b(?:gave|given|prescribed|put (?:me|him|her)|switched|changed|instead|got)\b")
"""Between an allergy and a drug: that drug was taken instead ("allergic to penicillin and they gave me ...")."""
_NOT_FEVER = re.compile(r"\b(?:chills?|shiver\w*|shak\w*|cold|sweat\w*|clammy)\b")
_IMPLIES = {
    "tingling": "numbness",
    "electric_pain": "pain",
    "wheeze": "breathing_trouble",
    "noisy_breathing": "breathing_trouble",
    "fast_breathing": "breathing_trouble",
}


class Understander:
    """Turns a message into findings. Built once per process; safe to use from several threads."""

    def __init__(self) -> None:
        """Read and check lexicon and language tables. Raises ContentError."""
        entries = lexicon.load()
        self._matcher = PhraseMatcher(entries)
        self._normaliser = Normaliser(Speller(word for phrase, _ in entries for word in phrase.words))
        self._splitter = Splitter()
        self._context = Context()
        self._people = People()
        self._frames = Frames()
        self._overs = Overs()

    def warm(self) -> None:
        """Compile everything a message may need (some seconds), so that the first patient does not wait for it."""
        for room in (self._matcher, self._context, self._people, self._frames, self._overs):
            room.warm()
        # dateparser loads its languages with the first date
        self.understand("Fever since March 3rd, it began 2 days ago.", datetime.now(timezone.utc))

    def understand(self, text: str, received_at: datetime) -> Understanding:
        """Findings and sentences of `text`: any length, any Unicode. `received_at` is aware, in the clinic's zone.

        Offsets are into `text`, and `finding.text == text[finding.start:finding.end]`.
        """
        findings: list[Finding] = []
        sentences: list[tuple[int, int]] = []
        seen: set[tuple[object, ...]] = set()
        for start, end, keep_from in _chunks(text):
            found, spans = self._understand(text[start:end], received_at)
            for finding in (_moved(f, start) for f in found):
                key = (finding.name, finding.value, finding.start, finding.end)
                if finding.start >= keep_from and key not in seen:
                    seen.add(key)
                    findings.append(finding)
            covered = sentences[-1][1] if sentences else 0
            sentences += [(s + start, e + start) for s, e in spans if s + start >= covered]
        return Understanding(text, tuple(findings), tuple(sentences))

    def _understand(self, text: str, received_at: datetime) -> tuple[list[Finding], list[tuple[int, int]]]:
        aligned = self._normaliser.normalise(text)
        layout = self._splitter.split(aligned.text)
        mentions, marks = select(aligned.text, self._matcher.find(aligned.text))
        mentions = parts.without_symptoms_gone(aligned.text, layout, mentions)
        mentions = places.joined(aligned.text, layout, mentions)
        spans = [(m.start, m.end) for m in mentions] + [(m.start, m.end) for m in marks]
        reached = self._context.apply(aligned.text, layout, spans)
        real = [m for m, cues in zip(marks, reached[len(mentions) :]) if holds(aligned.text, m, cues)]
        attributes.add(aligned.text, layout, mentions, real)
        mildness.add(aligned.text, layout, mentions)
        subjects = self._people.subjects(aligned.text, layout)
        framed = self._frames.of(aligned.text, layout, subjects)
        times_told = self._overs.of(aligned.text, layout, received_at)
        told: list[tuple[Mention, Finding]] = []
        for mention, cues in zip(mentions, reached):
            makes = framed.makes(mention.entry.finding, mention.start, mention.end)
            if makes == "unrelated" or _OTHER_DRUG.search(_said(aligned.text, mention, "allergy")):
                continue
            subject = subjects[layout.clause_at(mention.start)]
            finding = _framed(_finding(aligned, mention, cues, subject), makes)
            told.append(
                (mention, _unless_over(finding, times_told, mention.start, mention.end) if makes is None else finding)
            )
        denied, imagined = ({id(m) for m, f in told if f.assertion == how} for how in ("absent", "hypothetical"))
        concerned = parts.concerned(aligned.text, layout, mentions, marks, denied, imagined)
        named = {(m.start, m.end): m for m in concerned}
        findings = [
            replace(finding, value=named[m.start, m.end].entry.value) if finding.name == "part" else finding
            for m, finding in told
            if finding.name != "part" or (m.start, m.end) in named
        ]
        findings = _without_denied_fever(_recovered(findings))
        timed = 0
        for index, finding in enumerate(findings):
            if finding.name in _TIMED and finding.assertion == "present" and timed < DURATIONS:
                timed += 1
                mention = next(m for m in mentions if aligned.span(m.start, m.end) == (finding.start, finding.end))
                hours = times.duration_hours(aligned.text, mention.start, mention.end, received_at)
                if hours is not None:
                    findings[index] = _with(finding, {"since_hours": hours})
        findings += self._measured(aligned, layout, subjects, framed, times_told, received_at)
        findings = _implied(findings) + _injected(aligned, findings)
        sentences: list[tuple[int, int]] = []
        for start, end in (aligned.span(start, end) for start, end in layout.sentences):
            if not sentences or start >= sentences[-1][1]:
                sentences.append((start, end))
        return sorted(findings, key=lambda f: (f.start, f.end, f.name)), sentences

    def _measured(
        self,
        aligned: Aligned,
        layout: Layout,
        subjects: Sequence[Subject],
        framed: Framed,
        times_told: Told,
        received_at: datetime,
    ) -> Iterator[Finding]:
        found = [*measures.find(aligned.text), *times.find(aligned.text, received_at)]
        for finding in found:
            makes = framed.makes(finding.name, finding.start, finding.end)
            if makes == "unrelated":
                continue
            start, end = aligned.span(finding.start, finding.end)
            stated = Finding(
                finding.name,
                finding.value,
                finding.assertion,
                subjects[layout.clause_at(finding.start)] if subjects else "self",
                finding.uncertain,
                start,
                end,
                aligned.original[start:end],
                dict(finding.attributes),
            )
            told = _unless_over(stated, times_told, finding.start, finding.end) if makes is None else stated
            yield _framed(told, makes)


def _finding(aligned: Aligned, mention: Mention, cues: Sequence[Reached], subject: Subject) -> Finding:
    start, end = aligned.span(mention.start, mention.end)
    value = aligned.text[mention.start : mention.end] if mention.entry.said else mention.entry.value
    return Finding(
        mention.entry.finding,
        value,
        assertion.resolve(aligned.text, mention, cues),
        subject,
        assertion.doubtful(aligned.text, mention, cues),
        start,
        end,
        aligned.original[start:end],
        mention.attributes,
    )


def _said(text: str, mention: Mention, name: str) -> str:
    """The words of a mention of this finding; nothing for another's."""
    return text[mention.start : mention.end] if mention.entry.finding == name else ""


def _framed(finding: Finding, makes: Makes | None) -> Finding:
    """The finding as its frame tells it; what is denied stays so, what is over or imagined can become present."""
    if makes is None or makes == "unrelated" or finding.assertion == "absent":
        return finding
    if finding.assertion != "present" and makes != "present":
        return finding
    return replace(finding, assertion=makes)


def _unless_over(finding: Finding, told: Told, start: int, end: int) -> Finding:
    """The finding, past when it is told as over; `long_ago` says that no rule needs to hear of it."""
    if finding.assertion not in ("present", "past") or finding.attributes.get("trend") == "returned":
        return finding
    over = told.over(finding.name, finding.subject, start, end)
    if over is None:
        return finding
    attributes = {**finding.attributes, "long_ago": True} if over == "long_ago" else finding.attributes
    return replace(finding, assertion="past", attributes=attributes)


def _recovered(findings: list[Finding]) -> list[Finding]:
    """A symptom whose end is told right after it is over: "my lip was numb but the feeling came back"."""
    result = list(findings)
    for finding in findings:
        if finding.assertion != "past" or finding.name not in _RECOVERS:
            continue
        for index, other in enumerate(result):
            if other.name == finding.name and other.assertion == "present" and 0 <= finding.start - other.end < _SOON:
                result[index] = replace(other, assertion="past")
    return result


def _without_denied_fever(findings: list[Finding]) -> list[Finding]:
    """Chills alone are no fever beside "no fever": they leave the patient unwell."""
    if not any(f.name == "fever" and f.assertion == "absent" for f in findings):
        return findings
    chills = [
        f.name == "fever" and f.assertion == "present" and bool(_NOT_FEVER.search(f.text.lower())) for f in findings
    ]
    return [replace(f, name="unwell") if alone else f for f, alone in zip(findings, chills)]


def _implied(findings: list[Finding]) -> list[Finding]:
    """Add what other findings state: fever from a reading, numbness from tingling, pain's severity from its words."""
    added: list[Finding] = []
    names = {finding.name for finding in findings}
    for finding in findings:
        if finding.name == "fever_c" and isinstance(finding.value, float) and finding.value >= _FEVER_C:
            if "fever" not in names:
                added.append(_copy(finding, "fever", None))
        elif finding.name in _IMPLIES and finding.assertion == "present":
            added.append(_copy(finding, _IMPLIES[finding.name], None))
    if "pain_severity" not in names:
        for finding in findings:
            severity = finding.attributes.get("severity")
            if finding.name == "pain" and finding.assertion == "present" and severity in _SEVERITIES:
                added.append(_copy(finding, "pain_severity", severity))
                break
    return findings + added


def _injected(aligned: Aligned, findings: Sequence[Finding]) -> list[Finding]:
    """The injection of numbness that is told with the hours since: R7 counts from there."""
    names = {finding.name for finding in findings if finding.assertion == "present"}
    place = mildness.anaesthetic(aligned.text)
    timed = [f for f in findings if f.name in _HOURS]
    hours = [f.value * _HOURS[f.name] for f in timed if isinstance(f.value, (int, float))]
    if place is None or not hours or not names & {"numbness", "tingling"} or "lower_anaesthetic" in names:
        return []
    start, end = aligned.span(*place)
    words = aligned.original[start:end]
    return [Finding("lower_anaesthetic", start=start, end=end, text=words, attributes={"since_hours": min(hours)})]


def _copy(finding: Finding, name: str, value: str | None) -> Finding:
    return replace(finding, name=name, value=value)


def _with(finding: Finding, more: dict[str, Any]) -> Finding:
    return replace(finding, attributes={**finding.attributes, **more})


def _moved(finding: Finding, by: int) -> Finding:
    if not by:
        return finding
    return replace(finding, start=finding.start + by, end=finding.end + by)


def _chunks(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, first position whose findings are new) of each piece, cut at white space where there is any."""
    start = keep_from = 0
    while True:
        end = min(start + CHUNK, len(text))
        if end < len(text):
            space = max(text.rfind("\n", end - OVERLAP, end), text.rfind(" ", end - OVERLAP, end))
            end = space if space > start else end
        yield start, end, keep_from
        if end >= len(text):
            return
        keep_from, start = end - OVERLAP, end - OVERLAP
