"""Lines that stand around an article and are not its text: labels, notices, read-also lines. In folded wording."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.counters import beside_counters, is_counter
from pipeline.extract.dates import CLOCK, NAMED, NUMERIC
from pipeline.extract.months import MONTH_NAMES, fold
from pipeline.read_also import opening_of

BARS = re.compile(r"\s*[|•·]\s*")
EDGE = re.compile(r"^[\W_]+|[\W_]+$")

# A whole line of its own. Whatever stands around it stays.
LABELS = re.compile(
    r"(?:"
    # English
    r"advertisement|advertising|ad|sponsored(?: content)?|share(?: this)?(?: article| story| post| page)?(?: on"
    r"| via| with)?.{0,20}"
    r"|print|e-?mail|copy link|save|listen(?: to (?:this )?article)?|read(?: it)? later|caption|close"
    r"|show caption|hide caption"
    r"|facebook|twitter|x|whatsapp|telegram|linkedin|pinterest|reddit|messenger|instagram|youtube|tiktok|threads"
    r"|bluesky"
    r"|follow (?:us|me)(?: on)?.{0,60}|(?:\d+|no|view|add|leave a|post a)? ?comments?"
    r"|(?:\d+ )?min(?:ute)?s?(?: read)?"
    r"|reading time.{0,20}|back to top|skip to.{0,40}|loading.{0,10}|sign up|sign in|log in|subscribe(?: now)?"
    r"|click here"
    r"|(?:your|this) browser (?:does not|doesn.t) support.{0,60}"
    r"|this slideshow requires javascript|swipe.{0,40}|tap to.{0,30}|scroll.{0,20}|published|updated|photo|image"
    r"|video|getty images"
    # Arabic and Persian
    r"|شارك(?:ها|نا|وا)?(?: هذا| هذه)?(?: ال)?(?: ?(?:موضوع|خبر|مقال|مقاله|صفحه|قصه))?(?: علي| عبر| مع)?.{0,25}"
    r"|مشاركه(?: الخبر| المقال| عبر| علي)?.{0,20}"
    r"|انشر(?: الخبر)?|طباعه(?: الخبر| المقال)?|طباعه|ارسال|ارسل(?: الي صديق)?|نسخ(?: الرابط)?|حفظ|اعلان|اعلانات"
    r"|ا?لتعليقات(?: \d+)?|تعليقات?|اضف تعليق.{0,20}"
    r"|فيسبوك|فيس بوك|تويتر|واتس ?اب|تلي?غرام|لينكد ?ان|اكس|ماسنجر|انستغرام|يوتيوب|استمع(?: الي المقال| للخبر)?"
    r"|حجم الخط|تكبير الخط|تصغير الخط"
    r"|تابعونا(?: علي)?.{0,50}|تابعنا(?: علي)?.{0,50}|(?:كلمات|الكلمات) (?:مفتاحيه|المفتاحيه|دلاليه|الدلاليه)"
    r"|ا?لوسوم|وسوم|هاشتاغ"
    r"|مده القراءه.{0,20}|وقت القراءه.{0,20}|\d+ دقايق? قراءه|عدد المشاهدات.{0,15}|مشاهدات?.{0,10}"
    r"|\d+ (?:مشاهده|قراءه|زياره)|عدد (?:القراءات|الزيارات).{0,15}"
    r"|اضف الي المفضله|نسخه للطباعه|صوره|صور|فيديو"
    r"|(?:ال)?متصفح(?:ك)? لا يدعم.{0,60}"
    # Turkish
    r"|tarayiciniz .{0,60}desteklem.{0,20}"
    r"|paylas(?:in|im)?(?: haberi)?|haberi paylas|yazdir|reklam|yorumlar?(?: \(?\d+\)?)?|yorum yap|abone ol"
    r"|kaydet|dinle|takip et"
    r"|bizi takip edin.{0,40}|etiketler.{0,5}|kopyala|haberi dinle|google news.{0,30}|ilk yorumu.{0,30}"
    # French, German, Spanish
    r"|votre navigateur ne (?:supporte|prend) pas.{0,60}"
    r"|partager(?: l.article)?(?: sur)?.{0,20}|imprimer|publicite|commentaires?(?: \(?\d+\)?)?"
    r"|suivez-nous.{0,40}|temps de lecture.{0,20}|lesezeit.{0,20}"
    r"|anzeige|werbung|teilen|drucken|kommentare?(?: \(?\d+\)?)?|publicidad|compartir|imprimir|comentarios?"
    r")"
)
# A label of keywords with the keywords behind it.
KEYWORDS = re.compile(
    r"\W*(?:(?:ال)?كلمات (?:ال)?(?:دلاليه|مفتاحيه)|(?:ال)?وسوم|هاشتاغ(?:ات)?|tags|hashtags|key ?words|etiketler"
    r"|anahtar kelimeler|mots[- ]cles|schlag(?:worter|worte)|stich(?:worter|worte)|etiquetas"
    r"|palabras clave)\s*(?:[:：]|(?=#)).*\w"
)
# Opens a list of other articles; where little follows, the text ends here.
OPENERS = re.compile(
    r"(?:"
    r"(?:you (?:may|might) (?:also )?(?:like|be interested in)|related(?: (?:stories|articles|news|posts|topics"
    r"|content|coverage|links))?"
    r"|(?:more|latest|top)(?: (?:on|from|in))? (?:stories|news|articles|this story|this topic|headlines|coverage"
    r"|videos?)(?: .{0,30})?|more (?:from|on|in) .{1,40}"
    r"|most (?:read|popular|viewed|shared)|recommended(?: for you| stories| articles)?|read (?:more|next|also)"
    r"|see also|popular|trending(?: now)?|don.?t miss"
    r"|editor.?s? (?:picks?|choice)|also (?:read|on .{1,30})|keep reading|up next|what to read next|about the author)"
    r"|(?:مواضيع|موضوعات|المنشورات|منشورات|اخبار|مقالات|الموضوعات|المواضيع"
    r"|الاخبار|روابط) (?:ذات صله|مشابهه|متعلقه|مرتبطه"
    r"|ذات الصله|المتعلقه|المشابهه|المرتبطه)(?: .{0,20})?"
    r"|(?:اقرا|اقريي|اقراوا|شاهد|طالع|تصفح|اطلع)(?: ا?يضا|ي ا?يضا| المزيد| كذلك| ايضا علي)?|قد يهمك(?: ايضا)?"
    r"|قد يعجبك(?: ايضا)?|قد تعجبك.{0,20}|المزيد(?: من .{1,30})?|مزيد من الاخبار"
    r"|الاكثر (?:قراءه|مشاهده|تداولا|شعبيه|زياره)|اخر الاخبار|احدث الاخبار|(?:ذات|ذو) (?:ال)?صله|مرتبطه?|مشابهه?"
    r"|مقالات اخري|اخبار اخري"
    r"|للمزيد|اخترنا لك(?:م)?|موصي به.{0,20}|نرشح لك(?:م)?|عن الكاتب|نبذه عن الكاتب"
    r"|(?:ilgili|benzer|diger|son|onerilen) (?:haberler?|konular|yazilar|icerikler|basliklar)|ilgili|benzer"
    r"|bunlar da ilginizi cekebilir|ilginizi cekebilir|bunu da oku(?:yun)?|en cok okunan(?:lar)?(?: haberler)?"
    r"|sizin icin onerilenler|editorun sectikleri|gunun one cikan.{0,20}"
    r"|(?:articles?|sujets?|contenus?) (?:similaires?|lies?|connexes?|associes?)|a lire (?:aussi|egalement)"
    r"|similaires?|lire aussi|sur le meme (?:sujet|theme)|les plus lus|dans la meme rubrique|a decouvrir"
    r"|(?:lesen sie|lies|mehr|sehen sie|auch)(?: auch| mehr| dazu)? ?(?:zum thema|interessant|dazu|auch)?"
    r"|das koennte sie auch interessieren|ahnliche beitrage|ahnlich|lea tambien|(?:noticias )?relacionad[ao]s?"
    r"|te puede interesar|leia (?:tambem|mais)"
    r")"
)
# Opens the readers' comments: the text does not go on behind them.
COMMENTS = re.compile(
    r"(?:\d+\W{1,3})?(?:(?:ال)?تعليقات?(?: الزوار| القراء)?|comments?|responses?|yorum(?:lar)?"
    r"|commentaires?|kommentare?)(?:\W{0,3}\d+)?"
    r"|(?:اضف|اترك|اكتب|شارك) (?:تعليقا?ك?|ردا|ب?رايك)(?: .{0,20})?"
    r"|leave a (?:comment|reply)|post a comment|join the conversation"
    r"|yorum (?:yap|ekle|yaz)(?:in)?|laisser un commentaire"
)
# Where a word begins in a line near the ends: notices of the house. Arabic joins small words to the next one.
NOTICE = re.compile(
    r"(?<!\w)[وفبلك]?"
    r"(?:all rights reserved|\(c\)|©|copyright|terms (?:of|and) (?:use|service|conditions)|privacy policy"
    r"|may not be (?:published|reproduced)"
    r"|sign up (?:for|to) (?:our|breaking|receive|.{0,30}newsletter)|subscribe to (?:our|the|receive)|(?:daily"
    r"|weekly|free) newsletter|follow .{1,40} on (?:facebook|twitter|x|google|instagram|telegram|whatsapp)"
    r"|join (?:our|us on|the) .{0,30}(?:channel|telegram|whatsapp|newsletter|community)|download (?:our|the) app"
    r"|(?:must|to) (?:log ?in|sign in|register|confirm your)|log ?in (?:or|to)|enable javascript|browser version"
    r"|(?:enter|type) your e-?mail(?: address)? (?:to|for|below|here)|receive email from us"
    r"|(?:delivered|sent|straight|direct(?:ly)?)(?: \w+)? to your inbox"
    r"|news broadcasting system \(has\)|has abone|contains only a portion of the news|summari[sz]ed form"
    r"|please contact us for subscription"
    r"|جميع الحقوق محفوظه|كل الحقوق محفوظه|حقوق (?:النشر|الطبع)"
    r"|(?:لا (?:يجوز|يسمح)|يحظر|يمنع) (?:ب)?(?:نسخ|نقل|نشر|اعاده نشر) (?:ال)?(?:مواد|محتوي|محتويات)"
    r"|لا يتحمل الموقع|لا تعبر عن راي|تعبر عن راي(?:ه"
    r"| صاحبها| كاتبها)|سياسه (?:الخصوصيه|التعليقات)|شروط الاستخدام|الرجاء (?:التسجيل|تسجيل)|يرجي (?:التسجيل"
    r"|تسجيل الدخول|الاشتراك)"
    r"|اشترك(?:وا)? (?:في|ب|الان|معنا|لتصلك)|للاشتراك|النشره (?:البريديه|الاخباريه|الاخباريه اليوميه)"
    r"|نشرتنا|(?:ال)?قايم(?:ه|تنا) البريديه"
    r"|(?:سجل|ادخل|اكتب|ضع|اترك|ارسل)(?:وا|ي)? (?:عنوان )?(?:بريد|ايميل)(?:ك|كم)(?!\w)"
    r"|(?:سجل|تسجيل) (?:ال)?دخول.{0,40}تعليق|لمتابعه .{0,60}(?:اضغط|انقر|تابع)|لن يتم نشر عنوان بريدك"
    r"|حمل(?:وا)? (?:تطبيق|التطبيق)|انضم(?:وا)? الي (?:قناه|قناتنا|مجموعتنا)|تابع(?:وا|ونا"
    r"|نا)? (?:.{0,40}علي (?:تويتر|فيسبوك|تلغرام|تليغرام|واتساب|google|غوغل|جوجل|انستغرام)"
    r"|.{0,60}عبر (?:google|غوغل|جوجل) (?:news|نيوز))"
    r"|نظام (?:تدفق الاخبار|البث الاخباري|تدفق اخبار|بث الاخبار|الاخبار)|الانباء المنشوره علي|للمشتركين (?:في"
    r"|عبر|لدي)|(?:تنشر|تبث|يتم بثها|ينشر).{0,60}(?:باختصار|بشكل مختصر|ملخص|مختصره|موجز)|يمكن(?:كم"
    r"|ك)? الاتصال .{0,40}اشتراك|(?:الاتصال|التواصل) .{0,40}(?:بخصوص|بشان|من اجل|لغرض) الاشتراك"
    r"|haber akis sistemi|\(has\)|tum haklari|tum hakki|telif hak|izinsiz (?:kullan|yayin|kopya)"
    r"|kaynak gosterilmeden|abonelere sunulan|abonelik icin|abone ol(?:un|mak)|uygulamamizi indir"
    r"|takip etmek icin|bultenimiz|e-?bulten|e-?posta adres(?:iniz|in)i (?:yaz|gir|birak|kayd)"
    r"|telegram kanal|whatsapp kanal"
    r"|tous droits reserves|abonnez-vous|inscrivez-vous|conditions (?:generales|d.utilisation)"
    r"|(?:saisissez|entrez|indiquez) votre (?:adresse|e-?mail|courriel)"
    r"|suivez .{1,40} sur|reserves? aux abonnes|diffuses? (?:aux abonnes|par le systeme)|systeme de diffusion"
    r"|resume des? (?:informations|depeches)|alle rechte vorbehalten|newsletter)"
)
PRINTED_DATE = re.compile(
    rf"\d{{1,4}}|{MONTH_NAMES}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\b|gmt"
    rf"|utc|est|edt|bst|pm|am|at|on|by|uhr|stand|um|le|a|h|tsi"
    r"|published|updated|posted|last|modified|first|created|publie|mis|mise|jour|modifie|yayin(?:lanma|landi)?"
    r"|guncelle(?:me|ndi)|son|giris|tarihi?|saat|pazartesi|sali|carsamba|persembe|cuma|cumartesi|pazar"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:ال)?(?:سبت|احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه)"
    r"|نشر(?:ت)?|كتب(?:ت)?|اضيف|تاريخ|النشر|اخر|تحديث|م?حدث|في|يوم|الساعه|توقيت|بتوقيت|غرينتش|جرينتش|مكه|المكرمه|القدس"
    r"|صباحا|مساء|ظهرا|عصرا|ليلا|فجرا|ص|م|ه|هـ|هجري|ميلادي|الموافق"
)
TIME_OF = re.compile(r"(?<!\w)ب?توقيت \w+(?: المكرمه)?")  # of a place
WORD = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
SENTENCE_END = re.compile(r"[.!?؟۔]\s*$")
MOST_BESIDE = 6  # words
LONGEST_KEYWORDS = 300  # letters


@lru_cache(maxsize=1024)  # several rules ask of the same line
def bare(text: str) -> str:
    """A line folded, without the punctuation around it."""
    return EDGE.sub("", fold(text))


def is_label(line: str) -> bool:
    """A button or heading of the page's furniture, or several of them in a row; a line of keywords."""
    if lists_keywords(line):
        return True
    if len(line) > 120:
        return False
    return all(LABELS.fullmatch(bare(part)) is not None or is_counter(part) for part in BARS.split(line) if part)


