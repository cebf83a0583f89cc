"""Understanding does not load what it does not use: each process would carry it."""

from __future__ import annotations

import subprocess
import sys

from bot.content import ROOT

HEAVY = ("nltk", "sklearn", "quickumls")


def test_no_process_carries_what_medspacy_only_imports() -> None:
    code = f"import sys, bot.understanding.pipeline; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
