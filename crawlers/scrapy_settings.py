"""Scrapy's settings for a crawl: only the parts that are used, everything that talks to others or runs code is off."""

from __future__ import annotations

from typing import Any

from crawlers.job import CrawlJob

HANDLER = "crawlers.handler.WireDownloadHandler"


def scrapy_settings(job: CrawlJob) -> dict[str, Any]:
    """Settings for one crawl of one outlet."""
    crawl = job.outlet.crawl
    return {
        "BOT_NAME": "wirecopy",
        "USER_AGENT": job.settings.user_agent,
        # Reaching out: nothing but the outlet.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "DOWNLOAD_HANDLERS_BASE": {"http": HANDLER, "https": HANDLER},
        "DOWNLOAD_HANDLERS": {},
        # Own middlewares in place of Scrapy's: the lowest number meets the request first and the answer last.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.guard.GuardMiddleware": 100,
            "crawlers.robots.RobotsMiddleware": 200,
            "crawlers.guard.HeadersMiddleware": 300,
            "crawlers.redirects.RedirectMiddleware": 600,
            "crawlers.archiving.ArchiveMiddleware": 900,
        },
        # Among Scrapy's spider middlewares is the one that ran a Referrer-Policy header as a Python name.
        "SPIDER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES": {},
        "ITEM_PIPELINES": {},
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {"scrapy.extensions.corestats.CoreStats": 0, "scrapy.extensions.logstats.LogStats": 0},
        "ROBOTSTXT_OBEY": False,  # crawlers.robots does
        "RETRY_ENABLED": False,  # crawlers.manners does
        "REDIRECT_ENABLED": False,  # crawlers.redirects does
        "METAREFRESH_ENABLED": False,
        # Manners.
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.concurrency,
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_DELAY_JITTER": 0,  # the delay is a promise, not an average
        # In the order in which they were asked for, newest first; by default the last one is the first.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # The rest.
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "REACTOR_THREADPOOL_MAXSIZE": 8,
        "LOG_ENABLED": False,  # crawlers.child passes log lines on
        "STATS_DUMP": True,
        "CONCURRENT_ITEMS": 1,  # none are made; Scrapy would start 100 tasks for each answer
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 50_000_000,
    }
