"""The patched check of the action server's answers means what Rasa's means, and checks the schema only once."""

from __future__ import annotations

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.engine import remote_action

GOOD = {"events": [{"event": "slot", "name": "pain", "value": "present"}], "responses": [{"response": "utter_greet"}]}
BAD = [{"events": "none", "responses": []}, {"events": [{"no": "event"}]}, {"responses": ["text"]}]


@pytest.fixture
def action() -> RemoteAction:
    remote_action.install()
    return RemoteAction("action_respond", None)


def test_accepts_what_rasa_accepts(action: RemoteAction) -> None:
    assert action._validate_action_result(GOOD) is True


@pytest.mark.parametrize("answer", BAD)
def test_rejects_what_rasa_rejects(action: RemoteAction, answer: dict) -> None:
    with pytest.raises(ValidationError):
        action._validate_action_result(answer)


def test_the_schema_itself_is_not_checked_again(action: RemoteAction, monkeypatch: pytest.MonkeyPatch) -> None:
    def checked(_: object) -> None:
        raise AssertionError("the schema was checked again")

    monkeypatch.setattr(type(remote_action._VALIDATOR), "check_schema", checked)
    assert action._validate_action_result(GOOD) is True
