"""Open pages hear of news within a second, whichever process wrote it: one look at the records for all of them."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from bot.records import desk, dossier, presence
from bot.records.database import Database

logger = logging.getLogger(__name__)

SECONDS = 1.0
"""Between two looks: how late what another process wrote may show."""
INBOX = None
"""What a stream listens to beside a conversation."""
Topic = uuid.UUID | None
Pulses = Mapping[Topic, Any]


class Ear:
    """One open page. `news` are the topics it must ask for again."""

    def __init__(self, topics: frozenset[Topic]) -> None:
        self.topics = topics
        self.news: set[Topic] = set(topics)  # what happened between the page and its stream
        self.rung = asyncio.Event()

    def ring(self, topic: Topic) -> None:
        """There is something new."""
        self.news.add(topic)
        self.rung.set()


class Live:
    """One per process and event loop. `look` reads the pulses of conversations and of the inbox; it blocks."""

    def __init__(self, look: Callable[[frozenset[uuid.UUID]], Pulses]) -> None:
        self._look = look
        self._ears: list[Ear] = []
        self._known: dict[Topic, Any] = {}
        self._watching: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def listen(self, conversation: uuid.UUID | None) -> Iterator[Ear]:
        """An ear on the inbox, and on one conversation, for as long as the page is open. Within the event loop."""
        self._loop = asyncio.get_running_loop()
        ear = Ear(frozenset({INBOX, conversation}))
        ear.rung.set()
        self._ears.append(ear)
        if self._watching is None or self._watching.done():
            self._watching = self._loop.create_task(self._watch())
        try:
            yield ear
        finally:
            self._ears.remove(ear)

    def hurry(self) -> None:
        """This process wrote something: look now. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hurry.set)

    async def _watch(self) -> None:
        """Look once a second while a page is open; a database that is away is asked again."""
        while self._ears:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), SECONDS)
            self._hurry.clear()
            conversations = frozenset(topic for ear in self._ears for topic in ear.topics if topic is not None)
            try:
                found = await asyncio.to_thread(self._look, conversations)
            except Exception as error:  # whatever it was: without this task no page would ever hear of anything
                logger.error("desk cannot look", extra={"code": type(error).__name__})
                await asyncio.sleep(SECONDS)
                continue
            self._heard(found)
        self._known.clear()

    def _heard(self, found: Pulses) -> None:
        # the first look at a topic counts as news: something may have happened since its page was made
        changed = {topic for topic, pulse in found.items() if topic not in self._known or self._known[topic] != pulse}
        self._known = dict(found)
        for ear in self._ears:
            for topic in changed & ear.topics:
                ear.ring(topic)


def look(database: Database, now: Callable[[], datetime], conversations: frozenset[uuid.UUID]) -> Pulses:
    """The pulse of the inbox and of each of these conversations, with who is there."""
    at = now()
    with database.read() as session:
        there = presence.here(session, conversations, at)
        found: dict[Topic, Any] = {INBOX: desk.pulse(session, at)}
        for conversation in conversations:
            found[conversation] = (dossier.pulse(session, conversation), tuple(there.get(conversation, ())))
    return found
