"""`python -m bot.gateway.privacy`: what `make export`, `make forget`, `make reseal` and `make key` run.

Works on the records whether the assistant runs or not.
"""

from __future__ import annotations

import argparse
import os
import sys
import uuid
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from bot.clinic import Clinic
from bot.content import ContentError
from bot.gateway.photos.store import PhotoStore
from bot.gateway.secret import sealer, secret_key
from bot.gateway.settings import Settings
from bot.gateway.sms.numbers import normalised, number_hash
from bot.records import audit, conversations, privacy
from bot.records.database import Database
from bot.records.resealing import reseal
from bot.records.sealing import SealError, new_key

FOLDER = Path("var") / "exports"


def main() -> str:
    """What was done, in a sentence. Raises SystemExit with what is wrong, ContentError, SealError."""
    parser = argparse.ArgumentParser(prog="python -m bot.gateway.privacy")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help in (("export", "all that is known of a patient, as a zip file"), ("forget", "delete it for good")):
        command = commands.add_parser(name, help=help)
        command.add_argument("patient", help="telephone number, conversation id, or its first eight digits")
        if name == "export":
            command.add_argument("--out", type=Path, default=FOLDER, help="the folder it is written to")
    commands.add_parser("reseal", help="seal everything anew with the first key of ENCRYPTION_KEY")
    commands.add_parser("key", help="print a new key")
    given = parser.parse_args()
    if given.command == "key":
        return new_key()
    settings = Settings()
    sealed = sealer(settings)
    photos = PhotoStore(Path(settings.photos_folder), settings.photo_bytes, sealed)
    with closing(Database(settings.database_url, sealed)) as database:
        database.migrate()
        if given.command == "reseal":
            files = photos.reseal()
            return (
                f"{reseal(database)} rows and {files} photos are sealed with the first key. Others may be dropped now."
            )
        conversation = _found(database, settings, given.patient)
        if given.command == "export":
            return f"Written to {_export(database, photos, conversation, given.out)}: keep it safe, it is not sealed."
        with database.write() as session:
            names = conversations.erase(session, conversation, audit.SYSTEM, datetime.now(timezone.utc))
        photos.remove(names)
        return (
            f"Deleted, with {len(names)} photos. Of cases stays what the clinic must be able to show, without a word."
        )


def _found(database: Database, settings: Settings, patient: str) -> uuid.UUID:
    texting, key = Clinic.load().sms, secret_key(settings)

    def hashed(text: str) -> str | None:
        number = normalised(text, texting.country) if texting else None
        return number_hash(number, key) if number else None

    with database.read() as session:
        found = privacy.find(session, patient, hashed)
    if len(found) == 1:
        return found[0]
    sys.exit("Nobody is known by that." if not found else "More than one is known by that: give the whole id.")


def _export(database: Database, photos: PhotoStore, conversation: uuid.UUID, folder: Path) -> Path:
    with database.write() as session:
        data = privacy.export(session, conversation, photos.open)
        audit.add(session, audit.SYSTEM, "exported", datetime.now(timezone.utc), conversation_id=conversation)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{conversation}.zip"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(data)
    return file


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{main()}\n")
    except (ContentError, SealError) as error:
        sys.exit(str(error))
