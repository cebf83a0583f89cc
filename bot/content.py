"""Reads the project's YAML content and checks it against a JSON schema, naming file and line of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parent.parent


class ContentError(Exception):
    """A content file that cannot be used; the message names file, line and reason."""


def load(path: Path, schema: Path | None = None) -> Any:
    """Parse `path` and validate it against the JSON schema file `schema`. Raises ContentError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ContentError(f"{shown(path)}: cannot be read ({error.strerror})") from error
    try:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError(f"{shown(path)}:{line}: not valid YAML: {getattr(error, 'problem', error)}") from error
    if schema is not None:
        check = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
        found = jsonschema.exceptions.best_match(check.iter_errors(data))
        if found is not None:
            # a schema may word its own errors: {"x-error": {"contains": "…"}}
            reason = found.schema.get("x-error", {}).get(found.validator, found.message)
            raise error_at(path, found.absolute_path, reason)
    return data


def error_at(path: Path, keys: Iterable[str | int], reason: str) -> ContentError:
    """An error that points at the place `keys` (mapping keys, list indexes) of a YAML file."""
    keys = list(keys)
    where = ".".join(str(key) for key in keys) or "top level"
    return ContentError(f"{shown(path)}:{_line(path, keys)}: {where}: {reason}")


def shown(path: Path) -> str:
    """The path as a person would type it from the project's root."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _line(path: Path, keys: Iterable[str | int]) -> int:
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    line = node.start_mark.line if node is not None else 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1
