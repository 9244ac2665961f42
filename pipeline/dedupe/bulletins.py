"""Bulletins and live blogs: pages whose headline says that they hold several reports, as «موجز الأنباء» does.

That a page calls itself so is not enough, as some sites print a section's name for a headline: what it holds decides.
But of a bulletin that holds two reports, neither is what it is a copy of, however much longer the one is.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.normalise import fold_word, split_words

# A headline that begins with one of these and goes on, in the next two words, with one of those: «أبرز أحداث اليوم».
OPENING = "موجز نشرة حصاد أبرز أهم عناوين ملخص خلاصة جولة مختصر مقتطفات لقطات شريط"
OF_NEWS = (
    "أخبار الأخبار أنباء الأنباء أحداث الأحداث الإخبارية الإخباري عناوين العناوين تطورات التطورات الصحافة اليوم اليومي"
    " اليومية الصباح صباح الصباحي الصباحية الظهيرة المساء مساء المسائية الأسبوع الأسبوعي الأسبوعية محليات دوليات"
)
# Alone, or with anything behind: «موجز», «متفرقات».
ALONE = "موجز مختصرات متفرقات باختصار"
# What may stand beside words of news in a headline that tells nothing else: «الأخبار في دقيقة», «أسبوع من الأخبار».
BESIDE_NEWS = (
    "في من عن على مع إلى ثانية ثوان دقيقة دقائق ساعة ساعات يوم أيام أسبوع سبعة سطور كلمات صور الصحف الصحافة السبت الأحد"
    " الاثنين الثلاثاء الأربعاء الخميس الجمعة"
)
# Anywhere in a headline, in Arabic, English, Turkish and French.
ANYWHERE = (
    "ردود فعل",
    "ردود الفعل",
    "تغطية مباشرة",
    "تغطية مستمرة",
    "in brief",
    "news briefs",
    "news briefing",
    "morning briefing",
    "midday briefing",
    "evening briefing",
    "daily briefing",
    "news bulletin",
    "morning bulletin",
    "evening bulletin",
    "news digest",
    "daily digest",
    "news roundup",
    "news round-up",
    "news wrap",
    "news summary",
    "top stories",
    "top headlines",
    "the headlines",
    "today's headlines",
    "day in review",
    "week in review",
    "press review",
    "reactions to",
    "live blog",
    "live updates",
    "live coverage",
    "haber bülteni",
    "sabah bülteni",
    "öğle bülteni",
    "akşam bülteni",
    "günün özeti",
    "haber özeti",
    "özet haberler",
    "kısa haberler",
    "kısa kısa",
    "haber turu",
    "günün haberleri",
    "günün başlıkları",
    "günün gelişmeleri",
    "günün önemli",
    "öne çıkan haberler",
    "öne çıkan başlıklar",
    "öne çıkan gelişmeler",
    "gündeminde bugün",
    "canlı blog",
    "dakika dakika",
    "en bref",
    "revue de presse",
    "les brèves",
    "les titres",
    "bulletin d'information",
    "bulletin d'informations",
    "l'essentiel de l'actualité",
)
# How many words from the first on tell what a headline calls its page, in Arabic.
_FIRST = 3


def is_bulletin(headline: str | None) -> bool:
    """Whether a headline calls its page a bulletin."""
    return name_a_bulletin(_words(headline or ""))


def name_a_bulletin(words: Sequence[str]) -> bool:
    """Whether a headline, given as its words in their one spelling, calls its page a bulletin."""
    if not words:
        return False
    if words[0] in _ALONE or (words[0] in _OPENING and not _OF_NEWS.isdisjoint(words[1:_FIRST])):
        return True
    if not _OF_NEWS.isdisjoint(words) and _ONLY_NEWS.issuperset(words):
        return True
    if _ANYWHERE.keys().isdisjoint(words):  # so with nearly all
        return False
    return any(words[at : at + len(some)] == some for at, one in enumerate(words) for some in _ANYWHERE.get(one, ()))


def _words(text: str) -> list[str]:
    return [word for word in map(fold_word, split_words(text)) if word]


_OPENING, _OF_NEWS, _ALONE = (frozenset(_words(some)) for some in (OPENING, OF_NEWS, ALONE))
_ONLY_NEWS = _OPENING | _OF_NEWS | frozenset(_words(BESIDE_NEWS))
_ANYWHERE: dict[str, list[list[str]]] = {}
for _some in map(_words, ANYWHERE):
    _ANYWHERE.setdefault(_some[0], []).append(_some)
