"""The pages of the Arabic sites: a demo report in a template, with a date, a credit and furniture drawn by its name."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.demo.world import load_world
from pipeline.extract.dates import read_visible_dates
from pipeline.outlets import Outlet
from tests.site.arabic.printed import LABELS, STYLES

FOLDER = Path(__file__).parent / "templates"
FETCHED_AT = datetime(2025, 11, 20, 12, tzinfo=UTC)
TEMPLATES = sorted(path.name.removesuffix(".html.j2") for path in FOLDER.glob("[a-z]*.html.j2"))
OLD = ("tables",)  # in windows-1256
SITES = ("صحيفة الضفة", "وكالة المرج الإخبارية", "قناة الساحل", "الواحة نيوز", "بوابة الروابي", "Al Diffa News")
BARS = (" | ", " - ", " – ", " — ", " :: ", " » ", " • ", "|")
DASHED = re.compile(r"\{(?:day|date|month)[^}]*\}")
PLACES = ("القاهرة", "عمان", "الرباط", "إسطنبول", "رام الله", "الدوحة")
REPORTERS = ("سامر الحداد", "ليلى منصور", "حسان بن يطو")


@dataclass(frozen=True, slots=True)
class Credited:
    """Where and how a page names the agency."""

    agency_id: str | None
    byline: str = ""
    source: str = ""  # a label under the text
    dateline: str = ""  # a line above the text
    head: str = ""  # begins the first paragraph
    tail: str = ""  # the last line
    caption: str = "أعمال في الموقع"


CREDITS = (
    Credited("anadolu", byline="الأناضول"),
    Credited("anadolu", byline="{place} - الأناضول"),
    Credited("anadolu", byline="وكالة الأناضول"),
    Credited("anadolu", byline="{site} + الأناضول"),
    Credited("anadolu", byline="{reporter}/ الأناضول"),
    Credited("anadolu", tail="(الأناضول)"),
    Credited("anadolu", tail="{place} - الأناضول"),
    Credited("anadolu", byline="{site}", tail="الأناضول"),
    Credited("anadolu", source="المصدر: الأناضول"),
    Credited("anadolu", source="المصدر : وكالة الأناضول"),
    Credited("anadolu", tail="المصدر: الأناضول", byline="{reporter}"),
    Credited("anadolu", dateline="{place} / {reporter} / الأناضول"),
    Credited("anadolu", head="{place} - الأناضول: "),
    Credited("anadolu", head="{place} (الأناضول) - "),
    Credited("anadolu", head="{place}/الأناضول - ", byline="{site}"),
    Credited("afp", byline="أ ف ب"),
    Credited("afp", tail="(أ ف ب)"),
    Credited("reuters", byline="رويترز", head="{place} (رويترز) - "),
    Credited("spa", tail="// انتهى //", byline="واس"),
    Credited("petra", tail="--(بترا)", head="{place} - "),
    Credited("dpa", tail="(د ب أ)", byline="{site}"),
    Credited(None, byline="وكالات"),
    Credited(None, byline="{site} - وكالات"),
    Credited(None, byline="{reporter}", caption="أعمال في الموقع (الأناضول)"),
    Credited(None, byline="{site}"),
    Credited(None),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A page and what is right about it."""

    name: str
    template: str
    url: str
    payload: bytes
    content_type: str
    outlet: Outlet
    headline: str
    body: tuple[str, ...]
    source: str  # the label under the text; empty where there is none
    published_at: datetime
    agency_id: str | None


def read_date(style: str, month: int) -> tuple[date | None, date]:
    """The day that is read from a date printed in a style, and the day that was printed."""
    at = datetime(2024, month, 11, 9, 5, tzinfo=_zone())
    found = next(read_visible_dates(STYLES[style](at), _zone(), True), None)
    return found.at.astimezone(_zone()).date() if found else None, at.date()


