"""Rows as objects of no session. What every message needs goes without the ORM, whose loading and writing cost more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.instrumentation import manager_of_class

from bot.records.models import Base, Case, Conversation, Message, Photo

CASES, CONVERSATIONS, MESSAGES, PHOTOS = (
    Base.metadata.tables[each.__tablename__] for each in (Case, Conversation, Message, Photo)
)
Kind = TypeVar("Kind", bound=Base)


def detached(kind: type[Kind], values: Mapping[Any, Any]) -> Kind:
    """An object with the `values` of a row, its key among them; to ask it for another raises."""
    found: Kind = manager_of_class(kind).new_instance()
    found.__dict__.update(values)
    make_transient_to_detached(found)
    return found
