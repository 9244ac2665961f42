from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.agencies import Agencies, bundled_agencies, load_agencies
from pipeline.errors import ConfigError

ONE = """
agencies:
  - id: demo-wire
    names: {en: [Demo Wire]}
    marks: [DW]
    domains: [demo.example]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "agencies.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_bundled_file_knows_the_agencies_of_the_region() -> None:
    known = bundled_agencies().by_id
    wanted = "anadolu afp reuters ap dpa spa mena petra kuna qna wam wafa xinhua sputnik ria tass bna ona sana ina"
    wanted += " nna saba map aps tap lana suna irna epa dha iha ilkha bloomberg"
    assert set(wanted.split()) <= set(known)
    assert known["anadolu"].name("ar") == "وكالة الأناضول"
    assert known["anadolu"].name("tr-TR") == "Anadolu Ajansı"
    assert known["kuna"].name("de") == "Kuwait News Agency"
    assert bundled_agencies().name("nobody") == "nobody"


@pytest.mark.parametrize(
    ("url", "agency_id"),
    [
        ("https://www.aa.com.tr/ar/x/1234567", "anadolu"),
        ("https://AA.com.tr./tr/", "anadolu"),
        ("http://aa.com.tr:8080/ar", "anadolu"),
        ("https://ara.reuters.com/article", "reuters"),
        ("https://notaa.com.tr/ar", None),
        ("https://aa.com.tr.example/ar", None),
        ("https://com.tr/", None),
        ("http://[::1", None),
        ("aa.com.tr/ar", None),
        ("", None),
    ],
)
def test_agency_of_a_page(url: str, agency_id: str | None) -> None:
    assert bundled_agencies().agency_of_url(url) == agency_id


def test_an_own_file_replaces_the_bundled_one_and_absence_falls_back(tmp_path: Path) -> None:
    assert load_agencies(tmp_path) is bundled_agencies()
    assert load_agencies() is bundled_agencies()
    own = load_agencies(write(tmp_path, ONE))
    assert set(own.by_id) == {"demo-wire"}
    assert own.agency_of_url("https://www.demo.example/1") == "demo-wire"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ONE.replace("marks:", "mark:"), ["agencies.yml", "agencies.0.mark", "did you mean marks?"]),
        (ONE.replace("demo-wire", "Demo Wire"), ["agencies.0.id", "'Demo Wire'", "lower-case letters"]),
        (ONE.replace("demo.example", "https://demo.example/"), ["agencies.0.domains.0", "host name"]),
        (ONE.replace("[DW]", "[' DW']"), ["agencies.0.marks.0", "no space at either end"]),
        (
            ONE + "    boilerplate: [{has: end, pattern: '(unclosed'}]\n",
            ["agencies.0.boilerplate.0.pattern", "(unclosed", "regular expression"],
        ),
        (ONE + "    boilerplate: [{pattern: 'end'}]\n", ["agencies.0.boilerplate.0.has", "(missing)"]),
        (ONE.replace("en:", "xx:"), ["agencies.0.names", "'ar', 'en'"]),
        (ONE + ONE.replace("agencies:\n", ""), ["demo-wire stands twice"]),
        ("version: 2\n" + ONE, ["version", "2", "1"]),
        ("agencies: []", ["agencies", "at least 1"]),
        ("", ["agencies", "(missing)"]),
        ("- a", ["(whole file)", "keys and values"]),
    ],
)
def test_errors_name_file_key_value_and_what_is_allowed(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_agencies(write(tmp_path, text))
    for part in [str(tmp_path), *told]:
        assert part in str(caught.value)


def test_the_model_describes_every_key() -> None:
    assert all(field.description for field in Agencies.model_fields.values())
