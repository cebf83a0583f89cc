"""The loopback channel: the gateway posts a message, gets replies and the assessment. Never reachable from outside.

Rasa's own REST channel is named `collector`, so responses could not differ by channel, and it answers an error with
an empty list; this one carries the patient's channel and says when it failed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import in_order, remote_action
from bot.understanding.handed import plain

logger = logging.getLogger(__name__)

CHANNELS = ("web", "sms")

remote_action.install()
in_order.install()


class PatientChannel(CollectingOutputChannel):
    """Collects what the bot says, under the name of the patient's channel, so that responses can differ by it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def name(self) -> str:
        """`web` or `sms`."""
        return self._name

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """A response's picture belongs to its text, which Rasa sends first; alone it would say nothing."""
        if self.messages:
            self.messages[-1]["image"] = image


class GatewayInput(InputChannel):
    """POST /webhooks/gateway/webhook {sender, text, channel, metadata} → {messages, result}; 503 when it failed.

    `metadata` holds the case `history` as JSON text, `received_at`, and what was understood (`bot/engine/handed.py`).
    """

    @classmethod
    def name(cls) -> str:
        """See InputChannel."""
        return "gateway"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """See InputChannel."""
        blueprint = Blueprint("gateway_webhook")

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body: dict[str, Any] = request.json
            if body["channel"] not in CHANNELS:
                return response.json({"error": "unknown channel"}, status=400)
            collector = PatientChannel(body["channel"])
            try:
                await on_new_message(
                    UserMessage(
                        plain(body["text"]),
                        collector,
                        body["sender"],
                        input_channel=collector.name(),
                        metadata=body["metadata"],
                    )
                )
            except Exception as error:  # whatever failed, the gateway must hear of it, without the patient's words
                logger.error("turn failed: %s", type(error).__name__)
                return response.json({"error": "turn failed"}, status=503)
            replies = [message for message in collector.messages if message.get("text")]
            results = [message["custom"] for message in collector.messages if "custom" in message]
            if not results:
                return response.json({"error": "no assessment"}, status=503)
            said = json.dumps(replies)
            return response.text(
                f'{{"messages": {said}, "result": {results[-1]["result"]}}}', content_type="application/json"
            )

        return blueprint
