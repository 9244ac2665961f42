"""Whether a page is an article: signs of what stands in an article's place, each with its reason code."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extract.body import Text
from pipeline.extract.decode import is_wide
from pipeline.extract.interim import is_interim
from pipeline.extract.jsonld import ARTICLE_TYPES, types_of
from pipeline.extract.metadata import Head
from pipeline.extract.months import fold
from pipeline.extract.wording import WORD
from pipeline.reasons import Reason

MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "ZIP"), (b"\x1f\x8b", "gzip"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"), (b"RIFF", "RIFF"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"), (b"\xd0\xcf\x11\xe0", "OLE"), (b"wOF", "font"),
    (b"\x00\x00\x01\x00", "icon"), (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"\xfd7zXZ", "xz"), (b"{\\rtf", "RTF"),
)  # fmt: skip
NOT_PAGES = re.compile(r"^\s*(?:image|audio|video|font)/|pdf|zip|octet-stream|msword|officedocument", re.IGNORECASE)
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|div|p|table|article|title|meta|span|h1)\b", re.IGNORECASE)
FEED = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b",
    re.DOTALL,
)

LONGEST_HEADING = 200
LONGEST_WALL = 500  # letters of a line that are looked at
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
FEWEST_WORDS, FEWEST_LETTERS = 12, 60
MOST_WORDS, MOST_LETTERS = 50_000, 500_000  # live tickers of a week stay below
SHORT = 120  # words; an error page says no more than this
STUB = 60  # words; a teaser before a wall says no more, longer ones are kept and flagged
NOT_FOUND = re.compile(
    r"(?:error|http|erreur|hata|fehler|خطا)\W*(?:404|410)(?!\d)|^\W*404(?!\d)|(?<!\d)404\W{1,3}(?:error|not|page|file|خطا)"
    r"|(?:page|article|story|content|url|file) (?:you (?:requested|are looking for) )?(?:was |is |could |can)?"
    r"(?:not|no longer)(?: be)? (?:found|available|exist)|page (?:does not|doesn.t) exist|^\W*(?:not|nothing) found"
    r"|(?:this|the) (?:page|article|story|post) (?:you (?:requested|are looking for|were looking for) )?"
    r"(?:has been|was|may have been|might have been) (?:removed|deleted|moved|taken down|unpublished|withdrawn)"
    r"|no (?:results|articles|posts|stories|matches) (?:were |was )?found|nothing (?:was found|matched)"
    r"|(?:الصفحه|الخبر|المقال|المحتوي|الرابط|الموضوع)(?: \w+){0,4} (?:غير موجود|غير متوفر|غير متاح|لم يعد"
    r"|لم نتمكن|غير صحيح)|لم يتم العثور|(?:الصفحه|المقال|الخبر) غير موجود|صفحه الخطا|عذرا.{0,40}(?:غير موجود"
    r"|لم نجد|لا يمكن|غير متوفر)"
    r"|sayfa bulunamadi|(?:sayfa|haber|icerik) (?:bulunamadi|bulunmuyor|kaldirilmis|yayindan kaldirildi"
    r"|mevcut degil)|aradiginiz sayfa"
    r"|page (?:introuvable|non trouvee|inexistante)|(?:cette page|la page|l.article).{0,30}(?:n.existe"
    r"|introuvable|n.est plus)|seite nicht gefunden|pagina no encontrada"
)
FOLDER = re.compile(r"(?:index of|directory listing (?:for|of)) /")  # as servers head the list of files of a folder
LOGIN = re.compile(
    r"(?:log ?in|sign ?in|sign ?up|register|create (?:an )?account|my account)|تسجيل (?:ال)?دخول|انشاء حساب"
    r"|سجل (?:ال)?دخول|giris yap|uye (?:ol|girisi)|oturum ac|se connecter|connexion|identifiez|anmelden"
)
CONSENT = re.compile(
    r"cookies?|consent|gdpr|privacy (?:policy|preferences|settings|choices)|before you continue|your privacy"
    r"|personal data|partners|ملفات تعريف الارتباط|الكوكيز|كوكيز|سياسه الخصوصيه|خصوصيتك|الموافقه|cerez|kvkk"
    r"|gizlilik|aydinlatma|rgpd|vie privee|confidentialite|accept(?:er)? (?:all|tout)"
    r"|datenschutz|privatsphare|einwilligung|zustimm|akzeptieren|dsgvo|privacidad|consentimiento|aceptar|consenso|accett"
)
CONSENT_TITLE = re.compile(
    r"cookie|consent|before you continue|your privacy|privacy (?:settings|choices|preferences)"
    r"|ملفات تعريف الارتباط|خصوصيتك|موافق|cerez|gizlilik|vie privee|rgpd|cookies"
    r"|datenschutz|privatsphare|privacidad"
)
PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep|unlock|access)|(?:continue|keep) reading (?:with|by)|(?:for"
    r"|to) (?:subscribers|members) only|subscribers? only|exclusive (?:to|for) subscribers|already a subscriber"
    r"|(?:this (?:article|content|story) is|available) (?:only )?(?:for|to) (?:our )?(?:paying "
    r"|registered )?(?:subscribers|members)|unlock this (?:article|story)|start your (?:free )?trial"
    r"|to read the (?:full|rest)"
    r"|(?:للمشتركين|للاعضاء|للمسجلين) فقط|(?:هذا|هذه) (?:المحتوي|المقال|الماده|الخبر) (?:متاحه? |حصريه? "
    r"|مخصصه? )?للمشتركين|اشترك (?:الان )?(?:ل|كي ت)(?:تتمكن من |مواصله |متابعه |اكمال )?(?:ال)?(?:قراءه|تقرا)"
    r"|لمتابعه القراءه|لاكمال (?:القراءه|قراءه)|لقراءه (?:المقال|الخبر|الموضوع)? ?(?:كاملا|بالكامل|باقي)"
    r"|devamini (?:okumak|oku).{0,40}(?:abone|uye|giris)|sadece (?:abone|uye)ler|abonelere ozel|(?:article"
    r"|contenu) reserve|reserve aux abonnes|il vous reste .{0,40}a (?:lire|decouvrir)|pour lire la suite"
    r"|abonnez-vous pour"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a page is no article."""

    reason: Reason
    detail: str


