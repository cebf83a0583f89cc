"""Set-up finds a Python that works, or says in one sentence how to get it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path("scripts/find_python.sh").resolve()


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A PATH with a shell and its tools, but no Python; no pyenv, no uv."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "env", "ls", "sort"):
        (tools / name).symlink_to(str(shutil.which(name)))
    return {"PATH": str(tools), "PYENV_ROOT": str(tmp_path / "pyenv"), "UV": "false", "HOME": str(tmp_path)}


def find(which: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, which], env=environment, capture_output=True, text=True, check=False)


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{shutil.which('bash')}\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(("which", "version"), [("engine", "3.10"), ("gateway", "3.13")])
def test_without_any_python_one_sentence_says_what_to_do(which: str, version: str, machine: dict[str, str]) -> None:
    result = find(which, machine)
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"uv python install {version}" in result.stderr


def test_a_shim_that_does_not_run_is_passed_over_for_pyenvs_version(machine: dict[str, str]) -> None:
    program(Path(machine["PATH"]) / "python3.10", "exit 127")
    real = Path(machine["PYENV_ROOT"]) / "versions" / "3.10.99" / "bin" / "python"
    program(real, "exit 0")
    assert find("engine", machine).stdout.strip() == str(real)


def test_the_newest_of_those_that_run_is_taken(machine: dict[str, str]) -> None:
    for version in ("3.11", "3.12"):
        program(Path(machine["PATH"]) / f"python{version}", "exit 0")
    assert find("gateway", machine).stdout.strip().endswith("python3.12")


def test_what_it_finds_here_is_the_version_asked_for() -> None:
    found = find("gateway", dict(os.environ))
    assert found.returncode == 0, found.stderr
    version = subprocess.run([found.stdout.strip(), "--version"], capture_output=True, text=True, check=True).stdout
    assert version.split()[1].rsplit(".", 1)[0] in ("3.11", "3.12", "3.13")
    assert sys.version_info >= (3, 11)
