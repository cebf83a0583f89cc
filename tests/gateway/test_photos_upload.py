"""A photo sent in the chat: stored with its message, told to staff and to the engine's history, never served."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from gateway_fakes import FakeEngine, House
from PIL import Image

from bot.gateway import tasks
from bot.gateway.photos.cleaning import PhotoRefused
from bot.gateway.photos.lost import settle_lost
from bot.gateway.photos.store import STRAY_SECONDS, PhotoStore
from bot.records import photos
from bot.records.models import Photo
from bot.records.photos import Outcome
from bot.records.sealing import Sealer, new_key

PATH = "/api/conversation/photos"
SEALER = Sealer([new_key()])


@pytest.fixture(autouse=True)
def _a_busy_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words wait for their photo as long as it takes, unless a test says otherwise."""
    monkeypatch.setattr("bot.gateway.photos.upload.PATIENCE", 60.0)


def jpeg(size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG")
    return out.getvalue()


def house_of(web: httpx.AsyncClient) -> House:
    return web.house  # type: ignore[attr-defined, no-any-return]


def folder_of(house: House) -> Path:
    return Path(house.services.settings.photos_folder)


def files(house: House) -> list[Path]:
    folder = folder_of(house)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def rows(house: House) -> list[Photo]:
    with house.services.database.read() as session:
        return list(session.query(Photo).order_by(Photo.created_at))


class Chat:
    """One patient's browser."""

    def __init__(self, web: httpx.AsyncClient, token: str) -> None:
        self._web, self._headers = web, {"Authorization": f"Bearer {token}"}
        self._count = 0

    async def photo(self, data: bytes | None, text: str | None = None, client_id: str | None = None) -> httpx.Response:
        self._count += 1
        fields = {"client_id": client_id or f"p{self._count}"} | ({} if text is None else {"text": text})
        parts = {"nothing": (None, b"")} if data is None else {"photo": ("../../evil.jpg", data, "image/jpeg")}
        return await self._web.post(PATH, data=fields, files=parts, headers=self._headers)

    async def messages(self) -> list[dict[str, Any]]:
        answer = await self._web.get("/api/conversation/messages", headers=self._headers)
        return list(answer.json()["messages"])

    async def post(self, **request: Any) -> httpx.Response:
        headers = self._headers | request.pop("headers", {})
        return await self._web.post(PATH, headers=headers, **request)

    async def delete(self) -> int:
        return (await self._web.delete("/api/conversation", headers=self._headers)).status_code


@pytest.fixture
async def chat(web: httpx.AsyncClient) -> Chat:
    return Chat(web, (await web.post("/api/conversations")).json()["token"])


def texts(answer: httpx.Response) -> list[str]:
    return [reply["text"] for reply in answer.json()["replies"]]


async def test_a_photo_is_kept_and_a_person_will_look(web: httpx.AsyncClient, chat: Chat, engine: FakeEngine) -> None:
    house = house_of(web)
    answer = await chat.photo(jpeg())
    assert answer.status_code == 200
    assert texts(answer) == ["utter_photo_received/web"]
    assert answer.json()["handed_to_staff"] is True
    assert engine.asked == []
    (row,) = rows(house)
    (file,) = files(house)
    assert (row.state, row.file, row.content_type) == ("stored", file.name, "image/jpeg")
    assert (row.width, row.height, row.bytes) == (60, 40, len(house.services.photos.open(file.name)))
    case = house.case(row.conversation_id)
    assert case is not None
    assert [(reason["rule"], reason["level"]) for reason in case.rules] == [("photo", "day")]
    shown = [(m["from"], m["text"], m["photo"]) for m in await chat.messages()]
    assert ("patient", "", {"state": "stored"}) in shown


async def test_words_and_photo_get_both_answers(chat: Chat, engine: FakeEngine) -> None:
    answer = await chat.photo(jpeg(), "this came out, what is it?")
    assert texts(answer) == ["answer 1", "utter_photo_received/web"]
    history = engine.asked[0]["metadata"]["history"]
    assert engine.asked[0]["text"] == "this came out, what is it?"
    assert [fact["finding"]["name"] for fact in history["facts"]] == ["photo"]


async def test_a_photo_without_words_is_remembered_for_the_next_message(
    web: Any, chat: Chat, engine: FakeEngine
) -> None:
    await chat.photo(jpeg())
    await chat.photo(jpeg(), "and one more")
    assert [fact["finding"]["name"] for fact in engine.asked[0]["metadata"]["history"]["facts"]] == ["photo"]


async def test_only_we_can_read_the_file_and_nobody_can_guess_its_name(web: httpx.AsyncClient, chat: Chat) -> None:
    await chat.photo(jpeg())
    house = house_of(web)
    (file,) = files(house)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder_of(house).stat().st_mode) == 0o700
    assert len(file.stem) == 32
    assert "evil" not in file.name
    for address in (f"/photos/{file.name}", f"/parts/{file.name}", f"/widget/{file.name}", f"/var/photos/{file.name}"):
        assert (await web.get(address)).status_code == 404
    for address in ("/parts", "/widget", "/demo"):
        climbing = f"{address}/../../../..{file}"
        assert (await web.get(climbing.replace("..", "%2e%2e"))).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (jpeg((600, 400))[:700], "utter_photo_unreadable/web"),
        (b"\xff\xd8\xff" + b"x" * 300, "utter_photo_unreadable/web"),
    ],
)
async def test_a_broken_photo_gets_a_kind_sentence(web: httpx.AsyncClient, chat: Chat, data: bytes, said: str) -> None:
    answer = await chat.photo(data)
    assert (answer.status_code, texts(answer)) == (200, [said])
    house = house_of(web)
    assert [(row.state, row.reason, row.file) for row in rows(house)] == [("refused", "unreadable", None)]
    assert files(house) == []
    assert house.case(rows(house)[0].conversation_id) is None


