"""The same on PostgreSQL: asked once, answered, the alarm again, a person who lets the patient wait."""

from __future__ import annotations

from gateway_fakes import Build, FakeEngine
from loop_patients import HOUR, Patient


async def test_the_loop_on_postgresql(build: Build, engine: FakeEngine, postgres) -> None:
    house = build(database_url=postgres.migrated(), encryption_key=postgres.key)
    patient = await Patient.come(house)
    await patient.write(HOUR)
    assert [patient.look(at) for at in (74, 75, 76)] == [0, 1, 0]
    assert await patient.write("nobody called", 80) == ("utter_follow_up_no_hour",)
    assert patient.trail[-1] == ("patient", "reopened", "not_reached")
    patient.taken_over(90)
    assert await patient.write("hello", 101) == ("utter_hold_person",)
    assert [patient.look(at) for at in (102, 103)] == [1, 0]
    assert patient.said[-1] == "utter_staff_silent"
    await house.services.close()
