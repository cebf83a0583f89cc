"""The drawings of parts: made from the data, small, true to scale, with words for those who cannot see them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from bot import content
from bot.pictures.catalogue import FILE, SCHEMA, SVG, Catalogue

DATA = content.load(FILE, SCHEMA)
ROWS = {row["id"]: row for row in DATA["parts"]}
NAMESPACE = "{http://www.w3.org/2000/svg}"
LARGEST = 6_000  # bytes


def drawn(id: str) -> ElementTree.Element:
    return ElementTree.fromstring((SVG / f"{id}.svg").read_bytes())


def scales(picture: ElementTree.Element) -> list[float]:
    """Units a millimetre of the large and of the small drawing."""
    uses = picture.findall(f"{NAMESPACE}use")
    return [float(re.search(r"scale\(([\d.]+)\)", use.attrib["transform"])[1]) for use in uses]  # type: ignore[index]


def test_drawing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    script = content.ROOT / "scripts" / "draw_parts.py"
    run = subprocess.run(
        [sys.executable, str(script), "--to", str(tmp_path)],
        env={"PYTHONPATH": str(content.ROOT), "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in SVG.iterdir()}
    assert set(made) == {f"{id}.svg" for id in ROWS}


def test_every_part_of_the_dossier_is_drawn() -> None:
    assert {
        *("implant", "cover-screw", "healing-abutment", "abutment", "abutment-screw", "multi-unit-abutment"),
        *("overdenture-attachment", "crown", "screw-retained-crown", "bridge", "denture", "post", "bone-graft"),
        *("stitches", "perio-pack"),
    } <= set(Catalogue.load().parts)


@pytest.mark.parametrize("id", ROWS)
def test_a_picture_is_small_and_says_what_it_shows(id: str) -> None:
    picture = drawn(id)
    assert (SVG / f"{id}.svg").stat().st_size < LARGEST
    titles = {title.attrib["lang"]: title.text for title in picture.findall(f"{NAMESPACE}title")}
    assert titles == ROWS[id]["name"]
    said = picture.findtext(f"{NAMESPACE}desc") or ""
    assert said.startswith(ROWS[id]["looks"])
    assert DATA["coin"]["name"] in said


@pytest.mark.parametrize("id", ROWS)
def test_a_picture_can_do_nothing_but_be_looked_at(id: str) -> None:
    text = (SVG / f"{id}.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<image|<foreignObject|\bon\w+=|@import|url\((?!#)|https?://(?!www\.w3\.org/)", text)
    assert re.findall(r'href="([^"]*)"', text) == ["#p", "#p"]
    assert "prefers-color-scheme:dark" in text


@pytest.mark.parametrize("id", ROWS)
def test_scale_bar_and_coin_are_true(id: str) -> None:
    picture = drawn(id)
    large, small = scales(picture)
    said = next(text.text or "" for text in picture.findall(f"{NAMESPACE}text") if "mm" in (text.text or ""))
    bar = float(re.search(r"h([\d.]+)", picture.findall(f"{NAMESPACE}path")[0].attrib["d"])[1])  # type: ignore[index]
    assert bar / large == pytest.approx(float(said.split()[0]), rel=0.01)
    coin = float(picture.find(f"{NAMESPACE}circle").attrib["r"])  # type: ignore[union-attr]
    assert 2 * coin / small == pytest.approx(DATA["coin"]["mm"], rel=0.01)


@pytest.mark.parametrize("id", ROWS)
def test_nothing_is_drawn_outside_the_picture(id: str) -> None:
    """The coin and the places of the two drawings are within the frame."""
    picture = drawn(id)
    circle = picture.find(f"{NAMESPACE}circle")
    assert circle is not None
    x, y, r = (float(circle.attrib[key]) for key in ("cx", "cy", "r"))
    assert x + r <= 400
    assert y + r <= 400
    for use in picture.findall(f"{NAMESPACE}use"):
        left, top = map(float, re.search(r"translate\(([\d.]+) ([\d.]+)\)", use.attrib["transform"]).groups())  # type: ignore[union-attr]
        assert 0 < left < 400
        assert 0 < top < 400


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"id": "implant"}, "there twice"),
        ({"id": "not-drawn"}, "not drawn yet"),
        ({"mm": {"wide": -1}}, "minimum"),
        ({"source": ""}, "short"),
    ],
)
def test_a_wrong_file_is_named(change: dict, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = content.load(FILE)
    data["parts"][0] |= change
    file = tmp_path / "parts.yml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    monkeypatch.setattr("bot.pictures.catalogue.FILE", file)
    Catalogue.load.cache_clear()
    with pytest.raises(content.ContentError, match=rf"parts\.yml:\d+: .*{wrong}"):
        Catalogue.load()
    Catalogue.load.cache_clear()