async def test_broken_photo_with_a_red_flag(web: httpx.AsyncClient, chat: Chat) -> None:
    answer = await chat.photo(jpeg()[:100], "I cannot breathe")
    assert texts(answer) == ["utter_flag_r1_emergency/web", "answer 1", "utter_photo_unreadable/web"]
    case = house_of(web).case(rows(house_of(web))[0].conversation_id)
    assert case is not None
    assert case.level == "emergency"


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4"])
async def test_what_is_no_photo_is_refused_but_never_its_words(web: Any, chat: Chat, data: bytes) -> None:
    answer = await chat.photo(data)
    assert (answer.status_code, answer.json()["error"]) == (415, "wrong_type")
    assert [m["from"] for m in await chat.messages()] == ["assistant"]
    answer = await chat.photo(data, "my lip is numb")
    assert answer.status_code == 200
    assert "utter_flag_r7_hour/web" in texts(answer)
    assert texts(answer)[-1] == "utter_photo_unreadable/web"


async def test_thirty_megabytes_are_refused_before_they_are_read(web: httpx.AsyncClient, chat: Chat) -> None:
    answer = await chat.photo(b"\xff\xd8\xff" + b"x" * 30_000_000)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert files(house_of(web)) == rows(house_of(web)) == []


async def test_a_little_too_large_is_said_in_words(web: httpx.AsyncClient, chat: Chat) -> None:
    data = jpeg() + b"x" * house_of(web).services.settings.photo_bytes
    answer = await chat.photo(data)
    assert (answer.status_code, texts(answer)) == (200, ["utter_photo_too_large/web"])


async def test_what_is_no_form_is_refused(chat: Chat) -> None:
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    two = [("photo", ("a.jpg", jpeg())), ("photo", ("b.jpg", jpeg()))]
    for status, request in [
        (415, {"json": {"photo": "x"}}),
        (415, {"content": jpeg(), "headers": {"Content-Type": "image/jpeg"}}),
        (400, {"content": b"not a form", "headers": {"Content-Type": "multipart/form-data"}}),
        (400, {"content": b"--x\r\nbroken", "headers": boundary}),
        (400, {"files": {"other": ("a.jpg", jpeg())}, "data": {"client_id": "c"}}),
        (400, {"files": {"photo": ("a.jpg", jpeg())}}),
        (400, {"files": {"photo": ("a.jpg", jpeg())}, "data": {"client_id": "no spaces please"}}),
        (400, {"files": two, "data": {"client_id": "c"}}),
        (400, {"files": {"text": ("a.jpg", jpeg())}, "data": {"client_id": "c", "photo": "a text"}}),
    ]:
        answer = await chat.post(**request)
        assert answer.status_code == status, request
        assert set(answer.json()) == {"error", "reason"}
    assert len(await chat.messages()) == 1


