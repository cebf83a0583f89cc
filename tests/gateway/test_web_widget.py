"""What the widget is served: its files, its sentences with the clinic's facts, and the page to try it on."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from gateway_fakes import House

from bot.clinic import Clinic, Theme
from bot.content import ContentError
from bot.gateway.web.texts import ROOM, Texts

CLINIC = (Path(__file__).with_name("clinic.yml")).read_text(encoding="utf-8")
BUNDLE = sorted(path.name for path in (ROOM / "dist").glob("*-*.js"))


async def test_config(web: httpx.AsyncClient) -> None:
    house: House = web.house  # type: ignore[attr-defined]
    before = house.services.now()
    found = (await web.get("/api/widget")).json()
    assert set(found) == {"clinic", "theme", "languages", "language", "texts", "notice", "limits"}
    clinic = found["clinic"]
    assert (clinic["name"], clinic["phone"]) == ("Test Clinic & Partners", "555-010-0001")
    assert (clinic["oncall_phone"], clinic["emergency_number"]) == ("555-010-0002", "911")
    assert clinic["open"] in {house.services.clinic.is_open(at) for at in (before, house.services.now())}
    assert found["theme"] == {"colour": Theme().colour, "logo": None}
    assert found["languages"] == ["en", "es"]
    assert found["limits"] == {"text": 50_000, "photo_bytes": 15_000_000}
    assert "911" in found["notice"]
    assert "{" not in found["notice"]


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "en"), ("?lang=en", "en"), ("?lang=es", "es"), ("?lang=ES-mx", "es"), ("?lang=fr", "en")],
)
async def test_languages(web: httpx.AsyncClient, asked: str, language: str) -> None:
    found = (await web.get(f"/api/widget{asked}")).json()
    assert found["language"] == language
    assert found["texts"] == Texts.load().of(language)


@pytest.mark.parametrize("lang", ["<script>", "en" * 18, "%", "en;q=1", "../en"])
async def test_no_language_at_all(web: httpx.AsyncClient, lang: str) -> None:
    response = await web.get("/api/widget", params={"lang": lang})
    assert response.status_code == 400
    assert lang not in response.text


async def test_the_conversation_remembers_the_language(web: httpx.AsyncClient) -> None:
    house: House = web.house  # type: ignore[attr-defined]
    for lang, language in (("es-MX", "es"), ("fr", "en")):
        token = (await web.post("/api/conversations", json={"lang": lang})).json()["token"]
        name = (await web.get("/api/conversation/transcript", headers={"authorization": f"Bearer {token}"})).text
        assert name.startswith("Chat con" if language == "es" else "Chat with")
    assert house.services.clinic.languages == ("en", "es")


@pytest.mark.parametrize("path", ["/widget.js", *(f"/widget/{name}" for name in BUNDLE)])
async def test_files(web: httpx.AsyncClient, path: str) -> None:
    file = ROOM / "dist" / path.rpartition("/")[2]
    response = await web.get(path, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.content == file.read_bytes()
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(gzip.compress(file.read_bytes())) + 500
    immutable = "immutable" in response.headers["cache-control"]
    assert immutable == (path != "/widget.js")
    again = await web.get(path, headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await web.head(path)).status_code == 200


def test_there_is_a_bundle() -> None:
    assert BUNDLE


@pytest.mark.parametrize(
    "path", ["/widget/", "/widget/none.js", "/widget/..%2f..%2fclinic.yml", "/widget/%00", "/demo/../texts.yml"]
)
async def test_no_other_file(web: httpx.AsyncClient, path: str) -> None:
    response = await web.get(path)
    assert response.status_code == 404
    assert set(response.json()) == {"error", "reason"}


async def test_the_demo_page(web: httpx.AsyncClient) -> None:
    page = await web.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "Test Clinic &amp; Partners" in page.text
    assert "/widget.js" in page.text
    assert "{" not in page.text
    for inline in ("<script>", "<style", "style=", "onclick="):
        assert inline not in page.text


async def test_the_logo(web: httpx.AsyncClient, tmp_path: Path) -> None:
    assert (await web.get("/widget/logo")).status_code == 404
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    file = tmp_path / "clinic.yml"
    file.write_text(f'{CLINIC}theme: {{colour: "#112233", logo: logo.svg}}\n', encoding="utf-8")
    house: House = web.house  # type: ignore[attr-defined]
    object.__setattr__(house.services, "clinic", Clinic.load(file))
    assert (await web.get("/api/widget")).json()["theme"] == {"colour": "#112233", "logo": "/widget/logo"}
    logo = await web.get("/widget/logo")
    assert logo.headers["content-type"] == "image/svg+xml"
    assert logo.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "sandbox" in logo.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("theme: {logo: none.svg}", "theme.logo: there is no file none.svg"),
        ("theme: {logo: ../../secret.svg}", "theme.logo"),
        ("theme: {colour: red}", "theme.colour"),
        ("website_origins: [clinic.example]", "website_origins.0"),
        ("website_origins: ['https://clinic.example/page']", "website_origins.0"),
        ("website_origins: ['*']", "website_origins.0"),
    ],
)
def test_what_is_wrong_in_clinic_yml_is_named(tmp_path: Path, lines: str, names: str) -> None:
    file = tmp_path / "clinic.yml"
    kept = [line for line in CLINIC.splitlines() if not line.startswith("website_origins")]
    file.write_text("\n".join([*kept, lines, ""]), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        Clinic.load(file)
    assert names in str(error.value)
    assert f"clinic.yml:{len(kept) + 1}:" in str(error.value)
