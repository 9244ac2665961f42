"""Settings of the whole installation: `config/settings.yml`. Every key has a default; the file may be absent."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from pipeline.config_files import load_model
from pipeline.config_values import Cron, DatabaseUrl, HeaderValue, HttpUrl, StorageUrl, Strict

DEFAULT_USER_AGENT = "wirecopy/0.1 (research crawler; finds copies of wire reports)"


def _cidr(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        raise ValueError(f"a network in CIDR form such as 10.0.0.0/8 ({error})") from error
    return value


class Network(Strict):
    """Which addresses a crawl may connect to beside public ones."""

    allow_private: tuple[Annotated[str, AfterValidator(_cidr)], ...] = Field(
        default=(), description="CIDRs that may be crawled although they are not public"
    )


class Limits(Strict):
    """What one page, feed or crawl may cost."""

    page_bytes: int = Field(default=12_000_000, ge=1_000, description="bytes of one page, inflated")
    feed_bytes: int = Field(default=12_000_000, ge=1_000, description="bytes of one feed or sitemap, inflated")
    page_seconds: float = Field(default=30.0, gt=0, description="seconds for one response, from request to last byte")
    crawl_seconds: float = Field(default=3_600.0, gt=0, description="seconds for one crawl of one outlet")
    crawl_requests: int = Field(default=5_000, ge=1, description="requests of one crawl, feeds and retries included")
    sitemap_requests: int = Field(default=100, ge=1, description="sitemaps fetched per sitemap tree and crawl")
    listing_pages: int = Field(default=20, ge=1, description="pages followed by rel=next from one section page")
    feed_items: int = Field(default=5_000, ge=1, description="entries taken from one feed or sitemap, newest first")
    stage_seconds: float = Field(
        default=14_400.0, gt=0, description="seconds for reading, folding or publishing once, in runs of `serve`"
    )
    extraction_seconds: float = Field(default=20.0, gt=0, description="seconds for reading one page")
    extraction_megabytes: int = Field(default=448, ge=128, description="memory of one extraction process")
    catalog_seconds: float = Field(
        default=30.0, ge=0, le=3_600, description="seconds to wait for a SQLite catalog that another process holds"
    )
    fold_megabytes: int = Field(
        default=500, ge=1, description="articles beyond which a fold, or a dedupe of all, runs in partitions on Dask"
    )


class Thresholds(Strict):
    """What verification asks of a pair. The reason for each value stands in pipeline/dedupe."""

    same_report: float = Field(
        default=0.0, ge=-10, le=10, description="score (log-odds) from which a pair is one report; higher merges less"
    )


class Dedupe(Strict):
    """How copies are found."""

    permutations: int = Field(default=256, ge=16, le=1024, description="length of a MinHash signature")
    bands: int = Field(default=128, ge=1, le=512, description="LSH bands; permutations / bands rows each")
    window_days: float = Field(default=5.0, gt=0, le=60, description="days between copy and origin at most")
    undated_days: float = Field(
        default=30.0, ge=0, le=365, description="days before its fetch that a page without a date may be from, at most"
    )
    thresholds: Thresholds = Field(default=Thresholds(), description="what verification asks of a pair")

    @model_validator(mode="after")
    def _bands_have_rows(self) -> Dedupe:
        if self.permutations < self.bands:
            raise ValueError("at least as many permutations as bands")
        return self


class Serve(Strict):
    """How `wirecopy serve` runs the schedules."""

    schedule: Cron | None = Field(
        default=None, description="cron (UTC) of the pass over every live outlet; without it, by hand only"
    )
    release_minutes: int = Field(
        default=60, ge=0, le=10_080, description="minutes between two releases that scheduled runs of one outlet make"
    )
    runs_at_once: int = Field(default=3, ge=1, le=32, description="flow runs side by side; later ones wait")
    port: int | None = Field(
        default=None, ge=0, le=65_535, description="port of the local Prefect server; default 4200, or a free one"
    )
    pages_url: HttpUrl | None = Field(
        default=None,
        description="where the inspection pages can be reached, for the links of a run; "
        "without it `serve` shows them itself, on port 8080 or a free one",
    )
    alert_webhook: HttpUrl | None = Field(
        default=None, description="URL that alarms are posted to; WIRECOPY_ALERT_WEBHOOK in the environment goes first"
    )


class Settings(Strict):
    """Settings of one installation."""

    user_agent: HeaderValue = Field(default=DEFAULT_USER_AGENT, description="sent with every request")
    catalog: DatabaseUrl | None = Field(default=None, description="SQLAlchemy URL; default SQLite in the data folder")
    storage: StorageUrl | None = Field(
        default=None, description="fsspec URL of archive and releases; default the data folder"
    )
    network: Network = Field(default=Network(), description="which addresses may be crawled")
    limits: Limits = Field(default=Limits(), description="what a page, feed or crawl may cost")
    dedupe: Dedupe = Field(default=Dedupe(), description="how copies are found")
    keep_text_in_releases: bool = Field(default=True, description="false: releases carry no bodies")
    labels: str | None = Field(default=None, description="folder of labelled pairs that each release is evaluated on")
    serve: Serve = Field(default=Serve(), description="how the schedules run")


def load_settings(config_dir: Path) -> Settings:
    """Read config_dir/settings.yml; defaults where it is absent. Raises ConfigError."""
    path = config_dir / "settings.yml"
    return load_model(path, Settings) if path.exists() else Settings()
