"""Three tiny outlets on the loopback address: an agency with two reports, one outlet that copies, one that shortens.

Every date is fixed, so that two runs see the same; every request is noted, so that doubled fetches show.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

ADDRESS = "127.0.0.1"
BRIDGE = (
    "KARASU (AA) - The new footbridge over the Karasu river opened on Monday after eleven months of work, the "
    "provincial roads office said, and the first of some four thousand daily walkers crossed it before seven.",
    "The bridge replaces a ferry that had carried pupils and market traders since 1974 and was taken out of service "
    "last spring when its cable failed an inspection.",
    'Engineer Selma Aydin told reporters that the deck rests on two pylons of weathering steel. "It moves in the wind '
    'as it should, and nobody needs to fear that," she said.',
    "The roads office put the cost at 38 million liras, a third of it paid by the towns on both banks, and said that "
    "lamps along the handrail would follow in October.",
    "Traders of the Thursday market said that they expected more customers from the northern bank, where the nearest "
    "road bridge is nineteen kilometres away.",
)
SEEDS = (
    "IZMIR (AA) - A seed library in the hills above Tire has lent out its ten thousandth packet, its keepers said on "
    "Tuesday, eight years after it began in the back room of a village school.",
    "Borrowers take seeds of local melons, beans and wheats without paying and bring back twice the amount after the "
    "harvest, so that the shelves have filled where others emptied.",
    'Keeper Mehmet Oral said that drought had made the old sorts wanted again. "Our grandfathers chose them for dry '
    'years, and dry years are what we have," he said.',
    "A botanist of the university in Izmir counted 214 sorts on the shelves, of which nineteen grow nowhere else, and "
    "asked for a second store at a safe distance.",
)
OWN = (
    "The town council of Northshore voted on Wednesday evening to plant four hundred lime trees along the ring road, "
    "after a petition that half of the households had signed.",
    "Gardeners will begin at the school in November, when the ground is soft, and finish at the old brickworks before "
    "the spring fair.",
    "Councillor Ada Winter, who had voted against the first draft, said that the changed plan left room for the bus "
    "lane which her ward had asked for since the line was cut.",
    "The trees come from a nursery twenty kilometres away, and each household of the ring road may name one of them.",
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _Server

    def do_GET(self) -> None:
        with self.server.noting:
            self.server.asked[self.path] += 1
        page = self.server.pages.get(self.path)
        if self.server.gate is not None and page is not None and self.path not in ("/robots.txt", "/feed.xml"):
            self.server.reached.set()
            self.server.gate.wait(60)
        kind = "application/rss+xml" if self.path == "/feed.xml" else "text/html; charset=utf-8"
        body = (page or "not here").encode()
        try:
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the crawl was killed

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name of the base class
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        super().__init__((ADDRESS, port), _Handler)
        self.pages: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.noting = threading.Lock()
        self.gate: threading.Event | None = None  # articles are answered only when it is set
        self.reached = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is what is tested here."""


class SmallWorld:
    """The three outlets while they are served."""

    def __init__(self) -> None:
        self.servers = {name: _Server(0) for name in ("wire", "north", "south")}
        for name, server in self.servers.items():
            server.pages = pages_of(name, f"http://{ADDRESS}:{server.server_port}")

    @contextmanager
    def serve(self) -> Iterator[SmallWorld]:
        """Until the block ends."""
        for server in self.servers.values():
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            for server in self.servers.values():
                server.shutdown()
                server.server_close()

    def write_config(self, folder: Path) -> None:
        """settings.yml and outlets/<id>.yml."""
        (folder / "outlets").mkdir(parents=True, exist_ok=True)
        settings = {
            "network": {"allow_private": ["127.0.0.0/8"]},
            "limits": {"page_seconds": 60, "crawl_seconds": 300, "extraction_seconds": 60},
        }
        (folder / "settings.yml").write_text(yaml.safe_dump(settings))
        for name, server in self.servers.items():
            outlet = {
                "id": name,
                "name": name.title(),
                "role": "agency" if name == "wire" else "outlet",
                "language": "en",
                "time_zone": "Europe/Istanbul",
                "discover": {"feeds": [f"http://{ADDRESS}:{server.server_port}/feed.xml"]},
                "crawl": {"delay": 0, "concurrency": 4, "max_pages": 50},
            }
            if name == "wire":
                outlet["agency"] = "anadolu"
            (folder / "outlets" / f"{name}.yml").write_text(yaml.safe_dump(outlet))

    def add_copy(self) -> None:
        """Have the outlet north publish one more copy, announced in its feed."""
        north = self.servers["north"]
        north.pages = pages_of("north", f"http://{ADDRESS}:{north.server_port}", one_more=True)

    def take_copy_back(self) -> None:
        """As at the start."""
        north = self.servers["north"]
        north.pages = pages_of("north", f"http://{ADDRESS}:{north.server_port}")

    def asked(self, name: str) -> Counter[str]:
        """How often each path of an outlet was asked for since the last forget."""
        with self.servers[name].noting:
            return Counter(self.servers[name].asked)

    def forget(self) -> None:
        """Begin counting anew."""
        for server in self.servers.values():
            with server.noting:
                server.asked.clear()

    def hold(self, name: str) -> threading.Event:
        """Keep an outlet's articles back until the event is set; `reached` of the server says when one is asked for."""
        server = self.servers[name]
        server.reached.clear()
        server.gate = threading.Event()
        return server.gate

    def let_go(self, name: str) -> None:
        """Answer at once again."""
        server = self.servers[name]
        if server.gate is not None:
            server.gate.set()
        server.gate = None


def pages_of(name: str, base: str, *, one_more: bool = False) -> dict[str, str]:
    """Everything an outlet serves, by path; one_more: with a copy that was not there before."""
    articles = {
        "wire": {"/news/101": ("Footbridge over Karasu opens", BRIDGE, 8), "/news/102": ("Seeds lent", SEEDS, 9)},
        "north": {
            "/n/7": ("Karasu walks dry-shod", (*BRIDGE[:1], *BRIDGE[1:], "(AA)"), 10),
            "/n/8": ("Limes for the ring road", OWN, 11),
        },
        "south": {"/s/a-bridge": ("Bridge opens", BRIDGE[:3], 12), "/s/seeds": ("Ten thousand packets", SEEDS, 13)},
    }[name]
    if one_more:
        articles["/n/9"] = ("Melons on loan", (*SEEDS, "(AA)"), 14)
    pages = {path: _article(*parts) for path, parts in articles.items()}
    if name == "south":
        pages["/s/login"] = "<html><body><h1>Please log in</h1><form><input type=password></form></body></html>"
    listed = [*pages, "/gone"] if name == "north" else list(pages)
    items = "".join(
        f"<item><title>{path.strip('/')}</title><link>{base}{path}</link>"
        f"<pubDate>Mon, 02 Mar 2026 {number + 8:02d}:00:00 GMT</pubDate></item>"
        for number, path in enumerate(listed)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    return {**pages, "/robots.txt": "User-agent: *\nAllow: /\n", "/feed.xml": feed}


def _article(headline: str, paragraphs: tuple[str, ...], hour: int) -> str:
    text = "\n".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{headline}</title>'
        f'<meta property="article:published_time" content="2026-03-02T{hour:02d}:00:00+00:00"></head>'
        f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{headline}</h1>\n{text}\n</article></main>"
        "<footer>Imprint</footer></body></html>"
    )
