"""Where a crawl may go: the origins of the outlet's discover URLs and its also_origins, nothing else."""

from __future__ import annotations

from pipeline.outlets import Outlet
from pipeline.reasons import Reason
from pipeline.urls import Origin, clean_url, origin_of


class Scope:
    """The origins (scheme, host, port) of one outlet."""

    def __init__(self, outlet: Outlet) -> None:
        self.origins: frozenset[Origin] = frozenset(
            origin_of(url) for url in (*outlet.start_urls, *outlet.discover.also_origins)
        )

    def refusal(self, url: str) -> tuple[Reason, str] | None:
        """Why this URL may not be asked for, or None where it may."""
        cleaned, reason = clean_url(url)
        if reason is not None:
            return reason, cleaned[:200]
        scheme, host, port = origin_of(cleaned)
        if (scheme, host, port) not in self.origins:
            return Reason.OUT_OF_SCOPE, f"{scheme}://{host}:{port} is not one of the outlet's origins"
        return None

    def inside(self, url: str) -> str:
        """The URL, or the same with https where only that is the outlet's: feeds often lag behind their site."""
        if url.startswith("http://"):
            scheme, host, port = origin_of(url)
            if port == 80 and (scheme, host, port) not in self.origins and ("https", host, 443) in self.origins:
                return "https://" + url.removeprefix("http://")
        return url
