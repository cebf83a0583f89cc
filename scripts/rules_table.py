"""Writes the table of rules into docs/triage.md from the data: `make docs`. With --check: is it current?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bot.content import ROOT, load

PAGE = ROOT / "docs" / "triage.md"
BEGIN, END = "<!-- rules: made by `make docs` -->", "<!-- end of rules -->"
WITHIN = {0: "now", 60: "60 minutes", "closing": "by closing time"}


def table(folder: Path = ROOT / "bot" / "triage") -> str:
    """Both rule files as Markdown."""
    data = load(folder / "red_flags.yml")
    lines = ["| rule | what | tier | a person within | never said | source |", "|---|---|---|---|---|---|"]
    for rule in data["rules"]:
        tiers = " / ".join(level["tier"] for level in rule["levels"])
        within = " / ".join(WITHIN[level["contact_within"]] for level in rule["levels"])
        lines.append(_row(rule["id"], rule["name"], tiers, within, rule["never_say"], rule["source"]))
    lines += ["", "| raised one tier | by | source |", "|---|---|---|"]
    lines += [_row(", ".join(r["rules"]), r["id"], r["source"]) for r in data["raises"]]
    lines += ["", "| below red flags | urgency | source |", "|---|---|---|"]
    lines += [_row(r.get("name", r["id"]), r["level"], r["source"]) for r in load(folder / "urgency.yml")["rules"]]
    return "\n".join(lines)


def _row(*cells: Any) -> str:
    shown = (", ".join(map(str, cell)) if isinstance(cell, list) else str(cell) for cell in cells)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in shown) + " |"


def page(text: str) -> str:
    """`text` with the table between its marks made anew."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    current = PAGE.read_text(encoding="utf-8")
    made = page(current)
    if "--check" in sys.argv:
        sys.exit(0 if made == current else "docs/triage.md is not what the rules say: run `make docs`")
    PAGE.write_text(made, encoding="utf-8")
