"""robots.txt as RFC 9309 says, with Crawl-delay. Matching takes time linear in the path for every `*` of a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes, urlsplit

MAX_BYTES = 512_000  # section 2.5: parsers must take 500 KiB
MAX_RULE = 2_000
PRODUCT = re.compile(r"^[A-Za-z_-]+")
LINE = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*(.*?)\s*$")


@dataclass(slots=True)
class Group:
    """The rules for some user agents."""

    rules: list[tuple[bool, str]] = field(default_factory=list)  # (allowed, pattern)
    delay: float | None = None


class RobotsRules:
    """What one robots.txt says to one product token."""

    def __init__(self, text: str, user_agent: str) -> None:
        groups = _read_groups(text)
        match = PRODUCT.match(user_agent)
        token = match[0].lower() if match else "*"
        chosen = groups.get(token) or groups.get("*") or Group()
        self.delay = chosen.delay
        # The longest pattern wins, Allow before Disallow where both are as long (section 2.2.2).
        self._rules = sorted(chosen.rules, key=lambda rule: (-len(rule[1]), not rule[0]))

    def allows(self, url: str) -> bool:
        """True where this URL may be fetched."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        return next((allowed for allowed, pattern in self._rules if _matches(pattern, path)), True)


def parse_robots(body: bytes, user_agent: str) -> RobotsRules:
    """Read a robots.txt; anything that is no rule is passed over. Never raises."""
    text = body[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    if len(body) >= MAX_BYTES:  # the last line may be half a rule
        text = text.rpartition("\n")[0]
    return RobotsRules(text, user_agent)


def _read_groups(text: str) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    current: list[Group] = []
    naming = False
    for line in re.split(r"\r\n|\r|\n", text):
        match = LINE.match(line.partition("#")[0][: MAX_RULE + 40])
        if not match:
            continue
        name, value = match[1].lower(), match[2]
        if name in ("user-agent", "useragent"):
            if not naming:
                current = []
            naming = True
            token = PRODUCT.match(value)
            current.append(groups.setdefault(token[0].lower() if token else "*", Group()))
            continue
        if name in ("allow", "disallow"):
            naming = False
            if value:
                for group in current:
                    group.rules.append((name == "allow", _normal(value[:MAX_RULE])))
        elif name == "crawl-delay":
            naming = False
            for group in current:
                group.delay = _seconds(value, group.delay)
    return groups


def _seconds(value: str, known: float | None) -> float | None:
    if not re.fullmatch(r"[0-9]{1,300}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}", value):
        return known
    return max(float(value), known or 0.0)


def _normal(text: str) -> str:
    """One spelling of escapes, so that a rule and a path can be compared."""
    parts = re.split("(%2[fF]|%2[aA]|%24)", text)
    return "".join(part.upper() if index % 2 else _same(part) for index, part in enumerate(parts))


def _same(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="/~!$&'()*+,;=:@-._?")


def _matches(pattern: str, path: str) -> bool:
    anchored = pattern.endswith("$")
    pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(pieces[0]):
        return False
    position = len(pieces[0])
    if len(pieces) == 1:
        return position == len(path) or not anchored
    for piece in pieces[1:-1]:
        found = path.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    last = pieces[-1]
    if anchored:
        return len(path) - len(last) >= position and path.endswith(last)
    return path.find(last, position) >= 0
