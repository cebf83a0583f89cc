"""The public page of parts and its drawings. Any website may show the drawings; the page stands alone."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.clinic import Clinic
from bot.gateway.schemas import Language
from bot.gateway.web.texts import spoken
from bot.gateway.web.visit import Inside
from bot.gateway.web.widget import Files
from bot.pictures.catalogue import ROOM, SVG, Catalogue

NUMBERS = ("clinic_phone", "oncall_phone", "emergency_number")
"""Facts of the clinic that a telephone can dial."""
NAMES = {"en": "English", "es": "Español"}
STYLE = (ROOM / "page.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; img-src 'self'; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Its one style sheet is in the page; nothing else may be loaded but the drawings."""

router = APIRouter()
drawings = Files(directory=SVG)
"""To be mounted at /parts."""


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(ROOM)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html")


def html(catalogue: Catalogue, clinic: Clinic, facts: dict[str, str]) -> str:
    """The page for one clinic; `facts` are those of `Clinic.facts`. Whatever they hold is text, never markup."""
    linked = {key: _dial(value) if key in NUMBERS else value for key, value in facts.items()}
    return _template().render(
        language=catalogue.language,
        others=[(code, NAMES[code]) for code in clinic.languages if code != catalogue.language],
        page=catalogue.page,
        style=Markup(STYLE),  # noqa: S704  our own file
        clinic=clinic.name,
        first=[Markup(line).format(**linked) for line in catalogue.page["first"]],  # noqa: S704  checked content
        about=catalogue.page["about"].format(coin=catalogue.coin),
        parts=catalogue.parts.values(),
    )


@router.api_route("/parts", methods=["GET", "HEAD"])
@router.api_route("/parts/", methods=["GET", "HEAD"])
async def page(request: Request, services: Inside, lang: Language | None = None) -> Response:
    """Every part with its drawing. A browser that has this very page is told so instead."""
    clinic = services.clinic
    body = html(Catalogue.load(spoken(clinic, lang)), clinic, clinic.facts(services.now())).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=300", "content-security-policy": POLICY}
    if tag in re.split(r",\s*(?:W/)?", request.headers.get("if-none-match", "").removeprefix("W/")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html; charset=utf-8", headers=headers)


def _dial(number: str) -> Markup:
    return Markup('<a href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", number), escape(number))
