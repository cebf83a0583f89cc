"""The running engine starts without TensorFlow and the like, and says so where one is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

START = "from bot.engine import absent\nabsent.leave_out()\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Python code in a process of its own, where the stand-ins cannot get into other tests."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START + code],
        env={**os.environ, "PYTHONPATH": ".", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_rasa_and_all_its_components_can_be_imported_and_nothing_left_out_is_loaded() -> None:
    done = run(
        "import sys, rasa.__main__, rasa.server, rasa.engine.recipes.default_components, bot.engine.channel\n"
        "import bot.engine.findings, bot.engine.embeddings, bot.engine.cues, bot.engine.intents\n"
        "import bot.engine.second_look\n"
        "real = {n for n, m in sys.modules.items() if n.partition('.')[0] in absent.LEFT_OUT and m.__spec__.origin}\n"
        "print(sorted(real), 'tensorflow' in sys.modules, 'spacy' in sys.modules, 'onnxruntime' in sys.modules)\n"
    )
    assert done.stdout == "[] True False False\n", done.stderr


@pytest.mark.parametrize(
    ("code", "library"),
    [
        ("from rasa.nlu.classifiers.diet_classifier import DIET; DIET(None, None, None, {})", "keras"),
        ("import tensorflow as tf; tf.constant(1)", "tensorflow"),
        ("from sklearn.linear_model import LogisticRegression; LogisticRegression()", "sklearn"),
        ("from bot.engine.fitting import fit; fit(None, [], [], 1.0)", "sklearn"),
    ],
)
def test_who_needs_what_was_left_out_is_told(code: str, library: str) -> None:
    done = run(code)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"bot.engine.absent.LeftOut: {library} is left out of the running engine"), done.stderr
    assert "`rasa run`" in last


def test_a_stand_in_can_be_subclassed_named_and_asked_for() -> None:
    done = run(
        "import tensorflow as tf\n"
        "from abc import ABC\n"
        "from typing import Dict, Optional, Union\n"
        "class Model(tf.keras.Model, ABC):\n"
        "    def call(self, x: Union[tf.Tensor, Dict[str, tf.Tensor]]) -> Optional[tf.RaggedTensor]: ...\n"
        "assert tf.Tensor is tf.Tensor and not isinstance(1, tf.Tensor)\n"
        "assert not hasattr(tf, '__version__')\n"
    )
    assert done.returncode == 0, done.stderr
