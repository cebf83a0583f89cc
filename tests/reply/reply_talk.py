"""Hand-made conversations for the planner: no understanding, no triage, only what they would have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.reply.asking import Spoken
from bot.reply.plan import Plan, Planner
from bot.triage.history import digest
from bot.triage.types import Assessment, CaseHistory, Fact, PartGuess, Question, RedFlag, Tier, Urgency
from bot.understanding.types import Finding, Understanding

PLANNER = Planner()
AT = "2026-11-21T12:00:00-05:00"
QUESTION = Question("size", "utter_question_size")
FEVER = Question("fever", "utter_question_fever")
OTHER_QUESTION = Question("threads", "utter_question_threads")
CHECK = Question("check_airway", "utter_check_airway")
CHECK_CRISIS = Question("check_crisis", "utter_check_crisis")
CAP = PartGuess("screw_in_part", {"healing abutment": 1.0}, ("stage: no crown yet",))
IMPLANT = PartGuess("could_be_implant", {"implant": 1.0}, ("threads: whole length",))


def flag(rule: str, tier: Tier, *words: str) -> RedFlag:
    return RedFlag(rule, tier, f"utter_flag_{rule.lower()}_{tier}", words, "test")


class Talk:
    """One conversation, turn by turn."""

    def __init__(self, channel: str = "web") -> None:
        self.history = CaseHistory()
        self.channel = channel
        self.responses: tuple[str, ...] = ()

    def say(
        self,
        text: str,
        intents: Sequence[str] = (),
        findings: Sequence[Finding] = (),
        urgency: Urgency = "info",
        flags: Sequence[RedFlag] = (),
        check: Question | None = None,
        part: PartGuess | None = None,
        question: Question | None = None,
        spoken: Sequence[Spoken] = (),
    ) -> tuple[str, ...]:
        """Fold by hand, plan, keep the history; the names of the responses, without the line on where to turn."""
        turn = self.history.turns + 1
        folded = replace(
            self.history,
            turns=turn,
            facts=(*self.history.facts, *(Fact(finding, turn, AT) for finding in findings)),
            intents=tuple(dict.fromkeys((*self.history.intents, *intents))),
            texts=(*self.history.texts, digest(text)),
            pending=None,
        )
        assessment = Assessment(urgency, tuple(flags), check, part, question)
        understanding = Understanding(text, tuple(findings), ((0, len(text)),))
        plan: Plan = PLANNER.plan(folded, assessment, intents, understanding, self.channel, spoken)
        assert plan.responses, "a reply is never empty"
        assert plan.history.said == (*self.history.said, *plan.responses)
        self.history = replace(plan.history, urgency=urgency)
        self.responses = plan.responses
        return tuple(response for response in plan.responses if response != "utter_net")
