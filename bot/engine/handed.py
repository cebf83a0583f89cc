"""What the gateway handed over with a message, for the components that would otherwise work it out."""

from __future__ import annotations

import logging
from typing import Any

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.handed import Handed

logger = logging.getLogger(__name__)

HANDED = "handed"
"""Property of a message that was understood already: `bot.understanding.handed.Handed`."""
_METADATA, _KEY = "metadata", "understanding"


def take(message: Message) -> Handed | None:
    """Move what was handed over from the metadata to HANDED, so that neither tracker nor action server carry it.

    None where there is nothing, or it was made for another text, or nobody can read it: then it is worked out here.
    """
    metadata: dict[str, Any] = message.get(_METADATA) or {}
    data = metadata.pop(_KEY, None)
    if data is None:
        return None
    try:
        handed = Handed.from_dict(data)
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("what was handed over cannot be read: %s", type(error).__name__)
        return None
    if handed.understanding.text != message.get(TEXT):
        logger.warning("what was handed over belongs to another text")
        return None
    message.set(HANDED, handed)
    return handed
