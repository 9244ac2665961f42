"""What a page counts and how long ago it came out: lines that are others at every visit and belong to no article.

«منذ ٣ ساعات», "1.2K views", "345 kez okundu": recognised by their words, whatever their order. In folded wording.
"""

from __future__ import annotations

import re

from pipeline.extract.months import fold
from pipeline.extract.wording import names

LONGEST = 90  # letters
UNITS = (
    r"(?:ثاني(?:ه|تين)|ثوان(?:ي)?|دقيق(?:ه|تين)|دقايق|ساع(?:ه|تين|ات)|يوم(?:ين|ا)?|ايام|اسبوع(?:ين|ا)?|اسابيع|شهر(?:ين|ا)?"
    r"|اشهر|شهور|سن(?:ه|تين|وات)|عام(?:ين|ا)?|اعوام|لحظات|قليل)"
)
AGO = re.compile(
    rf"(?<!\w)(?:منذ|قبل) (?:حوالي |نحو |اكثر من |اقل من )?(?:\d+ )?{UNITS}(?: واحده?)?(?!\w)"
    r"|(?<!\w)\d+ (?:ثانيه|دقيقه|ساعت|روز|هفته|ماه) (?:پيش|قبل)(?!\w)"
    r"|(?<!\w)(?:about |over |almost |less than )?(?:\d+|an?|one|two|few) ?"
    r"(?:s|sec|m|min|h|hr|d|w|mo|y|second|minute|hour|day|week|month|year)s? ago(?!\w)|(?<!\w)just now(?!\w)"
    r"|(?<!\w)(?:yaklasik )?(?:\d+|bir) (?:saniye|sn|dakika|dk|saat|sa|gun|hafta|ay|yil) once(?!\w)"
    r"|(?<!\w)az once(?!\w)"
    r"|(?<!\w)il y a (?:environ |moins d.|plus d.)?(?:\d+|une?|quelques) ?"
    r"(?:s|seconde|min|minute|h|heure|j|jour|semaine|mois|ans?|annee)s?(?!\w)"
    r"|(?<!\w)vor (?:etwa )?(?:\d+|einer|einem|wenigen) (?:sekunde|minute|stunde|tag|woche|monat|jahr)(?:en|n|e)?(?!\w)"
    r"|(?<!\w)hace (?:\d+|una?) (?:segundo|minuto|hora|dia|semana|mes|ano)(?:s|es)?(?!\w)"
)
# Beside it on its line.
SAID_OF_TIME = names(
    """
    اخر تحديث تم التحديث محدث نشر نشرت النشر اضيف كتب كتبت في published posted updated last modified added edited on
    at update son guncelleme guncellendi yayinlandi yayinlanma eklendi publie mis mise a jour modifie le
    """
)
# A line is a counter if one of these words stands in it, and nothing else but numbers and the words below.
COUNTED = names(
    """
    مشاهده مشاهدات المشاهدات المشاهده شوهد شوهدت قراءه قراءات القراءات القراءه للقراءه قري قريت القراء زياره زيارات
    الزيارات زاير زوار الزوار مشاركه مشاركات المشاركات تعليق تعليقات التعليقات اعجاب اعجابات الاعجابات تفاعل نقره
    المتواجدون المتصلون يتصفح دقيقه دقيقتان دقيقتين دقايق
    view views viewed share shares read reads reading hits comment comments visits visitors like likes
    reactions retweets
    okunma okundu okuma goruntulenme goruntuleme paylasim yorum begeni ziyaret ziyaretci
    vue vues lu lus lue lecture lectures partage partages commentaire commentaires visites
    aufrufe gelesen kommentare vistas lecturas comentarios
    """
)
BESIDE_COUNTED = names(
    """
    عدد مره مرات تم تمت لا توجد يوجد بدون اي اقل من واحده الان حاليا شخص الف الاف
    هذا الخبر المقال الموضوع مده وقت زمن متوقع
    times time count total number of no min mins minute minutes people are this is k m article post story less than a
    kez kere defa sayisi sayi toplam bin mil dk dakika kisi bu haber haberi yok henuz
    fois nombre de aucun aucune mille minute minutes mal
    """
)
WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+[kmb]?")
NUMBER_ALONE = re.compile(r"\W*\d+[.,]\d+ ?[km]\+?\W*")
PARTS = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+")
EDGES = " \t-–—|/،,:•·()"


def is_counter(line: str) -> bool:
    """A line of nothing but a counter or an age, such as "345 views" or "updated 3 hours ago"."""
    if len(line) > LONGEST:
        return False
    folded = fold(line)
    rest = AGO.sub(" ", folded)
    words = WORD.findall(rest)
    if rest != folded and all(word in SAID_OF_TIME or NUMBER.fullmatch(word) or word in COUNTED for word in words):
        return True
    if not COUNTED.intersection(words):
        return NUMBER_ALONE.fullmatch(folded) is not None
    numbers = [word for word in words if NUMBER.fullmatch(word)]
    says_none = any(word in ("لا", "no", "yok", "aucun", "بدون", "اقل", "واحده") for word in words)
    return bool(numbers or says_none) and all(
        word in COUNTED or word in BESIDE_COUNTED or NUMBER.fullmatch(word) for word in words
    )


def beside_counters(line: str) -> str | None:
    """What shares its line with a counter or an age, such as the name of a byline; None for a line without any."""
    parts = [part for part in PARTS.split(line) if part]
    left = [part for part in parts if not is_counter(part)]
    rest = _without_age(" | ".join(left))
    return rest if len(left) < len(parts) or rest != " | ".join(left) else None


def states_age(line: str) -> bool:
    """Whether a line says how long ago something was."""
    return len(line) <= LONGEST and AGO.search(fold(line)) is not None


def _without_age(line: str) -> str:
    folded = fold(line)
    match = AGO.search(folded) if len(line) <= LONGEST and len(folded) == len(line) else None
    if match is None:
        return line
    before, after = line[: match.start()].rstrip(EDGES), line[match.end() :].lstrip(EDGES)
    return before or after
