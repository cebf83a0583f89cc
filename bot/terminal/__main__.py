"""`python -m bot.terminal`: what `make chat` runs. Its conversations go to var/chat.sqlite3, not to the records."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory
from rich.console import Console

from bot.content import ROOT, ContentError
from bot.evaluation.processes import StartError, engine, healthy
from bot.gateway.services import Services, create_services
from bot.gateway.settings import Settings
from bot.records.models import Channel, Conversation, Message
from bot.records.sealing import SealError
from bot.terminal.show import explanation, reply
from bot.triage.assess import Triage
from bot.triage.types import CaseHistory
from bot.triage.what_if import what_would_change

VAR = ROOT / "var"


def main() -> int:
    """Exit status 0 at the end of input, 1 when the assistant cannot be started."""
    arguments = argparse.ArgumentParser(description="Talk to the assistant. Leave with Ctrl-D or an empty pipe.")
    arguments.add_argument("--channel", choices=("web", "sms"), default="web")
    arguments.add_argument("--explain", action="store_true", help="show findings, urgency, rules, part, next question")
    given = arguments.parse_args()
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    (VAR / "logs").mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=VAR / "logs" / "chat.log", level=logging.INFO)
    with ExitStack() as stack:
        try:
            url = running_engine() or start_engine(stack, console)
            services = create_services(
                Settings(database_url=f"sqlite:///{VAR / 'chat.sqlite3'}", engine_url=url, engine_timeout=15.0)
            )
        except (StartError, ContentError, SealError) as error:
            console.print(f"Cannot start: {error}", style="red", markup=False)
            return 1
        asyncio.run(chat(services, given.channel, given.explain, console))
    return 0


def running_engine() -> str | None:
    """The engine that `make run` started, if it is there."""
    url = os.environ.get("ENGINE_URL", Settings().engine_url)
    return url if healthy(f"{url}/webhooks/gateway/") else None


def start_engine(stack: ExitStack, console: Console) -> str:
    """An engine of our own until the chat ends."""
    if not console.is_terminal:
        return stack.enter_context(engine(VAR / "logs")).url
    with console.status("Starting the engine (some 15 s; quicker beside `make run`)…"):
        return stack.enter_context(engine(VAR / "logs")).url


async def chat(services: Services, channel: Channel, explain: bool, console: Console) -> None:
    """One conversation, until the input ends."""
    triage = Triage()
    try:
        _, conversation, said = await services.way.open(channel, services.now())
        for message in said:
            console.print(reply(message))
        async for text in typed(console):
            receipt = await services.way.receive(conversation.id, text, None, services.now())
            if explain:
                changes = would_change(services, triage, receipt.message)
                console.print(explanation(receipt.message, receipt.handed_to_staff, changes))
            for message in receipt.replies:
                console.print(reply(message))
    finally:
        await services.close()


def would_change(services: Services, triage: Triage, message: Message) -> tuple[str, ...]:
    """Which answers would change the urgency that a message was given; nothing when nobody assessed it."""
    if message.assessment is None:
        return ()
    with services.database.read() as session:
        history = CaseHistory.from_dict(session.get_one(Conversation, message.conversation_id).history)
    asked = message.assessment.get("check") or message.assessment.get("question")
    return what_would_change(triage, history, message.assessment["urgency"], asked)


async def typed(console: Console) -> AsyncIterator[str]:
    """Lines of a pipe, or of a prompt with history."""
    if not sys.stdin.isatty():
        for line in sys.stdin:
            text = line.rstrip("\n")
            console.print(f"\nyou: {text}", markup=False)
            yield text
        return
    prompt: PromptSession[str] = PromptSession(history=FileHistory(str(VAR / "chat_history")))
    while True:
        try:
            yield await prompt.prompt_async(ANSI("\n\x1b[1;36myou: \x1b[0m"))
        except (EOFError, KeyboardInterrupt):
            return


if __name__ == "__main__":
    sys.exit(main())
