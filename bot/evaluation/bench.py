"""`python -m bot.evaluation.bench`: what `make bench` runs. How fast, beside the assistant that `rasa init` makes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.content import ROOT
from bot.evaluation import bench_way
from bot.evaluation.bench_report import missed, picture, table
from bot.evaluation.processes import BIN, MODEL, StartError

STARTER = ROOT / "results" / "starter"


def main() -> int:
    """Exit status 0; 1 when the starter could not be made or the measuring failed (see `bench.log`)."""
    arguments = argparse.ArgumentParser(description="Measure beside the assistant that `rasa init` makes.")
    arguments.add_argument("--out", type=Path, default=Path("results/bench"), help="folder for figures, table and plot")
    out: Path = ROOT / arguments.parse_args().out  # an absolute path stays as it is
    out.mkdir(parents=True, exist_ok=True)
    try:
        with (out / "bench.log").open("wb") as log:
            starter = made(log)
            found = whole_way(out, starter)
            write(out, found)  # should the parts fail, this is not lost
            found |= parts(log, starter)
    except (subprocess.CalledProcessError, StartError, aiohttp.ClientError, TimeoutError) as error:
        print(f"Failed: {error or type(error).__name__}. Logs are in {out}.", file=sys.stderr)
        return 1
    write(out, found)
    text = table(found)
    (out / "table.md").write_text(text + "\n", encoding="utf-8")
    picture(found, out / "bench.png")
    print(text)
    if failed := missed(found):
        print(f"Targets missed: {', '.join(failed)}.", file=sys.stderr)
    return 0


def write(out: Path, found: dict[str, Any]) -> None:
    """The figures as `bench.json`."""
    (out / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def made(log: Any) -> Path:
    """The starter's model, trained if this is the first time."""
    if not any((STARTER / "models").glob("*.tar.gz")):
        print("Training the assistant of `rasa init` (once, some minutes)…", file=sys.stderr)
        STARTER.mkdir(parents=True, exist_ok=True)
        run(log, BIN / "rasa", "init", "--no-prompt", "--init-dir", STARTER)
    return max((STARTER / "models").glob("*.tar.gz"))


def whole_way(out: Path, starter: Path) -> dict[str, Any]:
    """The processes themselves: figures of `ours` and `starter`. Their logs stay in `out`."""
    print("Measuring the whole way, both systems running…", file=sys.stderr)
    with TemporaryDirectory() as records:
        return {**bench_way.measure(out, Path(records), starter, bench_way.Amount())}


def parts(log: Any, starter: Path) -> dict[str, Any]:
    """Processor time of the parts, both agents in one process."""
    print("Measuring the parts…", file=sys.stderr)
    with TemporaryDirectory() as folder:
        result = Path(folder) / "parts.json"
        run(log, BIN / "python", "-W", "ignore", "-m", "bot.evaluation.bench_engine", starter, MODEL, result)
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def run(log: Any, *command: object) -> None:
    """Run a command of the engine's environment. Raises subprocess.CalledProcessError."""
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OPENBLAS_NUM_THREADS": "1",  # as the engine sets it; a second thread spins into what is measured next
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(  # noqa: S603 (our own command)
        list(map(str, command)), check=True, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )


if __name__ == "__main__":
    sys.exit(main())