def make_sample(template: str, number: int) -> Sample:
    """One page; the same name always gives the same page."""
    draw = random.Random(f"{template}/{number}")
    reports = _reports()
    headline, paragraphs = reports[draw.randrange(len(reports))]
    paragraphs = paragraphs[: draw.choice((2, 3, 4, 6, 9, 9, 9))]
    site = draw.choice(SITES)
    others = [title for title, _ in draw.sample(reports, 7) if title != headline][:6]
    words = {"place": draw.choice(PLACES), "site": site, "reporter": draw.choice(REPORTERS)}
    credited = draw.choice(CREDITS)
    if template == "agency":
        credited = Credited("anadolu", dateline="{place} / {reporter} / الأناضول", byline="{reporter}")
    filled = {
        key: getattr(credited, key).format(**words)
        for key in ("byline", "source", "dateline", "head", "tail", "caption")
    }
    published = FETCHED_AT - timedelta(hours=draw.randint(8, 60), minutes=draw.randint(0, 59))
    body = [filled["head"] + paragraphs[0], *paragraphs[1:]]
    printed = draw.choice([*STYLES])
    local = published.astimezone(_zone())
    label = draw.choice(LABELS)
    values: dict[str, Any] = {
        **filled,
        "site": site,
        "headline": headline,
        "body": body,
        "others": others,
        "teasers": [text[0] for title, text in draw.sample(reports, 4) if title != headline][:3],
        "date": label.replace("{}", STYLES[printed](local)),
        "today": STYLES["egyptian"](FETCHED_AT),
        "iso": local.isoformat(),
        "states": draw.random() < 0.4,  # the head states the date
        "title": _title(draw, headline, site),
        "bar": draw.choice(BARS),
        "pick": draw.randrange,
        "inserts": _inserts(draw, len(body)),
    }
    source = _environment().get_template(f"{template}.html.j2").render(values)
    encoding = "cp1256" if template in OLD else "utf-8"
    return Sample(
        name=f"{template}-{number}",
        template=template,
        url=f"https://{template}.example/news/{71_000 + number}",
        payload=source.encode(encoding, "xmlcharrefreplace"),
        content_type="text/html",
        outlet=_outlet(template, site, agency="anadolu" if template == "agency" else None),
        headline=headline,
        body=tuple(line for line in (*body, filled["tail"]) if line),
        source=filled["source"],
        published_at=published,
        agency_id=credited.agency_id,
    )


def _inserts(draw: random.Random, count: int) -> dict[int, str]:
    """Behind which paragraphs the template puts what does not belong to the text."""
    kinds = ("read_also", "advert", "share", "picture", "newsletter", "box")
    spots = draw.sample(range(count - 1), min(count - 1, draw.randint(0, 3)))
    return {spot: draw.choice(kinds) for spot in spots}


def _title(draw: random.Random, headline: str, site: str) -> str:
    if draw.random() < 0.25:
        return f"{site}{draw.choice((' : ', ' | ', ' - '))}{headline}"
    section = draw.choice(("", "", "أخبار", "اقتصاد")) if draw.random() < 0.4 else ""
    bar = draw.choice(BARS)
    return headline + (f"{bar}{section}" if section else "") + f"{bar}{site}"


def _outlet(template: str, site: str, agency: str | None) -> Outlet:
    origin = f"https://{template}.example"
    fields = {
        "id": template,
        "name": site,
        "language": "ar",
        "time_zone": "Asia/Amman",
        "discover": {"feeds": [origin]},
    }
    return Outlet.model_validate({**fields, "role": "agency", "agency": agency} if agency else fields)


@cache
def _reports() -> list[tuple[str, tuple[str, ...]]]:
    reports = load_world().reports.values()
    texts = ((one.headline, one.paragraphs) for one in reports if one.key.startswith("ar-"))
    return [
        (DASHED.sub("أمس", headline), tuple(DASHED.sub("أمس", line) for line in paragraphs))
        for headline, paragraphs in texts
    ]


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=True, trim_blocks=True)


def _zone() -> ZoneInfo:
    return ZoneInfo("Asia/Amman")