async def test_too_long_a_text_is_refused(web: httpx.AsyncClient, chat: Chat) -> None:
    answer = await chat.photo(jpeg(), "x" * (house_of(web).services.settings.max_text + 1))
    assert answer.status_code == 413
    assert files(house_of(web)) == []


async def test_without_a_conversation_there_is_no_upload(web: httpx.AsyncClient) -> None:
    assert (await web.post(PATH, files={"photo": ("a.jpg", jpeg())})).status_code == 401
    assert (await Chat(web, "unknown").photo(jpeg())).status_code == 404
    assert files(house_of(web)) == []


async def test_the_same_photo_again_is_the_same_photo(web: httpx.AsyncClient, chat: Chat) -> None:
    first = await chat.photo(jpeg(), client_id="one")
    again = await chat.photo(jpeg(), client_id="one")
    assert first.json() == again.json()
    assert len(files(house_of(web))) == len(rows(house_of(web))) == 1


async def test_two_at_once(web: httpx.AsyncClient, chat: Chat) -> None:
    answers = await asyncio.gather(chat.photo(jpeg()), chat.photo(jpeg(), "and this one"), chat.photo(b"\xff\xd8\xff"))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.json()["seq"] for answer in answers}) == 3
    assert sorted(row.state for row in rows(house_of(web))) == ["refused", "stored", "stored"]
    assert {row.file for row in rows(house_of(web)) if row.file} == {file.name for file in files(house_of(web))}


async def test_words_do_not_wait_for_a_slow_photo(web: httpx.AsyncClient, chat: Chat, monkeypatch: Any) -> None:
    """The safety line is stored while the photo is still worked on; the photo is kept when it is done."""
    store, done = house_of(web).services.photos, threading.Event()
    take = store.take

    def slow(data: bytes) -> Outcome:
        done.wait(60)
        return take(data)

    monkeypatch.setattr(store, "take", slow)
    monkeypatch.setattr("bot.gateway.photos.upload.PATIENCE", 0.1)
    sending = asyncio.create_task(chat.photo(jpeg(), "I cannot breathe"))
    while not any(m["text"] == "utter_flag_r1_emergency/web" for m in await chat.messages()):
        assert not sending.done()
        await asyncio.sleep(0.05)
    assert [row.state for row in rows(house_of(web))] == ["wanted"]
    done.set()
    assert (await sending).status_code == 200
    assert [(row.state, row.width) for row in rows(house_of(web))] == [("stored", 60)]


async def test_a_slow_photo_that_is_broken_is_told_of_afterwards(web: Any, chat: Chat, monkeypatch: Any) -> None:
    monkeypatch.setattr("bot.gateway.photos.upload.PATIENCE", 0.0)
    answer = await chat.photo(jpeg()[:100], "what is this?")
    assert texts(answer) == ["answer 1", "utter_photo_received/web", "utter_photo_unreadable/web"]
    assert [m["text"] for m in await chat.messages()][-1] == "utter_photo_unreadable/web"


async def test_sent_again_after_a_crash_the_photo_is_kept(web: httpx.AsyncClient, chat: Chat) -> None:
    """Between message and photo the process died: the row is still wanted when the browser tries again."""
    await chat.photo(jpeg(), "look", client_id="one")
    house = house_of(web)
    house.services.photos.remove([str(rows(house)[0].file)])
    with house.services.database.write() as session:
        photo = session.query(Photo).one()
        photo.state, photo.file = "wanted", None
    await chat.photo(jpeg(), "look", client_id="one")
    (row,) = rows(house)
    assert (row.state, [row.file]) == ("stored", [file.name for file in files(house)])


async def test_deleting_the_conversation_deletes_the_photo(web: httpx.AsyncClient, chat: Chat) -> None:
    await chat.photo(jpeg())
    assert len(files(house_of(web))) == 1
    assert await chat.delete() == 204
    assert files(house_of(web)) == rows(house_of(web)) == []


