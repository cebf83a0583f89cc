"""Stand-ins for libraries that Rasa imports when it starts and a running engine never uses.

Rasa loads each of its components, whichever the config names: TensorFlow alone is 390 MB. Our pipeline is a logistic
regression and rules. A stand-in can be imported, subclassed and named in annotations; who uses it gets an error.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

LEFT_OUT = frozenset(
    (
        *("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax", "h5py", "matplotlib"),
        *("sklearn", "scipy"),  # of the intents only their training needs them
        *("slack_sdk", "boto3", "botocore", "pymongo"),  # channels and stores of other people's bots
    )
)
"""Packages that get a stand-in."""


class LeftOut(RuntimeError):
    """A library that the running engine does without was needed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is left out of the running engine (bot/engine/absent.py): a component in config.yml needs it, "
            "so start the engine with `rasa run` instead of `python -m bot.engine`"
        )


class _Absent(ABCMeta):
    """The type of a stand-in's contents: classes whose attributes are such classes, and which nobody can call."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        place = next(base.__module__ for base in reversed(cls.__mro__) if isinstance(base, _Absent))
        raise LeftOut(place.partition(".")[0])


def _absent(place: str, name: str) -> Any:
    return _Absent(name, (), {"__module__": place})


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _absent(self.__name__, name)
        setattr(self, name, made)  # the same class each time
        return made


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def leave_out() -> None:
    """From now on each import of LEFT_OUT gives a stand-in. Call it before Rasa is imported."""
    sys.meta_path.insert(0, _Finder())
