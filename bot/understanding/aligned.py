"""A text that can be rewritten while every character still knows where it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Replacement = Callable[["re.Match[str]"], "str | None"]


@dataclass(frozen=True)
class Aligned:
    """`text[i]` stands for `original[starts[i]:ends[i]]`; offsets never decrease."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Aligned:
        """The text as it is, every character standing for itself."""
        return cls(original, original, tuple(range(len(original))), tuple(range(1, len(original) + 1)))

    def substitute(self, pattern: re.Pattern[str], replacement: Replacement) -> Aligned:
        """Replace each match by what `replacement` returns; None keeps it.

        A replacement of the same length stands character for character, any other for the whole match.
        """
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            first, last = match.span()
            new = replacement(match)
            if new is None or first == last:
                continue
            pieces += (self.text[done:first], new)
            starts += self.starts[done:first]
            ends += self.ends[done:first]
            same = len(new) == last - first
            starts += self.starts[first:last] if same else (self.starts[first],) * len(new)
            ends += self.ends[first:last] if same else (self.ends[last - 1],) * len(new)
            done = last
        if not done:
            return self
        pieces.append(self.text[done:])
        starts += self.starts[done:]
        ends += self.ends[done:]
        return Aligned(self.original, "".join(pieces), tuple(starts), tuple(ends))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` (not empty) stands in the original."""
        return self.starts[start], self.ends[end - 1]
