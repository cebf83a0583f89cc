"""What somebody of the staff may be called at the sign-in."""

from __future__ import annotations

import re

from bot.records import audit

RESERVED = (audit.ASSISTANT, audit.PATIENT, audit.SYSTEM)
"""Who else stands in the audit."""
_USABLE = re.compile(r"[\w.@-][\w.@ -]{0,62}[\w.@-]")


def usable(name: str) -> bool:
    """Whether it can be told apart in the audit; two to 64 letters, digits, blanks and a few signs."""
    return _USABLE.fullmatch(name) is not None and name not in RESERVED
