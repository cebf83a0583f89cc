"""Each part from its sizes in bot/pictures/parts.yml. A function draws one; its name is the `shape` there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

from part_pen import TILT, ellipse, head, lump, n, path, recess, small_screw, thread, tooth, turned

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in mm."""
Mm = Mapping[str, float]
Shape = Callable[[Mm], tuple[str, Box]]
"""Gives the drawing and the box it fills."""


def healing_abutment(mm: Mm) -> tuple[str, Box]:
    r, low, high = mm["head_top"] / 2, mm["head_bottom"] / 2, mm["head"]
    neck = high + mm["neck_long"]
    drawn = thread(0, neck, mm["screw_long"], mm["screw"], mm["screw"] * 0.9, 0.5, 0.16)
    drawn += turned("m", 0, (high - 0.3, mm["neck"] / 2), (neck, mm["neck"] / 2))
    drawn += turned("m", 0, (0.55, r), (1.3, r), (high, low))
    drawn += path("m", "M", -r, 0.55, "C", -r, -0.1, -r * 0.75, -0.45, 0, -0.45, "S", r, -0.1, r, 0.55,
                  "A", r, r * TILT, "0 0 1", -r, 0.55, "z")  # fmt: skip
    return drawn + recess(0, 0.05, r * 0.36), (-r, -0.45, r, neck + mm["screw_long"])


def cover_screw(mm: Mm) -> tuple[str, Box]:
    r, high = mm["head"] / 2, mm["head_high"]
    drawn = thread(0, high, mm["screw_long"], mm["screw"], mm["screw"] * 0.88, 0.45, 0.15)
    drawn += head(0, 0, mm["head"], high, r * 0.38)
    return drawn, (-r, -r * TILT, r, high + mm["screw_long"])


def implant(mm: Mm) -> tuple[str, Box]:
    r, collar, apart = mm["wide"] / 2, mm["collar"], mm["wide"] + 1.6
    drawn = ""
    for x, long in ((0.0, mm["long"]), (apart, mm["short"])):
        top = mm["long"] - long
        drawn += thread(x, top + collar, long - collar, mm["wide"], mm["wide"] * 0.78, 0.85, 0.32)
        drawn += turned("m", x, (top, r * 0.94), (top + collar, r * 0.97)) + ellipse("m", x, top, r * 0.94)
        drawn += ellipse("o", x, top, r * 0.68) + recess(x, top, r * 0.52)
    return drawn, (-r, -r * TILT, apart + r, mm["long"])


def abutment(mm: Mm) -> tuple[str, Box]:
    top, wide, foot = mm["top"] / 2, mm["shoulder"] / 2, mm["foot"] / 2
    peg, cuff = mm["peg"], mm["peg"] + mm["cuff"]
    end = cuff + mm["foot_long"]
    drawn = turned("m", 0, (cuff - 0.2, foot), (end, foot * 0.9))
    drawn += path("l", "M", -foot * 0.35, cuff + 0.6, "V", end + 0.2, "M", foot * 0.35, cuff + 0.6, "V", end + 0.2)
    drawn += turned("m", 0, (peg, wide), (peg + 0.5, wide), (cuff, foot * 1.2)) + ellipse("m", 0, peg, wide)
    drawn += turned("m", 0, (0, top), (peg, wide * 0.82)) + ellipse("m", 0, 0, top) + ellipse("d", 0, 0, top * 0.6)
    return drawn, (-wide, -top * TILT, wide, end + foot * TILT)


def abutment_screw(mm: Mm) -> tuple[str, Box]:
    drawn = small_screw(0, 0, mm["head"], mm["head_high"], mm["shank"], mm["shank_long"], mm["screw"], mm["screw_long"])
    end = mm["head_high"] + mm["shank_long"] + mm["screw_long"]
    return drawn, (-mm["head"] / 2, -mm["head"] / 2 * TILT, mm["head"] / 2, end)


def multi_unit_abutment(mm: Mm) -> tuple[str, Box]:
    top, r, foot, cone = mm["top"] / 2, mm["wide"] / 2, mm["foot"] / 2, mm["cone"]
    low = cone + mm["cuff"]
    end = low + mm["screw_long"]
    drawn = thread(0, low, mm["screw_long"], mm["screw"], mm["screw"] * 0.9, 0.5, 0.16)
    drawn += turned("m", 0, (cone, r), (cone + 0.4, r), (low, foot)) + ellipse("m", 0, cone, r)
    drawn += turned("m", 0, (0, top), (cone, r * 0.86)) + ellipse("m", 0, 0, top) + ellipse("d", 0, 0, top * 0.55)
    x, high = r + 1.2 + mm["small_head"] / 2, 1.0
    drawn += small_screw(x, end - mm["small_long"] - high, mm["small_head"], high, 0, 0, mm["small"], mm["small_long"])
    return drawn, (-r, -top * TILT, x + mm["small_head"] / 2, end)


