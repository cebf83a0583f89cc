"""Whoever carries our texts: one small port, Twilio behind it, and a stand-in that keeps them on this machine."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.records.texts import Outcome

STATES: dict[str, Outcome] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""What Twilio's words for the state of a text are to us."""
OPTED_OUT = "21610"
"""Twilio's code for a number whose owner stopped our texts with Twilio itself."""
LATER = (401, 403, 408, 425, 429)
"""Refusals that are not the text's own fault: account, rate, time."""
LISTED = 50
SKEW = timedelta(minutes=2)
"""How far the provider's clock may be behind ours."""


@dataclass(frozen=True)
class Sent:
    """A text the provider has: its name for it and its state."""

    provider_id: str
    state: Outcome


class Rejected(Exception):
    """Certainly not sent. `code` is the provider's; `for_good` says that another try cannot succeed."""

    def __init__(self, code: str, for_good: bool) -> None:
        super().__init__(code)
        self.code, self.for_good = code, for_good


class Doubtful(Exception):
    """No answer, or none that can be read: the text may have been sent. `code` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Provider(Protocol):
    """Sends texts. Its methods block."""

    def send(self, to: str, text: str, report_to: str) -> Sent:
        """Hand over one text; what becomes of it is posted to `report_to`. Raises Rejected, Doubtful."""

    def find(self, to: str, text: str, since: datetime, known: Collection[str]) -> Sent | None:
        """A text like this, sent `since` then, that is none of the `known`. Raises Doubtful if that cannot be said."""


class Twilio:
    """Twilio's REST API, through its own library. Safe to use from several threads."""

    def __init__(self, account: str, token: str, number: str, seconds: float, api_url: str = "") -> None:
        """`number` is ours; `seconds` is the longest a call may take; `api_url` another server, for tests."""
        silent = logging.getLogger(f"{__name__}.silent")  # the library logs addresses with numbers in them
        silent.disabled = True
        http = TwilioHttpClient(timeout=seconds, logger=silent)
        self._client = Client(account, token, http_client=http)
        if api_url:
            http.session.trust_env = False  # a proxy must not see loopback traffic
            self._client.api.base_url = api_url.rstrip("/")
        self._number = number

    def send(self, to: str, text: str, report_to: str) -> Sent:
        """See Provider."""
        try:
            made = self._client.messages.create(to=to, from_=self._number, body=text, status_callback=report_to)
            return Sent(str(made.sid), STATES.get(str(made.status), "sent"))
        except TwilioRestException as error:
            raise _meaning(error) from None  # the cause would quote number and text
        except (TwilioException, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Doubtful(type(error).__name__) from None

    def find(self, to: str, text: str, since: datetime, known: Collection[str]) -> Sent | None:
        """See Provider. A trial account puts words of its own before the text."""
        try:
            for made in self._client.messages.list(to=to, from_=self._number, limit=LISTED, page_size=LISTED):
                recent = made.date_created is None or made.date_created >= since - SKEW
                if recent and made.sid not in known and str(made.body).endswith(text):
                    return Sent(str(made.sid), STATES.get(str(made.status), "sent"))
        except (TwilioException, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Doubtful(type(error).__name__) from None
        return None


class Local:
    """Without an account nothing leaves the machine: texts are read at /dev/sms and by `make sms`."""

    def send(self, to: str, text: str, report_to: str) -> Sent:  # noqa: ARG002
        """See Provider. Not to standard output either: whoever keeps that keeps what was said to a patient."""
        return Sent(f"local-{uuid.uuid4()}", "delivered")

    def find(self, to: str, text: str, since: datetime, known: Collection[str]) -> Sent | None:  # noqa: ARG002
        """See Provider. What was not said to be sent was not."""
        return None


def _meaning(error: TwilioRestException) -> Rejected | Doubtful:
    """A server's error says nothing of the text's fate; any other refusal does."""
    code = str(error.code or f"http_{error.status}")
    return Doubtful(code) if error.status >= 500 else Rejected(code, for_good=error.status not in LATER)
