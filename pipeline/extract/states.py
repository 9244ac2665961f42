"""What applications keep of a page in its scripts, as plain values: Next.js, Nuxt, assigned states, JSON blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

STREAMED = "__next_f"  # Next.js cuts its stream into pieces of any length
FLIGHT = re.compile(r"self\.__next_f\.push\(\s*(?=\[\s*1\s*,)")
ROW = re.compile(r"([0-9a-f]{0,8}):(?:T([0-9a-f]{1,8}),)?")  # a row with another letter names code
REFERENCE = re.compile(r"\$[A-Z]?([0-9a-f]{1,8})")
ASSIGNED = re.compile(r"=\s*(?=[{\[])")
PACKED = re.compile(r"JSON\.parse\(\s*(?=\")")
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
SHORTEST = 200  # letters of a string that may be a text
MOST_TRIES = 40  # of one kind in one script
DEEPEST = 40
DECODER = json.JSONDecoder(strict=False)


def read_states(scripts: Sequence[str]) -> Iterator[Any]:
    """The values that scripts hold; what is no JSON gives its long strings alone."""
    stream = "".join(_pushed(scripts))
    if stream:
        yield from _flight(stream)
    for script in scripts:
        if STREAMED not in script:
            yield from _values(script)


def _values(script: str) -> Iterator[Any]:
    text = script.strip()
    whole = _load(text) if text[:1] in ("{", "[") else None
    if whole is not None:
        yield _revive(whole) if _is_numbered(whole) else whole
        return
    for start in islice(ASSIGNED.finditer(text), MOST_TRIES):
        if value := _load_at(text, start.end()):
            yield value
    for start in islice(PACKED.finditer(text), MOST_TRIES):
        packed = _load_at(text, start.end())
        if isinstance(packed, str):
            yield _load(packed)
    yield from _strings(text)


def _is_numbered(value: Any) -> bool:
    """Nuxt 3 writes one list of all values; inside them the numbers are places in that list."""
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], list | dict):
        return False
    first = value[0].values() if isinstance(value[0], dict) else value[0][-1:]
    return bool(value[0]) and all(type(one) is int and one < len(value) for one in first)


def _revive(values: list[Any]) -> Any:
    """What such a list stands for; what holds itself is cut there."""
    done: dict[int, Any] = {}

    def place(at: int, depth: int) -> Any:
        if at in done or not 0 <= at < len(values) or depth > DEEPEST:
            return done.get(at)
        value, done[at] = values[at], None
        if isinstance(value, dict):
            done[at] = {key: place(one, depth + 1) for key, one in value.items() if type(one) is int}
        elif isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int:
            done[at] = place(value[1], depth + 1)  # ["Reactive", 7]
        elif isinstance(value, list):
            done[at] = [place(one, depth + 1) for one in value if type(one) is int]
        else:
            done[at] = value
        return done[at]

    return place(0, 0)


def _strings(text: str) -> Iterator[str]:
    at = text.find('"')
    while at >= 0 and (match := STRING.match(text, at)):  # one that never ends is the last that is looked at
        if match.end() - at >= SHORTEST:
            value = _load(match.group())
            if isinstance(value, str):
                yield value
        at = text.find('"', match.end())


def _pushed(scripts: Sequence[str]) -> Iterator[str]:
    for script in scripts:
        for start in FLIGHT.finditer(script):
            pushed = _load_at(script, start.end())
            if not (isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str)):
                break
            yield pushed[1]


def _flight(stream: str) -> Iterator[Any]:
    """The rows of React's stream, references to texts put in their places."""
    data = stream.encode("utf-8", "ignore")
    texts: dict[str, str] = {}
    rows: list[Any] = []
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at:end].decode("utf-8", "ignore")
        match = ROW.match(line)
        if match and match[2]:  # a text of so many bytes, line breaks and all
            start = at + match.end()
            at = start + int(match[2], 16)
            texts[match[1]] = data[start:at].decode("utf-8", "ignore")
            continue
        if match and (value := _load(line[match.end() :])) is not None:
            rows.append(value)
        at = end + 1
    yield from (_resolve(row, texts, 0) for row in rows)
    yield from texts.values()


def _resolve(value: Any, texts: dict[str, str], depth: int) -> Any:
    """References resolved, and elements as objects: ["$", "p", key, {"children": ...}] is {"type": "p", ...}."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        match = REFERENCE.fullmatch(value)
        return texts.get(match[1], "") if match else value
    if isinstance(value, dict):
        return {key: _resolve(one, texts, depth + 1) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) >= 4 and value[0] == "$" and isinstance(value[1], str) and isinstance(value[3], dict):
        props = {key: _resolve(one, texts, depth + 1) for key, one in value[3].items()}
        return {**props, "type": value[1]}
    return [_resolve(one, texts, depth + 1) for one in value]


def _load(text: str) -> Any:
    try:
        return json.loads(text.rstrip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _load_at(text: str, start: int) -> Any:
    try:
        return DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None
