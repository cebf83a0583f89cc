"""The section `alerts` of clinic.yml: what an office manager may write, and what is said when it cannot work."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from alerts_fakes import example, written

from bot.alerting import Alerting
from bot.clinic import FILE, Clinic
from bot.content import ContentError


def test_the_shipped_clinic_alerts_nobody() -> None:
    assert Clinic.load(FILE).alerts == Alerting()


def test_the_example_in_clinic_yml_works(tmp_path: Path) -> None:
    alerts = Clinic.load(written(tmp_path, example())).alerts
    assert list(alerts.targets) == ["Front desk", "Dentist on call", "Practice manager"]
    assert alerts.targets["Dentist on call"].url_env == "ALERT_ON_CALL"
    emergency = alerts.ladders["emergency"]
    assert emergency.steps[0].tell == ("Dentist on call", "Front desk")
    assert (emergency.steps[1].after, emergency.again) == (timedelta(minutes=3), timedelta(minutes=5))


def test_an_address_is_not_shown(tmp_path: Path) -> None:
    section = example().replace("url_env: ALERT_ON_CALL", "url: 'json://user:secret@host'")
    alerts = Clinic.load(written(tmp_path, section)).alerts
    assert alerts.targets["Dentist on call"].url == "json://user:secret@host"
    assert "secret" not in repr(alerts)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hours: open}", "hours: daytime}", "daytime"),
        ("url_env: ALERT_ON_CALL, ", "", "either `url_env` or `url`"),
        ("url_env: ALERT_ON_CALL, ", "url_env: ALERT_ON_CALL, url: 'json://x', ", "either `url_env` or `url`"),
        ("name: Practice manager", "name: Front desk", "'Front desk' is there twice"),
        ("{after: 0, tell: [Front desk]}", "{after: 0, tell: [Reception]}", "there is no target 'Reception'"),
        ("{after: 0, tell: [Front desk]}", "{after: 5, tell: [Front desk]}", "the first step is at once"),
        ("{after: 120, tell", "{after: 0, tell", "later than the one before"),
        ("{after: 3, tell: [Dentist on call, Front desk, Practice manager]}", "{after: 3, tell: [Front desk]}",
         "nobody would be told while the clinic is closed"),
        ("again_every: 15", "again_every: 0", "again_every"),
        ("    hour:  ", "    hours: ", "'hours' was unexpected"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    section = example()
    assert old in section
    file = written(tmp_path, section.replace(old, new, 1))
    with pytest.raises(ContentError, match=re.escape(said)) as caught:
        Clinic.load(file)
    assert re.search(r"clinic\.yml:\d+: ", str(caught.value))


def test_day_may_be_for_opening_hours_only_others_not(tmp_path: Path) -> None:
    section = example().replace("hours: always}     #", "hours: closed}     #")
    alerts = Clinic.load(written(tmp_path, section)).alerts
    assert alerts.targets["Dentist on call"].hours == "closed"
    only_night = section.replace(
        "{after: 0, tell: [Front desk, Dentist on call]}", "{after: 0, tell: [Dentist on call]}"
    )
    with pytest.raises(ContentError, match="nobody would be told while the clinic is open"):
        Clinic.load(written(tmp_path, only_night))
