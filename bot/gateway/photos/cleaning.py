"""Makes a picture harmless: read, turned upright, made smaller, written anew with nothing but its pixels.

A decoder of pictures is where hostile files strike. So `clean` runs this module as a process of its own, which knows
no secret and is stopped when it takes too much time or memory.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

Reason = Literal["not_a_photo", "unreadable", "too_many_pixels", "too_large", "slow"]
"""Why a photo is not kept: no picture of a known kind; broken; two that are about its size; a decoder that hangs."""

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
KNOWN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")
"""How files of these formats begin; WEBP and HEIF say so some bytes later. What does not is no photo at all."""
LONGEST = 2_048  # pixels of the longer side as it is kept
MOST_PIXELS = 60_000_000  # a telephone's largest common camera has 50 million
SECONDS = 10.0
MEMORY = 1_500_000_000  # bytes of address space
_ROOT = str(Path(__file__).parents[3])  # the process imports nothing else of ours
_REFUSED = 3  # exit code: standard output says the reason


class PhotoRefused(Exception):
    """A photo that cannot be kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Clean:
    """A JPEG without metadata, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def clean(data: bytes, seconds: float = SECONDS) -> Clean:
    """The picture in `data`, in a process of its own. Blocks for up to `seconds`. Raises PhotoRefused."""
    command = [sys.executable, "-m", __name__, str(int(seconds) + 1)]
    try:
        run = subprocess.run(  # noqa: S603  our own module
            command, input=data, capture_output=True, timeout=seconds, cwd=_ROOT, env={"PYTHONPATH": _ROOT}
        )
    except subprocess.TimeoutExpired:
        raise PhotoRefused("slow") from None
    if run.returncode == _REFUSED:
        said = run.stdout.decode()
        raise PhotoRefused(next((reason for reason in get_args(Reason) if reason == said), "unreadable"))
    size, _, jpeg = run.stdout.partition(b"\n")
    if run.returncode != 0 or not jpeg:  # killed by a limit, or the decoder crashed
        raise PhotoRefused("unreadable")
    width, height = map(int, size.split())
    return Clean(jpeg, width, height)


def redraw(data: bytes) -> Clean:
    """The work itself, in this process. Raises PhotoRefused, or whatever a decoder raises."""
    if not data.startswith(KNOWN) and data[8:12] != b"WEBP" and data[4:8] != b"ftyp":
        raise PhotoRefused("not_a_photo")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise PhotoRefused("too_many_pixels")
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded no larger than needed
        image.load()
    except UnidentifiedImageError:
        raise PhotoRefused("unreadable" if data.startswith(KNOWN) else "not_a_photo") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoRefused("too_many_pixels") from None
    profile = image.info.get("icc_profile")
    upright = _upright(image)
    upright.thumbnail((LONGEST, LONGEST))
    paper = Image.new("RGB", upright.size, "white")  # a new picture: it has no comment, profile or place to pass on
    colours = _colours(upright, profile)
    paper.paste(colours, mask=colours.getchannel("A") if colours.mode == "RGBA" else None)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=88, optimize=True)
    return Clean(out.getvalue(), paper.width, paper.height)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # notes that cannot be read cost the right way up, not the photo
        return image


def _colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB, or RGBA where parts can be seen through; in the colours of a screen, if the profile says how."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    see_through = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return made or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):  # a broken profile costs the exact colours, not the photo
            return image.convert("RGB")
    return image.convert("RGBA" if see_through else "RGB")


def _main(seconds: int) -> int:
    # no file: it has nothing to write but its standard output, a pipe
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0))
    for limit, most in limits:
        with suppress(ValueError, OSError):  # not every system knows each of them; the time limit holds on all
            resource.setrlimit(limit, (most, most))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    register_heif_opener(thumbnails=False)
    try:
        made = redraw(sys.stdin.buffer.read())
    except PhotoRefused as refused:
        sys.stdout.write(refused.reason)
        return _REFUSED
    except Exception:
        sys.stdout.write("unreadable")
        return _REFUSED
    sys.stdout.buffer.write(b"%d %d\n" % (made.width, made.height) + made.jpeg)
    return 0


if __name__ == "__main__":
    sys.exit(_main(int(sys.argv[1])))
