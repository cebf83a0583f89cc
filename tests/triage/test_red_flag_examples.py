"""The acceptance test of triage: every example sentence through understanding, folding and assessment."""

from __future__ import annotations

import pytest
from triage_builders import NOW

from bot import content
from bot.triage.assess import RED_FLAGS, TIERS, Triage
from bot.triage.history import fold
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.pipeline import Understander

EXAMPLES = content.load(RED_FLAGS.with_name("red_flag_examples.yml"))
RAISE = [
    pytest.param(rule, tier, text, id=f"{rule}-{tier}-{text[:40]}")
    for rule, rows in EXAMPLES.items()
    for tier, texts in rows["raise"].items()
    for text in texts
]
NOT = [pytest.param(rule, text, id=f"{rule}-{text[:40]}") for rule, rows in EXAMPLES.items() for text in rows["not"]]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def assess(understander: Understander, triage: Triage, text: str) -> Assessment:
    return triage.assess(fold(CaseHistory(), understander.understand(text, NOW), (), NOW))


@pytest.mark.parametrize(("rule", "tier", "text"), RAISE)
def test_raises(understander: Understander, triage: Triage, rule: str, tier: str, text: str) -> None:
    result = assess(understander, triage, text)
    if tier not in TIERS:
        assert rule in result.reasons
        return
    flag = next((flag for flag in result.red_flags if flag.rule == rule), None)
    assert flag is not None, result.to_dict()
    assert TIERS.index(flag.tier) >= TIERS.index(tier), result.to_dict()  # type: ignore[arg-type]
    assert flag.evidence
    assert all(words in text for words in flag.evidence)


@pytest.mark.parametrize(("rule", "text"), NOT)
def test_does_not_raise(understander: Understander, triage: Triage, rule: str, text: str) -> None:
    result = assess(understander, triage, text)
    assert rule not in [flag.rule for flag in result.red_flags], result.to_dict()
    assert rule not in result.reasons


@pytest.mark.parametrize(("rule", "text"), NOT)
def test_a_denied_or_imagined_sign_is_no_emergency(
    understander: Understander, triage: Triage, rule: str, text: str
) -> None:
    emergencies = [flag for flag in assess(understander, triage, text).red_flags if flag.tier == "emergency"]
    assert emergencies == []
