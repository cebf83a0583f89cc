"""The readable side: every figure stands in the table, plots are real pictures."""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.messages import parse
from bot.evaluation.metrics import evaluate
from bot.evaluation.plots import draw
from bot.evaluation.report import table


def test_table_and_plots(tmp_path: Path) -> None:
    labelled = [
        parse(
            {
                "id": "a",
                "text": "t",
                "intents": ["greet"],
                "findings": {"pain": "present", "age": 60},
                "urgency": "soon",
            }
        )
    ]
    found = [{"intents": ["thanks"], "findings": {"pain": "present"}, "urgency": "info", "latency_ms": 12.0}]
    metrics = evaluate(labelled, found)
    text = table(metrics)
    assert "| main intent among the expected | 0.000 | 0 of 1 |" in text
    assert "| pain | 1.000 | 1.000 | 1.000 | 1 | 0 | 0 |" in text
    assert "| age | 0.000 | 0 of 1 |" in text
    draw(metrics, [12.0], tmp_path)
    for name in ("urgency.png", "findings.png", "intents.png", "latency.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
