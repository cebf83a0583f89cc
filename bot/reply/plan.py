"""Chooses what is said in one turn, and in which order. The words are Rasa responses; the choices are tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.reply.asking import Spoken
from bot.reply.fit import fit
from bot.reply.responses import load_responses
from bot.reply.tables import Tables
from bot.reply.turn import Turn
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.types import Understanding


@dataclass(frozen=True)
class Plan:
    """The responses of a turn in order (never none), the history with what was said and asked, and what the responses
    are filled with beside the clinic's facts."""

    responses: tuple[str, ...]
    history: CaseHistory
    values: Mapping[str, str]


class Planner:
    """Reads the tables and responses once. Raises ContentError when a table names what does not exist."""

    def __init__(self) -> None:
        self._responses = load_responses()
        self._tables = Tables.load(self._responses)

    def plan(
        self,
        history: CaseHistory,
        assessment: Assessment,
        intents: Sequence[str],
        understanding: Understanding,
        channel: str,
        spoken: Sequence[Spoken] = (),
    ) -> Plan:
        """The reply to the message just folded into `history`. Red flags come first, an emergency comes alone.

        `spoken` says where each intent stands in the text, as far as it is known.
        """
        turn = Turn(self._tables, history, assessment, tuple(intents), understanding, spoken)
        pieces = fit(turn.pieces(), channel, self._responses)
        responses = tuple(dict.fromkeys(piece.response for piece in pieces))
        asked, pending = history.asked, history.pending
        question = assessment.check or assessment.question
        if question is not None and question.response in responses:
            asked, pending = (*asked, question.id), question.id
        elif any(piece.kind == "lost" for piece in pieces) and asked and _is_question(history.said[-1:]):
            pending = asked[-1]  # a reprompt goes between, the question still waits
        values = {"heard": turn.heard or ""}
        return Plan(responses, replace(history, said=(*history.said, *responses), asked=asked, pending=pending), values)


def _is_question(last: Sequence[str]) -> bool:
    return any(response.startswith(("utter_question_", "utter_check_")) for response in last)
