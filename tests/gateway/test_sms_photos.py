"""Photos by text message: fetched with the account's password and from the provider alone, cleaned, told of kindly."""

from __future__ import annotations

import asyncio
import io

import pytest
from fake_twilio import FakeTwilio, TextDoor
from gateway_fakes import Build, FakeEngine
from PIL import Image

from bot.gateway.sms.media import ATTEMPTS, Host, Unavailable
from bot.records.models import Photo

PATIENT = "+15550100777"
NOTICE, RECEIVED = "utter_sms_notice/sms", "utter_photo_received/sms"
UNREADABLE, TOO_LARGE = "utter_photo_unreadable/sms", "utter_photo_too_large/sms"


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "JPEG")
    return made.getvalue()


async def send(sms: TextDoor, twilio: FakeTwilio, words: str, *names: str) -> None:
    urls = {f"MediaUrl{n}": f"{twilio.url}/media/{name}" for n, name in enumerate(names)}
    await sms.text(PATIENT, words, NumMedia=str(len(names)), **urls)
    await sms.settled()


def work(sms: TextDoor) -> None:
    """Be the worker, some time later."""
    with sms.house.services.database.write() as session:
        for photo in session.query(Photo):
            photo.next_at = photo.created_at
    services = sms.house.services
    assert services.sms is not None
    services.sms.media.fetch_due()
    sms.send()


def states(sms: TextDoor) -> list[tuple[str, str | None]]:
    return [(photo.state, photo.reason) for photo in sms.rows(Photo)]


async def test_a_photo_without_words(sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine) -> None:
    twilio.media["a"] = (200, "image/jpeg", picture())
    await send(sms, twilio, "", "a")
    assert twilio.said == [NOTICE, RECEIVED]
    assert not engine.asked
    work(sms)
    (photo,) = sms.rows(Photo)
    assert (photo.state, photo.width, photo.height, photo.source_url) == ("stored", 60, 40, None)
    assert twilio.asked[-1] == "a signed in"
    case = sms.house.case(sms.conversation(PATIENT))
    assert case is not None
    assert [rule["rule"] for rule in case.rules] == ["photo"]
    work(sms)
    assert twilio.said == [NOTICE, RECEIVED]


async def test_words_and_photos(sms: TextDoor, twilio: FakeTwilio) -> None:
    twilio.media["a"] = twilio.media["b"] = (200, "image/jpeg", picture())
    await send(sms, twilio, "my lip is numb", "a", "b")
    work(sms)
    assert "utter_flag_r7_hour/sms" in twilio.said
    assert RECEIVED in twilio.said[-1]
    assert states(sms) == [("stored", None)] * 2


@pytest.mark.parametrize(
    ("kind", "data", "line", "reason"),
    [
        ("image/jpeg", b"<html>hello</html>", UNREADABLE, "not_a_photo"),
        ("text/html", b"<html>hello</html>", UNREADABLE, "not_a_photo"),
        ("video/mp4", picture(), UNREADABLE, "not_a_photo"),
        ("image/jpeg", picture()[:200], UNREADABLE, "unreadable"),
        ("image/jpeg", b"", UNREADABLE, "not_a_photo"),
        ("image/jpeg", picture() + b"x" * 3_000_000, TOO_LARGE, "too_large"),
    ],
)
async def test_what_is_no_photo_is_told_kindly_once(
    build: Build, sms: TextDoor, twilio: FakeTwilio, kind: str, data: bytes, line: str, reason: str
) -> None:
    services = sms.house.services
    assert services.sms is not None
    host = services.sms.media._host
    services.sms.media._host = Host(host.account, host.token, host.api_url, host.seconds, 2_000_000)
    twilio.media["a"] = twilio.media["b"] = (200, kind, data)
    await send(sms, twilio, "", "a", "b")
    work(sms)
    work(sms)
    assert states(sms) == [("refused", reason)] * 2
    assert twilio.said == [NOTICE, RECEIVED, line]


