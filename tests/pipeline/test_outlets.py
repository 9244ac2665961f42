"""Outlet and settings files: what is accepted, and that a refusal names file, key, value and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.errors import ConfigError, UsageError
from pipeline.outlets import choose_outlets, choose_to_crawl, load_outlet, load_outlets
from pipeline.settings import load_settings

GOOD = {
    "id": "bulletin",
    "name": "النشرة",
    "role": "outlet",
    "language": "ar",
    "time_zone": "Africa/Cairo",
    "discover": {"feeds": ["https://bulletin.example/feed"]},
}


def write(folder: Path, content: object, name: str = "bulletin.yml") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


def test_a_short_file_gets_the_defaults(tmp_path: Path) -> None:
    outlet = load_outlet(write(tmp_path, GOOD))
    assert (outlet.status, outlet.crawl.delay, outlet.crawl.max_pages, outlet.schedule) == ("live", 1.0, 300, None)
    assert outlet.start_urls == ("https://bulletin.example/feed",)


def test_the_contracts_example_is_accepted(tmp_path: Path) -> None:
    text = """
id: aa-ar
name: وكالة الأناضول
role: agency
agency: anadolu
language: ar
time_zone: Europe/Istanbul
discover:
  feeds: [https://agency.example/ar/rss]
  sitemaps: [https://agency.example/news.xml.gz]
  sections: [https://agency.example/ar]
  article_urls: '/\\d+$'
  also_origins: [https://cdn.example]
crawl: {delay: 1.0, concurrency: 2, max_pages: 300}
schedule: "*/15 * * * *"
extract:
  body: .detay-icerik
  remove: [.related]
  headline: h1
  published_at: .tarih
status: live
"""
    outlet = load_outlet(write(tmp_path, text, "aa-ar.yml"))
    assert outlet.agency == "anadolu"
    assert outlet.extract.remove == (".related",)


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"id": "Bulletin"}, "id", "lower-case"),
    ({"id": "other"}, "id", "the file's name"),
    ({"name": ""}, "name", "not empty"),
    ({"name": 5}, "name", "text"),
    ({"role": "paper"}, "role", "'agency' or 'outlet'"),
    ({"role": "agency"}, "agency", "its id in agencies.yml"),
    ({"agency": "anadolu"}, "agency", "role agency only"),
    ({"language": "Arabic!"}, "language", "BCP 47"),
    ({"time_zone": "Cairo"}, "time_zone", "IANA"),
    ({"discover": {}}, "discover", "at least one of feeds"),
    ({"discover": {"feeds": ["ftp://x.example/feed"]}}, "discover.feeds.0", "http"),
    ({"discover": {"feeds": ["https://u:p@x.example/feed"]}}, "discover.feeds.0", "without user name"),
    ({"discover": {"feeds": ["https://x.example:port/"]}}, "discover.feeds.0", "a port that can be"),
    ({"discover": {"feeds": ["https://x.example:99999/"]}}, "discover.feeds.0", "a port that can be"),
    ({"discover": {"feeds": ["https://./feed"]}}, "discover.feeds.0", "host name"),
    ({"discover": {"feeds": ["https://x..example/feed"]}}, "discover.feeds.0", "host name"),
    ({"discover": {"feeds": ["https://" + "x" * 64 + ".example/"]}}, "discover.feeds.0", "host name"),
    ({"extract": {"body": "p " * 20_000}}, "extract.body", "CSS selector"),
    ({"discover": {"feeds": ["https://x.example/a feed"]}}, "discover.feeds.0", "without spaces"),
    ({"discover": {"feeds": ["https://x.example/\n"]}}, "discover.feeds.0", "without spaces"),
    ({"discover": {"feeds": ["https://*.example/feed"]}}, "discover.feeds.0", "host name"),
    ({"discover": {"feeds": "https://x.example/feed"}}, "discover.feeds", "a list"),
    ({"discover": None}, "discover", "keys and values"),
    (
        {"discover": {"feeds": ["https://x.example"], "also_origins": ["https://x.example/a"]}},
        "discover.also_origins.0",
        "scheme, host and port",
    ),
    ({"discover": {"feed": ["https://x.example/feed"]}}, "discover.feed", "did you mean feeds?"),
    ({"discover": {"feeds": ["https://x.example"], "article_urls": "("}}, "discover.article_urls", "regular"),
    ({"crawl": {"delay": -1}}, "crawl.delay", "greater than or equal to 0"),
    ({"crawl": {"delay": "soon"}}, "crawl.delay", "number"),
    ({"crawl": {"concurrency": 0}}, "crawl.concurrency", "greater than or equal to 1"),
    ({"crawl": {"max_pages": 1.5}}, "crawl.max_pages", "whole number"),
    ({"crawl": {"delay": True}}, "crawl.delay", "a number"),
    ({"crawl": {"max_pages": "10"}}, "crawl.max_pages", "a number"),
    ({"schedule": "hourly"}, "schedule", "five fields"),
    ({"schedule": "99 * * * *"}, "schedule", "minute"),
    ({"schedule": "0 0 30 2 *"}, "schedule", "day-of-month"),
    ({"extract": {"body": "..text["}}, "extract.body", "CSS selector"),
    ({"extract": {"headline": ""}}, "extract.headline", "CSS selector"),
    ({"extract": {"remove": [".ad", "//div"]}}, "extract.remove.1", "CSS selector"),
    ({"extract": {"remove": ".ad"}}, "extract.remove", "a list"),
    ({"extract": {"bodi": "x"}}, "extract.bodi", "did you mean body?"),
    ({"status": "on"}, "status", "'live' or 'paused'"),
    ({"colour": "red"}, "colour", "the keys"),
]


@pytest.mark.parametrize(("change", "key", "allowed"), BROKEN, ids=[f"{k}:{a}"[:40] for _, k, a in BROKEN])
def test_a_broken_outlet_is_refused_with_its_key(
    tmp_path: Path, change: dict[str, object], key: str, allowed: str
) -> None:
    path = write(tmp_path, {**GOOD, **change})
    with pytest.raises(ConfigError) as caught:
        load_outlet(path)
    assert caught.value.file == str(path)
    assert caught.value.key == key
    assert allowed in caught.value.allowed
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("id: [", "well-formed YAML"),
        ("id: a\nid: b", "well-formed YAML"),
        ("a: &x [1]\nb: *x", "well-formed YAML"),
        ("- one\n- two", "keys and values"),
        ("just words", "keys and values"),
        ("\tid: x", "well-formed YAML"),
        ("id: a\nname: 2026-99-99", "well-formed YAML"),
        ("id: a\nname: 0b_", "well-formed YAML"),
        ("id: a\nname: " + "9" * 5_000, "well-formed YAML"),
        ("id: a\nname: !!timestamp soon", "well-formed YAML"),
        ("id: a\nname: !!bool perhaps", "well-formed YAML"),
        ("", "the file's name; lower-case"),
    ],
)
def test_files_that_are_no_mapping_are_refused(tmp_path: Path, text: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_outlet(write(tmp_path, text))
    assert allowed in str(caught.value)


def test_a_value_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="line 2: '2026-02-30' is no date"):
        load_outlet(write(tmp_path, "id: bulletin\nname: 2026-02-30\n"))


@pytest.mark.parametrize("key", ["a\x1b[31mb", "a\u202eb", "a\nb", "\u2028", "x" * 100_000])
def test_an_odd_key_leaves_one_short_line(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_outlet(write(tmp_path, {**GOOD, key: 1}))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1_000


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.yml"
    path.write_bytes(b"\xff\xfe\x00id")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_outlet(path)


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.yml"
    path.write_bytes(b"\xef\xbb\xbf" + yaml.safe_dump(GOOD, allow_unicode=True).encode())
    assert load_outlet(path).id == "bulletin"


def test_yaml_files_must_end_in_yml(tmp_path: Path) -> None:
    (tmp_path / "outlets").mkdir()
    write(tmp_path / "outlets", GOOD, "bulletin.yaml")
    with pytest.raises(ConfigError, match=r"\.yml"):
        load_outlets(tmp_path)


def test_choosing(tmp_path: Path) -> None:
    folder = tmp_path / "outlets"
    folder.mkdir()
    write(folder, GOOD)
    write(folder, {**GOOD, "id": "asleep", "status": "paused"}, "asleep.yml")
    outlets = load_outlets(tmp_path)
    assert [one.id for one in choose_outlets(outlets, [])] == ["bulletin"]
    assert [one.id for one in choose_outlets(outlets, ["asleep"])] == ["asleep"]
    with pytest.raises(UsageError, match=r"nobody.*asleep, bulletin"):
        choose_outlets(outlets, ["nobody"])
    assert [one.id for one in choose_to_crawl(outlets, [])] == ["bulletin"]
    with pytest.raises(UsageError, match="'asleep' is paused; status: live"):
        choose_to_crawl(outlets, ["bulletin", "asleep"])


def test_settings_have_defaults_and_refuse_unknown_keys(tmp_path: Path) -> None:
    assert load_settings(tmp_path).dedupe.permutations == 256
    path = write(tmp_path, {"network": {"allow_private": ["10.0.0.0/33"]}}, "settings.yml")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.key == "network.allow_private.0"
    assert "CIDR" in caught.value.allowed
    path.write_text("limits: {page_byte: 3}", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean page_bytes"):
        load_settings(tmp_path)


BROKEN_SETTINGS: list[tuple[dict[str, object], str, str]] = [
    ({"user_agent": "paper\r\nX-Other: header"}, "user_agent", "one line of printable ASCII"),
    ({"user_agent": "روبوت"}, "user_agent", "one line of printable ASCII"),
    ({"catalog": "nonsense"}, "catalog", "sqlite:///"),
    ({"catalog": "mysql://reader@db.example/papers"}, "catalog", "postgresql+psycopg://"),
    ({"storage": "nonsense://bucket"}, "storage", "s3://bucket/prefix"),
    ({"storage": "https://bucket.example/"}, "storage", "s3://bucket/prefix"),
    ({"storage": "s3://"}, "storage", "s3://bucket/prefix"),
    ({"storage": "s3://key:secret@bucket/papers"}, "storage", "no credentials"),
    ({"dedupe": {"permutations": 64, "bands": 128}}, "dedupe", "as many permutations as bands"),
    ({"dedupe": None}, "dedupe", "keys and values"),
    ({"limits": {"page_seconds": float("inf")}}, "limits.page_seconds", "finite"),
    ({"limits": {"page_bytes": "12MB"}}, "limits.page_bytes", "a number"),
    ({"serve": {"schedule": "61 * * * *"}}, "serve.schedule", "minute"),
]


@pytest.mark.parametrize(
    ("content", "key", "allowed"), BROKEN_SETTINGS, ids=[f"{k}:{a}" for _, k, a in BROKEN_SETTINGS]
)
def test_broken_settings_are_refused_with_their_key(
    tmp_path: Path, content: dict[str, object], key: str, allowed: str
) -> None:
    write(tmp_path, content, "settings.yml")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.key == key
    assert allowed in caught.value.allowed


@pytest.mark.parametrize(
    "content",
    [
        {"catalog": "sqlite:////var/lib/papers/catalog.sqlite"},
        {"catalog": "postgresql+psycopg://reader:word@db.example:5432/papers"},
        {"catalog": "postgresql:///papers?host=/run/postgresql"},
        {"storage": "archive"},
        {"storage": "/var/lib/papers"},
        {"storage": "file:///var/lib/papers"},
        {"storage": "s3://bucket/papers"},
        {"storage": "gs://bucket"},
    ],
)
def test_where_catalog_and_storage_may_be(tmp_path: Path, content: dict[str, object]) -> None:
    write(tmp_path, content, "settings.yml")
    settings = load_settings(tmp_path)
    assert {"catalog": settings.catalog, "storage": settings.storage} == {"catalog": None, "storage": None, **content}


def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    write(tmp_path, {"catalog": "mysql://reader:pass@w0rd@db.example/papers"}, "settings.yml")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert "w0rd" not in str(caught.value)


def test_the_shipped_configuration_is_good() -> None:
    root = Path(__file__).resolve().parents[2] / "config"
    outlets = load_outlets(root)
    load_settings(root)
    assert {"aa-ar", "aa-en", "aa-tr", "aa-fr"} <= outlets.keys()
    assert len([one for one in outlets.values() if one.role == "outlet"]) >= 12
    for path in (root / "outlets").glob("*.yml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 40
