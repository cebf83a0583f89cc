"""`make sms TEXT="…"`: send a text message to the running gateway as the provider would, and print the replies."""

from __future__ import annotations

import argparse
import sys
import time
from urllib.parse import urlencode

import httpx

from bot.clinic import Clinic
from bot.gateway.settings import Settings
from bot.gateway.sms.dev import signed, webhook
from bot.gateway.sms.routes import INCOMING_PATH

PATIENCE, QUIET = 20.0, 4.0
"""Seconds to wait for the first reply, and for another after one."""


def main() -> int:
    """The exit code: 0 if the text was taken."""
    parser = argparse.ArgumentParser(prog="make sms", description="Send a text message as a patient.")
    parser.add_argument("text")
    parser.add_argument("--sender", default="+15550100777", help="the patient's number")
    arguments = parser.parse_args()
    settings, texting = Settings(), Clinic.load().sms
    if texting is None:
        return _say("bot/clinic.yml has no sms section: this clinic has no text messages.")
    with httpx.Client(base_url=f"http://127.0.0.1:{settings.gateway_port}", trust_env=False, timeout=10.0) as client:
        try:
            before = _ours(client, arguments.sender).keys()
            body = webhook(arguments.sender, texting.number, arguments.text)
            answer = client.post(INCOMING_PATH, content=urlencode(body), headers=signed(settings, body))
        except httpx.HTTPError:
            return _say("No gateway there. Start one with `make run`.")
        if answer.status_code != httpx.codes.OK:
            return _say(f"Refused: {answer.status_code}. Does the gateway have the same SECRET_KEY and PUBLIC_URL?")
        if settings.twilio_account_sid:
            return _say("Taken. The replies go to that telephone: an account with Twilio is set.", 0)
        return _replies(client, arguments.sender, set(before))


def _replies(client: httpx.Client, sender: str, known: set[str]) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for name, message in _ours(client, sender).items():
            if name not in known and message["state"] not in ("queued", "sending"):
                known.add(name)
                _say(f"< {message['text']}  [{message['state']}]")
                end = time.monotonic() + QUIET
        time.sleep(0.2)
    return 0


def _ours(client: httpx.Client, sender: str) -> dict[str, dict[str, str]]:
    """The texts to a number by their ids; none where the gateway has an account with a provider."""
    answer = client.post("/dev/sms/talk", json={"number": sender})
    if answer.status_code != httpx.codes.OK:
        return {}
    return {message["id"]: message for message in answer.json()["messages"] if message["sender"] != "patient"}


def _say(line: str, code: int = 1) -> int:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
