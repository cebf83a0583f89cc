"""The one custom action: a patient's turn, answered as a whole."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import in_context
from actions.slots import slots
from bot.clinic import Clinic
from bot.reply.asking import Spoken
from bot.reply.plan import Planner
from bot.triage.assess import Triage
from bot.triage.history import fold
from bot.triage.types import CaseHistory
from bot.understanding.types import Finding, Understanding

logger = logging.getLogger(__name__)


class ActionRespond(Action):
    """Folds the findings into the case history, assesses it, utters the planned responses, returns the assessment.

    The case history comes with the message as metadata (`history`, JSON text), or, without a gateway (`rasa shell`),
    from the slot; only then are slots filled, because behind the gateway each turn is a session of its own and nobody
    reads them. The last message sent is custom: `result`, the JSON text of `history`, `assessment`, `intents`,
    `findings`; Rasa would copy all of it several times if it were more than a text.
    """

    def __init__(self) -> None:
        self._clinic = Clinic.load()
        self._triage = Triage()
        self._planner = Planner()

    def name(self) -> str:
        """See Rasa SDK."""
        return "action_respond"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer. If anything fails, say nothing: the channel then reports it and the gateway answers instead.

        An exception must not leave this method: Rasa would log the request, and with it the whole transcript.
        """
        try:
            return self._respond(dispatcher, tracker)
        except Exception as error:
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
            logger.error("action_respond failed: %s at %s", type(error).__name__, where)
            dispatcher.messages.clear()
            return []

    def _respond(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        stamp = metadata.get("received_at")
        received_at = datetime.fromisoformat(stamp) if stamp else datetime.now(self._clinic.timezone)
        understanding = understood(message)
        sent = metadata.get("history")
        before = CaseHistory.from_dict(json.loads(sent) if sent else tracker.get_slot("case_history"))
        intents = in_context(message.get("intents") or [message["intent"]["name"]], before, understanding)

        history = fold(before, understanding, intents, received_at)
        assessment = self._triage.assess(history)
        plan = self._planner.plan(
            history,
            assessment,
            intents,
            understanding,
            tracker.get_latest_input_channel() or "web",
            [Spoken(**span) for span in message.get("intent_spans") or ()],
        )

        facts = {**self._clinic.facts(received_at), **plan.values}
        for response in plan.responses:
            dispatcher.utter_message(response=response, **facts)
        after = replace(plan.history, urgency=assessment.urgency, assessed=history.turns)
        result = {
            "history": after.to_dict(),
            "assessment": assessment.to_dict(),
            "intents": intents,
            "findings": [finding.to_dict() for finding in understanding.findings],
        }
        dispatcher.utter_message(json_message={"result": json.dumps(result)})
        told = {} if sent else slots(after, assessment)
        # the turn ends here in any case: without the policies being asked once more
        return [*(SlotSet(name, value) for name, value in told.items()), FollowupAction("action_listen")]


def understood(message: dict[str, Any]) -> Understanding:
    """The understanding that FindingsExtractor put into the parsed message."""
    data = message.get("understanding") or {}
    return Understanding(
        text=message.get("text") or "",
        findings=tuple(Finding.from_dict(item) for item in data.get("findings", ())),
        sentences=tuple((int(start), int(end)) for start, end in data.get("sentences", ())),
    )
