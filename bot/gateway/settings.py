"""What a deployment may set, as environment variables of the same names in capitals."""

from __future__ import annotations

from typing import Annotated

from limits import parse_many
from pydantic import AfterValidator, Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings


def _readable(limit: str) -> str:
    parse_many(limit)  # raises ValueError
    return limit


Limit = Annotated[str, AfterValidator(_readable)]
RedisUrl = Annotated[str, StringConstraints(pattern=r"^($|rediss?://.+)")]


class Settings(BaseSettings):
    """Defaults are the embedded form: SQLite under var/, the engine on loopback."""

    database_url: str = "sqlite:///var/records.sqlite3"
    queue_file: str = "var/huey.sqlite3"
    queue_url: RedisUrl = ""  # redis://… where there are several machines: their queue and limits
    engine_url: str = "http://127.0.0.1:5005"
    engine_timeout: float = Field(default=2.5, gt=0)  # seconds a patient waits for the engine
    late_timeout: float = Field(default=15.0, gt=0)  # seconds the worker waits for it, when nobody else does
    sms_quiet: float = Field(default=2.5, ge=0)  # seconds without another text before the texts are answered as one
    burst_gap: float = Field(default=10.0, ge=0)  # seconds between messages that may still be read as one
    max_text: int = Field(default=50_000, gt=0)  # characters accepted in one message
    engine_text_limit: int = Field(default=4_000, gt=0)  # characters of it the engine gets
    photo_bytes: int = Field(default=15_000_000, gt=0)  # of one photo as the patient sends it
    photos_folder: str = "var/photos"  # where photos are kept; no address leads to it
    # each gateway process counts these for itself, without Redis: over both up to twice as much may pass, never less
    limit_conversation: Limit = "60/minute;600/hour"  # POSTs of one conversation, as the `limits` library writes it
    limit_photos: Limit = "12/minute;60/hour"  # of one conversation: each costs more than a hundred texts
    limit_new_conversations: Limit = "30/minute;300/hour"  # of one address
    limit_address: Limit = "600/minute"  # API calls of one address; loopback is not limited
    limit_sign_in: Limit = "20/minute;100/hour"  # wrong passwords and codes from one address
    desk_idle_minutes: float = Field(default=30, gt=0)  # without a request until staff must sign in again
    desk_session_hours: float = Field(default=12, gt=0)  # after a sign-in until the next, whatever is done
    trusted_proxies: str = ""  # addresses or networks, comma-separated, whose X-Forwarded-For is believed
    metrics_token: SecretStr = SecretStr("")  # /metrics from elsewhere than this machine needs it as a bearer token
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8000
    public_url: str = "http://127.0.0.1:8000"  # how the internet reaches the gateway: signatures are for this address
    secret_key: SecretStr | None = None  # by default one is made and kept in secret_file
    secret_file: str = "var/secret.key"  # noqa: S105  a path
    encryption_key: SecretStr | None = None  # comma-separated, the first seals; by default one is made
    encryption_file: str = "var/encryption.key"  # and kept here
    twilio_account_sid: str = ""  # without it text messages stay on this machine, at /dev/sms
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_api_url: str = ""  # another server than Twilio's own, for tests
    sms_timeout: float = Field(default=4.0, gt=0, le=4.5)  # seconds for the provider to be reached, and again to answer
