"""One turn of the assistant: every line it could say, in the order it is said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reply.answers import choose
from bot.reply.conditions import Scene, holds, latest, this_turn
from bot.reply.fit import Piece
from bot.reply.flags import oldest, reminder, safety_lines
from bot.reply.tables import Row, Tables
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.types import Understanding

CHAT = ("inform", "affirm", "deny", "unsure")
LINES_BEFORE = 2  # talk lines that may stand before the answers
RECENT = 3  # responses back in which a reminder would sound like a parrot


class Turn:
    """Makes the choices of one turn from the tables, the folded history and the assessment."""

    def __init__(
        self,
        tables: Tables,
        history: CaseHistory,
        assessment: Assessment,
        intents: tuple[str, ...],
        understanding: Understanding,
    ) -> None:
        part = assessment.part.label if assessment.part else None
        text = understanding.text.replace("’", "'")
        self._tables = tables
        self._history = history
        self._said = history.said
        self._assessment = assessment
        self._asks = [intent for intent in intents if intent.startswith("ask_")]
        self._chats = any(intent in CHAT for intent in intents)
        self._now = Scene(text, this_turn(history, understanding), frozenset(intents), assessment.urgency, part)
        self._all = Scene(
            text,
            latest(history) or self._now.findings,
            frozenset((*history.intents, *intents)),
            assessment.urgency,
            part,
        )

    def pieces(self) -> list[Piece]:
        """The whole reply, never empty, before it is fitted to the channel."""
        flags, complete = safety_lines(self._tables, self._assessment, self._all.text, self._said)
        question = self._question()
        if complete:
            return flags
        if question in self._tables.checks_alone:
            return [*flags, Piece("question", question)]
        talk = [row for row in self._tables.talk if self._applies(row)]
        alone = next((row for row in talk if row.data["place"] == "alone"), None)
        if alone is not None:
            return [*flags, Piece("talk", alone.response)]

        body, spoken = self._body([row for row in talk if row.data["place"] == "opens"])
        if not body and not flags:
            body, spoken = self._filled([row for row in talk if row.data["place"] == "fills"], bool(question))
        if self._holds_on(flags, question):
            body.append(Piece("flag", reminder(self._tables, self._assessment)))
        quiet = any(row.data.get("quiet") for row in spoken) or any(piece.kind == "lost" for piece in body)
        return [*flags, *body, *([Piece("question", question)] if question and not quiet else [])]

    # --- the body: worry, talk, answers, the part, what to do

    def _body(self, opens: Sequence[Row]) -> tuple[list[Piece], Sequence[Row]]:
        opens = opens[:LINES_BEFORE]
        serious = self._assessment.urgency in ("same_day", "emergency")
        answers = choose(self._tables.answers, self._asks, self._now, self._all)
        do = None if serious else self._do(answers)
        part = None if serious or (do is not None and do.data.get("names_part")) else self._part()
        covers = {"flag": serious, "part": part is not None, "do": do is not None}
        wanted = [row for row in answers if not any(covers[by] for by in row.covered_by)]
        new = [row for row in wanted if row.response not in self._said]

        body = [Piece("talk", row.response) for row in opens]
        body += [Piece("answer", row.response) for row in new]
        if part is not None:
            asked = "ask_part_identity" in self._asks
            body.append(Piece("answer" if asked else "part", part))
        if do is not None:
            body.append(Piece("do", do.response))
            body += self._extras()
        if wanted and not body:
            body = self._asked_again(wanted)
        if body and not opens and not serious:
            body = [*self._worry(), *body]
        return body, opens

    def _applies(self, row: Row) -> bool:
        return holds(row.when, self._now) and not (row.data.get("once") and row.response in self._said)

    def _worry(self) -> list[Piece]:
        """Half a sentence at the first sign of distress, never again."""
        if any(row.response in self._said for row in self._tables.worry):
            return []
        row = next((row for row in self._tables.worry if holds(row.when, self._now)), None)
        return [Piece("worry", row.response)] if row else []

    def _part(self) -> str | None:
        """What the part probably is, unless that was the last thing said about it."""
        if self._assessment.part is None:
            return None
        response = self._tables.parts[self._assessment.part.label]
        before = [name for name in self._said if name in self._tables.parts.values()]
        return None if before and before[-1] == response else response

    def _do(self, answers: Sequence[Row]) -> Row | None:
        """What to do and by when: for what this message says, else for what the conversation is about."""
        topics = {row.key for row in answers}
        rows = self._tables.situations
        # a row that looks at nothing but the urgency would fit every later message too
        specific = [row for row in rows if set(row.when) != {"urgency"}]
        for scene, candidates in ((self._now, specific), (self._all, rows)):
            row = next((row for row in candidates if holds(row.when, scene)), None)
            if row is not None and row.response not in self._said and topics.isdisjoint(row.covered_by):
                return row
        return None

    def _extras(self) -> list[Piece]:
        """What stands in the way of coming (cost, distance): beside what to do, once."""
        rows = [row for row in self._tables.extras if holds(row.when, self._now) and row.response not in self._said]
        return [Piece("extra", row.response) for row in rows[:1]]

    def _question(self) -> str | None:
        """The check on a denied emergency sign goes before the next best question; there is never a second one."""
        question = self._assessment.check or self._assessment.question
        return question.response if question and self._assessment.urgency != "emergency" else None

    # --- repeats, talk, and what was not understood

    def _holds_on(self, flags: Sequence[Piece], question: str | None) -> bool:
        """Whether an earlier same-day matter must be brought back to mind in this turn."""
        if flags or self._assessment.urgency not in ("same_day", "emergency"):
            return False
        urgent = any(flag.tier != "day" for flag in self._assessment.red_flags)
        return urgent or not (question or self._asks)

    def _asked_again(self, wanted: Sequence[Row]) -> list[Piece]:
        """A question asked again: what to do still holds, or a related topic that is new, or a person."""
        if self._assessment.urgency not in ("info", "emergency") and any("do" in row.covered_by for row in wanted):
            told = reminder(self._tables, self._assessment)
            return [Piece("talk", oldest(self._said, [told, self._tables.handover]))]
        related = {topic for row in wanted for topic in row.data.get("related", ())}
        more = [row.response for row in self._tables.answers if row.key in related and row.response not in self._said]
        line = oldest(self._said, [self._tables.reminders["info"], self._tables.handover])
        return [Piece("talk", line), *(Piece("answer", response) for response in more[:1])]

    def _filled(self, fills: Sequence[Row], asks: bool) -> tuple[list[Piece], Sequence[Row]]:
        """The reply where there is nothing to answer and nothing new to do."""
        fill = next((row for row in fills if row.response not in self._said[-1:]), None)
        if fill is not None:
            return [Piece("talk", fill.response)], [fill]
        if self._is_repeated():
            again = oldest(self._said, [reminder(self._tables, self._assessment), self._tables.handover])
            return [Piece("talk", again)], []
        if self._now.findings and (asks or self._assessment.urgency != "info"):
            noted = Piece("talk", oldest(self._said, self._tables.noted))
            told = reminder(self._tables, self._assessment)
            return ([noted] if asks or told in self._said[-RECENT:] else [noted, Piece("talk", told)]), []
        if self._now.findings or (self._chats and not fills):
            first = self._tables.chat["first"]
            return [Piece("talk", self._tables.chat["later"] if first in self._said else first)], []
        return [Piece("lost", self._puzzled())], []

    def _is_repeated(self) -> bool:
        texts = self._history.texts
        return bool(self._said) and bool(texts) and texts[-1] in texts[:-1]

    def _puzzled(self) -> str:
        """A kind reprompt; at the second misunderstanding in a row a person."""
        off_topic = (row.response for row in self._tables.talk if row.key == "out_of_scope")
        if self._said and self._said[-1] in {*self._tables.not_understood, *off_topic}:
            return self._tables.handover
        return oldest(self._said, self._tables.not_understood)
