"""The first look at a stored message: what the rules see in it, a case for every red flag, its safety line at once."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clinic import Clinic
from bot.gateway.burst import joined, latest
from bot.gateway.engine import EngineAssessment, Flag
from bot.gateway.handover import Handover
from bot.gateway.histories import Histories
from bot.gateway.metrics import ANSWER
from bot.gateway.moment import Moment
from bot.gateway.scan import Said, Scans, Seen, strongest, top_flag
from bot.gateway.settings import Settings
from bot.gateway.speech import Speech
from bot.records import cases, conversations, waiting
from bot.records.cases import Reason
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import LEVELS, WAITING, Conversation, Message
from bot.records.waiting import Scene
from bot.triage.types import CaseHistory

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Before:
    """What a look at a message needs of the records, read in one transaction."""

    scene: Scene
    history: CaseHistory


class Look:
    """Looks at each message once, whoever asks. All methods block: call them in a thread."""

    def __init__(
        self, database: Database, scan: Scans, speech: Speech, clinic: Clinic, handover: Handover, settings: Settings
    ) -> None:
        self._database, self._scan, self._speech = database, scan, speech
        self._clinic, self._handover = clinic, handover
        self.histories = Histories()
        self._gap, self._limit = timedelta(seconds=settings.burst_gap), settings.engine_text_limit

    def before(self, session: Session, message: Message, photo: bool = True) -> Before | None:
        """To be read before a message is looked at; `photo` False: it is known to have none. None if it is deleted."""
        scene = waiting.scene(session, message, message.received_at - self._gap, photo)
        return None if scene is None else Before(scene, self.histories.of(session, scene.conversation))

    def look(self, message: Message, now: datetime, before: Before | None = None) -> bool:
        """Scan a message nobody scanned yet and commit what was seen. True if its safety line was said by that.

        `before` is what was read when it was stored; without it that is read now.
        """
        moment = Moment(now)
        if message.understanding is not None:
            return False
        if before is None:
            with self._database.read() as session:
                before = self.before(session, message)
            if before is None:
                return False
        scene, history = before.scene, before.history
        conversation, earlier = scene.conversation, scene.earlier
        burst = latest(earlier, self._gap, self._limit)
        text = joined(part for _, part in burst)
        seen, assessment = self._assessed(history, earlier, [each for each, _ in burst], message, text)
        at = self.local(message.received_at)
        flags = assessment.red_flags if assessment else []
        reasons = self.new_reasons(conversation.id, flags, text, at)
        if assessment is None:
            reasons.append(self._handover.ground("scan_failed", message.text, at))
        if scene.has_photo:
            reasons.append(self._handover.ground("photo", message.text, at))
        findings = [finding.to_dict() for finding in seen.understanding.findings] if seen else []
        spoken = False
        with self._database.write(durable=bool(reasons)) as session:
            locked = conversations.locked(session, conversation.id) if reasons else conversation
            if locked is None or not conversations.understood(
                session, message.id, findings, assessment.model_dump(mode="json") if assessment else None
            ):
                return False  # deleted, or another process was first
            cases.raise_case(session, conversation.id, message.id, reasons, at)
            before_it = locked.history.get("said", ()) if reasons else history.said
            flag = top_flag([flag for flag in flags if said(flag, text)])
            line = self._unsaid(session, locked, flag, before_it, earlier[0].seq, at)
            if line is not None and conversations.settle(session, message.id, "pending"):
                conversations.reply(session, conversation.id, [line], moment.now(), message.id)
                spoken = True
        for reason in reasons:
            logger.warning("case", extra={"message_id": str(message.id), "rule": reason.rule, "tier": reason.level})
        if spoken:
            ANSWER.labels(conversation.channel, "safety").observe(moment.ms(message.received_at) / 1000)
        return spoken

    def seen(
        self, history: CaseHistory, unanswered: Sequence[Message], text: str, received_at: datetime
    ) -> Seen | None:
        """The scan of a text. None, logged, when it breaks: the message still goes its way."""
        try:
            return self._scan.look(
                history,
                [Said(earlier.text, self.local(earlier.received_at)) for earlier in unanswered],
                Said(text, self.local(received_at)),
            )
        except Exception as error:
            logger.error("scan failed", extra={"code": type(error).__name__})
            return None

    def hand(self, text: str, received_at: datetime) -> dict[str, Any] | None:
        """What the engine need not find out of a text again; `received_at` is local."""
        return self._scan.hand(Said(text, received_at))

    def new_reasons(self, conversation_id: uuid.UUID, flags: Sequence[Flag], text: str, at: datetime) -> list[Reason]:
        """Reasons for what `text` says, and for what it does not say where staff never heard of it as grave.

        A history remembers for ever: what a person has dealt with must not open a case again at every "thank you".
        """
        if not flags:
            return []
        with self._database.read() as session:
            told = waiting.levels(session, conversation_id)

        def is_new(flag: Flag) -> bool:
            known = told.get(flag.rule)
            return said(flag, text) or known is None or LEVELS.index(flag.tier) > LEVELS.index(known)

        return self._handover.flags(list(filter(is_new, flags)), at)

    def local(self, at: datetime) -> datetime:
        """A stored time in the clinic's zone."""
        return at.astimezone(self._clinic.timezone)

    def _assessed(
        self,
        history: CaseHistory,
        earlier: Sequence[Message],
        burst: Sequence[Message],
        message: Message,
        text: str,
    ) -> tuple[Seen | None, EngineAssessment | None]:
        """The message alone, and the assessment of it alone or as the end of `text`, the whole burst, the graver."""
        unanswered = [each for each in earlier if each.status in WAITING and each.id != message.id]
        seen = self.seen(history, unanswered, message.text, message.received_at)
        if len(burst) == 1 or seen is None:
            return seen, _plain(seen) if seen else None
        if any(each.status not in WAITING for each in burst):
            history = replace(history, pending=None)  # its answer is no longer the first line
        ids = {each.id for each in burst}
        before = [each for each in unanswered if each.id not in ids]
        whole = self.seen(history, before, text, message.received_at)
        return seen, strongest([_plain(each) for each in (whole, seen) if each is not None])

    def _unsaid(
        self,
        session: Session,
        conversation: Conversation,
        flag: Flag | None,
        responses: Collection[str],
        since: int,
        at: datetime,
    ) -> Draft | None:
        """The line of a flag, unless the patient has it already, as one of these responses, or wants no texts."""
        if flag is None or conversation.opted_out_at or flag.response in responses:
            return None
        line = self._speech.safety(flag, conversation.channel, at)
        return line if line and line.text not in waiting.said_after(session, conversation.id, since) else None


def said(flag: Flag, text: str) -> bool:
    """Whether `text` itself has words that raised the flag."""
    return any(words and words.lower() in text.lower() for words in flag.evidence)


def _plain(seen: Seen) -> EngineAssessment:
    return EngineAssessment.model_validate(seen.assessment.to_dict())
