"""Words of pages that stand in an article's place: maintenance, overload, checks of the reader, what servers ship."""

from __future__ import annotations

import re

INTERIM = re.compile(
    r"(?:scheduled|planned|routine|under|site|technical) maintenance|maintenance (?:mode|work|in progress|break)"
    r"|(?:come |check |be )?back (?:soon|shortly|later|online|in a (?:few|moment))"
    r"|temporarily (?:unavailable|down|offline|closed)"
    r"|(?:service|site|website|page|server|we) (?:is |are |were )?(?:currently |temporarily )?"
    r"(?:unavailable|offline|overloaded|down\b)"
    r"|(?:try|check) again (?:later|soon|shortly|in a)|under construction|internal server error|bad gateway"
    r"|gateway time-?out|something went wrong|an? (?:unexpected |technical )?error (?:has )?occurred"
    r"|establishing a database connection|access (?:is |was |has been )?(?:denied|restricted|blocked)|^\W*forbidden"
    r"|you (?:have been|are|were) blocked|request (?:was |has been )?(?:blocked|rejected)|unusual traffic"
    r"|captcha|are you a (?:robot|human)|(?:not|are) a robot|verify (?:that )?you are (?:a )?human"
    r"|checking your browser|just a moment|attention required|ddos protection|too many requests"
    r"|(?:enable|turn on|requires?|needs?) (?:javascript|cookies)|javascript (?:is|and cookies) (?:disabled|required)"
    # A check of the reader: age, browser, advertisements
    r"|age (?:verification|check|gate)"
    r"|(?:you must be|are you) (?:over|at least|of legal) (?:18|21|\d\d years|drinking|age)"
    r"|ad[- ]?block(?:er|ing)?\b|(?:un|not |no longer )supported browser"
    r"|browser (?:is )?(?:not|no longer|un) ?supported|(?:upgrade|update) your browser|session (?:has )?expired"
    r"|حاجب الاعلانات|مانع الاعلانات|reklam engelleyici"
    # What servers and shops of names show by themselves
    r"|welcome to nginx|default (?:welcome |web |test )?page|^\W*it works\W*$"
    r"|(?:domain|name|site)\b.{0,20} (?:is |for )+sale|buy this domain"
    r"|domain (?:is |has been )?(?:parked|expired|suspended)|account (?:has been )?suspended"
    r"|^\W*index of /|welcome to wordpress|this is your first post|hello world|coming soon"
    # Arabic
    r"|(?:تحت|قيد|اعمال|لاعمال|بسبب) (?:ال)?صيانه|(?:الموقع|الخدمه) (?:\w+ )?(?:متوقف|مغلق|غير متاح)|متوقف موقتا"
    r"|(?:حاول|المحاوله|يرجي العوده) (?:مره اخري|لاحقا|مجددا)|سنعود (?:قريبا|اليكم)|تفعيل جافا|حدث خطا|خطا في الخادم"
    r"|لست (?:روبوت|برنامج)|تم حظر(?:ك| عنوان| وصول)|غير مسموح لك"
    # Turkish, French, German, Spanish
    r"|bakim (?:calismasi|nedeniyle|modu|asamasinda)|bakimda|gecici olarak|tekrar deneyin(?:iz)?|bir hata olustu"
    r"|erisim engellendi|robot olmadiginizi|maintenance en cours|temporairement indisponible"
    r"|wartungsarbeiten|voruebergehend nicht|en mantenimiento"
)


def is_interim(folded: str) -> bool:
    """True where a title or the beginning of a short text, in folded wording, speaks of such a page."""
    return INTERIM.search(folded) is not None
