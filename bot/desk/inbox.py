"""The inbox: who needs a person, how badly, since when. Also every conversation, what is done, and the search."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from bot.desk.clock import Clock
from bot.desk.deps import Inside, Person, Signed
from bot.desk.desk import Desk
from bot.desk.headers import PREFIX
from bot.desk.lines import line
from bot.desk.pages import show
from bot.records import desk as records
from bot.records import notifications, presence, search
from bot.records.desk import Filters
from bot.records.models import LEVELS, CaseState, Channel, Level

View = Literal["waiting", "all", "done", "search"]
PATHS: dict[View, str] = {"waiting": "", "all": "/conversations", "done": "/done", "search": "/search"}
PAGE, MOST = 50, 500
"""Lines at first, and at most: what is further down is found by a filter or the search."""

router = APIRouter()


@dataclass(frozen=True)
class Asked:
    """What of the inbox is asked for. Words that no filter knows mean any."""

    view: View = "waiting"
    level: Level | None = None
    state: CaseState | None = None
    channel: Channel | None = None
    mine: bool = False
    q: str = ""
    limit: int = PAGE

    def but(self, **changed: Any) -> Asked:
        """The same with something changed."""
        return replace(self, **changed)

    @property
    def query(self) -> str:
        """As the parameters of an address."""
        named = {"level": self.level, "state": self.state, "channel": self.channel, "q": self.q or None}
        named |= {"mine": "1" if self.mine else None, "limit": str(self.limit) if self.limit != PAGE else None}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def href(self) -> str:
        """The page that shows it."""
        return f"{PREFIX}{PATHS[self.view]}" + (f"?{self.query}" if self.query else "")

    @property
    def source(self) -> str:
        """Where the lines of it are asked for again."""
        return f"{PREFIX}/live/list?view={self.view}" + (f"&{self.query}" if self.query else "")


def asked(
    level: str = "",
    state: str = "",
    channel: str = "",
    mine: str = "",
    q: Annotated[str, Query(max_length=200)] = "",
    limit: int = PAGE,
) -> Asked:
    """Of the parameters of an address, without its view."""
    return Asked(
        level=next((each for each in LEVELS if each == level), None),
        state=next((each for each in get_args(CaseState) if each == state), None),
        channel=next((each for each in get_args(Channel) if each == channel), None),
        mine=mine == "1",
        q=q.strip(),
        limit=min(max(limit, 1), MOST),
    )


Wanted = Annotated[Asked, Depends(asked)]


def waiting(request: Request, desk: Inside, person: Person, wanted: Wanted) -> Response:
    """What waits for a person. It is the desk's first page, /desk."""
    return _page(request, desk, person, wanted)


@router.get("/conversations")
def everything(request: Request, desk: Inside, person: Person, wanted: Wanted) -> Response:
    """Every conversation, the latest news first."""
    return _page(request, desk, person, wanted.but(view="all"))


@router.get("/done")
def done(request: Request, desk: Inside, person: Person, wanted: Wanted) -> Response:
    """Cases that are done, the latest first."""
    return _page(request, desk, person, wanted.but(view="done"))


@router.get("/search")
def found(request: Request, desk: Inside, person: Person, wanted: Wanted) -> Response:
    """Conversations by number, id, name or words."""
    return _page(request, desk, person, wanted.but(view="search"))


@router.get("/live/list")
def lines(request: Request, desk: Inside, person: Person, wanted: Wanted, view: View = "waiting") -> Response:
    """The lines alone, for a page that is open."""
    return show(request, "list.html", **listing(desk, person, wanted.but(view=view)))


def listing(desk: Desk, person: Signed, wanted: Asked, current: uuid.UUID | None = None) -> dict[str, Any]:
    """What the list's template needs; `current` is the conversation that is open beside it."""
    now, words = desk.now(), desk.tools.words
    clock = Clock(now)
    filters = Filters(wanted.level, wanted.state, wanted.channel, person.id if wanted.mine else None)
    with desk.database.read() as session:
        if wanted.view == "search":
            rows = records.rows_of(session, search.find(session, wanted.q, wanted.limit + 1))
        else:
            rows = records.rows(session, wanted.view, filters, wanted.limit + 1)
        here = presence.here(session, [row.conversation.id for row in rows if row.conversation], now)
        tally = records.tally(session, person.id, now)
        trouble = notifications.trouble(session, now)
    more = len(rows) > wanted.limit and wanted.limit < MOST
    return {
        "asked": wanted,
        "lines": [line(words, clock, row, here) for row in rows[: wanted.limit]],
        "more": wanted.but(limit=min(wanted.limit + PAGE, MOST)) if more else None,
        "tally": tally,
        "trouble": trouble,
        "say": words.say,
        "words": words,
        "current": str(current or ""),
        "shortest": search.SHORTEST,
        "searched": search.CONVERSATIONS,
    }


def _page(request: Request, desk: Desk, person: Signed, wanted: Asked) -> Response:
    return show(request, "inbox.html", **listing(desk, person, wanted))
