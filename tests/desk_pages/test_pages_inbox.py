"""The inbox: order, what stands on a line, filters, search, nothing of it markup."""

from __future__ import annotations

import pytest
from desk_browser import Browser, Clock
from pages_ward import Ward, lines

ON_BOTH = True
HOUR, EMERGENCY, DAY = "my lip is numb", "I cannot breathe", "there is pus"


async def test_nobody_waits(anna: Browser, ward: Ward) -> None:
    await ward.patient("what can I eat?")
    await anna.get("/desk")
    assert lines(anna.page) == []
    assert "All quiet" in anna.page
    await anna.get("/desk/conversations")
    assert len(lines(anna.page)) == 1


async def test_sorted_by_level_then_by_due_time(anna: Browser, ward: Ward) -> None:
    day, later, earlier = await ward.patient(DAY), await ward.patient(HOUR), await ward.patient(HOUR)
    worst = await ward.patient(EMERGENCY)
    with ward.desk.database.write() as session:
        case = session.merge(ward.case(earlier))
        case.due_at = ward.case(later).due_at.replace(year=2020)
    await anna.get("/desk")
    order = [anna.page.index(f"c-{each}") for each in (worst, earlier, later, day)]
    assert order == sorted(order)


async def test_a_line_says_who_why_since_when_and_in_which_words(anna: Browser, ward: Ward) -> None:
    await ward.patient("hello", HOUR, channel="sms")
    await anna.get("/desk")
    (line,) = lines(anna.page)
    for words in ("(212) 555-0181", "Within the hour", "Numb lip, chin or tongue", "“lip is numb”", "2 new", "due "):
        assert words in line
    assert "Patient: my lip is numb" in line
    assert "Nobody has looked" in line
    assert "in 59 min" in line


async def test_overdue_is_counted_for_the_alarm_until_somebody_has_seen_it(
    anna: Browser, ward: Ward, clock: Clock
) -> None:
    conversation = await ward.patient(HOUR)
    await anna.get("/desk")
    assert 'data-unseen="0" data-overdue="0" data-waiting="1"' in anna.page
    clock.forward(minutes=61)
    await anna.sign_in("anna")
    await anna.get("/desk")
    assert 'data-unseen="1" data-overdue="1" data-waiting="1"' in anna.page
    assert "overdue since" in lines(anna.page)[0]
    case = ward.case(conversation)
    await anna.post(f"/desk/cases/{case.id}/acknowledge", version=str(case.version))
    await anna.get("/desk")
    assert 'data-unseen="0" data-overdue="1" data-waiting="1"' in anna.page
    case = ward.case(conversation)
    await anna.post(f"/desk/cases/{case.id}/take", version=str(case.version))
    await anna.get("/desk")
    assert 'data-overdue="0" data-waiting="1"' in anna.page
    assert "overdue since" not in lines(anna.page)[0]
    assert "In hand: Anna" in lines(anna.page)[0]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("level=hour", {HOUR}),
        ("level=day", {DAY}),
        ("channel=sms", {DAY}),
        ("state=acknowledged", {HOUR}),
        ("mine=1", set()),
        ("level=nonsense", {HOUR, DAY}),
    ],
)
async def test_filters(anna: Browser, ward: Ward, query: str, shown: set[str]) -> None:
    conversations = {HOUR: await ward.patient(HOUR), DAY: await ward.patient(DAY, channel="sms")}
    case = ward.case(conversations[HOUR])
    await anna.post(f"/desk/cases/{case.id}/acknowledge", version=str(case.version))
    await anna.get(f"/desk?{query}")
    assert {text for text, id_ in conversations.items() if f"c-{id_}" in anna.page} == shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [("0181", True), ("212-555-0181", True), ("0182", False), ("tastes of metal", True), ("ab", False), ("anna", True)],
)
async def test_search(anna: Browser, ward: Ward, asked: str, found: bool) -> None:
    conversation = await ward.patient("it tastes of metal", channel="sms")
    await anna.post(f"/desk/conversations/{conversation}/take-over")
    await anna.get(f"/desk/search?q={asked}")
    assert (f"c-{conversation}" in anna.page) == found


