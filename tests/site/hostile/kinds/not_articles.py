"""Pages under article addresses that are no articles, and articles that look like such pages."""

from __future__ import annotations

import gzip
import io
import zipfile

from tests.site.hostile.answers import HTML, answer, redirect
from tests.site.hostile.board import Board, Plan
from tests.site.hostile.checks import Refused, Stored, either, refused
from tests.site.hostile.pages import Dress, bare, page
from tests.site.hostile.prose import write_text

EMPTY = ("no_body", "too_short")
LOGIN = (
    "<h1>Sign in to continue</h1><form action='/login' method='post'>"
    "<label>E-mail <input type='email' name='e'></label><label>Password <input type='password' name='p'></label>"
    "<button>Sign in</button></form>"
    "<p>You need an account to read this page. Sign in with your e-mail address and password, or create an account. "
    "Forgot your password? We can send you a new one. By signing in you accept our terms of use.</p>"
)
CONSENT = (
    "<div id='consent'><h1>We value your privacy</h1><p>We and our 843 partners store and access information on your "
    "device, such as cookies, and process personal data for personalised advertising, audience measurement and "
    "development of services. You can accept all cookies, reject them or manage your choices at any time. Some of our "
    "partners process your data on the basis of legitimate interest. Your choices apply to this website only, and you "
    "can change them in the privacy settings at the foot of each page.</p><button>Accept all</button>"
    "<button>Reject all</button><button>Manage options</button></div>"
)
MISSING = (
    "<h1>Page not found</h1><p>Sorry, the page you are looking for does not exist or has been moved. Check the "
    "address, go back to the home page, or use the search box to find what you were looking for. If you think that "
    "this is a mistake, please let us know. Here are some of the sections that our readers visit most.</p>"
)
MISSING_AR = (
    "<h1>عذراً، الصفحة غير موجودة</h1><p>الصفحة التي تبحث عنها غير موجودة أو تم نقلها أو حذفها. يرجى التأكد من العنوان "
    "أو العودة إلى الصفحة الرئيسية أو استخدام البحث للوصول إلى الخبر الذي تريده. خطأ 404.</p>"
)
LOGIN_AR = (
    "<h1>تسجيل الدخول</h1><form method='post'><input name='u'><input type='password' name='p'><button>دخول</button>"
    "</form><p>يجب تسجيل الدخول لمتابعة القراءة. أدخل البريد الإلكتروني وكلمة المرور أو أنشئ حساباً جديداً. هل نسيت كلمة "
    "المرور؟</p>"
)
CHECKING = (
    "<h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue. This process is automatic. "
    "Your browser will redirect to the requested page shortly. "
    "Verify that you are human by completing the action below.</p>"
)
MAINTENANCE = "<h1>Back soon</h1><p>We are carrying out scheduled maintenance. Please come back in a few minutes.</p>"


def add_walls(board: Board, plan: Plan) -> None:
    """Login, consent, paywall, error and waiting pages that say 200."""
    walls = {
        "wall-login": (LOGIN, "en", ("login_wall", *EMPTY)),
        "wall-login-ar": (LOGIN_AR, "ar", ("login_wall", *EMPTY)),
        "wall-consent": (CONSENT, "en", ("consent_wall", *EMPTY)),
        "soft-404": (MISSING, "en", ("soft_404", *EMPTY)),
        "soft-404-ar": (MISSING_AR, "ar", ("soft_404", *EMPTY)),
    }
    for name, (inner, language, reasons) in walls.items():
        title = inner.split("<h1>")[1].split("</h1>")[0]
        board.add(plan, name, "wall", answer(bare(title, inner, language)), refused(*reasons), about=inner[:60])
    for name, inner in {"wall-checking": CHECKING, "wall-maintenance": MAINTENANCE}.items():
        board.add(plan, name, "wall", answer(bare("Wait", inner)), Refused(), about=inner[:60])
    lede = write_text("wall-pay").paragraphs[0]
    stub = (
        f'<article><h1>Harbour fees to rise</h1><p>{lede}</p></article><div class="paywall">'
        "<h2>Subscribe to read the full article</h2><p>Already a subscriber? Log in. Get unlimited access from one "
        "coin a week. Cancel any time.</p></div>"
    )
    free = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour fees to rise",'
    free += '"isAccessibleForFree":false}</script>'
    check = refused("paywall", *EMPTY)
    board.add(plan, "wall-pay", "wall", answer(bare("Harbour fees to rise", stub, head=free)), check, about="a teaser")
    fade = f"<article><h1>Fees</h1><p>{lede}</p><p>This article is for subscribers only. Subscribe now.</p></article>"
    board.add(plan, "wall-pay-plain", "wall", answer(bare("Fees", fade)), check, about="a teaser without markup")
    plan.listener.routes["/"] = answer(bare("Home", "<h1>Today</h1><ul><li><a href='/news/x'>x</a></li></ul>"))
    board.add(plan, "dead-to-home", "wall", redirect("/"), Refused(), about="a dead article redirects to the home page")


