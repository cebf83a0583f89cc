"""Draws the parts of bot/pictures/parts.yml into bot/pictures/svg: `make pictures`. With --to FOLDER, there instead.

Every coordinate is a millimetre of the part, so that scale bar and coin are true whatever the size of the picture.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from part_pen import n
from part_shapes import SHAPES

from bot import content
from bot.pictures.catalogue import FILE, SCHEMA, SVG

SIDE = 400  # of the picture, in its own units
ROOM = (344, 244)  # for the part
CORNER = (176, 96)  # for the part beside the coin
MOST = 35.0  # units a millimetre: the tiniest part is not drawn larger than this
FLOOR = 374  # where coin and part stand
BARS = (1, 2, 5, 10, 20, 50)  # lengths of the scale bar in mm

STYLE = """
.m{fill:url(#m)}.d{fill:#38434e}.t{fill:url(#t)}.g{fill:#e79c96}.r{fill:#a3202c}.p{fill:#ecc7b4}.l{fill:none}
.h{fill:#fff;stroke:none;opacity:.55}.k{fill:#f3f5f7}.o{fill:#d9dee3}.i{stroke:#26323c}
.w{fill:#26323c;stroke:none;font-family:system-ui,sans-serif;font-weight:600}
.a{stop-color:#f4f6f8}.b{stop-color:#c3cbd2}.c{stop-color:#8d99a4}.e{stop-color:#fffdf6}.f{stop-color:#e6dcc3}
@media(prefers-color-scheme:dark){
.k{fill:#1b2229}.o{fill:#3a4650}.i{stroke:#0b1015}.w{fill:#e4eaef}.n{stroke:#e4eaef}
.a{stop-color:#dfe5ea}.b{stop-color:#a4afb9}.c{stop-color:#6b7782}.e{stop-color:#f4efe2}.f{stop-color:#cfc4a8}}
"""
"""Materials: metal, dark hole, tooth, gum, red, putty; then lines and ink, which turn light on a dark screen."""

STOPS = (("m", (("b", 0), ("a", 0.3), ("b", 0.6), ("c", 1))), ("t", (("e", 0.4), ("f", 1))))
"""The two materials with a shine: the colours of STYLE from left to right."""


def shine(id: str, stops: Iterable[tuple[str, float]]) -> str:
    """A gradient from left to right."""
    colours = "".join(f'<stop class="{colour}" offset="{n(at)}"/>' for colour, at in stops)
    return f'<linearGradient id="{id}">{colours}</linearGradient>'


def picture(part: Mapping[str, Any], coin: Mapping[str, Any]) -> str:
    """The whole picture of one part: itself, a scale bar, and itself again beside the coin."""
    drawn, (left, top, right, bottom) = SHAPES[part["shape"]](part["mm"])
    wide, high = right - left, bottom - top
    scale = min(ROOM[0] / wide, ROOM[1] / high, MOST)
    x, y = SIDE / 2 - scale * (left + right) / 2, 150 - scale * (top + bottom) / 2
    bar = max(length for length in BARS if length * scale <= 170)
    small = min(CORNER[0] / (wide + coin["mm"] * 1.1), CORNER[1] / max(high, coin["mm"]))
    r = coin["mm"] / 2 * small
    beside = SIDE - 20 - 2 * r - coin["mm"] * 0.1 * small
    every = 1 if bar < 20 else 5
    ticks = "".join(f"M{n(20 + k * scale)} 366v-{14 if k in (0, bar) else 8}" for k in range(0, bar + 1, every))
    name, lang = part["name"], sorted(part["name"])
    titles = "".join(f'<title lang="{key}">{escape(name[key])}</title>' for key in lang)
    x_coin, y_coin = SIDE - 20 - r, FLOOR - r
    main = f'stroke-width="{n(3.4 / scale)}" transform="translate({n(x)} {n(y)})scale({n(scale)})"'
    x_small, y_small = beside - right * small, FLOOR - bottom * small
    again = f'stroke-width="{n(1.1 / small)}" transform="translate({n(x_small)} {n(y_small)})scale({n(small)})"'
    ring = f'cx="{n(x_coin)}" cy="{n(y_coin)}" r="'
    word = f'x="{n(x_coin)}" y="{n(y_coin + r * 0.22)}" font-size="{n(r * 0.64)}" text-anchor="middle"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" role="img">
{titles}<desc>{escape(part["looks"])} {escape(part["size"])} Drawn with a {escape(coin["name"])} next to it.</desc>
<style>{"".join(STYLE.splitlines())}</style>
<defs>{"".join(shine(*material) for material in STOPS)}
<g id="p" stroke-linejoin="round" stroke-linecap="round">{drawn}</g></defs>
<rect class="k" width="{SIDE}" height="{SIDE}" rx="28"/>
<use href="#p" class="i" {main}/>
<path class="i n l" stroke-width="4" d="M20 366h{n(bar * scale)}{ticks}"/>
<text class="w" x="20" y="342" font-size="34">{bar} mm</text>
<circle class="o i n" stroke-width="2" {ring}{n(r)}"/>
<circle class="l i n" {ring}{n(r * 0.88)}"/>
<text class="w" {word}>{escape(coin["short"])}</text>
<use href="#p" class="i" {again}/>
</svg>
"""


def draw(folder: Path) -> Iterable[Path]:
    """Write every picture into `folder` and give the files."""
    data = content.load(FILE, SCHEMA)
    folder.mkdir(parents=True, exist_ok=True)
    for part in data["parts"]:
        file = folder / f"{part['id']}.svg"
        file.write_text(picture(part, data["coin"]), encoding="utf-8")
        yield file


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=SVG, help="folder for the pictures")
    for made in draw(parser.parse_args().to):
        print(f"{made.name}: {made.stat().st_size} bytes")
