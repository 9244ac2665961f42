"""YAML files into pydantic models, with errors that name file, key, value and what is allowed."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError

Model = TypeVar("Model", bound=BaseModel)

# A configuration file is written by hand; anything larger is a mistake or an attack on the YAML reader.
MAX_CONFIG_BYTES = 1_000_000


# What pydantic says of Python's types, said of YAML.
IN_PLAIN_WORDS = {
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "string_type": "text",
    "string_too_short": "not empty",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}

YAML_KINDS = {"timestamp": "date", "int": "whole number", "float": "number", "bool": "true or false"}

# libyaml's parser is an order of magnitude faster than the one in Python, which not every platform lacks.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # which of the two is known at run time
    """Says where a value stands that looks like a date or number and is none: the library lets Python's errors out."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError, AttributeError) as error:
            kind = node.tag.rpartition(":")[2]
            problem = f"{str(node.value)[:40]!r} is no {YAML_KINDS.get(kind, kind)}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error


def _check_nodes(root: yaml.Node) -> None:
    """Refuse aliases, so that a small file cannot unfold into a huge one, and repeated keys."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", node.start_mark)
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if str(key.value) in keys:
                    problem = f"the key {key.value!r} stands twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                keys.add(str(key.value))
                waiting.extend((key, value))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ConfigError."""
    try:
        if path.stat().st_size > MAX_CONFIG_BYTES:
            raise ConfigError(path, "", f"{path.stat().st_size} bytes", f"at most {MAX_CONFIG_BYTES} bytes")
        text = path.read_bytes().decode("utf-8-sig")
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _check_nodes(node)
        return loader.construct_document(node)
    except UnicodeDecodeError as error:
        raise ConfigError(path, "", "its bytes", "text in UTF-8") from error
    except OSError as error:
        raise ConfigError(path, "", error.strerror or str(error), "a file that can be read") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ConfigError(path, "", f"{where}{getattr(error, 'problem', error)}", "well-formed YAML") from error


def load_model(path: Path, model: type[Model]) -> Model:
    """Read path and check it against model. Raises ConfigError for the first thing that is wrong."""
    content = read_yaml(path)
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise ConfigError(path, "", content, "keys and values")
    return check_model(path, content, model)


def check_model(path: Path | str, content: dict[str, Any], model: type[Model]) -> Model:
    """Check content, read from path, against model. Raises ConfigError."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(path, key, _value(first, key), _allowed(first, model)) from error


def _value(error: Any, key: str) -> object:
    if error["type"] == "missing":
        return "(missing)"
    return key.rsplit(".", 1)[-1] if error["type"] == "extra_forbidden" else error["input"]


def _allowed(error: Any, model: type[BaseModel]) -> str:
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, error["loc"][:-1])
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"the keys {', '.join(known)}{hint}"
    if error["type"] == "missing":
        return _description(model, error["loc"]) or "a value"
    if error["type"] in IN_PLAIN_WORDS:
        return IN_PLAIN_WORDS[error["type"]]
    message: str = error["msg"]
    return message.removeprefix("Value error, ").removeprefix("Input should be ")


def _description(model: type[BaseModel], path: tuple[Any, ...]) -> str | None:
    field = _block(model, path[:-1]).model_fields.get(str(path[-1]))
    return field.description if field else None


def _known_keys(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    return sorted(_block(model, path).model_fields)


def _block(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel]:
    """The model of the block at path."""
    for part in path:
        field = model.model_fields.get(str(part))
        annotation = field.annotation if field else None
        for inner in (annotation, *get_args(annotation)):  # a block, or a list of blocks
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return model