def judge_bytes(payload: bytes, content_type: str) -> Verdict | None:
    """A verdict on what is no HTML at all, or None."""
    start = payload[:1024].lstrip() or payload.lstrip()[:1024]
    if not start:
        return Verdict(Reason.NO_BODY, "empty answer")
    for magic, name in MAGIC:
        if start.startswith(magic):
            return Verdict(Reason.NOT_HTML, f"{name} bytes")
    if start[:1] in (b"{", b"[") and _is_json(payload):
        return Verdict(Reason.NOT_HTML, "JSON")
    if FEED.match(payload[:2048]):
        return Verdict(Reason.NOT_HTML, "a feed or sitemap")
    wide = is_wide(payload)
    if not wide and not MARKUP.search(payload[:2_000_000]):
        return Verdict(Reason.NOT_HTML, "no markup")
    if NOT_PAGES.search(content_type or "") and not wide and not MARKUP.search(payload[:4096]):
        return Verdict(Reason.NOT_HTML, f"content type {content_type[:60]}")
    return None


def _is_json(payload: bytes) -> bool:
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Signs that must be read before the tree is cleaned."""

    passwords: int  # fields for one
    linked_headings: int
    headings: str  # of the first rank, as printed; the headline may be another


def read_surroundings(tree: HtmlElement, url: str) -> Surroundings:
    """Count the signs of walls and listings. A heading that leads to another site heads no article of this one."""
    host = _host(url)
    passwords = sum(1 for field in tree.iter("input") if (field.get("type") or "").lower() == "password")
    links = (_link_of(heading) for heading in tree.iter("h2", "h3", "h4"))
    linked = sum(1 for link in links if link is not None and _host(link.get("href") or "") in (host, None))
    printed = " ".join(" ".join(heading.itertext())[:LONGEST_HEADING] for heading in islice(tree.iter("h1"), 3))
    return Surroundings(passwords, linked, printed)


def _link_of(heading: HtmlElement) -> HtmlElement | None:
    """The link inside a heading or around it."""
    parent = heading.getparent()
    return parent if parent is not None and parent.tag == "a" else heading.find(".//a")


def _host(address: str) -> str | None:
    try:
        return urlsplit(address.strip()).hostname
    except ValueError:
        return None


def judge_text(
    text: Text, head: Head, headline: str | None, around: Surroundings, stated: bool, cut: bool
) -> Verdict | None:
    """A verdict on a page whose text was read, or None for an article.

    `stated`: a date was stated for it; `cut`: there was more markup than any article has.
    """
    body = "\n".join(text.lines)
    words = count_words(body)
    if words > MOST_WORDS or len(body) > MOST_LETTERS:
        return Verdict(Reason.TOO_LARGE, f"{words:,} words: no article is that long")
    title = fold(" ".join(part for part in (headline, head.title, around.headings) if part))
    folded = fold(body[:20_000]) if words < 2 * SHORT else ""  # no longer text is judged by its words
    article = _says_article(head)
    if words < SHORT and NOT_FOUND.search(title + " " + folded[:400]) and not (stated and words >= STUB):
        return Verdict(Reason.SOFT_404, title[:120])
    if (
        words < SHORT
        and not stated
        and not article
        and is_interim(title if words >= STUB else f"{title} {folded[:400]}")
    ):
        return Verdict(Reason.SOFT_404, f"a page for the meantime: {title[:100]}")
    if around.passwords and (words < STUB or (LOGIN.search(title) and not stated and words < SHORT)):
        return Verdict(Reason.LOGIN_WALL, "a password field and hardly any text")
    if words < 2 * SHORT and _is_consent(title, folded, words, article):
        return Verdict(Reason.CONSENT_WALL, title[:120])
    if words < STUB and is_walled(text, head):
        return Verdict(Reason.PAYWALL, f"{words} words before a paywall")
    if not body:
        walls = around.linked_headings >= 5 or cut
        return Verdict(Reason.LISTING_PAGE if walls else Reason.NO_BODY, "links only" if walls else "no running text")
    if _is_listing(text, head, around, words, article, stated):
        return Verdict(Reason.LISTING_PAGE, f"{around.linked_headings} linked headings, {words} words of text")
    if words < FEWEST_WORDS and len(body) < FEWEST_LETTERS:
        return Verdict(Reason.TOO_SHORT, f"{words} words")
    return None


def is_walled(text: Text, head: Head) -> bool:
    """The page says that its text goes on for subscribers."""
    said = fold(" ".join(line[-LONGEST_WALL:] for line in (*text.lines[-3:], *text.around)))
    return PAYWALL.search(said) is not None or (is_paid(head) and not text.lines)


@lru_cache(maxsize=16)
def count_words(text: str) -> int:
    """Words; in scripts without spaces two letters count as one."""
    return len(WORD.findall(text)) + len(UNSPACED.findall(text)) // 2


def breaks_off(source: str, text: Text) -> bool:
    """True where the page ends inside its article: no end tags, nothing after the text, no end of a sentence."""
    end = source[-3_000:].lower()
    if "</html" in end or "</body" in end:
        return False
    open_tag = end.rfind("<") > end.rfind(">")
    stops = not text.lines or not text.lines[-1].rstrip().endswith(
        (".", "!", "?", "؟", "»", "”", '"', ")", "…", "۔", "。")
    )
    return text.ends_page and (open_tag or stops)


def _says_article(head: Head) -> bool:
    return bool(head.article) or (head.meta("og:type") or "").lower() in ("article", "newsarticle")


def _is_consent(title: str, folded: str, words: int, article: bool) -> bool:
    hits = len(CONSENT.findall(folded))
    return bool(CONSENT_TITLE.search(title) and hits >= 2) or (hits >= 3 and hits >= words * 0.04 and not article)


def is_paid(head: Head) -> bool:
    """The page states that it is not free to read."""
    free = head.article.get("isAccessibleForFree")
    return free is False or (isinstance(free, str) and free.lower() == "false")


def _is_listing(text: Text, head: Head, around: Surroundings, words: int, article: bool, stated: bool) -> bool:
    if article and not _is_collection(head):
        return False
    if text.linked_share > 0.6 or FOLDER.match(fold(around.headings)):
        return True
    share = text.linked_on_page / max(1, text.letters_on_page)
    if _is_collection(head) and (around.linked_headings >= 5 or share > 0.4):
        return True
    if text.teaser_share > 0.5 and around.linked_headings >= 5:
        return True
    return share > 0.6 and words < STUB and not stated


def _is_collection(head: Head) -> bool:
    kinds = {kind for node in head.nodes for kind in types_of(node)}
    return bool(kinds & {"CollectionPage", "SearchResultsPage", "ItemList"}) and not kinds & ARTICLE_TYPES