async def test_of_two_photos_the_second_is_not_told_of_again(sms: TextDoor, twilio: FakeTwilio) -> None:
    """One is refused before the answer, which says so among other things, the other after it."""
    twilio.media["a"] = (200, "text/html", b"<html>hello</html>")
    services = sms.house.services
    assert services.sms is not None
    wants = {f"MediaUrl{n}": f"{twilio.url}/media/{name}" for n, name in enumerate("ab")}
    await sms.text(PATIENT, "what is it?", NumMedia="2", **wants)
    services.sms.media.fetch_due()  # b is not there yet
    await sms.settled()
    assert sorted(state for state, _ in states(sms)) == ["refused", "wanted"]
    twilio.media["b"] = twilio.media["a"]
    work(sms)
    assert states(sms) == [("refused", "not_a_photo")] * 2
    assert " ".join(twilio.said).count(UNREADABLE) == 1
    assert " ".join(twilio.said).count(RECEIVED) == 1, "of the one that might still come"


async def test_a_photo_that_is_refused_while_the_engine_thinks_gets_no_thanks(
    sms: TextDoor, twilio: FakeTwilio, engine: FakeEngine
) -> None:
    twilio.media["a"] = (200, "text/html", b"<html>hello</html>")
    services = sms.house.services
    assert services.sms is not None
    engine.thinking = True
    await sms.text(PATIENT, "what is it?", NumMedia="1", MediaUrl0=f"{twilio.url}/media/a")
    while not engine.asked:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(services.sms.media.fetch_due)
    engine.thinking = False
    await sms.settled()
    assert states(sms) == [("refused", "not_a_photo")]
    assert " ".join(twilio.said).count(UNREADABLE) == 1
    assert RECEIVED not in " ".join(twilio.said)


async def test_it_is_fetched_again_when_it_is_not_there_yet(sms: TextDoor, twilio: FakeTwilio) -> None:
    await send(sms, twilio, "", "a")
    work(sms)
    assert states(sms) == [("wanted", None)]
    twilio.media["a"] = (200, "image/jpeg", picture())
    work(sms)
    assert states(sms) == [("stored", None)]


async def test_it_is_given_up_in_the_end(sms: TextDoor, twilio: FakeTwilio) -> None:
    await send(sms, twilio, "", "a")
    for _ in range(ATTEMPTS + 2):
        work(sms)
    assert states(sms) == [("refused", "http_404")]
    assert twilio.asked.count("a signed in") == ATTEMPTS
    assert twilio.said[-1] == UNREADABLE


async def test_a_repeated_webhook_brings_no_second_photo(sms: TextDoor, twilio: FakeTwilio) -> None:
    for _ in range(3):
        await sms.text(PATIENT, "", sid="SM1", NumMedia="1", MediaUrl0=f"{twilio.url}/media/a")
    assert len(sms.rows(Photo)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data", "http://127.0.0.1:5005/status", "file:///etc/passwd", "",
        "http://api.twilio.com/x", "https://api.twilio.com.evil.example/x", "https://evil.example/api.twilio.com",
        "https://api.twilio.com@evil.example/x", "https://media.twiliocdn.com:8443/x", "https://[::1", "ftp://x",
        "https://media.twiliocdn.com@evil.example/",
    ],
)  # fmt: skip
def test_no_other_address_is_asked(twilio: FakeTwilio, url: str) -> None:
    with pytest.raises(Unavailable, match="foreign_address") as caught:
        Host("AC", "token", twilio.url, 1.0, 1_000).get(url)
    assert caught.value.for_good


def test_nor_one_it_is_sent_on_to(twilio: FakeTwilio) -> None:
    import base64

    away = base64.urlsafe_b64encode(b"http://169.254.169.254/secret").decode()
    round_and_round = base64.urlsafe_b64encode(b"/media/to:Lw==").decode()
    host = Host("ACtest", "test-token", twilio.url, 1.0, 1_000)
    with pytest.raises(Unavailable, match="foreign_address"):
        host.get(f"{twilio.url}/media/to:{away}")
    with pytest.raises(Unavailable):
        host.get(f"{twilio.url}/media/to:{round_and_round}")
