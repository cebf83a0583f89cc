"""Draws bodies as SVG, in millimetres, from the side and a little from above; a CSS class says the material."""

from __future__ import annotations

import math

TILT = 0.22  # how round things seen a little from above look: height of the ellipse to its width


def n(value: float) -> str:
    """A number as short as it can be written to a hundredth."""
    return f"{round(value, 2) + 0:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0"


def path(kind: str, *commands: str | float) -> str:
    """One path; numbers are separated, letters are not."""
    text = ""
    for command in commands:
        part = command if isinstance(command, str) else n(command)
        text += " " * (not (part[0].isalpha() or text[-1:].isalpha())) + part
    return f'<path class="{kind}" d="{text}"/>'


def ellipse(kind: str, x: float, y: float, rx: float, ry: float | None = None) -> str:
    """A disc seen from a little above."""
    return f'<ellipse class="{kind}" cx="{n(x)}" cy="{n(y)}" rx="{n(rx)}" ry="{n(rx * TILT if ry is None else ry)}"/>'


def turned(kind: str, x: float, *profile: tuple[float, float]) -> str:
    """A body made on a lathe: (height, radius) from its top to its bottom."""
    left: list[str | float] = ["M", x - profile[0][1], profile[0][0]]
    for y, r in profile[1:]:
        left += ["L", x - r, y]
    bottom = profile[-1]
    left += ["A", bottom[1], bottom[1] * TILT, "0 0 0", x + bottom[1], bottom[0]]
    for y, r in reversed(profile[:-1]):
        left += ["L", x + r, y]
    return path(kind, *left, "z")


def recess(x: float, y: float, r: float) -> str:
    """The hole for the driver: a hexagon in the top."""
    corners: list[str | float] = []
    for k in range(6):
        corners += [
            "L" if k else "M",
            x + r * math.cos(k * math.pi / 3),
            y + r * TILT * 1.25 * math.sin(k * math.pi / 3),
        ]
    return path("d", *corners, "z")


def thread(x: float, y: float, long: float, top: float, end: float, pitch: float, deep: float) -> str:
    """A screw from `y` down, `top` and `end` wide, with a groove `deep` mm deep every `pitch` mm, and a blunt tip."""
    turns = max(2, round(long / pitch))
    step = long / (turns + 0.5)

    def radius(at: float) -> float:
        return (top + (end - top) * at) / 2

    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for k in range(turns):
        r = radius(k / turns)
        left += [(x - r + deep, y + k * step), (x - r, y + (k + 0.45) * step)]
        right += [(x + r - deep, y + (k + 0.5) * step), (x + r, y + (k + 0.95) * step)]
    r = radius(1) - deep
    outline = [*left, (x - r, y + long - step * 0.3), (x - r * 0.6, y + long)]
    outline += [(x + r * 0.6, y + long), (x + r, y + long - step * 0.3), *reversed(right), (x + radius(0) - deep, y)]
    points: list[str | float] = []
    for k, (px, py) in enumerate(outline):
        points += ["L" if k else "M", px, py]
    ridges: list[str | float] = []
    for (lx, ly), (rx, ry) in zip(left[1::2], right[1::2]):
        ridges += ["M", lx, ly, "Q", x, (ly + ry) / 2 + (rx - lx) * TILT / 2, rx, ry]
    return path("m", *points, "z") + path("l", *ridges)


def head(x: float, y: float, wide: float, high: float, hole: float) -> str:
    """A flat round head with the driver's hole, its top edge at `y`."""
    r = wide / 2
    return turned("m", x, (y, r), (y + high, r)) + ellipse("m", x, y, r) + recess(x, y, hole)


def tooth(x: float, y: float, wide: float, high: float, hollow: bool, cusps: int = 2) -> str:
    """A crown from the side; `hollow` shows the opening below."""
    w, h = wide / 2, high
    rim: list[str | float] = [*("C", x - w * 1.02, y + h * 0.75, x - w * 1.06, y + h * 0.5, x - w * 0.98, y + h * 0.28)]
    if cusps == 2:
        rim += ["C", x - w * 0.9, y + h * 0.02, x - w * 0.42, y - h * 0.06, x - w * 0.3, y + h * 0.05]
        rim += ["Q", x, y + h * 0.24, x + w * 0.3, y + h * 0.05]
        rim += ["C", x + w * 0.42, y - h * 0.06, x + w * 0.9, y + h * 0.02, x + w * 0.98, y + h * 0.28]
    else:
        rim += ["C", x - w * 0.95, y + h * 0.05, x - w * 0.8, y, x - w * 0.6, y, "L", x + w * 0.6, y]
        rim += ["C", x + w * 0.8, y, x + w * 0.95, y + h * 0.05, x + w * 0.98, y + h * 0.28]
    rim += ["C", x + w * 1.06, y + h * 0.5, x + w * 1.02, y + h * 0.75, x + w * 0.76, y + h]
    base: list[str | float] = ["A", w * 0.76, w * 0.16, "0 0 1", x - w * 0.76, y + h]
    drawn = path("t", "M", x - w * 0.76, y + h, *rim, *base, "z")
    if cusps == 2:
        drawn += path("l", "M", x, y + h * 0.15, "Q", x + w * 0.03, y + h * 0.3, x - w * 0.02, y + h * 0.42)
    if hollow:
        drawn += ellipse("t", x, y + h, w * 0.76, w * 0.16) + ellipse("d", x, y + h, w * 0.6, w * 0.11)
    return drawn


def small_screw(x: float, y: float, wide: float, high: float, shank: float, shank_long: float, screw: float,
                long: float) -> str:  # fmt: skip
    """A whole screw: head, smooth shank (none if `shank_long` is 0), thread."""
    below = y + high + shank_long
    drawn = thread(x, below, long, screw, screw * 0.92, 0.42, 0.14)
    if shank_long:
        drawn += turned("m", x, (y + high, shank / 2), (below + 0.1, shank / 2))
    return drawn + head(x, y, wide, high, wide * 0.27)


def lump(kind: str, w: float, h: float) -> str:
    """A soft irregular body `w` wide and `h` high."""
    bends = [[-0.56, 0.28, -0.3, 0.3, -0.2, 0.12], [-0.04, -0.06, 0.14, -0.06, 0.24, 0.16]]
    bends += [[0.34, 0.38, 0.52, 0.2, 0.5, 0.58], [0.48, 0.86, 0.34, 0.94, 0.12, 0.96]]
    bends += [[-0.1, 0.98, -0.4, 1.06, -0.48, 0.62]]
    outline: list[str | float] = ["M", -w * 0.48, h * 0.62]
    for bend in bends:
        outline += ["C", *(at * (h if k % 2 else w) for k, at in enumerate(bend))]
    return path(kind, *outline, "z")
