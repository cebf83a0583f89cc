"""The tables. Times are UTC on disk and aware in Python; JSON columns hold only what `json.dumps` can write.

Whatever may say something of a patient is in a sealed column: on disk it cannot be read, in Python it is as ever.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any, Literal, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.records.sealing import Sealed, SealedJson

Channel = Literal["web", "sms"]
Direction = Literal["patient", "assistant", "staff"]
Status = Literal["received", "pending", "answered", "with_staff", "failed"]
"""Of a patient's message: stored; told that we have it; answered in full; left to a person; given up, with a case."""
Level = Literal["day", "hour", "emergency"]
"""Of a case, from lowest to highest."""
LEVELS: tuple[Level, ...] = get_args(Level)
WAITING: tuple[Status, ...] = ("received", "pending")
DeliveryState = Literal["queued", "sending", "sent", "delivered", "undelivered", "failed", "cancelled"]
"""Of a text message: to be sent; its fate unknown if found so; taken by the provider; the last four are ends."""
PhotoState = Literal["wanted", "stored", "refused"]
"""Of a photo: to be fetched from the provider; kept; not kept, with a reason."""
CaseState = Literal["open", "acknowledged", "in_hand", "resolved"]
"""Nobody looked; somebody did; somebody acts on it; done, with an outcome."""
CaseOutcome = Literal[
    "reached_treated", "reached_advised", "booked", "sent_to_emergency", "not_needed", "no_answer", "mistake"
]
FollowUp = Literal["none", "asked", "answered"]
"""Whether the patient was asked if the promised call came."""
Role = Literal["front_desk", "clinician", "admin"]
NotificationState = Literal["queued", "sent", "failed", "cancelled"]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite forgets the zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times: they would silently shift by the server's zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must have a zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC again."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=timezone.utc)


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", name=column)


class Base(DeclarativeBase):
    """All tables, with predictable constraint names so that a migration can find them on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads it from the class
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
    }


class Conversation(Base):
    """One patient on one channel. `token_hash` is the SHA-256 of a token only the patient's device knows."""

    __tablename__ = "conversations"
    __table_args__ = (_one_of("channel", get_args(Channel)),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[Channel] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(16), default="en")
    history: Mapped[dict[str, Any]] = mapped_column(SealedJson, default=dict)
    version: Mapped[int] = mapped_column(default=0)
    """Goes up with each new `history`: two writers who read the same one cannot both win."""
    last_seq: Mapped[int] = mapped_column(default=0)
    taken_over: Mapped[bool] = mapped_column(default=False)
    """A person has it: the assistant is silent."""
    taken_over_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    taken_over_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    """When the patient last heard that a person has the conversation or will come to it."""
    opted_out_at: Mapped[datetime | None]
    """Since when the patient wants no text messages."""
    noticed_at: Mapped[datetime | None]
    notice_version: Mapped[str | None] = mapped_column(String(16))
    """Which wording of the notice (web: what this is and is not; on text messages) the patient got, and when."""
    seen_seq: Mapped[int] = mapped_column(default=0)
    """The highest number of a message that any of staff has looked at."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class Contact(Base):
    """Where the texts of an SMS conversation go. It is found by `address_hash`; `address` is read only to send."""

    __tablename__ = "contacts"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    address_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(Sealed)


class Message(Base):
    """One message of either side; `status`, `client_id` and what was understood belong to patients' messages only."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        Index(None, "status", "received_at"),
        _one_of("direction", get_args(Direction)),
        _one_of("status", get_args(Status)),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    direction: Mapped[Direction] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Sealed)
    buttons: Mapped[list[Any]] = mapped_column(SealedJson, default=list)
    image: Mapped[str | None] = mapped_column(String(200))
    """The address, on this server, of a picture shown with a reply."""
    author: Mapped[str | None] = mapped_column(String(80))
    """Who of staff wrote it, as patients read it."""
    received_at: Mapped[datetime]
    client_id: Mapped[str | None] = mapped_column(String(64))
    in_reply_to: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    status: Mapped[Status | None] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    latency_ms: Mapped[int | None]
    understanding: Mapped[list[Any] | None] = mapped_column(SealedJson)
    assessment: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    intents: Mapped[list[Any] | None] = mapped_column(SealedJson)