def lists_keywords(line: str) -> bool:
    """Keywords behind their label, such as «الوسوم: مياه، بلدية»."""
    return len(line) <= LONGEST_KEYWORDS and KEYWORDS.match(fold(line)) is not None and not SENTENCE_END.search(line)


def opens_related(line: str) -> bool:
    """The heading of a list of other articles."""
    return len(line) <= 80 and OPENERS.fullmatch(bare(line)) is not None


def opens_comments(line: str) -> bool:
    """The heading of the readers' comments."""
    return len(line) <= 60 and COMMENTS.fullmatch(bare(line)) is not None


def points_elsewhere(line: str) -> bool:
    """A read-also line."""
    return opening_of(line) is not None


def is_notice(line: str) -> bool:
    """A notice of the house: rights, subscription, comment policy."""
    return len(line) <= 900 and NOTICE.search(fold(line)) is not None


def is_date_line(line: str) -> bool:
    """A line of nothing but date and time."""
    rest = beside_date(line)
    return rest is not None and len(rest) <= 1


def carries_date(line: str) -> bool:
    """A line of date and time with a few words beside: section, source, counters."""
    if SENTENCE_END.search(line):
        return False
    rest = beside_date(line)
    return rest is not None and len(rest) <= MOST_BESIDE


def carries_counter(line: str) -> bool:
    """A line of counters or an age with a few words beside, such as a name."""
    if SENTENCE_END.search(line):
        return False
    rest = beside_counters(line)
    return rest is not None and len(rest.split()) <= MOST_BESIDE


def says_when(line: str) -> bool:
    """A line of nothing but the words that stand beside dates, such as «Publié le»."""
    folded = fold(line)
    words = WORD.findall(TIME_OF.sub(" ", CLOCK.sub(" ", folded)))
    said = all(PRINTED_DATE.fullmatch(word) for word in words) and not all(map(str.isdigit, words))
    return said if words else CLOCK.search(folded) is not None


def beside_date(line: str) -> list[str] | None:
    """The words of a line that belong to no date or time; None for a line without a date."""
    if len(line) > 160 or not DIGIT.search(line):
        return None
    folded = fold(line)
    without = NUMERIC.sub(" ", NAMED.sub(" ", folded))
    if without == folded:
        return None
    return [word for word in WORD.findall(without) if not PRINTED_DATE.fullmatch(word)]
