"""Hands one alert to one service through Apprise, within a time limit, and says in a word of ours what went wrong."""

from __future__ import annotations

import logging
import os
import re
from urllib.parse import urlsplit

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, PersistentStoreMode
from apprise.result import AppriseResultStatus

from bot.alerting import Target
from bot.desk.alerts.texts import Alert
from bot.records.models import Level

NO_ADDRESS, WRONG_ADDRESS, SEVERAL = "no_address", "wrong_address", "several_addresses"
TIMEOUT, UNREACHABLE, REJECTED = "timeout", "unreachable", "rejected"
LIMIT_SECONDS = 12.0
SOCKET_SECONDS = 10.0
"""For each connection and each wait for an answer: a service that hangs gives its thread back."""
KINDS: dict[Level, NotifyType] = {
    "emergency": NotifyType.FAILURE,
    "hour": NotifyType.WARNING,
    "day": NotifyType.INFO,
}
_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")
_CONNECTION = re.compile(r"connection error", re.IGNORECASE)


class Unusable(Exception):
    """An address that cannot work; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def reason(self, target: Target) -> str:
        """For whoever wrote clinic.yml; never the address itself."""
        where = target.url_env or "url"
        return {
            NO_ADDRESS: f"{where} is not set: it must hold the address of {target.name!r}",
            WRONG_ADDRESS: f"what {where} holds is no address that Apprise knows",
            SEVERAL: f"{where} reaches several addresses: make a target of each",
        }[self.code]


def service(target: Target) -> NotifyBase:
    """The service of a target's address as it is now. Raises Unusable.

    It reaches one recipient: where one of several refuses, the others would get the alert again at each try.
    """
    url = target.url or os.environ.get(target.url_env or "", "").strip()
    if not url:
        raise Unusable(NO_ADDRESS)
    asset = AppriseAsset(
        app_id="Assistant",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,  # nothing of an address on the disk
        pgp_autogen=False,
        pem_autogen=False,
        http_redirects=False,  # a page that asks to sign in is not a delivery
    )
    made = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if made is None:
        raise Unusable(WRONG_ADDRESS)
    made.retry, made.optional = 0, False  # we try again ourselves, and want to know
    if len(made) > 1:
        raise Unusable(SEVERAL)
    made.socket_connect_timeout = made.socket_read_timeout = SOCKET_SECONDS
    return made


def send(made: NotifyBase, alert: Alert, level: Level) -> str | None:
    """Send it and wait, at most LIMIT_SECONDS. None when the service took it, else what went wrong.

    After `timeout` and `unreachable` it may have been taken all the same.
    """
    apprise = Apprise()
    apprise.add(made)
    text, form = _written(made, alert)
    result = apprise.notify(
        text,
        alert.title if made.title_maxlen else "",
        KINDS[level],
        body_format=form,
        timeout=LIMIT_SECONDS,
        log_level=logging.WARNING,
    )
    if result:
        return None
    if result.status is AppriseResultStatus.TIMEOUT:
        return TIMEOUT
    # Apprise gives no codes: its log does, among addresses that must go nowhere
    said = " ".join(entry.message for entry in result.logs())
    if status := _STATUS.search(said):
        return f"http_{status[1]}"
    return UNREACHABLE if _CONNECTION.search(said) else REJECTED


def _written(made: NotifyBase, alert: Alert) -> tuple[str, NotifyFormat]:
    """Plain text, but where a service knows only Markdown: there Apprise would break the link by escaping it."""
    if made.resolve_format(NotifyFormat.TEXT) is not NotifyFormat.MARKDOWN:
        return alert.text, NotifyFormat.TEXT
    return alert.text.replace(alert.link, f"[{urlsplit(alert.link).netloc}]({alert.link})"), NotifyFormat.MARKDOWN
