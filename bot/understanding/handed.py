"""What the gateway hands to the engine of a message it has understood: findings, pieces, and an embedding of each.

The gateway's scan reads every message before the engine does. With this in a message's metadata the engine reads
nothing twice, and needs neither the language nor the encoder in its memory.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.understanding.pieces import Cutter, Piece
from bot.understanding.types import Understanding

DIMENSION = 384
"""Numbers of an embedding."""
_NUMBERS = np.dtype("<f4")
_COMMAND = re.compile(r"^(?:\s|/|EXTERNAL:)+")


def plain(text: str) -> str:
    """`text` without what Rasa would take for a command, a leading `/` or `EXTERNAL:`, and blanks around. Never empty.

    The engine reads this of a text, so this is what must be understood for it.
    """
    return _COMMAND.sub("", text).strip() or "-"


class Encodes(Protocol):
    """`bot.understanding.embeddings.Encoder`."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """One row per sentence: shape (n, 384)."""


@dataclass(frozen=True)
class Handed:
    """A message as it was understood, with the second look; `rows` has an embedding of each of `pieces`: (n, 384)."""

    understanding: Understanding
    pieces: tuple[Piece, ...]
    rows: NDArray[np.float32]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; `from_dict` is its inverse, to the last bit."""
        return {
            **self.understanding.to_dict(),
            "pieces": [list(piece) for piece in self.pieces],
            "vectors": base64.b64encode(self.rows.astype(_NUMBERS).tobytes()).decode("ascii"),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Handed:
        """Rebuild what was handed over. Raises ValueError, KeyError or TypeError if it is not what `to_dict` wrote."""
        pieces = tuple(Piece(int(start), int(end), bool(clause)) for start, end, clause in data["pieces"])
        numbers = np.frombuffer(base64.b64decode(data["vectors"], validate=True), dtype=_NUMBERS)
        rows = numbers.astype(np.float32).reshape(len(pieces), DIMENSION)
        return cls(Understanding.from_dict(data), pieces, rows)


class Hander:
    """Makes what is handed over. Built once per process; as thread-safe as its encoder."""

    def __init__(self, encoder: Encodes) -> None:
        """Read the clause tables. Raises ContentError."""
        self._encoder, self._cutter = encoder, Cutter()

    def hand(self, understanding: Understanding) -> Handed:
        """The understanding (after the second look) with its pieces and their embeddings."""
        text = understanding.text
        pieces = tuple(self._cutter.cut(text, understanding.sentences))
        rows = self._encoder.encode([text[piece.start : piece.end] for piece in pieces])
        return Handed(understanding, pieces, rows)
