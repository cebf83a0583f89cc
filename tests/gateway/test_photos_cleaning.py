"""What a photo is made into: nothing but its pixels, upright, small; and what is refused, quickly, whatever it is."""

from __future__ import annotations

import io
import struct
import time
import warnings
import zlib
from collections.abc import Callable

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot.gateway.photos import cleaning
from bot.gateway.photos.cleaning import LONGEST, PhotoRefused, clean, redraw

pillow_heif.register_heif_opener()
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)
SECRET = "Secret Clinic Road 5"


def two_halves(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """With a place, a camera and a description."""
    made = Image.Exif()
    made[0x0112], made[0x010E], made[0x0110] = orientation, SECRET, "Phone 12"
    gps = made.get_ifd(0x8825)
    gps[1], gps[2] = "N", (40.0, 42.0, 46.0)
    made[0x8825] = gps
    return made


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack into a picture of that size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 200_000))
    return b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b"")


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def near(pixel: object, colour: tuple[int, int, int], by: int = 40) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= by for one, other in zip(pixel, colour))


def animated() -> bytes:
    return encoded(two_halves(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40), GREEN)])


def deep_grey() -> bytes:
    image = Image.new("I;16", (60, 40), 52_000)
    image.paste(Image.new("I;16", (30, 40), 8_000), (30, 0))
    return encoded(image, "PNG")


def profiled() -> bytes:
    return encoded(two_halves(), "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: encoded(two_halves(), "JPEG"),
    "progressive jpeg": lambda: encoded(two_halves(), "JPEG", progressive=True),
    "cmyk jpeg": lambda: encoded(two_halves(mode="CMYK"), "JPEG"),
    "jpeg with a profile": profiled,
    "jpeg with a broken profile": lambda: encoded(two_halves(), "JPEG", icc_profile=b"no profile at all"),
    "png": lambda: encoded(two_halves(), "PNG"),
    "palette png": lambda: encoded(two_halves().quantize(8), "PNG"),
    "png with alpha": lambda: encoded(two_halves(mode="RGBA"), "PNG"),
    "webp": lambda: encoded(two_halves(), "WEBP"),
    "animated webp": lambda: encoded(two_halves(), "WEBP", save_all=True, append_images=[two_halves()]),
    "heic": lambda: encoded(two_halves(), "HEIF", quality=90),
    "animated gif": animated,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_a_plain_jpeg(kind: str) -> None:
    made = redraw(KINDS[kind]())
    image = opened(made.jpeg)
    assert (image.format, image.mode, image.size, (made.width, made.height)) == ("JPEG", "RGB", (60, 40), (60, 40))
    assert near(image.getpixel((10, 20)), RED)
    assert near(image.getpixel((50, 20)), BLUE)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_sixteen_bits_of_grey_keep_their_tones() -> None:
    image = opened(redraw(deep_grey()).jpeg)
    assert near(image.getpixel((10, 20)), (203, 203, 203), 6)
    assert near(image.getpixel((50, 20)), (31, 31, 31), 6)


def test_what_can_be_seen_through_is_white() -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert near(opened(redraw(encoded(image, "PNG")).jpeg).getpixel((5, 5)), (255, 255, 255), 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_place_camera_and_words_are_gone(kind: str) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET)
    extra = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": SECRET.encode()}}.get(kind, {})
    data = encoded(two_halves(), kind, exif=exif(), **extra)
    assert SECRET.encode() in data
    made = redraw(data)
    assert SECRET.encode() not in made.jpeg
    assert b"Exif" not in made.jpeg
    assert b"Phone 12" not in made.jpeg
    assert dict(opened(made.jpeg).getexif()) == {}


@pytest.mark.parametrize(("orientation", "corner"), [(1, RED), (2, BLUE), (3, BLUE), (6, RED), (8, BLUE)])
@pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
def test_a_turned_photo_is_put_upright(orientation: int, corner: tuple[int, int, int], kind: str) -> None:
    made = redraw(encoded(two_halves(), kind, exif=exif(orientation).tobytes()))
    assert (made.width, made.height) == ((40, 60) if orientation in (6, 8) else (60, 40))
    assert near(opened(made.jpeg).getpixel((3, 3)), corner)


def test_broken_notes_cost_nothing_but_the_notes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow says what is wrong with them
        made = redraw(encoded(two_halves(), "JPEG", exif=b"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff" + b"\xff" * 40))
    assert (made.width, made.height) == (60, 40)


@pytest.mark.parametrize("size", [(5000, 100), (100, 5000), (3000, 3000), (2048, 10), (1, 1)])
def test_no_side_is_longer_than_the_limit(size: tuple[int, int]) -> None:
    made = redraw(encoded(Image.new("RGB", size, RED), "JPEG"))
    assert max(made.width, made.height) == min(LONGEST, max(size))
    assert made.width >= 1
    assert made.height >= 1


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not_a_photo"),
    "html called .jpg": (b"<html><script>alert(1)</script></html>", "not_a_photo"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_a_photo"),
    "pdf": (b"%PDF-1.7\n" + b"x" * 500, "not_a_photo"),
    "tiff": (encoded(two_halves(), "TIFF"), "not_a_photo"),
    "bmp": (encoded(two_halves(), "BMP"), "not_a_photo"),
    "a film": (b"\0\0\0\x18ftypmp42" + b"\0" * 500, "not_a_photo"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "not_a_photo"),
    "truncated jpeg": (encoded(two_halves((600, 400)), "JPEG")[:1500], "unreadable"),
    "truncated png": (encoded(Image.effect_noise((200, 200), 90), "PNG")[:9000], "unreadable"),
    "only a jpeg's beginning": (b"\xff\xd8\xff" + b"\0" * 200, "unreadable"),
    "jpeg of rubbish": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 50, "unreadable"),
    "broken gif": (b"GIF89a\xff\xff\xff\xff" + b"\xff" * 100, "unreadable"),
    "a bomb": (png_that_claims(50_000, 50_000), "too_many_pixels"),
    "a small bomb": (png_that_claims(8_000, 8_000), "too_many_pixels"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_good_photo_is_refused_quickly(kind: str) -> None:
    data, reason = HOSTILE[kind]
    with pytest.raises(PhotoRefused) as refused:
        clean(data)
    assert refused.value.reason == reason  # else it would be that it was slow


def test_the_process_gives_what_the_work_gives() -> None:
    data = encoded(two_halves(), "JPEG", exif=exif(6))
    assert clean(data) == redraw(data)


def test_a_decoder_that_takes_too_long_is_stopped() -> None:
    """The time limit is met by the process itself being killed, not by leaving it behind."""
    started = time.perf_counter()
    with pytest.raises(PhotoRefused, match="slow"):
        clean(encoded(two_halves(), "JPEG"), seconds=0.01)
    assert time.perf_counter() - started < 8


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", SECRET)
    seen: dict[str, object] = {}
    real = cleaning.subprocess.run

    def run(*arguments: object, **options: object) -> object:
        seen.update(options)
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(cleaning.subprocess, "run", run)
    clean(encoded(two_halves(), "JPEG"))
    assert list(seen["env"]) == ["PYTHONPATH"]  # type: ignore[call-overload]
