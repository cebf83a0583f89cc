"""Sends labelled messages through the real bot: gateway's way of a message, trained engine, action server."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from tqdm import tqdm

from bot.evaluation.messages import Labelled
from bot.gateway.services import Services, create_services
from bot.gateway.settings import Settings
from bot.records.models import Message
from bot.records.sealing import new_key
from bot.understanding.labels import labels
from bot.understanding.types import Finding, Understanding

# Nobody waits in a measurement: a slow turn should show as latency, not as the gateway's stand-in answer.
ENGINE_TIMEOUT = 60.0


def predict(messages: Sequence[Labelled], engine_url: str) -> list[dict[str, Any]]:
    """One prediction a message, in the messages' order. Conversations are kept apart; records are thrown away."""
    with TemporaryDirectory() as folder:
        services = create_services(
            Settings(
                database_url=f"sqlite:///{Path(folder) / 'records.sqlite3'}",
                encryption_key=SecretStr(new_key()),
                engine_url=engine_url,
                engine_timeout=ENGINE_TIMEOUT,
            )
        )
        by_id = asyncio.run(_predict(messages, services))
    return [by_id[message.id] for message in messages]


async def _predict(messages: Sequence[Labelled], services: Services) -> dict[str, dict[str, Any]]:
    predictions: dict[str, dict[str, Any]] = {}
    try:
        with tqdm(total=len(messages), unit="message", smoothing=0.1) as progress:
            for turns in conversations(messages):
                for prediction in [item async for item in _converse(list(turns), services)]:
                    predictions[prediction["id"]] = prediction
                    progress.update()
    finally:
        await services.close()
    return predictions


def conversations(messages: Iterable[Labelled]) -> Iterator[list[Labelled]]:
    """The turns of each conversation in file order, conversations by their first turn, however they are interleaved."""
    first = {message.conversation: n for n, message in reversed(list(enumerate(messages)))}
    ordered = sorted(messages, key=lambda message: first[message.conversation])
    for _, turns in groupby(ordered, key=lambda message: message.conversation):
        yield list(turns)


async def _converse(turns: Sequence[Labelled], services: Services) -> Any:
    conversation: uuid.UUID | None = None
    for turn in turns:
        # a label's time is the clinic's wall clock unless it names an offset
        at = turn.received_at or services.now()
        at = at if at.tzinfo else at.replace(tzinfo=services.clinic.timezone)
        if conversation is None:
            _, opened, _ = await services.way.open("sms" if turn.channel == "sms" else "web", at)
            conversation = opened.id
        started = time.perf_counter()
        receipt = await services.way.receive(conversation, turn.text, None, at)
        milliseconds = (time.perf_counter() - started) * 1000
        yield prediction(turn.id, receipt.message, receipt.replies, receipt.handed_to_staff, milliseconds)


def prediction(
    id: str, message: Message, replies: Sequence[Message], handed: bool, milliseconds: float
) -> dict[str, Any]:
    """A row of predictions.jsonl."""
    findings = tuple(Finding.from_dict(item) for item in message.understanding or ())
    assessment = message.assessment or {}
    return {
        "id": id,
        "answered": message.status == "answered",
        "intents": list(message.intents or ()),
        "findings": labels(Understanding(message.text, findings, ())),
        "urgency": assessment.get("urgency", "info"),
        "red_flags": [{"rule": flag["rule"], "evidence": flag["evidence"]} for flag in assessment.get("red_flags", ())],
        "replies": [reply.text for reply in replies],
        "handed_to_staff": handed,
        "latency_ms": round(milliseconds, 1),
        "part": assessment.get("part"),
        "question": assessment.get("question"),
    }
