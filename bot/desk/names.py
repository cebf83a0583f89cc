"""What somebody of the staff may be called at the sign-in."""

from __future__ import annotations

import re

from bot.records import audit

LONGEST = 64
"""Characters of a name."""
RESERVED = (audit.ASSISTANT, audit.PATIENT, audit.SYSTEM)
"""Who else stands in the audit."""
_USABLE = re.compile(r"[\w.@-][\w.@ -]{0,62}[\w.@-]")


def shown(name: str) -> str | None:
    """A name as patients and colleagues read it, blanks tidied; None if it cannot be shown."""
    tidy = " ".join(name.split())
    return tidy if tidy.isprintable() and 0 < len(tidy) <= LONGEST else None


def usable(name: str) -> bool:
    """Whether it can be told apart in the audit; two to 64 letters, digits, blanks and a few signs."""
    return _USABLE.fullmatch(name) is not None and name not in RESERVED
