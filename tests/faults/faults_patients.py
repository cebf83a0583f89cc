"""Two hundred messages of patients on both doors, sent as a widget and as Twilio send: again until they are taken."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

import httpx
from fake_twilio import fields, signed

# our own words: half a dozen red flags among everyday questions
FLAGS = (
    "I cannot breathe properly since the implant",
    "my lower lip has been completely numb since the surgery yesterday",
    "it will not stop bleeding, I have bitten on gauze for an hour",
    "my tongue is swelling up and I can hardly swallow",
    "I have 39.5 fever and shivers and my cheek is swollen",
)
PLAIN = (
    "how much does an implant cost",
    "what time do you open on Monday",
    "my healing cap came off this morning",
    "may I drink coffee today",
    "the gum is a little sore",
    "can I brush there already",
    "thank you so much",
    "how long does the healing take",
    "a small screw fell out",
    "do I need antibiotics before my cleaning",
)
GIVE_UP = 240.0
PAUSE = 0.7


@dataclass
class Sent:
    """One message: which door and patient, what was said; `taken` is when the try that was acknowledged began."""

    door: Literal["web", "sms"]
    patient: int
    at: float
    text: str
    flag: bool
    id: str
    tries: int = 0
    taken: float = 0.0
    seconds: float = 0.0
    seen: dict[str, float] = field(default_factory=dict)


def plan(count: int, seconds: float, seed: int = 5) -> list[Sent]:
    """`count` messages over `seconds`, half of them texts; some in bursts; one patient in two in danger."""
    chance = random.Random(seed)
    messages: list[Sent] = []
    for door in ("web", "sms"):
        patient, mine = 0, 0
        while mine < count // 2:
            at = chance.uniform(0, seconds)
            number = min(chance.choice((2, 3)), count // 2 - mine)
            danger = chance.randrange(number) if patient % 2 == 0 else None
            for n in range(number):
                text = chance.choice(FLAGS if n == danger else PLAIN)
                messages.append(Sent(door, patient, at, text, n == danger, f"SM{door}{patient}x{n}"))
                at += chance.choice((0.8, 1.5, 15.0, 25.0))
            patient, mine = patient + 1, mine + number
    return messages


def number(patient: int) -> str:
    """The telephone number of a patient."""
    return f"+1212555{1000 + patient}"


class Clients:
    """All patients' devices. `tokens`: of the web patients' conversations."""

    def __init__(self, url: str, public: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=10.0, limits=httpx.Limits(max_connections=300))
        self._public = public
        self.tokens: dict[int, str] = {}

    async def send_all(self, messages: Sequence[Sent]) -> None:
        """Every message at its time, those of one browser one after the other, as an outbox does."""
        began = time.time()
        browsers: dict[int, list[Sent]] = {}
        for message in messages:
            if message.door == "web":
                browsers.setdefault(message.patient, []).append(message)
        texts = [self._text(message, began) for message in messages if message.door == "sms"]
        await asyncio.gather(*texts, *(self._browser(each, began) for each in browsers.values()))
        await self._http.aclose()

    async def _browser(self, messages: list[Sent], began: float) -> None:
        await _until(began + messages[0].at)
        answer = await self._insist(lambda: self._http.post("/api/conversations"))
        token = self.tokens[messages[0].patient] = answer.json()["token"]
        headers = {"authorization": f"Bearer {token}"}
        for message in messages:
            await _until(began + message.at)
            watching = asyncio.create_task(self._watch(message, headers)) if message.flag else None
            body = {"text": message.text, "client_id": message.id}
            answer = await self._insist(
                lambda body=body: self._http.post("/api/conversation/messages", json=body, headers=headers), message
            )
            _seen(message, answer.json()["replies"])
            if watching and message.seen:
                watching.cancel()

    async def _watch(self, message: Sent, headers: dict[str, str]) -> None:
        """What an open page shows while its message is under way, and when it does."""
        end = time.time() + GIVE_UP
        while not message.seen and time.time() < end:
            await asyncio.sleep(0.3)
            try:
                talk = await self._http.get("/api/conversation/messages", headers=headers)
                shown = talk.json()["messages"]
            except (httpx.HTTPError, KeyError, ValueError):
                continue
            own = [each["seq"] for each in shown if each["client_id"] == message.id]
            _seen(message, [each for each in shown if own and each["seq"] > own[0]])

    async def _text(self, message: Sent, began: float) -> None:
        await _until(began + message.at)
        body = fields(message.id, number(message.patient), message.text)
        headers = signed("/sms/incoming", body, public=self._public)

        async def post() -> httpx.Response:
            return await self._http.post("/sms/incoming", content=urlencode(body), headers=headers)

        await self._insist(post, message)
        if message.patient % 3 == 0:  # the provider missed our answer and posts it once more
            await asyncio.sleep(1.0)
            await self._insist(post)

    async def _insist(self, request, message: Sent | None = None) -> httpx.Response:
        """Try again, as both senders do, until it is taken."""
        end = time.time() + GIVE_UP
        while True:
            began = time.time()
            if message:
                message.tries += 1
            try:
                answer = await request()
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.is_success:
                if message:
                    message.taken, message.seconds = began, time.time() - began
                return answer
            assert answer is None or answer.status_code >= 500, answer.text
            assert time.time() < end, "the gateway did not come back"
            await asyncio.sleep(PAUSE)


def _seen(message: Sent, shown: list[dict[str, str]]) -> None:
    for each in shown:
        if each["from"] == "assistant":
            message.seen.setdefault(each["text"], time.time())


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.time()))
