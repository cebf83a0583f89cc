"""How many examples property tests try: few by default, 10,000 with HYPOTHESIS_PROFILE=deep."""

from __future__ import annotations

import os

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