def denture_stud(mm: Mm) -> tuple[str, Box]:
    r, neck, foot, rim = mm["wide"] / 2, mm["neck"] / 2, mm["foot"] / 2, mm["rim"]
    low = rim + 0.6 + mm["cuff"]
    apart, ball = mm["wide"] + 1.4, mm["ball"] / 2
    drawn = ""
    for x in (0.0, apart):
        drawn += thread(x, low, mm["screw_long"], mm["screw"], mm["screw"] * 0.9, 0.5, 0.16)
        drawn += turned("m", x, (rim + 0.6, r * 0.9), (low, foot * 0.85)) + ellipse("m", x, rim + 0.6, r * 0.9)
    drawn += turned("m", 0, (rim - 0.3, neck), (rim + 0.6, neck)) + turned("m", 0, (0, r * 0.9), (0.4, r), (rim, r))
    drawn += ellipse("m", 0, 0, r * 0.9) + ellipse("d", 0, 0, r * 0.62) + ellipse("m", 0, 0.02, r * 0.3)
    top = rim + 0.3 - ball
    drawn += turned("m", apart, (top + ball * 0.8, ball * 0.6), (rim + 0.6, ball * 0.75))
    drawn += ellipse("m", apart, top, ball, ball)
    return drawn, (-r, min(-r * TILT, top - ball), apart + r, low + mm["screw_long"])


def denture_insert(mm: Mm) -> tuple[str, Box]:
    r, hole, high = mm["wide"] / 2, mm["hole"] / 2, mm["high"]
    drawn = (
        turned("p", 0, (0, r), (high, r * 0.92)) + ellipse("p", 0, 0, r, r * 0.4) + ellipse("d", 0, 0, hole, hole * 0.4)
    )
    return drawn + ellipse("p", 0, 0.25, hole * 0.45, hole * 0.16), (-r, -r * 0.4, r, high + r * TILT)


def crown(mm: Mm) -> tuple[str, Box]:
    w, h = mm["wide"] / 2, mm["high"]
    return tooth(0, 0, mm["wide"], h, hollow=True), (-w, 0, w, h + w * 0.16)


def screw_retained_crown(mm: Mm) -> tuple[str, Box]:
    w, h = mm["wide"] / 2, mm["high"]
    base, foot = h + mm["base_long"], h + mm["base_long"] + mm["foot_long"]
    drawn = thread(0, foot, mm["screw_long"], mm["screw"], mm["screw"] * 0.9, 0.45, 0.15)
    drawn += turned("m", 0, (base - 0.2, mm["foot"] / 2), (foot, mm["foot"] / 2 * 0.9))
    drawn += turned("m", 0, (h, mm["base"] / 2 * 1.15), (base, mm["base"] / 2 * 0.8))
    drawn += tooth(0, 0, mm["wide"], h, hollow=False) + ellipse("d", 0, h * 0.2, 1.1, 0.42)
    return drawn, (-w, 0, w, foot + mm["screw_long"])


def bridge(mm: Mm) -> tuple[str, Box]:
    w, h = mm["wide"], mm["high"]
    step = w * 0.94
    drawn = "".join(tooth(x, 0.2 if x == 0 else 0, w, h, hollow=x != 0) for x in (-step, step, 0.0))
    return drawn, (-step - w / 2, 0, step + w / 2, h + w * 0.08)


def denture(mm: Mm) -> tuple[str, Box]:
    a, deep, band = mm["wide"] / 2, mm["deep"], mm["band"]
    b, e = a - band, band / 2
    drawn = path("g", "M", -a, deep - e, "C", -a, deep * 0.3, -a * 0.62, 0, 0, 0, "S", a, deep * 0.3, a, deep - e,
                 "A", e, e, "0 0 1", b, deep - e, "C", b, deep * 0.5, b * 0.7, band, 0, band,
                 "S", -b, deep * 0.5, -b, deep - e, "A", e, e, "0 0 1", -a, deep - e, "z")  # fmt: skip
    teeth = ((6, 5.4), (19, 5.2), (32, 5.8), (46, 6.6), (59, 7), (74, 9.2), (92, 9))
    rx, ry, cy = a - e, deep - e - band * 0.55, deep - e - band * 0.08
    for angle, wide in teeth:
        for side in (-1, 1):
            t = math.radians(angle)
            x, y = side * rx * math.sin(t), cy - ry * math.cos(t)
            turn = side * math.degrees(math.atan2(ry * math.sin(t), rx * math.cos(t)))
            tall = 5.2 if wide < 6.5 else 7.2
            drawn += (f'<rect class="t" x="{n(-wide / 2)}" y="{n(-tall / 2)}" width="{n(wide)}" height="{n(tall)}" '
                      f'rx="2" transform="translate({n(x)} {n(y)})rotate({n(turn)})"/>')  # fmt: skip
    return drawn, (-a, 0, a, deep)


