"""Pages that stand in an article's place: which wall or error they are, by what they show, and when they are none."""

from __future__ import annotations

import json

import pytest

from pipeline.reasons import Reason
from pipeline.records import Rejection
from tests.pipeline.extract.pages import BODY, article, page, read

NAVIGATION = "<nav>" + "".join(f"<a href=/{number}>Pages about town {number}</a>" for number in range(20)) + "</nav>"
BANNER = "<div class='cookie-banner'><p>We use cookies. Read our privacy policy.</p><button>Accept all</button></div>"
PAGES = {
    "a form about cookies": (
        "Cookie settings",
        "<form method=post><p>We use cookies. Accept cookies to go on.</p><button>Accept</button></form>",
        Reason.CONSENT_WALL,
    ),
    "a box under the paper's own title": (
        "The Heron",
        "<div role=dialog class='cookie-consent'><img src=logo.png><h2>Your privacy</h2><p>We and our partners use"
        " cookies and process personal data.</p><button>Accept all</button><button>Reject</button></div>",
        Reason.CONSENT_WALL,
    ),
    "nothing but buttons": (
        "The Heron",
        "<div><button>Accept all cookies</button><button>Cookie settings</button><a href=/p>Privacy policy</a></div>",
        Reason.CONSENT_WALL,
    ),
    "a frame of somebody else's": ("Consent", "<iframe src='https://cmp.example/ask'></iframe>", Reason.CONSENT_WALL),
    "in Arabic": (
        "ملفات تعريف الارتباط",
        "<div class=cookie-banner><p>نستخدم ملفات تعريف الارتباط.</p><button>الموافقة</button></div>",
        Reason.CONSENT_WALL,
    ),
    "in Turkish": (
        "Balıkçıl",
        "<aside class=cookie><p>Çerez politikamız ve KVKK metni.</p><button>Çerezleri kabul et</button></aside>",
        Reason.CONSENT_WALL,
    ),
    "a banner under a picture": ("Picture of the day", f"{NAVIGATION}<img src=a.jpg>{BANNER}", Reason.NO_BODY),
    "a banner under a film": ("The film of the day", f"<video src=a.mp4></video>{BANNER}", Reason.NO_BODY),
    "a name but no password": (
        "Sign in to continue",
        "<form><p>Log in or create an account.</p><input type=email><button>Continue</button></form>",
        Reason.LOGIN_WALL,
    ),
    "an error in a box": (
        "The Heron",
        "<div class=error><h1>Page not found</h1><form><input type=search></form></div>",
        Reason.SOFT_404,
    ),
    "a program to run": ("The Heron", "<div id=app></div><noscript>Cookies must be on.</noscript>", Reason.NO_BODY),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_text_is_named_by_what_it_shows(name: str) -> None:
    title, body, reason = PAGES[name]
    found = read(f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>")
    assert isinstance(found, Rejection)
    assert found.reason is reason


SAYING = {
    "an article that was taken away": (
        "This article has been removed",
        "<p>The article you are looking for has been removed by its author or is no longer available.</p>",
        Reason.SOFT_404,
    ),
    "nothing found": (
        "Search",
        "<h1>Search: harbour</h1><p>No results were found. Try other words.</p>",
        Reason.SOFT_404,
    ),
    "a server as it comes": (
        "Welcome to nginx!",
        "<p>If you see this page, the web server is successfully installed and working. Now go on.</p>",
        Reason.SOFT_404,
    ),
    "an error in the heading alone": (
        "Sorry",
        "<h1>Something went wrong</h1><p>Our people are at it and will mend it as soon as they can. Go back.</p>",
        Reason.SOFT_404,
    ),
    "a name for sale": (
        "heron.example is for sale",
        "<p>The owner of this name has put it up for sale. Ask for a price and how to pay for it.</p>",
        Reason.SOFT_404,
    ),
    "a question of age": (
        "Are you over 18?",
        "<h1>Age verification</h1><p>You must be over 18 years of age to view this page. Please confirm.</p>",
        Reason.SOFT_404,
    ),
    "a word on advertisements": (
        "The Heron",
        "<h1>You are using an ad blocker</h1><p>Our work is paid for by others. Please switch it off to read on.</p>",
        Reason.SOFT_404,
    ),
    "a form in German": (
        "Datenschutz",
        "<h1>Ihre Privatsphäre</h1><p>Wir verwenden Cookies. Mit einem Klick stimmen Sie zu; die Einwilligung können "
        "Sie jederzeit widerrufen, wie die Datenschutzerklärung sagt.</p>",
        Reason.CONSENT_WALL,
    ),
    "an author's list": (
        "All by Wren Alder",
        "<ul>"
        + "".join(f"<li><a href=/{n}>The harbour wall is mended for the {n}th time</a> 3 May</li>" for n in range(40))
        + "</ul>",
        Reason.LISTING_PAGE,
    ),
}


@pytest.mark.parametrize("name", SAYING)
def test_a_page_with_words_of_its_own_is_named_by_them(name: str) -> None:
    title, body, reason = SAYING[name]
    found = read(f"<!doctype html><html><head><title>{title}</title></head><body><main>{body}</main></body></html>")
    assert isinstance(found, Rejection)
    assert found.reason is reason


def test_json_with_markup_in_it_is_no_page() -> None:
    lines = "<p>The council met and mended the wall of the old harbour once more.</p>" * 9
    found = read(json.dumps({"items": [{"content_html": lines}]}))
    assert isinstance(found, Rejection)
    assert found.reason is Reason.NOT_HTML


def test_a_line_that_nobody_sees_is_no_text() -> None:
    hidden = "<p style='visibility: hidden'>A shop that nobody sees sells watches at half their price to all.</p>"
    assert article(page(after=hidden).replace("</p>", f"</p>{hidden}", 1)).body == BODY
