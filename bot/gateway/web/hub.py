"""Tells the open event streams of this process that there is something new, whichever process wrote it."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from bot.records.reading import State

logger = logging.getLogger(__name__)

SECONDS = 1.0
"""Between two looks at the database: how late a message of another process may arrive."""
STREAMS_A_CONVERSATION = 8
"""Tabs and devices of one patient. One more ends the oldest: a telephone that changed networks leaves dead ones."""


class Ear:
    """One open stream: `ended` when it is over, `news` when the conversation must be read again."""

    def __init__(self) -> None:
        self.ended = False
        self.news = True
        self._rung = asyncio.Event()

    async def wait(self) -> None:
        """Until something happens that was not yet waited for."""
        await self._rung.wait()
        self._rung.clear()

    def ring(self, news: bool = False, end: bool = False) -> None:
        """Wake the stream."""
        self.news |= news
        self.ended |= end
        self._rung.set()


class Hub:
    """One per process and event loop. `look` gives the states of conversations; it blocks, and is called in a thread.

    Only `watch` asks the database, once a second for all streams together; nobody is asked while none is open.
    """

    def __init__(self, look: Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, State]]) -> None:
        self._look = look
        self._ears: defaultdict[uuid.UUID, list[Ear]] = defaultdict(list)
        self._known: dict[uuid.UUID, State] = {}
        self._typing: set[uuid.UUID] = set()

    @contextmanager
    def listen(self, conversation: uuid.UUID) -> Iterator[Ear]:
        """An ear on one conversation, for as long as the stream is open."""
        ear = Ear()
        ears = self._ears[conversation]
        ears.append(ear)
        if len(ears) > STREAMS_A_CONVERSATION:
            ears[0].ring(end=True)
        try:
            yield ear
        finally:
            ears.remove(ear)
            if not ears:
                self._ears.pop(conversation, None)
                self._known.pop(conversation, None)

    @property
    def open_streams(self) -> int:
        """How many streams are open now."""
        return sum(map(len, self._ears.values()))

    def wake(self, conversation: uuid.UUID) -> None:
        """This process wrote to the conversation: its streams need not wait for the next look."""
        for ear in self._ears.get(conversation, ()):
            ear.ring(news=True)

    def typing(self, conversation: uuid.UUID, on: bool) -> None:
        """The assistant is, or is no longer, at work on an answer."""
        if on == (conversation in self._typing):
            return
        (self._typing.add if on else self._typing.discard)(conversation)
        for ear in self._ears.get(conversation, ()):
            ear.ring()

    def is_typing(self, conversation: uuid.UUID) -> bool:
        """Whether the assistant is at work on an answer in this process."""
        return conversation in self._typing

    async def watch(self) -> None:
        """Look at the database for ever; cancel it to stop. A database that is away is asked again."""
        while True:
            await asyncio.sleep(SECONDS)
            if not self._ears:
                continue
            asked = list(self._ears)
            try:
                found = await asyncio.to_thread(self._look, asked)
            except Exception as error:  # whatever it was: without this task no stream would ever hear of anything
                logger.error("streams cannot look", extra={"code": type(error).__name__})
                continue
            for conversation in asked:
                self._heard(conversation, found.get(conversation))

    def _heard(self, conversation: uuid.UUID, state: State | None) -> None:
        ears = self._ears.get(conversation)
        if ears is None:  # closed while the database was asked
            return
        if state is not None and state == self._known.get(conversation):
            return
        if state is not None:
            self._known[conversation] = state
        for ear in ears:
            ear.ring(news=True, end=state is None)
