"""What is sealed cannot be read without a key, a wrong key changes nothing, and keys can be changed."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import column, func, insert, select, table
from sqlalchemy.exc import StatementError

from bot.records import conversations
from bot.records.conversations import Draft
from bot.records.database import Database
from bot.records.models import Contact, Conversation, Message, Note
from bot.records.resealing import reseal
from bot.records.sealing import Sealer, SealError, new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
WORDS = "my secret words \N{PILL} \x00 ümläut"


def fill(database: Database) -> None:
    with database.write() as session:
        conversation = conversations.create(session, "token", "sms", "en", NOW)
        session.add(Contact(conversation_id=conversation.id, address_hash="h", address="+15550100777"))
        message, _ = conversations.store(session, conversation.id, WORDS, None, NOW)
        conversations.settle(session, message.id, "answered", understanding=[{"text": WORDS}], intents=[])
        conversations.remember(session, conversation.id, {"said": [WORDS]}, 0, taken_over=False)
        conversations.reply(session, conversation.id, [Draft("call us", ({"title": "Yes"},))], NOW, message.id)
        session.add(Note(conversation_id=conversation.id, text=WORDS, at=NOW))


def all_there(database: Database) -> bool:
    with database.read() as session:
        asked, said = session.scalars(select(Message).order_by(Message.seq))
        conversation, note = session.scalars(select(Conversation)).one(), session.scalars(select(Note)).one()
        number = session.scalars(select(Contact.address)).one()
        return (asked.text, asked.understanding, asked.assessment, said.text, said.buttons, number) == (
            (WORDS, [{"text": WORDS}], None, "call us", [{"title": "Yes"}], "+15550100777")
        ) and (conversation.history, note.text) == ({"said": [WORDS]}, WORDS)


def test_sealed_values_come_back_as_they_were(database: Database) -> None:
    fill(database)
    assert all_there(database)


def test_null_stays_null_and_no_two_seals_are_alike(database: Database) -> None:
    fill(database)
    raw = table("messages", column("text"), column("assessment"))
    with database.write() as session:
        conversation = session.scalars(select(Conversation.id)).one()
        conversations.store(session, conversation, WORDS, None, NOW)
        assert session.scalar(select(func.count()).where(raw.c.assessment.is_(None))) == 3
        assert len(set(session.scalars(select(raw.c.text)))) == 3


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["x" * 44], [new_key(), "no"]])
def test_what_is_no_key_is_refused_in_a_sentence(keys: list[str]) -> None:
    with pytest.raises(SealError, match="make key"):
        Sealer(keys)


def test_a_wrong_key_is_refused_before_anything_is_changed(empty: tuple[str, str]) -> None:
    url, key = empty
    with_it, without = Database(url, Sealer([key])), Database(url, Sealer([new_key()]))
    without.prove()  # nothing is there yet
    with_it.migrate()
    fill(with_it)
    for refused in (without.prove, without.migrate, lambda: all_there(without), lambda: reseal(without)):
        with pytest.raises(SealError, match="sealed with another key"):
            refused()
    with_it.prove()
    assert all_there(with_it)
    for database in (with_it, without):
        database.close()


def test_a_changed_seal_is_not_opened(database: Database) -> None:
    fill(database)
    raw = table("notes", column("text"))
    with database.write() as session:
        sealed = session.scalars(select(raw.c.text)).one()
        changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
        session.execute(raw.update().values(text=changed))
    with pytest.raises(SealError), database.read() as session:
        session.scalars(select(Note)).all()


def test_keys_are_changed_while_the_old_one_still_opens(empty: tuple[str, str]) -> None:
    url, old = empty
    new = new_key()
    before, both, after = (Database(url, Sealer(keys)) for keys in ([old], [new, old], [new]))
    before.migrate()
    fill(before)
    both.prove()
    assert all_there(both)
    with pytest.raises(SealError):
        after.prove()
    assert reseal(both) == reseal(both) == 6  # conversation, contact, two messages, note, and the row that proves a key
    after.prove()
    assert all_there(after)
    for refused in (before.prove, lambda: all_there(before)):
        with pytest.raises(SealError):
            refused()
    for database in (before, both, after):
        database.close()


def test_two_databases_of_a_process_have_a_key_each(tmp_path: Path) -> None:
    two = [Database(f"sqlite:///{tmp_path}/{name}", Sealer([new_key()])) for name in "ab"]
    for database in two:
        database.migrate()
        fill(database)
    assert [all_there(database) for database in two] == [True, True]
    for database in two:
        database.close()


def test_a_failing_statement_quotes_neither_words_nor_seal(database: Database) -> None:
    with pytest.raises(StatementError) as caught, database.write() as session:
        session.execute(insert(Note).values(text=WORDS, at=None, conversation_id=None))
    assert "secret" not in str(caught.value)
