"""The committed bundle is what its sources give; the widget's own unit tests pass; its sentences are used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from browser_gateway import ROOT

ROOM = ROOT / "bot" / "widget"
TEXTS = yaml.safe_load((ROOM / "texts.yml").read_text(encoding="utf-8"))["texts"]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOM / "src").glob("*.ts")))


@pytest.fixture(scope="module")
def node() -> str:
    """Node, with the widget's development libraries installed."""
    node = shutil.which("node")
    if node is None or not (ROOM / "node_modules" / "esbuild").exists():
        assert not os.environ.get("CI"), "no node, or no npm ci in bot/widget"
        pytest.skip("no node, or no npm ci in bot/widget")
    return node


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOM, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_committed_bundle_is_what_the_sources_give(node: str, tmp_path: Path) -> None:
    run([node, "build.mjs", str(tmp_path)])
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in (ROOM / "dist").iterdir()}, "run `make widget`"


def test_types_and_form_are_right(node: str) -> None:
    run([node, "node_modules/typescript/bin/tsc", "--noEmit"])
    run([node, "node_modules/prettier/bin/prettier.cjs", "--check", "."])


def test_unit_tests_pass(node: str) -> None:
    run([node, "test.mjs"])


def test_every_sentence_is_used_and_every_one_used_is_there() -> None:
    words = set(re.findall(r'"([a-z][a-z_]*)"', SOURCES))
    assert [key for key in TEXTS if key not in words] == []
    asked = set(re.findall(r'(?:\bt|say)\((?:this\.config, |config, |scene\.config, )?"([a-z_]+)"', SOURCES))
    assert asked - set(TEXTS) == set()


@pytest.mark.parametrize("file", ["package-lock.json", "package.json", ".npmrc"])
def test_no_registry_is_named(file: str) -> None:
    assert re.findall(r"https?://[^\"\s]*registry|\"resolved\"", (ROOM / file).read_text(encoding="utf-8")) == []
