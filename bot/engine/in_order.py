"""Runs Rasa's graph node by node: a patch to its runner, which spends a sixth of a turn on planning the same few steps.

Rasa 3.6.21 has Dask work out anew for each message which node comes when. Nothing runs at once in it either way.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.core import processor
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, GraphNode, tuple[str, ...]]
"""A node's name, the node, and the names of what it needs in the order that it takes them."""


class InOrderRunner(DaskGraphRunner):
    """The same nodes with the same inputs, in an order that is worked out once for each set of targets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """See GraphRunner."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            if name not in done:
                done[name] = node(*[done.get(need, need) for need in needs])  # a node says itself what it misses
        return {name: done[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return [(name, self._instantiated_nodes[name], needs[name]) for name in order if name in nodes]


def install() -> None:
    """Models loaded from now on are run by it; doing it twice changes nothing."""
    processor.DaskGraphRunner = InOrderRunner
