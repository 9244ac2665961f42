"""Scope: other ports, hosts and schemes, by redirect, link, canonical, meta refresh and trick spelling."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from tests.site.hostile.answers import answer, redirect
from tests.site.hostile.board import FEED, SECTION, SITEMAP, Board, Plan, section
from tests.site.hostile.checks import HeaderNeverSent, NeverAsked, Refused, Stored, refused
from tests.site.hostile.pages import bare
from tests.site.hostile.tls import self_signed

OUT = refused("out_of_scope", "blocked_address")
ODD = refused("bad_scheme", "out_of_scope", "bad_url")


def add_redirects(board: Board, plan: Plan) -> None:
    """Redirects that leave the outlet, and some that may be followed."""
    main, far = plan.listener.origin, board.canary.origin
    port, far_port = plan.listener.port, board.canary.port
    targets = {
        "redirect-port": (far + "/news/redirect-port", OUT),
        "redirect-host": (f"http://127.0.0.2:{port}/news/redirect-host", OUT),
        "redirect-slashes": (f"//127.0.0.1:{far_port}/news/redirect-slashes", OUT),
        "redirect-backslash": (f"/\\127.0.0.1:{far_port}/news/redirect-backslash", Refused()),
        "redirect-userinfo": (f"http://127.0.0.1:{port}@127.0.0.1:{far_port}/news/redirect-userinfo", ODD),
        "redirect-https": (f"https://127.0.0.1:{port}/news/redirect-https", OUT),
        "redirect-file": ("file:///etc/hostname?redirect-file", ODD),
        "redirect-ftp": (f"ftp://127.0.0.1:{far_port}/redirect-ftp", ODD),
        "redirect-data": ("data:text/html,<h1>redirect-data</h1>", ODD),
        "redirect-javascript": ("javascript:alert('redirect-javascript')", ODD),
        "redirect-s3": ("s3://bucket/redirect-s3", ODD),
        "redirect-nowhere": ("", Refused()),
        "redirect-loop": (f"{main}/news/redirect-loop", refused("too_many_redirects")),
        "redirect-disallowed": ("/private/target-of-disallowed", refused("robots_disallowed")),
    }
    for name, (target, check) in targets.items():
        marks = (name, "target-of-disallowed") if name == "redirect-disallowed" else (name,)
        board.add(plan, name, "redirect", redirect(target), check, about=f"302 to {target[:60]}", marks=marks)
    board.add(plan, "private-target", "robots", None, NeverAsked(("target-of-disallowed",)), where=None)
    hops = {f"/news/chain/redirect-chain/{n}": redirect(f"/news/chain/redirect-chain/{n + 1}") for n in range(40)}
    plan.listener.routes |= hops
    first = redirect("/news/chain/redirect-chain/0")
    board.add(plan, "redirect-chain", "redirect", first, refused("too_many_redirects"), about="forty hops")


def add_good_redirects(board: Board, plan: Plan) -> None:
    """Redirects that a crawl should follow: to the second origin, and over three hops."""
    second = board.origin(plan, "second")
    text, body = board.article("redirect-second")
    second.routes["/news/landed/redirect-second"] = answer(body)
    target = second.origin + "/news/landed/redirect-second"
    board.add(plan, "redirect-second", "redirect", redirect(target, 301), Stored(text), about="to also_origins")
    text, body = board.article("redirect-short")
    routes = plan.listener.routes
    routes["/hop/1/redirect-short"] = redirect("/hop/2/redirect-short", 308)
    routes["/hop/2/redirect-short"] = redirect("../../news/landed/redirect-short", 303)
    routes["/news/landed/redirect-short"] = answer(body)
    first = redirect("/hop/1/redirect-short", 301)
    board.add(plan, "redirect-short", "redirect", first, Stored(text), about="three hops inside the outlet")


def add_odd_redirects(board: Board, plan: Plan) -> None:
    """Targets spelt with blanks or raw letters, and a redirect to a login page."""
    routes = plan.listener.routes
    arabic = quote("خبر")
    for name, target, path in (
        ("redirect-blank", "/news/landed at/redirect-blank", "/news/landed%20at/redirect-blank"),
        ("redirect-letters", "/news/خبر/redirect-letters", f"/news/{arabic}/redirect-letters"),
        ("redirect-escaped", f"/news/{arabic}/redirect-escaped", f"/news/{arabic}/redirect-escaped"),
    ):
        text, body = board.article(name)
        routes[path] = answer(body)
        board.add(plan, name, "redirect", redirect(target), Stored(text), about=f"to {target}")
    form = "<h1>Sign in</h1><form method='post'><input type='password' name='p'><button>Sign in</button></form>"
    routes["/login"] = answer(bare("Sign in", form))
    check = refused("login_wall", "no_body", "too_short")
    board.add(
        plan, "redirect-login", "redirect", redirect("/login?next=/news/redirect-login"), check, about="to a login"
    )


def add_links(board: Board, plan: Plan) -> None:
    """Links in feed and sitemap that may not be followed; each refusal has a reason."""
    port, far_port = plan.listener.port, board.canary.port
    links = {
        "link-port": (f"http://127.0.0.1:{far_port}/news/link-port", OUT, FEED),
        "link-host": (f"http://127.0.0.2:{port}/news/link-host", OUT, FEED),
        "link-https": (f"https://127.0.0.1:{port}/news/link-https", OUT, FEED),
        "link-decimal": (f"http://2130706433:{port}/news/link-decimal", OUT, FEED),
        "link-zero": (f"http://0.0.0.0:{far_port}/news/link-zero", OUT, FEED),
        "link-mapped": (f"http://[::ffff:127.0.0.1]:{far_port}/news/link-mapped", OUT, FEED),
        "link-ipv6": (f"http://[::1]:{far_port}/news/link-ipv6", OUT, FEED),
        "link-metadata": ("http://169.254.169.254/news/link-metadata", OUT, FEED),
        "link-userinfo": (f"http://127.0.0.1:{port}@127.0.0.1:{far_port}/news/link-userinfo", ODD, FEED),
        "link-ftp": (f"ftp://127.0.0.1:{far_port}/news/link-ftp", ODD, FEED),
        "link-file": ("file:///etc/hosts?link-file", ODD, FEED),
        "link-data": ("data:text/html,<p>link-data</p>", ODD, FEED),
        "link-javascript": ("javascript:alert('link-javascript')", ODD, FEED),
        "link-long": (f"http://127.0.0.1:{port}/news/link-long?{'x' * 9000}", refused("bad_url"), FEED),
        "link-port-number": ("http://127.0.0.1:99999/news/link-port-number", refused("bad_url", "out_of_scope"), FEED),
        "loc-port": (f"http://127.0.0.1:{far_port}/news/loc-port", OUT, SITEMAP),
        "loc-host": (f"http://127.0.0.2:{port}/news/loc-host", OUT, SITEMAP),
        "loc-file": ("file:///etc/hosts?loc-file", ODD, SITEMAP),
    }
    for name, (href, check, where) in links.items():
        board.add(plan, name, "link", None, check, NeverAsked(), href=href, where=where, about=href[:70])
    listing = {
        "anchor-port": f"http://127.0.0.1:{far_port}/news/anchor-port",
        "anchor-host": f"//127.0.0.2:{port}/news/anchor-host",
        "anchor-script": "javascript:location='/news/anchor-script'",
    }
    for name, href in listing.items():
        board.add(plan, name, "link", None, NeverAsked(), href=href, where=SECTION, about=href[:70])


def add_credentials(board: Board, plan: Plan) -> None:
    """A link with user name and password; the page wants them."""
    wants = answer("who?", status=401, headers=[("WWW-Authenticate", 'Basic realm="news"')])
    href = f"http://reader:secret@127.0.0.1:{plan.listener.port}/news/link-credentials"
    check = refused("bad_url", "out_of_scope", "http_error")
    sent = HeaderNeverSent("authorization")
    board.add(plan, "link-credentials", "link", wants, check, sent, href=href, about="basic auth in the URL")


def add_page_hints(board: Board, plan: Plan) -> None:
    """Hints inside pages that point elsewhere: the article stays, nothing is followed."""
    far = board.canary.origin
    stub = '<html><head><meta http-equiv="refresh" content="0; url={}"></head><body>Moving on</body></html>'
    board.add(plan, "refresh-meta", "hint", answer(stub.format(far + "/news/refresh-meta")), Refused())
    board.add(
        plan, "refresh-header", "hint", answer("<p>Moved</p>", headers=[("Refresh", f"0; url={far}/r")]), Refused()
    )
    heads = {
        "canonical-port": '<link rel="canonical" href="{}/news/canonical-port">',
        "canonical-script": '<link rel="canonical" href="javascript:alert(\'{}\')">',
        "canonical-empty": '<link rel="canonical" href="">',
        "alternates-port": '<link rel="amphtml" href="{0}/amp"><link rel="alternate" hreflang="en" href="{0}/en">'
        '<link rel="next" href="{0}/next"><link rel="preload" href="{0}/p.js">',
        "og-url-port": '<meta property="og:url" content="{}/news/og-url-port">'
        '<meta property="og:image" content="{}/i">',
        "base-port": '<base href="{}/">',
        "refresh-self": '<meta http-equiv="refresh" content="600">',
    }
    for name, extra in heads.items():
        text, body = board.article(name, head=extra.replace("{}", far).replace("{0}", far))
        board.add(plan, name, "hint", answer(body), Stored(text), about=escape(extra[:60]))
    for name, header in {
        "link-header": ("Link", f'<{far}/news/link-header>; rel="canonical"'),
        "alt-svc": ("Alt-Svc", f'http/1.1="127.0.0.1:{board.canary.port}"; ma=3600'),
    }.items():
        text, body = board.article(name)
        board.add(plan, name, "hint", answer(body, headers=[header]), Stored(text), about=f"header {header[0]}")
    frames = f'<iframe src="{far}/frame"></iframe><img src="{far}/pixel.gif"><script src="{far}/s.js"></script>'
    text, body = board.article("embedded-port", after=frames)
    board.add(plan, "embedded-port", "hint", answer(body), Stored(text), about="frames, pictures and scripts elsewhere")


def add_section_tricks(board: Board, plan: Plan) -> None:
    """Listing pages whose base or next page lies elsewhere."""
    based = section([], f'<base href="{board.canary.origin}/">', '<a href="news/section-base">read</a>')
    plan.listener.routes["/section-base-page"] = answer(based)
    nexted = section([], f'<link rel="next" href="{board.canary.origin}/news/section-next">')
    plan.listener.routes["/section-next-page"] = answer(nexted)
    for name in ("section-base", "section-next"):
        plan.sections.append(f"{plan.listener.origin}/{name}-page")
        board.add(plan, name, "link", None, NeverAsked(), where=None, about="a listing that points elsewhere")


def add_elsewhere(board: Board) -> None:
    """A configured outlet whose address is not public and not allowed."""
    plan = board.outlet("elsewhere", "en")
    canary = board.site.listen("canary-far", "127.0.0.2", canary=True)
    plan.feeds.append(f"{canary.origin}/elsewhere.xml")
    checks = (refused("blocked_address"), NeverAsked())
    board.add(plan, "elsewhere-feed", "link", None, *checks, where=None, marks=("elsewhere.xml",), about="127.0.0.2")
    plan.sections.append(f"http://[::ffff:127.0.0.2]:{canary.port}/mapped-section")
    board.add(plan, "elsewhere-mapped", "link", None, refused("blocked_address"), where=None, marks=("mapped-section",))
    plan.sections.append(f"http://[::ffff:169.254.169.254]:{canary.port}/metadata-section")
    marks = ("metadata-section",)
    board.add(plan, "elsewhere-metadata", "link", None, refused("blocked_address"), where=None, marks=marks)
    add_untrusted(board)
    off = board.outlet("paused", "en")
    off.status = "paused"
    body = board.article("paused-outlet")[1]
    board.add(off, "paused-outlet", "link", answer(body), NeverAsked(), about="an outlet that is switched off")


def add_untrusted(board: Board) -> None:
    """An outlet over TLS with a certificate that nobody vouches for."""
    plan = board.outlet("untrusted", "en")
    plan.listener.tls = self_signed(board.secret.parent)
    plan.feeds.append(f"{plan.listener.origin}/untrusted.xml")
    checks = (refused("tls_failed"), NeverAsked())
    board.add(plan, "untrusted-tls", "link", None, *checks, where=None, marks=("untrusted.xml",), about="self-signed")


def add_cases(board: Board, plan: Plan) -> None:
    """Every case of this class."""
    board.site.listen("canary-host", "127.0.0.2", plan.listener.port, canary=True)
    robots = answer("User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    plan.listener.routes["/robots.txt"] = robots
    add_redirects(board, plan)
    add_good_redirects(board, plan)
    add_odd_redirects(board, plan)
    add_links(board, plan)
    add_credentials(board, plan)
    add_page_hints(board, plan)
    add_section_tricks(board, plan)
    add_elsewhere(board)
