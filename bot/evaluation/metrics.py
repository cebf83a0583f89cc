"""Compares predictions with labels. Every figure is a count over a count, so that it can be checked by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.stats import beta

from bot.evaluation.messages import Labelled
from bot.triage.types import URGENCIES

SYMPTOMS = (
    "pain", "swelling", "bleeding", "pus", "fever", "numbness", "loose", "bad_taste", "trismus", "breathing_trouble",
    "swallowing_trouble", "swallowed_part", "inhaled_part", "rash", "sinus_leak", "exposed_bone", "vision_change",
    "chest_pain", "confusion",
)  # fmt: skip
LISTS = ("part", "tooth_location", "conditions", "allergies", "medications")
# finding → relative tolerance, and the absolute one it never goes below: a time said in words is a span ("today" may
# be any of its hours), a quarter inch is 6.35 or 6.4 mm
VALUES = {
    "part_size_mm": (0.02, 0.0),
    "fever_c": (0.002, 0.0),
    "age": (0.0, 0.0),
    "pain_severity": (0.0, 0.0),
    "time_since_placement_weeks": (0.15, 0.5 / 7),
    "time_since_event_days": (0.15, 0.5),
    "subject": (0.0, 0.0),
}
OUT_OF_SCOPE = "out_of_scope"
Prediction = Mapping[str, Any]
Pair = tuple[Labelled, Prediction]


def evaluate(messages: Sequence[Labelled], predictions: Sequence[Prediction]) -> dict[str, Any]:
    """All metrics of a run; a part for which no message has a label is left out."""
    pairs = list(zip(messages, predictions))
    result: dict[str, Any] = {"messages": len(pairs)}
    if labelled := [pair for pair in pairs if pair[0].intents]:
        result["intents"] = intents(labelled)
    if labelled := [pair for pair in pairs if pair[0].findings is not None]:
        result["findings"] = findings(labelled)
    if labelled := [pair for pair in pairs if pair[0].urgency]:
        result["urgency"] = urgency(labelled)
    result["latency_ms"] = latency([float(prediction["latency_ms"]) for prediction in predictions])
    return result


def intents(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Main intent among the expected ones, any expected one found, macro-F1, and the out-of-scope decision."""
    main = any_found = 0
    gold: list[str] = []
    guess: list[str] = []
    for message, prediction in pairs:
        expected, found = message.intents or (), list(prediction["intents"]) or [OUT_OF_SCOPE]
        main += found[0] in expected
        any_found += bool(set(found) & set(expected))
        gold.append(found[0] if found[0] in expected else expected[0])
        guess.append(found[0])
    outside = [prediction["intents"] for message, prediction in pairs if OUT_OF_SCOPE in (message.intents or ())]
    inside = [prediction["intents"] for message, prediction in pairs if OUT_OF_SCOPE not in (message.intents or ())]
    return {
        "main_expected": share(main, len(pairs)),
        "any_expected": share(any_found, len(pairs)),
        "macro_f1": macro_f1(gold, guess),
        "out_of_scope_recall": share(sum(found[:1] == [OUT_OF_SCOPE] for found in outside), len(outside)),
        "in_scope_lost": share(sum(found[:1] == [OUT_OF_SCOPE] for found in inside), len(inside)),
        "each": {name: scores(one_against_rest(name, gold, guess)) for name in sorted(set(gold))},
        "confusions": [
            {"expected": pair[0], "predicted": pair[1], "messages": count}
            for pair, count in Counter((g, p) for g, p in zip(gold, guess) if g != p).most_common()
        ],
    }


def macro_f1(gold: Sequence[str], guess: Sequence[str]) -> float:
    """Mean F1 over the labels that occur as gold."""
    counts = [one_against_rest(label, gold, guess) for label in sorted(set(gold))]
    return round(sum(2 * n["hit"] / (2 * n["hit"] + n["missed"] + n["extra"]) for n in counts) / len(counts), 4)


def one_against_rest(label: str, gold: Sequence[str], guess: Sequence[str]) -> Counter[str]:
    """How often a label was hit, missed, or said for another."""
    hit = sum(g == p == label for g, p in zip(gold, guess))
    return Counter(hit=hit, missed=gold.count(label) - hit, extra=guess.count(label) - hit)


