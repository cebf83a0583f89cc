"""Sends what is to be sent, one text of a conversation after the other."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot.gateway.sms.deliveries import Claim, Deliveries
from bot.gateway.sms.provider import Doubtful, Provider, Rejected, Sent

STATUS_PATH = "/sms/status"
AT_ONCE = 4
"""Conversations at once: one that waits for the provider does not keep the others."""


class Sender:
    """Blocks for as long as the provider takes. Several may run at once, in any process: a text is sent by one."""

    def __init__(self, deliveries: Deliveries, provider: Provider, public_url: str) -> None:
        self._deliveries, self._provider = deliveries, provider
        self._report_to = f"{public_url.rstrip('/')}{STATUS_PATH}?message="

    def drain(self, conversation_id: uuid.UUID) -> None:
        """Send all texts of a conversation that may go now."""
        while claim := self._deliveries.claim(conversation_id):
            try:
                sent = self._send(claim)
            except Doubtful as doubtful:
                self._deliveries.in_doubt(claim, doubtful.code)
            except Rejected as rejected:
                self._deliveries.rejected(claim, rejected)
            else:
                if sent is None:
                    return
                self._deliveries.sent(claim, sent)

    def drain_due(self, now: datetime) -> int:
        """Send what a crash, a failure or the night left, in as many conversations as there are. Gives their number."""
        due = self._deliveries.due(now)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.drain, due))
        return len(due)

    def _send(self, claim: Claim) -> Sent | None:
        """The provider knows no "send this once": what may have been sent is looked for first.

        None if that took so long that another sender has the text by now.
        """
        if claim.doubtful:
            if found := self._provider.find(claim.address, claim.text, claim.since, claim.known):
                return found
            if not self._deliveries.renew(claim):
                return None
        return self._provider.send(claim.address, claim.text, f"{self._report_to}{claim.message_id}")