async def test_search_by_the_short_id_and_by_a_case(anna: Browser, ward: Ward) -> None:
    conversation = await ward.patient(HOUR)
    for asked in (conversation.hex[:4].upper(), str(conversation), str(ward.case(conversation).id)):
        await anna.get(f"/desk/search?q={asked}")
        assert f"c-{conversation}" in anna.page


async def test_what_somebody_took_over_waits_for_them_also_without_a_case(anna: Browser, ward: Ward) -> None:
    conversation = await ward.patient("what can I eat?")
    await anna.post(f"/desk/conversations/{conversation}/take-over")
    for path in ("/desk", "/desk?mine=1"):
        await anna.get(path)
        assert f"c-{conversation}" in anna.page
    assert "answers" in lines(anna.page)[0]


async def test_done_cases_and_their_outcome(anna: Browser, ward: Ward) -> None:
    conversation = await ward.patient(HOUR)
    ward.resolve(conversation)
    await anna.get("/desk")
    assert lines(anna.page) == []
    await anna.get("/desk/done")
    assert "Visit booked" in lines(anna.page)[0]


async def test_a_case_whose_conversation_the_patient_deleted_still_waits(anna: Browser, ward: Ward) -> None:
    conversation = await ward.patient(HOUR)
    case = ward.case(conversation)
    with ward.desk.database.write() as session:
        from bot.records import conversations

        conversations.erase(session, conversation, "patient", ward.desk.now())
    await anna.get("/desk")
    assert "Deleted by the patient" in lines(anna.page)[0]
    assert "numb" not in lines(anna.page)[0].replace("Numb lip, chin or tongue", "")
    page = await anna.get(f"/desk/cases/{case.id}")
    assert page.status_code == 200
    assert "lip is numb" not in anna.page
    version = str(case.version)
    done = await anna.post(f"/desk/cases/{case.id}/resolve", version=version, outcome="not_needed")
    assert done.status_code == 303


async def test_more_than_a_page(anna: Browser, ward: Ward) -> None:
    for _ in range(3):
        await ward.patient(HOUR)
    await anna.get("/desk?limit=2")
    assert len(lines(anna.page)) == 2
    assert "limit=52" in anna.page
    await anna.get("/desk?limit=52")
    assert len(lines(anna.page)) == 3
    assert "Show more" not in anna.page


async def test_what_a_patient_writes_is_text(anna: Browser, ward: Ward) -> None:
    script = '<script>alert("1")</script><img src=x onerror=alert(2)>'
    conversation = await ward.patient(f"{script} and my lip is numb")
    for path in ("/desk", "/desk/conversations", f"/desk/conversations/{conversation}", f"/desk/search?q={script}"):
        await anna.get(path)
        assert "<script>alert" not in anna.page
        assert "<img src=x" not in anna.page
    await anna.get(f"/desk/conversations/{conversation}")
    assert "&lt;script&gt;alert(&#34;1&#34;)" in anna.page


async def test_a_text_that_did_not_arrive_is_seen(anna: Browser, ward: Ward) -> None:
    conversation = await ward.patient(HOUR, channel="sms")
    ward.fails(conversation, "30006")
    await anna.get("/desk")
    assert "Text not delivered" in lines(anna.page)[0]
    await anna.get(f"/desk/conversations/{conversation}")
    assert "Could not be sent: a landline, or a network that takes no texts" in anna.page


async def test_alerts_in_trouble_are_told(anna: Browser, ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.records import notifications

    told = notifications.Trouble({"on call": "smtp_550"}, [ward.desk.now()])  # type: ignore[list-item]
    monkeypatch.setattr(notifications, "trouble", lambda session, now: told)
    await anna.get("/desk")
    assert "Alerts do not go out to: on call (smtp_550)" in anna.page
    assert "reached nobody for 1 case." in anna.page