def findings(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Precision, recall and F1 of symptoms (with assertion) and lists; accuracy of values that the label states."""
    table: dict[str, Any] = {}
    total = Counter[str]()
    for name in (*SYMPTOMS, *LISTS):
        counts = Counter[str]()
        for message, prediction in pairs:
            expected = items((message.findings or {}).get(name))
            found = items(prediction["findings"].get(name))
            counts["hit"] += len(expected & found)
            counts["missed"] += len(expected - found)
            counts["extra"] += len(found - expected)
        if counts["hit"] + counts["missed"] + counts["extra"]:
            table[name] = scores(counts)
        if name in SYMPTOMS:
            total += counts
    values = {}
    for name, (relative, least) in VALUES.items():
        stated = [(m.findings or {}, p["findings"]) for m, p in pairs if name in (m.findings or {})]
        extra = sum(name in p["findings"] and name not in (m.findings or {}) for m, p in pairs)
        if stated or extra:
            right = sum(near(expected[name], found.get(name), relative, least) for expected, found in stated)
            values[name] = {**share(right, len(stated)), "said_without_label": extra}
    return {"symptoms": scores(total), "each": table, "values": values}


def items(value: Any) -> set[str]:
    """A finding's value as a set that can be compared: a symptom's one assertion, or a list's members."""
    if value is None:
        return set()
    values = value if isinstance(value, list) else [value]
    return {str(item).strip().lower() for item in values}


def near(expected: Any, found: Any, relative: float, least: float) -> bool:
    """Equal, or for numbers within the larger of the two tolerances."""
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(expected - found) <= max(relative * abs(expected), least, 1e-6)
    return bool(expected == found)


def scores(counts: Mapping[str, int]) -> dict[str, Any]:
    """Precision, recall, F1 and the counts they come from."""
    hit, missed, extra = counts["hit"], counts["missed"], counts["extra"]
    return {
        "precision": round(hit / (hit + extra), 4) if hit + extra else None,
        "recall": round(hit / (hit + missed), 4) if hit + missed else None,
        "f1": round(2 * hit / (2 * hit + missed + extra), 4) if hit + missed + extra else None,
        "hit": hit,
        "missed": missed,
        "extra": extra,
    }


def urgency(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Confusion, under- and over-triage from the nearest acceptable label, and what becomes of red flags."""
    confusion: dict[str, Counter[str]] = {expected: Counter() for expected in URGENCIES}
    steps = Counter[int]()
    for message, prediction in pairs:
        confusion[str(message.urgency)][prediction["urgency"]] += 1
        steps[step(message, prediction)] += 1
    emergencies = [p for m, p in pairs if m.urgency == "emergency"]
    flags = [p for m, p in pairs if m.urgency in ("emergency", "same_day")]
    calm = [p for m, p in pairs if not {m.urgency, *m.urgency_acceptable} & {"emergency", "same_day"}]
    return {
        "confusion": {expected: dict(row) for expected, row in confusion.items() if row},
        "acceptable": share(steps[0], len(pairs)),
        "under_by_one": share(steps[-1], len(pairs)),
        "under_by_more": share(sum(n for by, n in steps.items() if by <= -2), len(pairs)),
        "over_by_one": share(steps[1], len(pairs)),
        "over_by_more": share(sum(n for by, n in steps.items() if by >= 2), len(pairs)),
        "emergency_at_least_same_day": share(sum(raised(p) for p in emergencies), len(emergencies)),
        "emergency_as_emergency": share(sum(p["urgency"] == "emergency" for p in emergencies), len(emergencies)),
        "red_flag_recall": share(sum(raised(p) for p in flags), len(flags)),
        "false_alarms": share(sum(raised(p) for p in calm), len(calm)),
    }


def step(message: Labelled, prediction: Prediction) -> int:
    """Levels above (+) or below (-) the nearest acceptable label; 0 is acceptable."""
    level = URGENCIES.index(prediction["urgency"])
    acceptable = [URGENCIES.index(label) for label in (message.urgency, *message.urgency_acceptable) if label]
    return min((level - target for target in acceptable), key=abs)


def raised(prediction: Prediction) -> bool:
    """Whether staff hear of it today."""
    return prediction["urgency"] in ("emergency", "same_day")


def share(part: int, whole: int) -> dict[str, Any]:
    """A share with its exact (Clopper-Pearson) 95 % interval; None where there is nothing to count."""
    if whole == 0:
        return {"share": None, "of": 0}
    low = 0.0 if part == 0 else float(beta.ppf(0.025, part, whole - part + 1))
    high = 1.0 if part == whole else float(beta.ppf(0.975, part + 1, whole - part))
    return {"share": round(part / whole, 4), "count": part, "of": whole, "low": round(low, 4), "high": round(high, 4)}


def latency(values: Iterable[float]) -> dict[str, float]:
    """Percentiles in milliseconds."""
    ordered = sorted(values)
    if not ordered:
        return {}

    def at(percent: int) -> float:
        return round(ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))], 1)

    return {"p50": at(50), "p90": at(90), "p95": at(95), "p99": at(99), "max": round(ordered[-1], 1)}
