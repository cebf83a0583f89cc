"""How many examples property tests try (few, or 10,000 with HYPOTHESIS_PROFILE=deep), and a PostgreSQL server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from postgres_cluster import Cluster

try:
    from hypothesis import HealthCheck, settings
except ImportError:  # the engine's environment has no property tests
    pass
else:
    # no deadline: the machine that runs the tests may be busy with other work
    # the same examples each time, so that a run says something about the change; `deep` looks for new ones
    settings.register_profile(
        "default", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.register_profile("deep", settings.get_profile("default"), max_examples=10_000, derandomize=False)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole session. Skips where none is installed; CI must have one."""
    from postgres_cluster import Cluster, programs

    if (found := programs()) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no PostgreSQL on this machine (apt install postgresql)")
    cluster = Cluster(found)
    cluster.start()
    yield cluster
    cluster.stop()
