"""Finds conversations by what staff know of a patient. Sealed text is opened here, so only the latest are searched."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from bot.records.models import Case, Contact, Conversation, Message, Staff

CONVERSATIONS = 500
"""The latest conversations that are searched by number, name and words, besides every case that is not done."""
MESSAGES = 2_000
"""The latest messages whose words are searched."""
_DIGITS = re.compile(r"\D+")
_ID = re.compile(r"^[0-9a-f-]{4,36}$")
SHORTEST = 3
"""Digits of a telephone number, or letters, below which nothing is looked for."""


def find(session: Session, asked: str, limit: int) -> list[uuid.UUID]:
    """Ids of conversations, by the beginning of an id, a telephone's last digits, a colleague's name, or words."""
    words = asked.strip().lower()
    if len(words) < SHORTEST:
        return []
    found = dict.fromkeys([*_by_id(session, words), *_by_number(session, words), *_by_name(session, words)])
    if len(found) < limit:
        found |= dict.fromkeys(_by_words(session, words))
    return list(found)[:limit]


def _recent(session: Session) -> list[uuid.UUID]:
    latest = select(Conversation.id).order_by(Conversation.updated_at.desc()).limit(CONVERSATIONS)
    waiting = select(Case.conversation_id).where(Case.state != "resolved", Case.conversation_id.is_not(None))
    return [*dict.fromkeys([*session.scalars(latest), *(each for each in session.scalars(waiting) if each)])]


def _by_id(session: Session, words: str) -> Iterator[uuid.UUID]:
    """The short id that stands on each line, or a whole one of a conversation or a case."""
    if not _ID.match(words):
        return
    start = words.replace("-", "")
    for id_ in session.scalars(select(Conversation.id).order_by(Conversation.updated_at.desc())):
        if id_.hex.startswith(start):
            yield id_
    for case_id, conversation_id in session.execute(select(Case.id, Case.conversation_id)):
        if conversation_id is not None and case_id.hex.startswith(start):
            yield conversation_id


def _by_number(session: Session, words: str) -> Iterator[uuid.UUID]:
    digits = _DIGITS.sub("", words)
    if len(digits) < SHORTEST or re.search("[a-z]", words):
        return
    query = select(Contact).where(Contact.conversation_id.in_(_recent(session)))
    for contact in session.scalars(query):
        if _DIGITS.sub("", contact.address).endswith(digits):
            yield contact.conversation_id


def _by_name(session: Session, words: str) -> Iterator[uuid.UUID]:
    """What a colleague has, or is to do."""
    staff = [id_ for id_, name in session.execute(select(Staff.id, Staff.display_name)) if words in name.lower()]
    if staff:
        yield from session.scalars(select(Conversation.id).where(Conversation.taken_over_by.in_(staff)))
        query = select(Case.conversation_id).where(Case.assignee_id.in_(staff), Case.state != "resolved")
        yield from (each for each in session.scalars(query) if each is not None)


def _by_words(session: Session, words: str) -> Iterator[uuid.UUID]:
    query = (
        select(Message)
        .where(Message.conversation_id.in_(_recent(session)))
        .order_by(Message.received_at.desc())
        .limit(MESSAGES)
        .options(load_only(Message.conversation_id, Message.text))
    )
    for message in session.scalars(query):
        if words in message.text.lower():
            yield message.conversation_id
