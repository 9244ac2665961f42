"""The template engine: everything is escaped, a name that is missing is an error, no template marks text as safe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.cli.show.addresses import readable_address
from app.cli.show.frame import CREDIT_NAMES, RELATION_NAMES, duration, share
from app.cli.show.paragraphs import LEFT_OUT, paragraphs_of
from app.cli.show.runs import counts_text
from app.web import charts, strips, text, timeline
from app.web.static_files import static_url
from pipeline.catalog.queries.cross_links import by_story
from pipeline.catalog.queries.origin_words import explain_origin

FOLDER = Path(__file__).parent / "templates"


def make_templates(agency_names: Mapping[str, str], prefect_url: str | None = None) -> Environment:
    """The engine with the filters and charts that templates use."""
    engine = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.filters.update(
        title=text.title,
        clean=text.clean,
        direction=text.direction,
        language_tag=text.language_tag,
        outside=text.outside_link,
        readable=readable_address,
        moment=text.moment,
        day=text.day,
        plain_words=text.plain_words,
        duration=duration,
        percent=share,
        explain_origin=lambda reason: explain_origin(reason, agency_names),
        later=text.later,
        number=lambda value: f"{value:,}",
        counts=counts_text,
        agency=lambda value: agency_names.get(value, value) if value else "not known",
        relation=lambda value: RELATION_NAMES.get(value, value),
        credit=lambda value: CREDIT_NAMES.get(value, value),
    )
    engine.globals.update(
        prefect_url=prefect_url,
        agency_options=lambda ids: [(one, agency_names.get(one, one)) for one in ids],
        outlet_options=lambda outlets: [(one.outlet_id, one.name) for one in outlets],
        language_options=lambda tags: [(one, one) for one in tags],
        relation_options=list(RELATION_NAMES.items()),
        credit_options=list(CREDIT_NAMES.items()),
        static=static_url,
        with_query=text.query_string,
        by_story=by_story,
        speed_of=lambda view: {one.outlet.outlet_id: one.quartiles for one in view.outlets},
        timeline_of=timeline.timeline,
        strips_of=strips.strips,
        paragraphs_of=paragraphs_of,
        left_out_means=LEFT_OUT,
        volume_chart=charts.volume_chart,
        quartile_range=charts.quartile_range,
        axis_marks=charts.axis_marks,
    )
    return engine
