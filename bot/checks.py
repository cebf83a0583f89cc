"""Is the content right? Run before training and before start, so that a wrong file is not first met by a patient."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bot.clinic import Clinic, clinic_file
from bot.content import ROOT, ContentError, error_at, load
from bot.desk.alerts import provider, texts
from bot.gateway.sms.keywords import Keywords
from bot.gateway.web.texts import TRANSCRIPT, WIDGET, Texts
from bot.pictures.catalogue import Catalogue
from bot.reply.plan import Planner
from bot.reply.responses import load_responses
from bot.triage.assess import Triage
from bot.understanding.pipeline import Understander

INTENTS = ROOT / "bot" / "domain" / "intents.yml"
TRAINING = ROOT / "nlu_data"


def check_training_data() -> None:
    """Every intent of the training data is in the domain, and every one of the domain has examples."""
    known = {name for entry in load(INTENTS)["intents"] for name in entry}
    seen: set[str] = set()
    for path in sorted(TRAINING.rglob("*.yml")):
        for index, entry in enumerate(load(path).get("nlu", ())):
            if "intent" not in entry:
                continue
            if entry["intent"] not in known:
                raise error_at(path, ["nlu", index, "intent"], f"{entry['intent']!r} is not in {_shown(INTENTS)}")
            seen.add(entry["intent"])
    if missing := sorted(known - seen):
        raise error_at(INTENTS, ["intents"], f"no training examples for {', '.join(missing)}")


def check_pictures() -> None:
    """Every picture a response names is drawn."""
    parts = Catalogue.load().parts
    images = {part.image for part in parts.values()}
    for name, response in load_responses().items():
        for variation in response.variations:
            unknown = sorted(set(variation.pictures.values()) - set(parts))
            unknown += [variation.image] if variation.image and variation.image not in images else []
            if unknown:
                raise error_at(response.path, ["responses", name], f"no part of bot/pictures is {unknown[0]}")


def check_alerts() -> None:
    """What alerts say, and that each target's address can be used."""
    clinic = Clinic.load()
    texts.Texts(clinic)
    for index, target in enumerate(clinic.alerts.targets.values()):
        try:
            provider.service(target)
        except provider.Unusable as unusable:
            key = "url_env" if target.url_env else "url"
            raise error_at(clinic_file(), ["alerts", "targets", index, key], unusable.reason(target)) from None


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


CHECKS: tuple[Callable[[], object], ...] = (
    Clinic.load,
    load_responses,
    Planner,
    Triage,
    Understander,
    check_training_data,
    check_pictures,
    check_alerts,
    partial(Texts.load, WIDGET),
    partial(Texts.load, TRANSCRIPT),
    Keywords,
    Catalogue.load,
)


def problems() -> Iterator[str]:
    """One sentence for each check that fails, with file and line."""
    for check in CHECKS:
        try:
            check()
        except ContentError as error:
            yield str(error)


if __name__ == "__main__":
    found = list(dict.fromkeys(problems()))
    print("\n".join(found) if found else "Content: all files right.")  # noqa: T201
    sys.exit(bool(found))
