"""All of the text-message door put together, for one clinic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clinic import Clinic, Texting
from bot.gateway.handover import Handover
from bot.gateway.photos.store import PhotoStore
from bot.gateway.secret import derived, secret_key
from bot.gateway.settings import Settings
from bot.gateway.sms.courier import Courier
from bot.gateway.sms.deliveries import Deliveries
from bot.gateway.sms.door import Door
from bot.gateway.sms.media import Host, Media
from bot.gateway.sms.provider import Local, Provider, Twilio
from bot.gateway.sms.sender import Sender
from bot.gateway.sms.webhook import Signature
from bot.gateway.speech import Speech
from bot.gateway.way import Way
from bot.records.database import Database

LOCAL_TOKEN = "local text messages"  # noqa: S105  what the token is derived for


@dataclass(frozen=True)
class Sms:
    """`local`: there is no account with a provider, texts stay on this machine."""

    texting: Texting
    local: bool
    signature: Signature
    door: Door
    deliveries: Deliveries
    sender: Sender
    courier: Courier
    media: Media


def signing_token(settings: Settings) -> str:
    """What webhooks are signed with: the account's token, or in local mode one only this machine knows."""
    if settings.twilio_account_sid:
        return settings.twilio_auth_token.get_secret_value()
    return derived(secret_key(settings), LOCAL_TOKEN)


def create_sms(
    settings: Settings,
    clinic: Clinic,
    database: Database,
    way: Way,
    handover: Handover,
    speech: Speech,
    photos: PhotoStore,
    now: Callable[[], datetime],
) -> Sms | None:
    """The door of a clinic that has text messages, else None."""
    if clinic.sms is None:
        return None
    deliveries = Deliveries(database, handover, clinic, now)
    sender = Sender(deliveries, _provider(settings, clinic.sms), settings.public_url)
    return Sms(
        texting=clinic.sms,
        local=not settings.twilio_account_sid,
        signature=Signature(signing_token(settings), settings.public_url),
        door=Door(database, way, clinic, clinic.sms, secret_key(settings), now),
        deliveries=deliveries,
        sender=sender,
        courier=Courier(sender),
        media=Media(database, _host(settings), photos, speech, now),
    )


def _provider(settings: Settings, texting: Texting) -> Provider:
    if not settings.twilio_account_sid:
        return Local()
    token = settings.twilio_auth_token.get_secret_value()
    return Twilio(settings.twilio_account_sid, token, texting.number, settings.sms_timeout, settings.twilio_api_url)


def _host(settings: Settings) -> Host:
    token = settings.twilio_auth_token.get_secret_value()
    return Host(settings.twilio_account_sid, token, settings.twilio_api_url, settings.sms_timeout, settings.photo_bytes)