class Delivery(Base):
    """The way of one of our messages to a telephone. `next_at`: not before; `error_code`: the provider's last."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_at"), _one_of("state", get_args(DeliveryState)))

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    state: Mapped[DeliveryState] = mapped_column(String(16), default="queued")
    provider_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    error_code: Mapped[str | None] = mapped_column(String(32))
    updated_at: Mapped[datetime]


class Photo(Base):
    """A patient's picture. `source_url` is where the provider keeps it; `file` its name in PHOTOS_FOLDER once stored.

    `width` and `height` are in pixels, `bytes` is the size of the file; `reason` says in a word why it was refused.
    """

    __tablename__ = "photos"
    __table_args__ = (Index(None, "state", "next_at"), _one_of("state", get_args(PhotoState)))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    state: Mapped[PhotoState] = mapped_column(String(16), default="wanted")
    source_url: Mapped[str | None] = mapped_column(Sealed)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    content_type: Mapped[str | None] = mapped_column(String(32))
    width: Mapped[int | None]
    height: Mapped[int | None]
    bytes: Mapped[int | None]
    file: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Case(Base):
    """What staff must act on. `rules` is a list of {rule, level, response, source, evidence, message_id, at}.

    It outlives a conversation that is deleted, then without ids and words. `version` goes up with whatever staff must
    know before they act: two who saw the same one cannot both act.
    """

    __tablename__ = "cases"
    __table_args__ = (
        # one case per conversation until it is resolved, whoever writes
        Index(
            "uq_cases_one_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("state <> 'resolved'"),
            postgresql_where=text("state <> 'resolved'"),
        ),
        Index(None, "state", "due_at"),
        _one_of("level", LEVELS),
        _one_of("state", get_args(CaseState)),
        _one_of("outcome", get_args(CaseOutcome)),
        _one_of("follow_up_state", get_args(FollowUp)),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    message_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    level: Mapped[Level] = mapped_column(String(16))
    rules: Mapped[list[Any]] = mapped_column(SealedJson, default=list)
    state: Mapped[CaseState] = mapped_column(String(16), default="open")
    version: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(64))
    """A name: of staff, or of the target whose link was pressed."""
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[CaseOutcome | None] = mapped_column(String(32))
    follow_up_at: Mapped[datetime | None]
    """When to ask the patient, or when they were asked."""
    follow_up_state: Mapped[FollowUp] = mapped_column(String(16), default="none")


class Note(Base):
    """What staff write for each other; the patient never sees it."""

    __tablename__ = "notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"), index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime]


class Audit(Base):
    """Who did what, and when. Rows are only ever added: the database refuses to change them, or to delete young ones.

    `actor` is `assistant`, `patient`, `system`, the name of staff or of an alert's target. The ids refer to what may be
    gone; `data` never holds a patient's words.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Staff(Base):
    """Who may sign in at the desk. `name` is what they type, `display_name` what patients and colleagues read."""

    __tablename__ = "staff"
    __table_args__ = (
        _one_of("role", get_args(Role)),
        CheckConstraint("name NOT IN ('assistant', 'patient', 'system')", name="name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    """Empty until one is set."""
    totp_secret: Mapped[str | None] = mapped_column(Sealed)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The last time step whose code was used: none works twice."""
    recovery_codes: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords in a row."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Stranger(Base):
    """A name nobody has, tried at the sign-in: locked like an account. `id` is a hash of it with our key."""

    __tablename__ = "strangers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime] = mapped_column(index=True)


class StaffSession(Base):
    """A signed-in browser. `id` is the SHA-256 of the cookie's token."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    second_factor_done: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Presence(Base):
    """Who of staff has a conversation open now, and since when they write. Means nothing once `at` is a minute old."""

    __tablename__ = "presence"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    answering_at: Mapped[datetime | None]


class Notification(Base):
    """One alert on its way to one `target` of clinic.yml. `next_at`: not before; `error_code`: the last failure.

    `ack_used_at`: when its link was used, which works once.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "state", "next_at"),
        _one_of("level", LEVELS),
        _one_of("state", get_args(NotificationState)),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    level: Mapped[Level] = mapped_column(String(16))
    step: Mapped[int] = mapped_column(default=0)
    target: Mapped[str] = mapped_column(String(64))
    state: Mapped[NotificationState] = mapped_column(String(16), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    error_code: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ack_used_at: Mapped[datetime | None]


class Seal(Base):
    """One row, sealed like everything: who cannot open it has the wrong key."""

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(Sealed)
