"""The page of parts: what stands first, every part with its drawing, safe headers, kept by the browser."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest

from bot.clinic import Clinic
from bot.content import ROOT
from bot.gateway.photos.parts_page import html
from bot.pictures.catalogue import Catalogue

CATALOGUE = Catalogue.load()
CLINIC = Clinic.load(ROOT / "bot" / "clinic.yml")
FACTS = {"clinic_name": CLINIC.name, "clinic_phone": CLINIC.phone, "oncall_phone": CLINIC.oncall_phone}
FACTS |= {"emergency_number": CLINIC.emergency_number}


class Page(HTMLParser):
    """What a test asks of a page: ids, images, links, tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, attribute: str) -> list[str | None]:
        return [attributes.get(attribute) for name, attributes in self.tags if name == tag]


async def test_every_part_is_on_the_page_with_its_drawing(web: httpx.AsyncClient) -> None:
    answer = await web.get("/parts")
    page = Page(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert page.all("article", "id") == list(CATALOGUE.parts)
    for source in page.all("img", "src"):
        drawing = await web.get(str(source))
        assert drawing.status_code == 200
        assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert all(page.all("img", "alt"))
    assert (await web.get("/parts/")).text == answer.text


async def test_what_to_do_stands_before_the_first_picture(web: httpx.AsyncClient) -> None:
    text = (await web.get("/parts")).text
    first = text[: text.index("<img")]
    clinic = web.house.services.clinic  # type: ignore[attr-defined]
    for words in ("Size alone cannot tell", "the implant itself", "Keep the part", "Do not put it back"):
        assert words in first
    assert first.index("Size alone") < first.index("Keep the part") < first.index("tel:")
    for number in (clinic.phone, clinic.oncall_phone, clinic.emergency_number):
        assert f'href="tel:{re.sub("[^0-9+]", "", number)}">{number}</a>' in first


@pytest.mark.parametrize(
    ("asked", "language", "title", "other"),
    [("", "en", "What came out", "es"), ("?lang=en-US", "en", "What came out", "es"),
     ("?lang=es", "es", "¿Qué se salió?", "en"), ("?lang=es-MX", "es", "¿Qué se salió?", "en"),
     ("?lang=fr", "en", "What came out", "es")],
)  # fmt: skip
async def test_in_both_languages(web: httpx.AsyncClient, asked: str, language: str, title: str, other: str) -> None:
    answer = await web.get(f"/parts{asked}")
    page = Page(answer.text)
    assert page.all("html", "lang") == [language]
    assert f"<h1>{title}" in answer.text
    assert f"?lang={other}" in page.all("a", "href")
    assert page.all("article", "id") == list(CATALOGUE.parts)
    assert (await web.get("/parts", headers={"if-none-match": answer.headers["etag"]})).status_code == (
        304 if language == "en" else 200
    )


async def test_a_language_that_is_none_is_refused(web: httpx.AsyncClient) -> None:
    assert (await web.get("/parts?lang=<script>")).status_code == 400


def test_a_clinic_with_one_language_offers_no_other() -> None:
    assert "?lang=" not in html(CATALOGUE, replace(CLINIC, languages=("en",)), FACTS)


async def test_the_page_can_run_nothing(web: httpx.AsyncClient) -> None:
    answer = await web.get("/parts")
    page = Page(answer.text)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "iframe", "form", "link", "object", "base"}
    assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on") or key == "style"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    style = re.search(r"<style>(.*)</style>", answer.text, re.DOTALL)
    assert style is not None
    assert base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/parts", "/parts/healing-abutment.svg"])
async def test_a_browser_keeps_it(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert answer.headers["cache-control"] == "public, max-age=300"
    tag = answer.headers["etag"]
    for known in (tag, f'W/{tag}, "other"' if path == "/parts" else tag):
        again = await web.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await web.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
    head = await web.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


async def test_any_website_may_show_a_drawing(web: httpx.AsyncClient) -> None:
    answer = await web.get("/parts/implant.svg", headers={"Origin": "https://somewhere.example"})
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/parts/none.svg", "/parts/../parts.yml", "/parts/%2e%2e/parts.yml", "/parts/..%2fparts.yml", "/parts/svg"]
)
async def test_only_drawings_are_served(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.get(path)).status_code == 404


def test_a_clinic_with_markup_in_its_name_is_text() -> None:
    text = html(CATALOGUE, replace(CLINIC, name="<b>Bones & Co"), FACTS | {"clinic_name": "<b>Bones & Co"})
    assert "<b>" not in text
    assert text.count("&lt;b&gt;Bones &amp; Co") == 3
