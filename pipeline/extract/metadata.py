"""What a page's head says: meta tags, title, canonical address, site name, language, authors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipeline.extract.jsonld import Node, article_node, names_of, read_nodes, text_of, types_of
from pipeline.extract.tree import Page
from pipeline.extract.wording import one_line

LONGEST_LINE = 500
NOT_LETTERS = re.compile(r"[^a-z0-9]+")
AUTHOR_METAS = ("author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "sailthru.author")


@dataclass(slots=True)
class Head:
    """Statements of the page's head and JSON-LD, before anybody judged them."""

    metas: dict[str, list[str]]
    title: str | None
    nodes: list[Node]
    article: Node
    html_language: str | None
    canonical_url: str | None = None
    site_names: list[str] = field(default_factory=list)

    def meta(self, *names: str) -> str | None:
        """The first meta of these names that says something."""
        return next((value for name in names for value in self.metas.get(squeeze(name), ()) if value), None)


def squeeze(name: str) -> str:
    """A meta's name without case and punctuation: sites write og:title, og:site:name, dc.date_issued as they like."""
    return NOT_LETTERS.sub("", name.lower())


def read_head(page: Page, url: str) -> Head:
    """Read the head once for everything that asks it."""
    tree = page.tree
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = squeeze(meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or "")
        content = meta.get("content")
        if name and content:
            metas.setdefault(name, []).append(one_line(content[:5_000]))
    element = tree.find(".//title")
    title = one_line(element.text_content())[:LONGEST_LINE] if element is not None else None
    nodes = read_nodes(page.scripts)
    head = Head(
        metas, title or None, nodes, {}, tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    )
    head.article = article_node(nodes, head.meta("og:title", "twitter:title") or head.title)
    head.canonical_url = _canonical(tree, url)
    head.site_names = _site_names(head, url)
    return head


def authors_of(head: Head) -> tuple[str, ...]:
    """The authors as JSON-LD and meta name them, in order, each once."""
    stated = names_of(head.article.get("author")) + names_of(head.article.get("creator"))
    if not stated:
        stated = [value for name in AUTHOR_METAS for value in head.metas.get(squeeze(name), ())]
    clean = (one_line(author)[:200] for author in stated)
    return tuple(
        dict.fromkeys(author for author in clean if author and "://" not in author and not author.startswith("@"))
    )


def _canonical(tree: HtmlElement, url: str) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            try:
                address = urljoin(url, link.get("href", "").strip())
                parts = urlsplit(address)
            except ValueError:
                return None
            if parts.scheme in ("http", "https") and parts.hostname and len(address) <= 2_000 and not parts.username:
                return str(address)
    return None


def _site_names(head: Head, url: str) -> list[str]:
    names = [head.meta("og:site_name"), head.meta("application-name"), text_of(head.article.get("publisher"))]
    organisations = {"WebSite", "NewsMediaOrganization", "Organization"}
    names.extend(text_of(node.get("name")) for node in head.nodes if types_of(node) & organisations)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names += [host, host.split(".")[0]]
    return list(dict.fromkeys(one_line(name) for name in names if name))
