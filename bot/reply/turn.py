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
from bot.reply.flags import TIERS, in_care, oldest, reminder, safety_lines
from bot.reply.focus import focus, is_supported
from bot.reply.hearing import corrected
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
GONE = ("part_missing", "swallowed_part", "inhaled_part")
SURE = 0.75  # confidence from which a report counts though nothing was found
SAFETY = ("utter_flag_", "utter_already_", "utter_still_", "utter_keep_")
RECENT = 3  # responses back in which a reminder would sound like a parrot
# what an emergency answers itself; any other question waits
ABOUT_IT = ("ask_urgency", "ask_next_step", "ask_normal", "ask_cause", "ask_infection", "ask_part_identity")


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
        about = focus(tables.cues, intents, stated, asking, spoken, bool(known))
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
        told = tuple(fact.finding for fact in history.facts)
        tier = next((tier for tier in TIERS if any(flag.tier == tier for flag in assessment.red_flags)), None)
        said, urgency = history.said, assessment.urgency
        reported = frozenset(s.name for s in spoken if s.name.startswith("report_") and s.confidence >= SURE)
        self._now = Scene(text, stated, frozenset(about.intents), urgency, part, told, said, tier, reported)
        self._talk = [row for row in tables.talk if self._applies(row)]
        self._care = in_care(tables, history.said, self._talk)
        self.heard = corrected(tables.heard, tables.heard_cue, history, text)
        """The values the patient put right, in words."""
        # a bare answer tells no new story: what to do was said when the question was asked
        answered = {
            f.finding.name for f in history.facts if f.turn == history.turns and ANSWER_TO in f.finding.attributes
        }
        self._told = replace(self._now, findings=tuple(f for f in stated if f.name not in answered))
        self._all = replace(self._now, findings=known or stated, intents=frozenset((*earlier, *about.intents)))

    def pieces(self) -> list[Piece]:
        """The whole reply, never empty, before it is fitted to the channel."""
        flags, complete = safety_lines(self._tables, self._assessment, self._all.text, self._said, self._care)
        question, talk = self._question(flags), self._talk
        if complete:
            waits = not self._is_crisis(flags) and any(intent not in ABOUT_IT for intent in self._asks)
            later = [Piece("net", self._tables.later)] if waits else []
            return [*flags, *(Piece("talk", row.response) for row in talk if row.data.get("always")), *later]
        if question in self._tables.checks_alone:
            return [*flags, Piece("question", question)]
        alone = next((row for row in talk if row.data["place"] == "alone"), None)
        if alone is not None and alone.data.get("leads"):
            return [Piece("flag", alone.response)]
        if alone is not None:
            return [*flags, Piece("talk", alone.response)]

        body, spoken = self._body(
            [row for row in talk if row.data["place"] == "opens"],
            [row for row in talk if row.data["place"] == "closes"],
            bool(flags),
        )
        if flags and all(
            piece.response in (*self._tables.no_answer, *self._tables.reminders["info"]) for piece in body
        ):
            body = []  # that there is no more to say matters less than the safety line
        if not body and not flags and self._asks and self._is_serious:
            body = [Piece("flag", self._reminder())]  # asked what the safety line answered
        if not body and not flags:
            body, spoken = self._filled([row for row in talk if row.data["place"] == "fills"], bool(question))
            body = [*self._worry(), *body]
        quiet = any(row.data.get("quiet") for row in spoken) or any(piece.kind == "lost" for piece in body)
        if self._holds_on(flags, body, None if quiet else question) or self._rises(flags, body):
            body.append(Piece("flag", self._reminder()))
        return [*flags, *body, *([self._question_piece(question)] if question and not quiet else [])]

    @property
    def _is_serious(self) -> bool:
        return self._assessment.urgency in ("same_day", "emergency")

    def _is_crisis(self, flags: Sequence[Piece]) -> bool:
        return any(piece.response in self._tables.crisis_lines for piece in flags)

    # --- the body: worry, talk, answers, the part, what to do

    def _body(self, opens: Sequence[Row], closes: Sequence[Row], line: bool) -> tuple[list[Piece], Sequence[Row]]:
        opens = opens[:LINES_BEFORE]
        serious = self._is_serious
        told = {topic for row in (*opens, *closes) for topic in row.data.get("covers", ())}
        chosen = [
            (question, [row for row in rows if row.key not in told])
            for question, rows in choose(self._tables, self._questions, self._now, self._all)
        ]
        answers = [row for _, rows in chosen[:MOST] for row in rows]
        calm = self._assessment.urgency == "info"
        do = (
            None if serious or calm else what_to_do(self._tables, self._told, self._all, [*opens, *answers], self._said)
        )
        names_part = do is not None and do.data.get("names_part")
        part = None if serious or names_part or (calm and IDENTITY not in self._asks) else self._part(answers)
        covers = {"flag": serious, "part": part is not None, "do": do is not None}
        covers["line"] = line
        covers["emergency"] = self._assessment.urgency == "emergency" and self._care != "seen"
        covers["part_size"] = part is not None and part.endswith(WITH_SIZE)
        wanted = self._wanted([rows for _, rows in chosen], [name for name, covered in covers.items() if covered])
        self._places = {row.key: question.start for question, rows in reversed(chosen) for row in rows}

        answers_it = (
            part is not None and IDENTITY in self._asks[:MOST] and not any(IDENTITY in row.intents for row in wanted)
        )
        main = None if answers_it and self._asks[0] == IDENTITY else next(iter(wanted), None)
        body = [Piece("talk", row.response) for row in opens]
        if self.heard is not None:
            body.insert(0, Piece("talk", self._tables.heard_as))
        named = [] if part is None else [Piece("answer" if answers_it else "part", part)]
        first = answers_it and self._starts_with_identity(wanted)
        body += named if first else []
        body += self._answers(wanted, main, aside=False)
        body += [Piece("talk", row.response) for row in closes if not (wanted and self._has_said(row))]
        body += [] if first else named
        if do is not None:
            body.append(Piece("do", do.response))
        elif self._is_to_keep():
            body.append(Piece("more", self._tables.keep))
        elif not serious and self._needs_net(body):
            body.append(Piece("net", self._tables.net))
        if do is not None or serious:
            row = hindrance(self._tables, self._now, [*opens, *wanted], self._said)
            body += [Piece("extra", row.response)] if row else []
        body += self._answers(wanted, main, aside=True)
        repeats = bool(wanted) and all(row.response in self._said for row in wanted)
        specific = bool(body) and any(row.when for row in wanted) and not self._is_same_text()
        if repeats and not specific and not opens and part is None and do is None:
            body = [self._asked_again(wanted), *(body[:1] if self._is_same_text() else ())]
        if body and not opens and not closes and not serious:
            body = [*self._worry(), *body]
        return body, (*opens, *closes)

    def _starts_with_identity(self, wanted: Sequence[Row]) -> bool:
        start = next((question.start for question in self._questions if question.intent == IDENTITY), 0)
        return all(start <= self._places.get(row.key, 0) for row in wanted if not row.data.get("warns"))

    def _is_to_keep(self) -> bool:
        """Whether a part that came out is in hand while the safety line tells of something else."""
        out = any(f.name in ("part_out", "part_in_mouth") and f.assertion == "present" for f in self._told.findings)
        gone = any(f.name in GONE and f.assertion == "present" for f in self._all.findings)
        said = any(name.startswith("utter_do_") for name in self._said)
        return self._assessment.urgency == "same_day" and out and not gone and not said

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
        """The answers as they were asked for, warnings first; for one given before a related topic that is new."""
        responses = {row.key: row.response for row in self._tables.answers}
        pieces: list[Piece] = []
        for row in sorted(wanted, key=lambda row: (not row.data.get("warns"), self._places.get(row.key, 0))):
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
        doubtful = question in self._tables.doubtful
        identifies = question in self._tables.identification
        return Piece("check" if doubtful else "detail" if identifies else "question", question)

    # --- repeats, talk, and what was not understood

    def _holds_on(self, flags: Sequence[Piece], body: Sequence[Piece], question: str | None) -> bool:
        """Whether an earlier same-day matter must be brought back to mind in this turn."""
        if flags or not self._is_serious:
            return False
        urgent = any(flag.tier != "day" for flag in self._assessment.red_flags)
        calls = any(piece.response in self._tables.calls for piece in body)
        just = any(name.startswith(SAFETY) for name in self._said[-RECENT:])
        return urgent or (not calls if question is None else not just)

    def _rises(self, flags: Sequence[Piece], body: Sequence[Piece]) -> bool:
        """Whether it has become worth a call since the last message, and nothing in the reply says so."""
        if flags or self._assessment.urgency != "soon" or self._history.urgency not in ("info", "routine"):
            return False
        return bool(self._said) and not any(piece.response in self._tables.calls for piece in body)

    def _reminder(self) -> str:
        return reminder(self._tables, self._assessment, self._said, self._care)

    def _asked_again(self, wanted: Sequence[Row]) -> Piece:
        """What is said when every question was answered before: what to do still holds, or that there is no more."""
        if self._assessment.urgency not in ("info", "emergency") and any("do" in row.covered_by for row in wanted):
            told = self._tables.reminders[self._assessment.urgency if not self._is_serious else "day"][:1]
        else:
            told = self._tables.reminders["info"] if self._is_same_text() else self._tables.no_answer
        return Piece("talk", oldest(self._said, [*told, self._tables.handover]))

    def _filled(self, fills: Sequence[Row], asks: bool) -> tuple[list[Piece], Sequence[Row]]:
        """The reply where there is nothing to answer and nothing new to do."""
        said = self._said
        fill = next((row for row in fills if row.response not in said[-1:]), None)
        if fill is not None:
            return [Piece("talk", fill.response)], [fill]
        if self._is_repeated():
            told = reminder(self._tables, self._assessment, (), self._care)
            return [Piece("talk", oldest(said, [told, self._tables.handover]))], []
        reports = any(name.startswith("report_") for name in self._now.intents)
        tells = bool(self._now.findings) or "inform" in self._now.intents or (reports and bool(said))
        noted = Piece("talk", oldest(said, self._tables.noted))
        later = oldest(said, self._tables.okay)
        if asks and (tells or self._chats):
            return [noted], []
        if self._is_serious and (tells or self._chats):
            return [noted], []  # the reminder follows
        if (self._now.findings or (reports and tells)) and self._assessment.urgency != "info":
            told = self._reminder()
            parrots = not {told, reminder(self._tables, self._assessment, (), None)}.isdisjoint(said[-RECENT:])
            return ([noted] if parrots else [noted, Piece("talk", told)]), []
        if tells:
            other = any(finding.subject != "self" for finding in self._all.findings)
            more = self._tables.ask_more_other if other else self._tables.ask_more
            return [Piece("talk", later if more in said else more)], []
        if said and (self._chats or (fills and fills[0].key != OFF_TOPIC)):
            return [Piece("talk", later)], []
        return [Piece("lost", self._puzzled())], []

    def _is_same_text(self) -> bool:
        """Whether the same message came before."""
        return self._history.texts[-1:] != () and self._history.texts[-1] in self._history.texts[:-1]

    def _is_repeated(self) -> bool:
        """The same, but a short one ("no", "5 mm") may answer two questions."""
        return bool(self._said) and self._is_same_text() and len(self._all.text.split()) > SHORT

    def _puzzled(self) -> str:
        """A kind reprompt; at the second misunderstanding in a row a person."""
        off_topic = (row.response for row in self._tables.talk if row.key == OFF_TOPIC)
        if self._said and self._said[-1] in {*self._tables.not_understood, *off_topic}:
            return self._tables.handover
        return oldest(self._said, self._tables.not_understood)