def test_the_store_leaves_its_folder_alone(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "photos", 1_000_000, SEALER)
    kept = store.take(jpeg())
    other = tmp_path / f"{'a' * 32}.jpg"
    other.write_bytes(b"not ours")
    store.remove([f"../{other.name}", str(other), "", "..", kept.file + "x" if kept.file else ""])
    assert other.exists()
    assert [file.name for file in (tmp_path / "photos").iterdir()] == [kept.file]
    store.remove([str(kept.file), str(kept.file)])
    assert list((tmp_path / "photos").iterdir()) == []


def test_strays_of_a_crash_are_swept(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path, 1_000_000, SEALER)
    kept, stray = str(store.take(jpeg()).file), str(store.take(jpeg()).file)
    half, foreign = tmp_path / f"{'b' * 32}.part", tmp_path / "notes.txt"
    half.write_bytes(b"half")
    foreign.write_bytes(b"not ours")
    later = time.time() + STRAY_SECONDS + 60
    assert store.sweep({kept}) == 0, "what is new may still get its row"
    assert store.sweep({kept}, later) == 2
    assert sorted(os.listdir(tmp_path)) == sorted([kept, "notes.txt"])
    assert (tmp_path / stray).exists() is False
    assert PhotoStore(tmp_path / "none", 1, SEALER).sweep(set()) == 0


def test_a_disk_that_fails_leaves_no_half_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(tmp_path, 1_000_000, SEALER)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("bot.gateway.photos.store.os.replace", full)
    with pytest.raises(OSError, match="no space"):
        store.take(jpeg())
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".jpg")]


def test_a_refusal_is_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(tmp_path, 100, SEALER)
    assert store.take(b"x" * 101) == Outcome("refused", reason="too_large")

    def refuse(*_: object) -> None:
        raise PhotoRefused("slow")

    monkeypatch.setattr("bot.gateway.photos.store.clean", refuse)
    assert store.take(b"x") == Outcome("refused", reason="slow")


async def test_the_worker_sweeps_what_no_row_names(web: httpx.AsyncClient, chat: Chat, monkeypatch: Any) -> None:
    await chat.photo(jpeg())
    house = house_of(web)
    (kept,) = files(house)
    stray = kept.with_name(f"{'c' * 32}.jpg")
    stray.write_bytes(kept.read_bytes())
    for file in (kept, stray):
        os.utime(file, (time.time() - 2 * STRAY_SECONDS,) * 2)
    monkeypatch.setattr(tasks, "_services", lambda: house.services)
    tasks.tidy.call_local()
    assert files(house) == [kept]


async def test_a_photo_of_a_deleted_message_is_nobodys(web: httpx.AsyncClient, chat: Chat) -> None:
    with house_of(web).services.database.write() as session:
        assert photos.settle(session, uuid.uuid4(), Outcome("stored", "x")) is False


def half_way(house: House) -> None:
    """The process died with the photo in its hands, some minutes ago."""
    with house.services.database.write() as session:
        photo = session.query(Photo).one()
        house.services.photos.remove([str(photo.file)])
        photo.state, photo.file, photo.created_at = "wanted", None, photo.created_at - timedelta(minutes=3)


async def test_what_a_crash_lost_is_asked_for_once_more(web: httpx.AsyncClient, chat: Chat, monkeypatch: Any) -> None:
    await chat.photo(jpeg(), "look", client_id="one")
    house = house_of(web)
    half_way(house)
    monkeypatch.setattr(tasks, "_services", lambda: house.services)
    for _ in range(2):
        tasks.fetch.call_local()
    assert [(row.state, row.reason) for row in rows(house)] == [("refused", "lost")]
    said = [m["text"] for m in await chat.messages()]
    assert said.count("utter_photo_lost/web") == 1
    assert said[-1] == "utter_photo_lost/web"
    # the telephone was in a pocket: now it tries again
    again = await chat.photo(jpeg(), "look", client_id="one")
    assert texts(again)[-1] == "utter_photo_received/web"
    assert [(row.state, row.reason) for row in rows(house)] == [("stored", None)]
    assert len(files(house)) == 1


async def test_an_upload_that_is_under_way_is_left_alone(web: httpx.AsyncClient, chat: Chat) -> None:
    await chat.photo(jpeg())
    house = house_of(web)
    half_way(house)
    with house.services.database.write() as session:
        session.query(Photo).one().created_at = house.services.now() - timedelta(minutes=1)
    assert settle_lost(house.services) == 0
    assert [row.state for row in rows(house)] == ["wanted"]
