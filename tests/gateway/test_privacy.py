"""A patient's data by command and by the worker's clock: exported, deleted, sealed anew; photos sealed on disk."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from gateway_fakes import Build, House
from PIL import Image
from sqlalchemy import select

from bot import clinic, content
from bot.gateway import tasks
from bot.gateway.photos.store import PhotoStore
from bot.records import conversations, photos
from bot.records.models import Audit, Conversation, Photo
from bot.records.sealing import Sealer, SealError, new_key

NUMBER = "+15550100777"
WORDS = "my lip is numb"


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG")
    return out.getvalue()


async def with_photo(house: House) -> tuple[Conversation, str]:
    """A web conversation with words and a photo, and the photo's file."""
    conversation = await house.open()
    kept = house.services.photos.take(jpeg())
    await house.services.way.receive(
        conversation, WORDS, None, house.now, lambda session, message: photos.attach(session, message, kept, house.now)
    )
    with house.services.database.read() as session:
        return session.get_one(Conversation, conversation), str(kept.file)


def run(house: House, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    settings = house.services.settings
    environment = {
        "DATABASE_URL": settings.database_url,
        "PHOTOS_FOLDER": settings.photos_folder,
        "SECRET_FILE": settings.secret_file,
        "ENCRYPTION_FILE": settings.encryption_file,
        "PYTHONPATH": str(content.ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "bot.gateway.privacy", *arguments]
    return subprocess.run(command, env=os.environ | environment | more, capture_output=True, text=True, timeout=120)


async def test_a_patient_is_exported_and_forgotten_by_command(house: House, tmp_path: Path) -> None:
    conversation, file = await with_photo(house)
    words = conversation.id.hex[:8]
    done = run(house, "export", words, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    (made,) = (tmp_path / "out").iterdir()
    assert oct(made.stat().st_mode)[-3:] == "600"
    with zipfile.ZipFile(made) as archive:
        assert WORDS in archive.read("records.json").decode()
        (photo,) = [name for name in archive.namelist() if name.startswith("photos/")]
        assert Image.open(io.BytesIO(archive.read(photo))).size == (60, 40)
    assert run(house, "forget", words).returncode == 0
    assert not (Path(house.services.settings.photos_folder) / file).exists()
    with house.services.database.read() as session:
        assert session.get(Conversation, conversation.id) is None
        actions = session.scalars(select(Audit.action).where(Audit.actor == "system").order_by(Audit.id)).all()
    assert actions == ["exported", "erased"]
    for command in ("export", "forget"):
        again = run(house, command, words)
        assert (again.returncode, again.stderr) == (1, "Nobody is known by that.\n")


async def test_a_patient_is_found_by_number_as_somebody_types_it(house: House) -> None:
    door = house.services.sms
    assert door is not None
    conversation = door.door._conversation(NUMBER, house.now)
    assert run(house, "forget", "(555) 010-0777").returncode == 0
    with house.services.database.read() as session:
        assert session.get(Conversation, conversation) is None


async def test_the_key_is_changed_by_command(house: House, build: Build) -> None:
    conversation, file = await with_photo(house)
    plain = Path(house.services.settings.photos_folder) / f"{'c' * 32}.jpg"
    plain.write_bytes(jpeg())  # from before there was a key
    old, new = Path(house.services.settings.encryption_file).read_text(), new_key()
    assert run(house, "reseal", ENCRYPTION_KEY=new).stderr.startswith("The records are sealed with another key")
    assert run(house, "reseal", ENCRYPTION_KEY=f"{new},{old}").returncode == 0
    with pytest.raises(SealError):
        build()
    after = build(encryption_key=new)
    assert ("patient", WORDS) in after.talk(conversation.id)
    assert after.services.photos.open(file) == house_photo(after, file)
    assert after.services.photos.open(plain.name) == jpeg()
    assert not plain.read_bytes().startswith(b"\xff\xd8")
    await after.services.close()


def house_photo(house: House, file: str) -> bytes:
    """A photo as the key opens it, without the store."""
    key = house.services.settings.encryption_key
    assert key is not None
    kept = (Path(house.services.settings.photos_folder) / file).read_bytes()
    return Sealer([key.get_secret_value()]).open(kept)


def test_a_new_key_is_printed(house: House) -> None:
    Sealer([run(house, "key").stdout.strip()])


def test_a_photo_on_disk_cannot_be_read_without_the_key(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path, 1_000_000, Sealer([new_key()]))
    kept = store.take(jpeg())
    (file,) = tmp_path.iterdir()
    assert b"\xff\xd8" not in file.read_bytes()
    assert Image.open(io.BytesIO(store.open(str(kept.file)))).size == (60, 40)
    assert kept.bytes == len(store.open(str(kept.file)))
    with pytest.raises(SealError):
        PhotoStore(tmp_path, 1, Sealer([new_key()])).open(str(kept.file))
    for name in ("../" + str(kept.file), f"{'d' * 32}.jpg", "", "secret.key"):
        with pytest.raises(FileNotFoundError):
            store.open(name)


async def test_the_worker_deletes_what_the_clinic_no_longer_keeps(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    conversation, file = await with_photo(house)
    with house.services.database.write() as session:
        session.get_one(Conversation, conversation.id).updated_at = house.services.now() - timedelta(days=366)
    kept = clinic.Retention(*(timedelta(days=days) for days in (365, 180, 2190, 2196)))
    for retention in (None, kept):
        services = replace(house.services, clinic=replace(house.services.clinic, retention=retention))
        monkeypatch.setattr(tasks, "_services", lambda services=services: services)
        tasks.purge.call_local()
        with services.database.read() as session:
            # a case is open: nothing may go yet
            assert session.get(Conversation, conversation.id) is not None
    with house.services.database.write() as session:
        case = house.case(conversation.id)
        assert case is not None
        session.merge(case).state = "resolved"
    tasks.purge.call_local()
    with house.services.database.read() as session:
        assert session.get(Conversation, conversation.id) is None
        assert session.scalars(select(Photo)).all() == []
    assert not (Path(house.services.settings.photos_folder) / file).exists()
    assert [record.count for record in caplog.records if record.message == "purged"][-1] == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("audit_years: 5", "audit_years"),
        ("photos_days: 0", "photos_days"),
        ("cases_days: forever", "cases_days"),
    ],
)
def test_periods_that_cannot_be_are_named(tmp_path: Path, line: str, wrong: str) -> None:
    name = line.partition(":")[0]
    lines = clinic.FILE.read_text().splitlines()
    changed = [f"  {line}" if each.strip().startswith(f"{name}:") else each for each in lines]
    assert changed != lines
    (tmp_path / "clinic.yml").write_text("\n".join(changed))
    with pytest.raises(content.ContentError, match=wrong):
        clinic.Clinic.load(tmp_path / "clinic.yml")


def test_the_shipped_clinic_keeps_the_trail_as_long_as_the_database_demands() -> None:
    kept = clinic.Clinic.load(clinic.FILE).retention
    assert kept is not None
    assert kept.audit >= timedelta(days=6 * 366)


async def test_which_disclosure_a_web_patient_got_is_known(house: House) -> None:
    conversation = await house.open()
    with house.services.database.read() as session:
        found = session.get_one(Conversation, conversation)
        (said,) = conversations.after(session, conversation, 0)
    other = Conversation()
    conversations.noticed(other, said.text, house.now)
    assert (found.notice_version, found.noticed_at) == (other.notice_version, house.now)
    conversations.noticed(other, said.text + ".", house.now)
    assert found.notice_version != other.notice_version
