"""A history that is kept in memory is never an old one."""

from __future__ import annotations

import uuid

import pytest
from gateway_fakes import House
from sqlalchemy.orm.exc import DetachedInstanceError

from bot.gateway.histories import REMEMBERED, Histories
from bot.records import audit, conversations
from bot.triage.types import CaseHistory


def of(house: House, histories: Histories, conversation: uuid.UUID) -> CaseHistory:
    with house.services.database.read() as session:
        found = conversations.read(session, conversation)
        assert found is not None
        return histories.of(session, found)


def remember(house: House, conversation: uuid.UUID, turns: int) -> None:
    with house.services.database.write() as session:
        assert conversations.remember(
            session, conversation, CaseHistory(turns=turns).to_dict(), turns - 1, taken_over=False
        )


async def test_what_another_process_wrote_is_read(house: House) -> None:
    conversation, histories = await house.open(), Histories()
    assert of(house, histories, conversation) == CaseHistory()
    for turns in (1, 2, 3):
        remember(house, conversation, turns)
        assert of(house, histories, conversation).turns == turns


async def test_what_is_kept_of_another_version_is_not_taken(house: House) -> None:
    conversation, histories = await house.open(), Histories()
    remember(house, conversation, 1)
    for version in (0, 2):
        histories.keep(conversation, version, CaseHistory(turns=9))
        assert of(house, histories, conversation).turns == 1


async def test_the_latest_are_kept_and_no_more(house: House) -> None:
    conversation, histories, kept = await house.open(), Histories(), CaseHistory(turns=9)
    histories.keep(conversation, 0, kept)
    for _ in range(REMEMBERED - 1):
        histories.keep(uuid.uuid4(), 0, CaseHistory())
    assert of(house, histories, conversation) is kept
    for _ in range(REMEMBERED):
        histories.keep(uuid.uuid4(), 0, CaseHistory())
    assert of(house, histories, conversation) == CaseHistory()


async def test_a_conversation_that_was_deleted_meanwhile_has_none(house: House) -> None:
    conversation, histories = await house.open(), Histories()
    remember(house, conversation, 1)
    with house.services.database.read() as session:
        found = conversations.read(session, conversation)
    with house.services.database.write() as session:
        conversations.erase(session, conversation, audit.PATIENT, house.now)
    assert found is not None
    with pytest.raises(DetachedInstanceError):
        _ = found.history  # a column that was not read is not taken for an empty one
    with house.services.database.read() as session:
        assert histories.of(session, found) == CaseHistory()


async def test_two_gateways_answer_in_turn_and_neither_forgets(build, house: House) -> None:
    other = build()
    conversation = await house.open()
    for n, each in enumerate((house, house, other, house, other, other), 1):
        receipt = await each.services.way.receive(conversation, f"message {n}", None, each.now)
        assert [reply.text for reply in receipt.replies] == [f"answer {n}"]
    await other.services.close()
