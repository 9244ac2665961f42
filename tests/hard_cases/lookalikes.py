"""Hard cases of what is no copy: digests, follow-ups, forms, quotations, boilerplate, translations."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hard_cases.desk import CREDIT, OWN, REPORTS, Case, Row, copy, labelled, paragraphs, report

FOOTER = {
    "ar": "الأخبار المنشورة على الصفحة الرسمية لوكالة الأناضول، هي اختصار لجزء من الأخبار التي تعرض للمشتركين عبر نظام "
    "تدفق الأخبار (HAS). من أجل الاشتراك لدينا يرجى الاتصال بالرابط التالي.",
    "en": "Anadolu Agency website contains only a portion of the news stories offered to subscribers in the AA News "
    "Broadcasting System (HAS), and in summarized form. Please contact us for subscription options.",
    "tr": "Anadolu Ajansı web sitesinde, AA Haber Akış Sistemi (HAS) üzerinden abonelere sunulan haberler, özetlenerek "
    "yayımlanmaktadır. Abonelik için lütfen iletişime geçiniz.",
}
FORMS = {
    14: (
        "weather of two days",
        "توقعت مصلحة الأرصاد، {0}، أن يكون الطقس غائما جزئيا على معظم المناطق مع أمطار متفرقة على {1}.\n"
        "وتتراوح الحرارة العظمى بين {2} و{3} درجة في المدن الساحلية، وتصل الصغرى إلى {4} درجات على المرتفعات.\n"
        "وتهب رياح غربية سرعتها بين {5} و{6} كيلومترا في الساعة، ويكون البحر متوسط الموج.",
        ("الاثنين", "السهل الغربي", "21", "24", "9", "15", "30"),
        ("الثلاثاء", "جبال الشرق", "18", "22", "6", "25", "45"),
    ),
    15: (
        "closing prices of two days",
        "أغلق مؤشر بورصة المرفأ، {0}، مرتفعا بنسبة 0.{1} بالمئة عند مستوى {2} نقطة وسط تداولات بلغت {3} مليونا.\n"
        "وارتفع سهم الأسمنت {4} بالمئة فيما تراجع سهم الألبان {5} بالمئة، وفق البيانات الرسمية للبورصة.\n"
        "وشملت التداولات أسهم {6} شركة بين مرتفعة ومتراجعة ومستقرة دون تغيير.",
        ("الاثنين", "31", "5213", "418", "12", "4", "61"),
        ("الثلاثاء", "74", "5288", "507", "3", "9", "58"),
    ),
    16: (
        "cables to two presidents",
        "بعث رئيس مجلس الموانئ ناصر الخزامي برقية تهنئة إلى رئيس {0} {1} بمناسبة ذكرى اليوم الوطني لبلاده.\n"
        "وأعرب باسمه ونيابة عن أعضاء المجلس عن أصدق التهاني وأطيب التمنيات بالصحة والسعادة للرئيس ولشعب {0} الصديق.\n"
        "وأشاد بالعلاقات المتميزة التي تربط المجلس بموانئ {0}، متمنيا لها مزيدا من التطور.",
        ("مالطا", "جوزيف كاميليري"),
        ("الرأس الأخضر", "باولو مونتيرو"),
    ),
    17: (
        "two matches",
        "فاز {0} على ضيفه {1} بنتيجة {2} مقابل {3} في المباراة التي جمعتهما على ملعب {4} ضمن دوري الأقاليم.\n"
        "وسجل {5} هدف التقدم في الدقيقة {6} قبل أن يضيف {7} الهدف الثاني من ركلة حرة مباشرة.\n"
        "وبهذا الفوز رفع {0} رصيده إلى {8} نقطة فيما توقف رصيد {1} عند {9} نقطة.",
        ("نجوم الميناء", "صقور الهضبة", "2", "1", "الرمان", "فادي العسلي", "17", "رامي السقا", "31", "22"),
        ("وفاق الجبل", "رعد الوادي", "3", "0", "السنديان", "ماهر القباني", "55", "أنس الوراق", "28", "19"),
    ),
}
# Forecasts in which no number and hardly a name differs.
FORECASTS = {
    "ar": (
        "الأرصاد: {0} وسحب رعدية على المرتفعات",
        "توقعت مصلحة الأرصاد في تقريرها عن حالة الطقس لهذا اليوم {0} على معظم المناطق الساحلية والداخلية.\n"
        "وتتكون السحب الركامية الرعدية على المرتفعات الغربية وتمتد إلى أجزاء من {1} مع نشاط في الرياح السطحية.\n"
        "ودعت المصلحة سالكي الطرق إلى توخي الحذر وتجنب بطون الأودية ومتابعة ما يصدر عنها من تنبيهات.",
        ("سماء غائمة جزئيا", "السهل الأوسط"),
        ("سماء صافية عموما", "السهل الأوسط"),
    ),
    "en": (
        "Weather: {0}, thunder over the hills",
        "The weather service forecast {0} for most coastal and inland districts of the republic today.\n"
        "Thunderclouds will build over the western hills and reach parts of {1}, with gusty surface winds.\n"
        "The service asked drivers to take care, to keep away from the valley floors and to follow its warnings.",
        ("partly cloudy skies", "the middle plain"),
        ("mostly clear skies", "the middle plain"),
    ),
    "tr": (
        "Hava durumu: {0}, tepelerde gök gürültüsü",
        "Meteoroloji bugün ülkenin kıyı ve iç kesimlerinin çoğunda {0} bir hava beklendiğini duyurdu.\n"
        "Batıdaki tepelerde gök gürültülü bulutlar oluşacak ve {1} kadar uzanacak, rüzgar yer yer sert esecek.\n"
        "Kurum sürücülerden dikkatli olmalarını, dere yataklarından uzak durmalarını ve uyarıları izlemelerini istedi.",
        ("parçalı bulutlu", "orta ovaya"),
        ("çoğunlukla açık", "orta ovaya"),
    ),
}


def cases() -> Iterator[Case]:
    """One case per row and language."""
    for language in ("ar", "en", "tr"):
        yield from _held(language)
        yield from _own(language)
        yield from _boilerplate(language)
        yield from _forecasts(language)
    for row, (what, form, one, other) in FORMS.items():
        first = copy(report("coins"), "first", form.format(*one).split("\n"), headline=form.format(*one)[:60])
        second = copy(report("coins"), "second", form.format(*other).split("\n"), headline=form.format(*other)[:60])
        second["published_at"] = second["published_at"].replace("2025-03-28", "2025-03-29")
        apart, none = ("first", "second"), (("second", "first"),)
        yield Case(row, what, "ar", (first, second), apart=apart, none=none)
    yield _translated("ar", 18, "https://www.aa.com.tr/ar/9", "anadolu-ar")
    yield _translated("ar", 19, "https://paper.example/9", "paper")


def _held(language: str) -> Iterator[Case]:
    wires = [report(key) for key in REPORTS[language][:3]]
    names = tuple(one["article_id"] for one in wires)
    last = max(wires, key=lambda one: str(one["published_at"]))
    near = [one | {"published_at": last["published_at"]} for one in wires]
    digest = copy(last, "digest", [line for one in wires for line in paragraphs(one)[:2]], headline="1 2 3")
    pasted = copy(wires[0], "pasted", [*paragraphs(wires[0]), *paragraphs(wires[1])[:1]])
    short = copy(wires[1], "short", paragraphs(wires[1])[:1])
    yield Case(
        6,
        "a report with the lede of another one behind it",
        language,
        (wires[0], short, pasted),
        ((names[0], "pasted"),),
        apart=("pasted", "short"),
        links=(("pasted", names[0], "extended_copy|near_copy", ""),),
    )
    full = [copy(one, f"copy-{one['article_id']}", minutes=20) for one in near]
    links = tuple(("digest", name, "digest_member", "") for name in names)
    apart = (*names, "digest")
    yield Case(6, "a digest of three reports", language, (*near, *full, digest), apart=apart, links=links)
    said = [paragraphs(one)[1] for one in wires]
    roundup = copy(last, "round-up", [OWN[language][1], *said], headline="1 2 3")
    apart = (*names, "round-up")
    links = tuple(("round-up", name, "digest_member", "") for name in names)
    yield Case(7, "a round-up of single statements", language, (*near, *full, roundup), apart=apart, links=links)
    live = copy(last, "live", [*OWN[language], paragraphs(wires[0])[0]], headline="live")
    yield Case(21, "a live blog with a wire paragraph", language, (near[0], live), apart=(names[0], "live"))


def _forecasts(language: str) -> Iterator[Case]:
    headline, form, *days = FORECASTS[language]
    wire = report(REPORTS[language][0])
    first, morning, second = (
        copy(wire, name, form.format(*day).split("\n"), minutes=minutes, headline=headline.format(*day))
        for name, day, minutes in (("first", days[0], 10), ("morning", days[1], 700), ("second", days[1], 1460))
    )
    yield Case(14, "forecasts without numbers", language, (first, second), apart=("first", "second"))
    yield Case(14, "an evening's forecast and a morning's", language, (first, morning), apart=("first", "morning"))
    again = copy(wire, "again", paragraphs(first), minutes=1460, headline=first["headline"])
    yield Case(14, "a forecast run again unchanged", language, (first, again), (("first", "again"),))


def _own(language: str) -> Iterator[Case]:
    wire = report(REPORTS[language][0])
    key, text, own = wire["article_id"], paragraphs(wire), OWN[language]
    reuse = copy(wire, "own", [own[0], own[1], own[2], *text[2:4]], headline=None)
    links = (("own", key, "partial_reuse", ""),)
    yield Case(5, "own reporting with wire background", language, (wire, reuse), apart=(key, "own"), links=links)
    brief = copy(wire, "brief", text[:1])
    two = copy(wire, "two", [own[3], own[1], text[0]], headline=own[3][:60])
    yield Case(5, "own news, and a brief of other news behind it", language, (brief, two), apart=("brief", "two"))
    news = [own[3], own[2], text[-1], text[-2]]
    fields = {
        "outlet_id": wire["outlet_id"],
        "url": f"{wire['url']}2",
        "byline": wire["byline"],
        "headline": own[3][:40],
    }
    follow = copy(wire, "next", news, minutes=1500, **fields)
    yield Case(
        10,
        "the next day's news with the old background",
        language,
        (wire, follow),
        apart=(key, "next"),
        links=(("next", key, "follow_up", ""),),
    )
    other = {"ar": ("واس", "ar"), "en": ("SPA", "en"), "tr": ("SPA", "tr")}[language][0]
    statement = text[1]
    theirs = copy(wire, "spa", [own[3], statement, own[2], own[1]], byline=other, headline=own[3][:40])
    theirs |= {"url": "https://www.spa.gov.sa/7"}
    yield Case(12, "one statement by two agencies", language, (wire, theirs), apart=(key, "spa"))
    speech = copy(wire, "speech", [own[0], statement, own[1], text[3], own[2], own[3]], headline=own[0][:40])
    yield Case(13, "two reports with the same quotes", language, (wire, speech), apart=(key, "speech"))
    column = copy(wire, "column", [own[0], text[0], own[1], own[2], text[2], own[3]], headline=own[1][:40])
    yield Case(20, "a column that quotes the wire", language, (wire, column), apart=(key, "column"))
    mention = {
        "ar": "ونقلت وكالة الأناضول عن مسؤول قوله إن العمل تم.",
        "en": "Anadolu Agency reported that work was done.",
    }
    cited = copy(wire, "own", [*own, mention.get(language, "Anadolu Ajansı işin bittiğini bildirdi.")])
    yield Case(
        37, "own report that cites the agency", language, (wire, cited), apart=(key, "own"), none=(("own", key),)
    )
    pictured = copy(wire, "own", own, captions=None)
    yield Case(22, "the agency's photo, own text", language, (wire, pictured), apart=(key, "own"), none=(("own", key),))


def _boilerplate(language: str) -> Iterator[Case]:
    one, other = (report(key) for key in REPORTS[language][:2])
    first = copy(one, "first", [*paragraphs(one)[:2], FOOTER[language]])
    second = copy(other, "second", [*paragraphs(other)[:2], FOOTER[language]])
    none = (("second", "first"), ("first", "second"))
    yield Case(
        40, "the agency's footer is left in both", language, (first, second), apart=("first", "second"), none=none
    )
    line = {
        "ar": "تابعونا على صفحاتنا في مواقع التواصل واشتركوا في النشرة",
        "en": "Follow us and sign up for our letter",
    }
    ticker = line.get(language, "Bizi takip edin ve bültenimize abone olun")
    pages = [copy(wire, name, [*paragraphs(wire)[:3], ticker]) for wire, name in ((one, "first"), (other, "second"))]
    yield Case(41, "a line that every outlet has", language, tuple(pages), apart=("first", "second"), none=none)


def _translated(language: str, row: int, url: str, outlet: str) -> Case:
    english = report("ferry")
    arabic: Row = labelled("train-origin") | {"article_id": "arabic", "url": url, "outlet_id": outlet}
    text = [
        "أبحرت عبارة كهربائية للمرة الأولى من سالت هيفن إلى جزر مرو، السبت، وعلى متنها 240 راكبا و31 سيارة.",
        "واستغرقت الرحلة 52 دقيقة، أي أقل بأربع دقائق من سفينة الديزل، وفق القبطان إينيس أوريل.",
    ]
    arabic |= {"body": "\n".join(text), "published_at": english["published_at"], "byline": CREDIT[language]}
    none = (("arabic", "ferry"), ("ferry", "arabic"))
    return Case(
        row, "a translation (open: not linked)", "ar, en", (english, arabic), apart=("ferry", "arabic"), none=none
    )
