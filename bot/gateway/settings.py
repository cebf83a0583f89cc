"""What a deployment may set, as environment variables of the same names in capitals."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Defaults are the embedded form: SQLite under var/, the engine on loopback."""

    database_url: str = "sqlite:///var/records.sqlite3"
    queue_file: str = "var/huey.sqlite3"
    engine_url: str = "http://127.0.0.1:5005"
    engine_timeout: float = Field(default=3.0, gt=0)  # seconds a patient waits for the engine
    max_text: int = Field(default=50_000, gt=0)  # characters accepted in one message
    engine_text_limit: int = Field(default=4_000, gt=0)  # characters of it the engine gets
    photo_bytes: int = Field(default=15_000_000, gt=0)  # of one photo as the patient sends it
    limit_conversation: str = "60/minute;600/hour"  # POSTs of one conversation, as the `limits` library writes it
    limit_new_conversations: str = "30/minute;300/hour"  # of one address
    limit_address: str = "600/minute"  # API calls of one address; loopback is not limited
    trusted_proxies: str = ""  # addresses or networks, comma-separated, whose X-Forwarded-For is believed
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8000
