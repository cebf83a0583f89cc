"""Order, idempotency, settling and the trail are the database's own; a deleted conversation leaves no word."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from bot.records import audit, cases, conversations
from bot.records.cases import Reason
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Audit, Case, Contact, Conversation, Delivery, Message, Note, Photo

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)


def test_times_come_back_aware_and_naive_ones_are_refused(database: Database, conversation: Conversation) -> None:
    local = datetime(2026, 3, 2, 4, 0, tzinfo=timezone(timedelta(hours=-5)))
    with database.write() as session:
        message, _ = conversations.store(session, conversation.id, "hello", None, local)
    with database.read() as session:
        assert session.get_one(Message, message.id).received_at == NOW
    with pytest.raises(StatementError), database.write() as session:
        conversations.store(session, conversation.id, "hello", None, datetime(2026, 3, 2))


def test_a_conversation_is_found_by_its_token(database: Database, conversation: Conversation) -> None:
    with database.read() as session:
        found = conversations.by_token(session, "secret-token")
        assert found is not None
        assert found.id == conversation.id
        assert conversations.by_token(session, "another") is None


def test_a_repeated_client_id_is_found_not_stored(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        first, new = conversations.store(session, conversation.id, "hello", "c1", NOW)
    with database.write() as session:
        again, new_again = conversations.store(session, conversation.id, "hello", "c1", NOW)
    assert (new, new_again, again.id) == (True, False, first.id)


def test_the_same_client_id_in_another_conversation_is_another_message(database, conversation) -> None:
    with database.write() as session:
        other = conversations.create(session, "other", "web", "en", NOW)
        conversations.store(session, conversation.id, "hello", "c1", NOW)
        assert conversations.store(session, other.id, "hello", "c1", NOW)[1]


def test_numbers_are_unique_and_without_gaps_under_many_writers(database: Database, conversation: Conversation) -> None:
    def write() -> None:
        for _ in range(5):
            with database.write() as session:
                conversations.store(session, conversation.id, "hello", None, NOW)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert [m.seq for m in conversations.after(session, conversation.id, 0)] == list(range(1, 31))


def test_only_the_first_may_settle(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        message, _ = conversations.store(session, conversation.id, "hello", None, NOW)
    with database.write() as session:
        assert conversations.settle(session, message.id, "pending")
        assert not conversations.settle(session, message.id, "pending")
        assert conversations.settle(session, message.id, "answered")
        assert not conversations.settle(session, message.id, "answered")
        assert not conversations.settle(session, message.id, "pending")


def test_a_history_read_before_another_was_written_cannot_overwrite_it(database, conversation) -> None:
    with database.write() as session:
        assert conversations.remember(session, conversation.id, {"turns": 1}, 0, taken_over=False)
        assert not conversations.remember(session, conversation.id, {"turns": 9}, 0, taken_over=False)
        assert not conversations.remember(session, conversation.id, {"turns": 9}, 1, taken_over=True)
    with database.read() as session:
        assert session.get_one(Conversation, conversation.id).history == {"turns": 1}


def test_what_was_left_is_the_newest_of_each_conversation(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        other = conversations.create(session, "other", "sms", "en", NOW)
        conversations.store(session, conversation.id, "one", None, NOW)
        two, _ = conversations.store(session, conversation.id, "two", None, NOW + timedelta(seconds=5))
        three, _ = conversations.store(session, other.id, "three", None, NOW)
        conversations.store(session, other.id, "just now", None, NOW + timedelta(minutes=1))
        done, _ = conversations.store(session, other.id, "four", None, NOW)
        conversations.settle(session, done.id, "answered")
    with database.read() as session:
        left = conversations.left_waiting(session, NOW + timedelta(seconds=30), 10)
    assert [message.id for message in left] == [three.id, two.id]


def test_words_outside_the_lists_are_refused(database: Database, conversation: Conversation) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        conversations.create(session, "t", "fax", "en", NOW)  # type: ignore[arg-type]


def test_a_failing_statement_does_not_quote_the_patient(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        conversations.store(session, conversation.id, "my secret words", "c1", NOW)
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        session.add(
            Message(
                conversation_id=conversation.id,
                seq=1,
                direction="patient",
                text="my secret words",
                received_at=NOW,
                buttons=[],
            )
        )
    assert "secret" not in str(caught.value)


def test_replies_keep_order_and_buttons(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        message, _ = conversations.store(session, conversation.id, "hello", None, NOW)
        drafts = [Draft("first"), Draft("second", ({"title": "Yes", "payload": "Yes"},))]
        conversations.reply(session, conversation.id, drafts, NOW, message.id)
    with database.read() as session:
        found = conversations.replies_to(session, message.id)
    assert [(m.seq, m.text, m.buttons) for m in found] == [
        (2, "first", []),
        (3, "second", [{"title": "Yes", "payload": "Yes"}]),
    ]


def test_a_reply_gets_a_delivery_only_where_there_is_a_number(database: Database, conversation: Conversation) -> None:
    with database.write() as session:
        texts = conversations.create(session, "other", "sms", "en", NOW)
        session.add(Contact(conversation_id=texts.id, address_hash="h", address="+15550100"))
        session.flush()
        for one in (conversation, texts):
            conversations.reply(session, one.id, [Draft("one"), Draft("two")], NOW, None)
        conversations.reply(session, texts.id, [Draft("three")], NOW, None, by="staff")
    with database.read() as session:
        rows = session.execute(select(Delivery.conversation_id, Delivery.state, Message.text).join(Message)).all()
    assert rows == [(texts.id, "queued", "one"), (texts.id, "queued", "two"), (texts.id, "queued", "three")]


def test_an_erased_conversation_leaves_its_case_without_words_and_nothing_else(database, conversation) -> None:
    reason = Reason("R7", "hour", NOW, ("my lip is numb",), "a source", "utter_flag_r7_hour")
    with database.write() as session:
        message, _ = conversations.store(session, conversation.id, "my lip is numb", None, NOW)
        cases.raise_case(session, conversation.id, message.id, [reason], NOW)
        conversations.reply(session, conversation.id, [Draft("call us")], NOW, message.id)
        photo = {"state": "stored", "file": "a.jpg", "next_at": NOW, "created_at": NOW}
        session.add(Photo(conversation_id=conversation.id, message_id=message.id, **photo))
        session.add(Note(conversation_id=conversation.id, text="called, no answer", at=NOW))
    with database.write() as session:
        assert conversations.erase(session, conversation.id, "patient", NOW) == ["a.jpg"]
        assert conversations.erase(session, conversation.id, "patient", NOW) == []
    with database.read() as session:
        assert [session.scalars(select(table)).all() for table in (Conversation, Message, Photo, Note)] == [[]] * 4
        left = session.scalars(select(Case)).one()
        assert (left.conversation_id, left.message_id, left.level, left.due_at) == (None, None, "hour", NOW)
        assert (left.rules[0]["rule"], left.rules[0]["evidence"]) == ("R7", [])
        trail = [(line.actor, line.action) for line in audit.of_conversation(session, conversation.id)]
        assert trail == [("assistant", "opened"), ("patient", "erased")]


def test_the_trail_is_only_added_to(database: Database) -> None:
    with database.write() as session:
        young = audit.add(session, "ana", "signed_in", NOW, data={"from": "desk"})
        old = audit.add(session, "ana", "signed_in", NOW - timedelta(days=7 * 365))
    for change in (
        update(Audit).where(Audit.id == young.id).values(actor="ben"),
        update(Audit).where(Audit.id == old.id).values(actor="ben"),
        delete(Audit).where(Audit.id == young.id),
    ):
        with pytest.raises(DBAPIError, match="only added to"), database.write() as session:
            session.execute(change)
    with database.write() as session:
        session.execute(delete(Audit).where(Audit.id == old.id))
    with database.read() as session:
        assert [line.id for line in session.scalars(select(Audit))] == [young.id]