def post(mm: Mm) -> tuple[str, Box]:
    w, h, pin, tip = mm["wide"] / 2, mm["high"], mm["pin"] / 2, mm["tip"] / 2
    end = h + mm["pin_long"]
    drawn = turned("m", 0, (h - 0.4, pin), (end - 0.5, tip), (end, tip * 0.6))
    rings: list[str | float] = []
    for k in range(1, 8):
        y = h + 0.4 + k * (mm["pin_long"] - 1) / 8
        r = pin + (tip - pin) * k / 8
        rings += ["M", -r, y, "Q", 0, y + r * TILT * 2, r, y]
    drawn += path("l", *rings) + tooth(0, 0, mm["wide"], h, hollow=False, cusps=1)
    return drawn, (-w, 0, w, end)


def stitches(mm: Mm) -> tuple[str, Box]:
    k = mm["long"] / 14
    line = f'<g class="i n" fill="none" transform="scale({n(k)})">'
    line += '<path d="M-7 3.2C-5.4.2-3.2 4-.5 2.6M7 2C5.2 5 3 .8.5 2.6"/>'
    line += '<path d="M-.3 2.2C-.8.6-2.4.4-2.8-1.4M.3 2.2C.6.8 2 .4 2.2-1.8"/></g>'
    for x, turn in ((-0.45, 35), (0.45, -35), (0, 0)):
        place = f"translate({n(x * k)} {n(2.5 * k)})rotate({turn})"
        line += f'<ellipse class="o i n" rx="{n(k * 0.42)}" ry="{n(k * 0.8)}" transform="{place}"/>'
    return line, (-7 * k, -1.8 * k, 7 * k, 4 * k)


def bone_graft(mm: Mm) -> tuple[str, Box]:
    dice = random.Random(5)  # the same heap every time
    heap, grain = mm["heap"], mm["grain"]
    high = heap * 0.4
    drawn = ""
    for row in range(6):
        y = high * row / 5
        for place in range(2 + row * 2):
            x = heap * (0.12 + 0.16 * row) * ((place + 0.5) / (2 + row * 2) - 0.5) + (dice.random() - 0.5) * grain * 0.6
            r, spin = grain / 2 * (0.7 + 0.4 * dice.random()), dice.random()
            corners: list[str | float] = []
            for side in range(5):
                angle = side * 1.257 + spin
                corners += ["L" if side else "M", x + r * math.cos(angle), y + r * 0.9 * math.sin(angle)]
            drawn += path("t", *corners, "z")
    return drawn, (-heap * 0.46 - grain / 2, -grain / 2, heap * 0.46 + grain / 2, high + grain / 2)


def perio_pack(mm: Mm) -> tuple[str, Box]:
    w, h = mm["wide"], mm["high"]
    dents: list[str | float] = []
    for x, y in ((-0.24, 0.5), (0.02, 0.36), (0.24, 0.56), (-0.04, 0.72)):
        dents += ["M", w * (x - 0.07), h * y, "Q", w * x, h * (y + 0.14), w * (x + 0.08), h * y]
    return lump("p", w, h) + path("l", *dents), (-w / 2, 0, w / 2, h)


def blood_clot(mm: Mm) -> tuple[str, Box]:
    w, h = mm["wide"], mm["high"]
    shine = ellipse("h", -w * 0.16, h * 0.34, w * 0.1, h * 0.07) + ellipse("h", w * 0.26, h * 0.36, w * 0.05, h * 0.05)
    return lump("r", w, h) + shine, (-w / 2, 0, w / 2, h)


SHAPES: Mapping[str, Shape] = {
    shape.__name__: shape
    for shape in (healing_abutment, cover_screw, implant, abutment, abutment_screw, multi_unit_abutment, denture_stud,
                  denture_insert, crown, screw_retained_crown, bridge, denture, post, stitches, bone_graft, perio_pack,
                  blood_clot)
}  # fmt: skip
