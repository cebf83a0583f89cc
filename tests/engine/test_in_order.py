"""The graph run in order: the same as Rasa's own runner, with each node once."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from rasa.core import processor
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.engine import in_order
from bot.engine.in_order import InOrderRunner

CALLS: Counter[str] = Counter()


class Joins(GraphComponent):
    """Says its name and what it was given."""

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(cls, config: Any, model_storage: Any, resource: Any, execution_context: Any) -> Joins:
        return cls(config["name"])

    def run(self, one: str = "", two: str = "", more: str = "") -> str:
        CALLS[self._name] += 1
        if one == "break":
            raise KeyError(one)
        return f"{self._name}({one},{two},{more})"


def node(name: str, *needs: str) -> SchemaNode:
    return SchemaNode(
        dict(zip(("two", "one", "more"), needs)), Joins, "create", "run", {"name": name}, is_target=name == "end"
    )


SCHEMA = GraphSchema({
    "end": node("end", "left", "right", "said"),
    "left": node("left", "root"),
    "right": node("right", "root", "tracker"),
    "root": node("root", "said"),
    "other": node("other", "tracker"),
})  # fmt: skip
INPUTS = {"said": "hello", "tracker": "t"}


def runner(kind: type[GraphRunner]) -> GraphRunner:
    storage = LocalModelStorage(Path(tempfile.mkdtemp()))
    return kind.create(SCHEMA, storage, ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["end"], ["other"], ["left", "other"], ["root", "end"], None])
def test_the_same_as_rasas(targets: list[str] | None) -> None:
    assert runner(InOrderRunner).run(INPUTS, targets) == runner(DaskGraphRunner).run(INPUTS, targets)


def test_what_is_given_is_not_worked_out() -> None:
    given = {**INPUTS, "root": "known"}
    assert runner(InOrderRunner).run(given, ["end"]) == runner(DaskGraphRunner).run(given, ["end"])


def test_each_message_is_run_anew_and_each_needed_node_once() -> None:
    ours = runner(InOrderRunner)
    first = ours.run(INPUTS, ["end"])
    CALLS.clear()
    assert ours.run({**INPUTS, "said": "again"}, ["end"])["end"] == first["end"].replace("hello", "again")
    assert CALLS == {"root": 1, "left": 1, "right": 1, "end": 1}


@pytest.mark.parametrize(
    ("inputs", "error"), [({"said": "hello"}, GraphRunError), ({**INPUTS, "tracker": "break"}, GraphComponentException)]
)
def test_what_goes_wrong_is_told_as_by_rasas(inputs: dict[str, str], error: type[Exception]) -> None:
    for kind in (InOrderRunner, DaskGraphRunner):
        with pytest.raises(error):
            runner(kind).run(inputs, ["end"])


def test_models_are_loaded_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "DaskGraphRunner", DaskGraphRunner)
    in_order.install()
    assert processor.DaskGraphRunner is InOrderRunner
