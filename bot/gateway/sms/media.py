"""Pictures that came by text message: fetched from the provider and from nobody else, then kept like any photo."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import httpx
from sqlalchemy import select

from bot.gateway.photos import words
from bot.gateway.photos.store import PhotoStore
from bot.gateway.speech import Speech
from bot.records import conversations, photos
from bot.records.database import Database
from bot.records.models import Photo
from bot.records.photos import Outcome

logger = logging.getLogger(__name__)

API_HOST = "api.twilio.com"
STORES = ("media.twiliocdn.com", "mms.twiliocdn.com", "s3-external-1.amazonaws.com")
"""Where the API sends one on to; they get no password."""
REDIRECTS = 3
ATTEMPTS = 8
LEASE = timedelta(minutes=2)
AT_ONCE = 20
KINDS = ("image/", "application/octet-stream")


class Unavailable(Exception):
    """Not fetched. `code` is for the log; `for_good` says that another try cannot succeed."""

    def __init__(self, code: str, for_good: bool) -> None:
        super().__init__(code)
        self.code, self.for_good = code, for_good


@dataclass(frozen=True)
class Host:
    """The provider's media. `api_url` is another server than Twilio's own, for tests; `most` is in bytes."""

    account: str
    token: str
    api_url: str
    seconds: float
    most: int

    def get(self, url: str) -> bytes:
        """What is at an address of the provider. Raises Unavailable: also for any address that is not the provider's.

        An address comes with a signed request, yet it is never trusted: this machine may reach what the world may not.
        """
        # trust_env off: no proxy, and no password file, of the environment
        with httpx.Client(timeout=self.seconds, trust_env=False) as client:
            for _ in range(REDIRECTS + 1):
                auth = (self.account, self.token) if self._is_api(url) else None
                if auth is None and not _is_store(url):
                    raise Unavailable("foreign_address", for_good=True)
                try:
                    with client.stream("GET", url, auth=auth) as response:
                        if not response.is_redirect:
                            return self._read(response)
                        url = urljoin(url, response.headers["location"])
                except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError) as error:
                    raise Unavailable(type(error).__name__, for_good=False) from None
        raise Unavailable("redirects", for_good=True)

    def _read(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            # right after the message a picture may not be there yet
            raise Unavailable(f"http_{response.status_code}", for_good=False)
        if not response.headers.get("content-type", "").startswith(KINDS):
            raise Unavailable("not_a_photo", for_good=True)
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > self.most:
                raise Unavailable("too_large", for_good=True)
        return bytes(data)

    def _is_api(self, url: str) -> bool:
        return _place(url) in (("https", API_HOST), _place(self.api_url) if self.api_url else None)


class Media:
    """The worker's part: fetches what is wanted. Blocks; several may run at once, a photo is kept by one."""

    def __init__(
        self, database: Database, host: Host, store: PhotoStore, speech: Speech, now: Callable[[], datetime]
    ) -> None:
        self._database, self._host, self._store, self._speech, self._now = database, host, store, speech, now

    def fetch_due(self) -> int:
        """Fetch, or try to, every photo whose time has come. Gives their number."""
        with self._database.read() as session:
            due = select(Photo.id).where(
                Photo.state == "wanted", Photo.source_url.is_not(None), Photo.next_at <= self._now()
            )
            wanted = list(session.scalars(due.order_by(Photo.next_at).limit(AT_ONCE)))
        for photo_id in wanted:
            try:
                self._fetch(photo_id)
            except Exception as error:  # one that breaks must not keep the others; it is tried again
                logger.error("photo not kept", extra={"code": type(error).__name__})
        return len(wanted)

    def _fetch(self, photo_id: uuid.UUID) -> None:
        if (url := self._claim(photo_id)) is None:
            return
        try:
            outcome = self._store.take(self._host.get(url))
        except Unavailable as error:
            logger.info("photo not fetched", extra={"code": error.code})
            if not error.for_good and self._again(photo_id):
                return
            outcome = Outcome("refused", reason=error.code[:32])
        self._settle(photo_id, outcome)

    def _claim(self, photo_id: uuid.UUID) -> str | None:
        now = self._now()
        with self._database.write() as session:
            photo = session.get(Photo, photo_id, with_for_update=True)
            if photo is None or photo.state != "wanted" or photo.next_at > now:
                return None
            photo.attempts, photo.next_at = photo.attempts + 1, now + LEASE
            return photo.source_url

    def _again(self, photo_id: uuid.UUID) -> bool:
        """Whether there will be another try."""
        with self._database.write() as session:
            photo = session.get(Photo, photo_id)
            if photo is None or photo.attempts >= ATTEMPTS:
                return False
            photo.next_at = self._now() + timedelta(seconds=2.0**photo.attempts)
            return True

    def _settle(self, photo_id: uuid.UUID, outcome: Outcome) -> None:
        """Who was thanked for a photo must hear that it cannot be seen: once a message, whatever came with it."""
        now = self._now()
        with self._database.write() as session:
            settled = photos.settle(session, photo_id, outcome)
            if settled and outcome.state == "refused":
                photo = session.get_one(Photo, photo_id)
                draft = self._speech.say(words.line(outcome.state, outcome.reason), "sms", now)
                said = conversations.replies_to(session, photo.message_id)  # an answer's text may have it among others
                if not any(draft.text in each.text for each in said):
                    conversations.reply(session, photo.conversation_id, [draft], now, photo.message_id)
        if not settled and outcome.file:
            self._store.remove([outcome.file])


def _is_store(url: str) -> bool:
    return _place(url) in {("https", name) for name in STORES}


def _place(url: str) -> tuple[str, str] | None:
    """Scheme, and host with port and user: only a host's plain name is equal to it."""
    try:
        return urlsplit(url)[0], urlsplit(url)[1]
    except ValueError:
        return None
