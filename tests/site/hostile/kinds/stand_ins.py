"""What stands in an article's place: consent without a text, removed articles, pages of servers and shields."""

from __future__ import annotations

from tests.site.hostile.answers import answer
from tests.site.hostile.board import Board
from tests.site.hostile.checks import Refused, refused
from tests.site.hostile.pages import bare

CONSENT, MISSING, LOGIN, PAY = refused("consent_wall"), refused("soft_404"), refused("login_wall"), refused("paywall")
ACCEPT = "<button>Accept all cookies</button><button>Cookie settings</button>"
# name: title, what the page shows, outcome
PAGES: dict[str, tuple[str, str, Refused]] = {
    "consent-form": ("Cookie settings", f"<form method=post><p>We use cookies to go on.</p>{ACCEPT}</form>", CONSENT),
    "consent-box": (
        "The Heron",
        f"<div class='cookie-consent'><h2>Your privacy</h2><p>We and our partners use cookies.</p>{ACCEPT}</div>",
        CONSENT,
    ),
    "consent-buttons": ("Before you continue", f"<div>{ACCEPT}</div>", CONSENT),
    "consent-frame": ("Consent", "<iframe src='/cmp'></iframe>", CONSENT),
    "consent-de": (
        "Datenschutz",
        "<h1>Ihre Privatsphäre</h1><p>Wir verwenden Cookies. Mit einem Klick stimmen Sie zu; die Einwilligung können "
        "Sie jederzeit widerrufen, wie die Datenschutzerklärung sagt.</p><button>Alle akzeptieren</button>",
        CONSENT,
    ),
    "consent-fr": (
        "Votre vie privée",
        "<h1>Votre vie privée</h1><p>Nous et nos partenaires utilisons des cookies. Vous pouvez accepter ou refuser, "
        "selon notre politique de confidentialité.</p><button>Tout accepter</button>",
        CONSENT,
    ),
    "consent-tr": (
        "Çerez tercihleri",
        "<h1>Gizliliğiniz</h1><p>Cihazınızda çerezler kullanıyoruz. Kişisel verileriniz KVKK kapsamında işlenir. "
        "Çerezleri kabul edebilirsiniz; aydınlatma metnine bakın.</p><button>Kabul et</button>",
        CONSENT,
    ),
    "consent-ar": (
        "خصوصيتك",
        "<h1>خصوصيتك</h1><p>نستخدم ملفات تعريف الارتباط على جهازك. يمكنك قبول ملفات تعريف الارتباط أو رفضها وفقاً "
        "لسياسة الخصوصية.</p><button>موافق</button>",
        CONSENT,
    ),
    "login-fr": (
        "Connexion",
        "<h1>Connectez-vous</h1><form><input type=email><input type=password></form><p>Identifiez-vous pour lire.</p>",
        LOGIN,
    ),
    "login-by-mail": (
        "Sign in to continue",
        "<form><p>Log in or create an account.</p><input type=email><button>Go on</button></form>",
        LOGIN,
    ),
    "pay-fr": (
        "Les droits du port",
        "<article><h1>Les droits du port</h1><p>La direction du port annonce une hausse.</p></article>"
        "<p>Cet article est réservé aux abonnés.</p>",
        PAY,
    ),
    "pay-tr": (
        "Liman ücretleri",
        "<article><h1>Liman ücretleri</h1><p>Liman yönetimi artış olacağını söyledi.</p></article>"
        "<p>Bu haberin devamını okumak için abone olun.</p>",
        PAY,
    ),
    "gone-removed": (
        "This article has been removed",
        "<p>The article you are looking for has been removed by its author or is no longer available.</p>",
        MISSING,
    ),
    "gone-box": (
        "The Heron",
        "<div class=error><h1>Page not found</h1><form><input type=search></form></div>",
        MISSING,
    ),
    "gone-search": ("Search", "<h1>Search</h1><p>No results were found. Try other words.</p>", MISSING),
    "server-fresh": (
        "Welcome to nginx!",
        "<p>This server was set up a moment ago and waits for its pages.</p>",
        MISSING,
    ),
    "server-database": (
        "Error",
        "<h1>Error establishing a database connection</h1><p>Ask your host for help.</p>",
        MISSING,
    ),
    "server-sorry": ("Sorry", "<h1>Something went wrong</h1><p>Our people are at it. Please go back.</p>", MISSING),
    "server-sale": (
        "heron.example is for sale",
        "<p>Its owner has put this name up for sale; ask for a price.</p>",
        MISSING,
    ),
    "server-first-post": (
        "Hello world!",
        "<article><h1>Hello world!</h1><p>This is your first post.</p></article>",
        Refused(),
    ),
    "asks-age": ("Are you over 18?", "<h1>Age verification</h1><p>Please confirm when you were born.</p>", MISSING),
    "asks-blocker": ("The Heron", "<h1>You use an ad blocker</h1><p>Please switch it off to read on.</p>", MISSING),
    "asks-browser": ("The Heron", "<h1>Your browser is not supported</h1><p>Please take a newer one.</p>", MISSING),
    "asks-session": ("The Heron", "<h1>Your session has expired</h1><p>Load the page again.</p>", MISSING),
    "lists-author": (
        "All by Wren Alder",
        "<ul>"
        + "".join(f"<li><a href=/{n}>Harbour wall is mended a {n}th time</a> 3 May</li>" for n in range(40))
        + "</ul>",
        refused("listing_page"),
    ),
    "frames-only": ("Paper", "<frameset><frame src='/a'><frame src='/b'></frameset>", Refused()),
}


def add_cases(board: Board) -> None:
    """Every case of this class."""
    plan = board.outlet("stand-ins", "en", "Europe/London")
    for name, (title, inner, check) in PAGES.items():
        board.add(plan, name, "wall", answer(bare(title, inner)), check, about=title)
