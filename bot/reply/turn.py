"""One turn of the assistant: every line it could say, in the order it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from bot.reply.answers import choose
from bot.reply.asking import Asking, Spoken
from bot.reply.conditions import Scene, holds, latest, this_turn
from bot.reply.doing import hindrance, what_to_do
from bot.reply.fit import Kind, Piece
from bot.reply.flags import oldest, reminder, safety_lines
from bot.reply.focus import focus, is_supported
from bot.reply.parts import IDENTITY, WITH_SIZE, is_about_a_part, part_line
from bot.reply.tables import Row, Tables
from bot.triage.questions import ANSWER_TO
from bot.triage.types import Assessment, CaseHistory
from bot.understanding.types import Understanding

CHAT = ("inform", "affirm", "deny", "unsure")
MOST = 3  # answers
LINES_BEFORE = 2  # talk lines that may stand before the answers
OFF_TOPIC = "out_of_scope"
SHORT = 3  # words
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
        spoken: Sequence[Spoken],
    ) -> None:
        part = assessment.part.label if assessment.part else None
        text = understanding.text.replace("’", "'")
        stated, known = this_turn(history, understanding), latest(history)
        asking = Asking(text, understanding.sentences, tables.cues.asks)
        about = focus(tables.cues, intents, stated, asking, spoken)
        # of earlier turns only what a finding bears out: their by-catch is not known any more
        earlier = (name for name in history.intents if is_supported(tables.cues, name, known))
        self._tables = tables
        self._history = history
        self._said = history.said
        self._assessment = assessment
        self._questions = about.questions
        self._asks = tuple(dict.fromkeys(question.intent for question in about.questions))
        self._main = frozenset(filter(None, [about.main]))
        self._chats = any(intent in CHAT for intent in intents)
        self._now = Scene(text, stated, frozenset(about.intents), assessment.urgency, part)
        # a bare answer tells no new story: what to do was said when the question was asked
        answered = {
            f.finding.name for f in history.facts if f.turn == history.turns and ANSWER_TO in f.finding.attributes
        }
        self._told = replace(self._now, findings=tuple(f for f in stated if f.name not in answered))
        self._all = replace(self._now, findings=known or stated, intents=frozenset((*earlier, *about.intents)))

    def pieces(self) -> list[Piece]:
        """The whole reply, never empty, before it is fitted to the channel."""
        flags, complete = safety_lines(self._tables, self._assessment, self._all.text, self._said)
        question = self._question(flags)
        talk = [row for row in self._tables.talk if self._applies(row)]
        if complete:
            return [*flags, *(Piece("talk", row.response) for row in talk if row.data.get("always"))]
        if question in self._tables.checks_alone:
            return [*flags, Piece("question", question)]
        alone = next((row for row in talk if row.data["place"] == "alone"), None)
        if alone is not None:
            return [*flags, Piece("talk", alone.response)]

        body, spoken = self._body(
            [row for row in talk if row.data["place"] == "opens"],
            [row for row in talk if row.data["place"] == "closes"],
            bool(flags),
        )
        if not body and not flags and self._asks and self._assessment.urgency in ("same_day", "emergency"):
            body = [Piece("flag", self._reminder())]  # asked what the safety line answered
        if not body and not flags:
            body, spoken = self._filled([row for row in talk if row.data["place"] == "fills"], bool(question))
            body = [*self._worry(), *body]
        quiet = any(row.data.get("quiet") for row in spoken) or any(piece.kind == "lost" for piece in body)
        if self._holds_on(flags, None if quiet else question) or self._rises(flags, body):
            body.append(Piece("flag", self._reminder()))
        return [*flags, *body, *([self._question_piece(question)] if question and not quiet else [])]

    # --- the body: worry, talk, answers, the part, what to do

    def _body(self, opens: Sequence[Row], closes: Sequence[Row], line: bool) -> tuple[list[Piece], Sequence[Row]]:
        opens = opens[:LINES_BEFORE]
        serious = self._assessment.urgency in ("same_day", "emergency")
        told = {topic for row in (*opens, *closes) for topic in row.data.get("covers", ())}
        chosen = [
            [row for row in rows if row.key not in told]
            for rows in choose(self._tables, self._questions, self._now, self._all)
        ]
        answers = [row for rows in chosen[:MOST] for row in rows]
        calm = self._assessment.urgency == "info"
        do = (
            None if serious or calm else what_to_do(self._tables, self._told, self._all, [*opens, *answers], self._said)
        )
        names_part = do is not None and do.data.get("names_part")
        part = None if serious or names_part or (calm and IDENTITY not in self._asks) else self._part(answers)
        covers = {"flag": serious, "part": part is not None, "do": do is not None}
        covers["line"] = line
        covers["emergency"] = self._assessment.urgency == "emergency"
        covers["part_size"] = part is not None and part.endswith(WITH_SIZE)
        wanted = self._wanted(chosen, [name for name, covered in covers.items() if covered])

        answers_it = (
            part is not None and IDENTITY in self._asks[:MOST] and not any(IDENTITY in row.intents for row in wanted)
        )
        main = None if answers_it and self._asks[0] == IDENTITY else next(iter(wanted), None)
        body = [Piece("talk", row.response) for row in opens]
        body += self._answers(wanted, main, aside=False)
        body += [Piece("talk", row.response) for row in closes if not (wanted and self._has_said(row))]
        if part is not None:
            body.append(Piece("answer" if answers_it else "part", part))
        if do is not None:
            body.append(Piece("do", do.response))
        elif not serious and self._needs_net(body):
            body.append(Piece("net", self._tables.net))
        if do is not None or serious:
            row = hindrance(self._tables, self._now, [*opens, *wanted], self._said)
            body += [Piece("extra", row.response)] if row else []
        body += self._answers(wanted, main, aside=True)
        repeats = bool(wanted) and all(row.response in self._said for row in wanted)
        if repeats and not opens and part is None and do is None:
            body = [self._asked_again(wanted), *body[:1]]
        if body and not opens and not closes and not serious:
            body = [*self._worry(), *body]
        return body, (*opens, *closes)

    def _needs_net(self, body: Sequence[Piece]) -> bool:
        """Whether where to turn is to be said: after answers that name no number, once."""
        answers = any(piece.kind in ("answer", "more") for piece in body)
        calls = any(piece.response in self._tables.calls for piece in body)
        return answers and not calls and self._tables.net not in self._said

    def _wanted(self, chosen: Sequence[Sequence[Row]], covers: Sequence[str]) -> list[Row]:
        """The answers that nothing else in the reply gives: the first of each question, then the second ones."""
        left = [[row for row in rows if not set(row.covered_by) & set(covers)] for rows in chosen]
        wanted = [row for nth in zip_longest(*left) for row in nth if row is not None]
        return ([row for row in wanted if not row.data.get("alone")] or wanted)[:MOST]

    def _applies(self, row: Row) -> bool:
        scene = replace(self._now, intents=self._main) if row.data.get("main") else self._now
        return holds(row.when, scene) and not (row.data.get("once") and self._has_said(row))

    def _has_said(self, row: Row) -> bool:
        return row.response in self._said

    def _worry(self) -> list[Piece]:
        """Half a sentence at the first sign of distress, never again."""
        if any(row.response in self._said for row in self._tables.worry):
            return []
        row = next((row for row in self._tables.worry if holds(row.when, self._now)), None)
        return [Piece("worry", row.response)] if row else []

    def _part(self, answers: Sequence[Row]) -> str | None:
        topics = frozenset(row.key for row in answers)
        return part_line(self._tables.parts, self._asks, self._now, self._all, topics, self._said)

    def _answers(self, wanted: Sequence[Row], main: Row | None, aside: bool) -> list[Piece]:
        """The answers in the table's order; for one given before a related topic that is new, if there is one."""
        responses = {row.key: row.response for row in self._tables.answers}
        pieces: list[Piece] = []
        for row in sorted(wanted, key=self._tables.answers.index):
            options = (row.response, *(responses[topic] for topic in row.data.get("related", ())))
            kind: Kind = "extra" if aside else "answer" if row == main else "more" if row in wanted[:2] else "third"
            if bool(row.data.get("aside")) == aside:
                pieces += [Piece(kind, response) for response in options if response not in self._said][:1]
        return pieces

    def _question(self, flags: Sequence[Piece]) -> str | None:
        """The check on a denied emergency sign goes before the next best question; there is never a second one.

        After a safety line only a question that may change the urgency is asked, and what the part is only where one
        came out or is asked about.
        """
        question = self._assessment.check or self._assessment.question
        if question is None or self._assessment.urgency == "emergency":
            return None
        identifies = question.response in self._tables.identification
        fits = not flags and is_about_a_part(self._asks, self._all)
        return None if identifies and not fits else question.response

    def _question_piece(self, question: str) -> Piece:
        return Piece("detail" if question in self._tables.identification else "question", question)

    # --- repeats, talk, and what was not understood

    def _holds_on(self, flags: Sequence[Piece], question: str | None) -> bool:
        """Whether an earlier same-day matter must be brought back to mind in this turn."""
        if flags or self._assessment.urgency not in ("same_day", "emergency"):
            return False
        urgent = any(flag.tier != "day" for flag in self._assessment.red_flags)
        return urgent or not (question or self._asks)

    def _rises(self, flags: Sequence[Piece], body: Sequence[Piece]) -> bool:
        """Whether it has become worth a call since the last message, and nothing in the reply says so."""
        if flags or self._assessment.urgency != "soon" or self._history.urgency not in ("info", "routine"):
            return False
        return bool(self._said) and not any(piece.response in self._tables.calls for piece in body)

    def _reminder(self) -> str:
        return reminder(self._tables, self._assessment, self._said)

    def _asked_again(self, wanted: Sequence[Row]) -> Piece:
        """What opens the reply when every question was answered before: what to do still holds, or a person."""
        if self._assessment.urgency not in ("info", "emergency") and any("do" in row.covered_by for row in wanted):
            told = reminder(self._tables, self._assessment, ())
        else:
            told = self._tables.reminders["info"]
        return Piece("talk", oldest(self._said, [told, self._tables.handover]))

    def _filled(self, fills: Sequence[Row], asks: bool) -> tuple[list[Piece], Sequence[Row]]:
        """The reply where there is nothing to answer and nothing new to do."""
        said = self._said
        fill = next((row for row in fills if row.response not in said[-1:]), None)
        if fill is not None:
            return [Piece("talk", fill.response)], [fill]
        if self._is_repeated():
            told = reminder(self._tables, self._assessment, ())
            return [Piece("talk", oldest(said, [told, self._tables.handover]))], []
        tells = bool(self._now.findings) or "inform" in self._now.intents
        noted = Piece("talk", oldest(said, self._tables.noted))
        later = oldest(said, self._tables.okay)
        if asks and (tells or self._chats):
            return [noted], []
        if self._now.findings and self._assessment.urgency != "info":
            told = self._reminder()
            parrots = not {told, reminder(self._tables, self._assessment, ())}.isdisjoint(said[-RECENT:])
            return ([noted] if parrots else [noted, Piece("talk", told)]), []
        if tells:
            return [Piece("talk", later if self._tables.ask_more in said else self._tables.ask_more)], []
        if said and (self._chats or (fills and fills[0].key != OFF_TOPIC)):
            return [Piece("talk", later)], []
        return [Piece("lost", self._puzzled())], []

    def _is_repeated(self) -> bool:
        """Whether the same message came before; a short one ("no", "5 mm") may answer two questions."""
        texts = self._history.texts
        return bool(self._said) and texts[-1:] != () and texts[-1] in texts[:-1] and len(self._all.text.split()) > SHORT

    def _puzzled(self) -> str:
        """A kind reprompt; at the second misunderstanding in a row a person."""
        off_topic = (row.response for row in self._tables.talk if row.key == OFF_TOPIC)
        if self._said and self._said[-1] in {*self._tables.not_understood, *off_topic}:
            return self._tables.handover
        return oldest(self._said, self._tables.not_understood)
