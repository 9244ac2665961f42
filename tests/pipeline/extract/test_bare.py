"""Pages whose words are all in forms and boxes: which wall they are, and when they are none."""

from __future__ import annotations

import pytest

from pipeline.reasons import Reason
from pipeline.records import Rejection
from tests.pipeline.extract.pages import read

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
