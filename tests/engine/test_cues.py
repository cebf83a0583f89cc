"""Cues beside the embedding: findings and questions."""

from __future__ import annotations

import numpy as np

from bot.engine.cues import BUCKETS, WIDTH, cues

NUMB = {"name": "numbness", "assertion": "present", "value": None}


def test_a_finding_and_its_denial_differ() -> None:
    present, absent = cues("x", [NUMB]), cues("x", [{**NUMB, "assertion": "absent"}])
    assert present.shape == (WIDTH,)
    assert not np.array_equal(present, absent)


def test_no_finding_is_a_cue_too() -> None:
    assert cues("good morning", [])[BUCKETS] > 0
    assert cues("numb", [NUMB])[BUCKETS] == 0


def test_questions_with_and_without_a_mark() -> None:
    assert (cues("will it close?", [])[BUCKETS + 1 :] > 0).tolist() == [True, True, False]
    assert (cues("I was wondering about the cost", [])[BUCKETS + 1 :] > 0).tolist() == [False, False, True]
    assert not cues("it fell out", [])[BUCKETS + 1 :].any()