def add_empty(board: Board, plan: Plan) -> None:
    """Pictures, films, lists, shells, nothing."""
    pictures = "".join(f"<figure><img src='/p/{n}.jpg' alt=''></figure>" for n in range(12))
    items = "".join(f"<li><a href='/news/l{n}'>{write_text(f'l{n}').headline}</a></li>" for n in range(60))
    shells = {
        "only-pictures": (f"<article><h1>In pictures</h1>{pictures}</article>", EMPTY),
        "only-film": ("<article><h1>Watch</h1><video src='/v.mp4' controls></video></article>", EMPTY),
        "only-links": (f"<h1>Latest</h1><ul>{items}</ul>", ("listing_page", *EMPTY)),
        "only-script": ("<div id='app'></div><noscript>Enable JavaScript to run this app.</noscript>", EMPTY),
        "only-words": ("<article><h1>Breaking</h1><p>More to follow.</p></article>", EMPTY),
        "only-nothing": ("", EMPTY),
    }
    for name, (inner, reasons) in shells.items():
        check = refused(*reasons)
        board.add(plan, name, "empty", answer(bare(name, inner)), check, about=inner[:60])


def add_files(board: Board, plan: Plan) -> None:
    """Other formats, called text/html or by their own name."""
    lines = " ".join(f"({line}) Tj" for line in write_text("a-pdf").paragraphs)
    pdf = f"%PDF-1.7\n1 0 obj\n<< /Length {len(lines)} >>\nstream\nBT {lines} ET\nendstream\nendobj\n%%EOF\n".encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("article.html", board.article("zipped")[1])
    text = write_text("as-json")
    files = {
        "as-pdf": pdf,
        "as-zip": archive.getvalue(),
        "as-gzip": gzip.compress(board.article("gzipped")[1].encode()),
        "as-png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30,
        "as-json": b'{"headline": "x", "body": "' + text.body.replace("\n", " ").encode() + b'"}',
        "as-xml": b'<?xml version="1.0"?><data><row>' + text.body.encode() + b"</row></data>",
        "as-binary": bytes((n * 7919) % 256 for n in range(20_000)),
    }
    for name, content in files.items():
        check = (
            refused("not_html", *EMPTY) if name in ("as-pdf", "as-zip", "as-png", "as-binary", "as-gzip") else Refused()
        )
        board.add(plan, name, "file", answer(content, content_type=HTML), check, about=f"{name[3:]} called text/html")
    for name, kind in {"true-pdf": "application/pdf", "true-jpeg": "image/jpeg", "true-film": "video/mp4"}.items():
        content = pdf if name == "true-pdf" else b"\xff\xd8\xff" + bytes(5_000)
        board.add(plan, name, "file", answer(content, content_type=kind), refused("not_html"), about=f"called {kind}")


def add_lookalikes(board: Board, plan: Plan) -> None:
    """Whole articles beside login forms, cookie banners and words that error pages use."""
    text, body = board.article("has-login-form", before=LOGIN.split("<p>")[0])
    board.add(plan, "has-login-form", "lookalike", answer(body), Stored(text), about="a login form in the header")
    text, body = board.article("has-cookie-banner", after=CONSENT)
    board.add(plan, "has-cookie-banner", "lookalike", answer(body), Stored(text), about="a banner under the article")
    drawn = write_text("about-404")
    text = type(drawn)(
        drawn.slug, "en", "Page not found: village erects a statue to error 404", drawn.author, drawn.paragraphs
    )
    body = page(text, Dress(published=board.stamp()))
    board.add(plan, "about-404", "lookalike", answer(body), Stored(text), about="an article about error 404")
    paid = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>'
    text, body = board.article(
        "has-offer", head=paid, after="<div class='offer'>Subscribe to read more every day.</div>"
    )
    board.add(plan, "has-offer", "lookalike", answer(body), Stored(text), about="an offer under a whole article")
    text, body = board.article("says-robots", head='<meta name="robots" content="noarchive">')
    check = either(Stored(text), Refused())
    board.add(plan, "says-robots", "lookalike", answer(body), check, about="noarchive: either way is right")


def add_cases(board: Board) -> Plan:
    """Every case of this class."""
    plan = board.outlet("pages", "en", "Europe/London")
    add_walls(board, plan)
    add_empty(board, plan)
    add_files(board, plan)
    add_lookalikes(board, plan)
    return plan
