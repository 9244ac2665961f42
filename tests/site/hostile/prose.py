"""Texts for the cases that need an article but not one of the good ones: sentences drawn by the case's name."""

from __future__ import annotations

import random

from tests.site.hostile.articles import Text

PLACES = {
    "en": [
        "Ashmere",
        "Brackwell",
        "Corvendale",
        "Dunholt",
        "Elmspire",
        "Farrowgate",
        "Glimmerford",
        "Hartsea",
        "Inchcombe",
        "Jarrowby",
        "Kestonbury",
        "Larkhollow",
        "Merriden",
        "Norbeck",
        "Oxmarsh",
        "Pellworth",
    ],
    "ar": [
        "الروابي",
        "الزهيرات",
        "البساتين",
        "الكرمة",
        "المنصورية",
        "الشرفة",
        "الخالدية",
        "القصيبة",
        "النخيلات",
        "السدرة",
        "المرجان",
        "العامرية",
        "الصفصاف",
        "الرمانة",
        "الغدير",
        "البيادر",
    ],
    "tr": [
        "Akpınar",
        "Bozyaka",
        "Ceviztepe",
        "Dutluca",
        "Elmaköy",
        "Güzelsu",
        "İncirlik",
        "Kavaklı",
        "Leylekli",
        "Meşelik",
        "Narlıdere",
        "Ovacık",
        "Pınarbaşı",
        "Söğütlü",
        "Şahinkaya",
        "Çınarcık",
    ],
}
PEOPLE = {
    "en": [
        "Alder",
        "Boone",
        "Crane",
        "Dalloway",
        "Everly",
        "Frost",
        "Gannet",
        "Hollis",
        "Ives",
        "Juniper",
        "Kemble",
        "Lorne",
        "Mercer",
        "Nash",
        "Orrin",
        "Pryce",
    ],
    "ar": [
        "العطار",
        "السمان",
        "النحاس",
        "الحلواني",
        "الصباغ",
        "الوراق",
        "الخباز",
        "البنا",
        "الدهان",
        "النساج",
        "الفخراني",
        "السقا",
        "الحداد",
        "الطحان",
    ],
    "tr": [
        "Aksu",
        "Balcı",
        "Cengiz",
        "Duman",
        "Erkin",
        "Fidan",
        "Gökçe",
        "Işık",
        "Karaca",
        "Lale",
        "Mert",
        "Narin",
        "Özlem",
        "Poyraz",
        "Sezer",
        "Tekin",
    ],
}
SENTENCES = {
    "en": [
        "Crews in {p} finished {n} of the {m} repairs that the winter storm had left behind.",
        "The council of {p} voted by {n} to {m} to keep the ferry running on Sundays.",
        "Farmers around {p} counted {n} new calves, which is {m} more than a year ago.",
        "A reading room for {n} people opened in {p} after {m} evenings of volunteer work.",
        "{q} told reporters that the money would last for {n} months at the present pace.",
        "The school in {p} has {n} pupils this autumn and a choir of {m} voices.",
        "Engineer {q} measured the old dam {n} times before the {m} gates were ordered.",
        "Shops along the {p} canal stayed open until {n} o'clock, {m} minutes longer than planned.",
        "Between {p} and the coast, {n} kilometres of hedges were replanted with {m} kinds of shrubs.",
        "{q}, who keeps the records, found a ledger with {n} names and {m} unpaid bills.",
        "The bakery of {p} sold {n} loaves on the first morning and gave {m} away.",
        "Two buses of the {p} line, numbers {n} and {m}, now run on cooking oil.",
        "Nobody in {p} remembers a market with {n} stalls, said {q} from the growers' league.",
        "A panel of {n} residents will choose among {m} designs for the new square.",
        "According to {q}, the well under {p} can supply {n} houses through {m} dry weeks.",
        "The orchestra rehearsed in {p} for {n} days and left {m} music stands as a gift.",
        "Rain delayed the {p} regatta by {n} hours, yet all {m} boats reached the pier.",
        "{q} has asked the ministry for {n} saplings and {m} metres of fence.",
        "In {p} the clock tower struck {n} for the first time in {m} winters.",
        "An inspection of {n} lifts in {p} turned up {m} worn cables and one nest.",
        "The {p} archive lent {n} photographs to a show that drew {m} visitors in a week.",
        "Students counted {n} swifts over {p} at dusk and another {m} before sunrise.",
        "{q} expects the bridge toll to fall by {n} cents once {m} loans are repaid.",
        "A kitchen run by {q} has served {n} lunches since the mill in {p} closed.",
        "The rope works in {p} hired {n} apprentices, {m} of them from the islands.",
        "Fire wardens walked {n} kilometres of the {p} woods and closed {m} paths.",
    ],
    "ar": [
        "أنهت فرق الصيانة في {p} إصلاح {n} موقعاً من أصل {m} موقعاً تضررت في العاصفة الأخيرة.",
        "صوت مجلس {p} بأغلبية {n} عضواً على فتح الحديقة العامة {m} ساعة كل أسبوع.",
        "قال السيد {q} إن المبلغ المرصود يكفي {n} شهراً إذا استمر العمل بالوتيرة نفسها.",
        "استقبلت مدرسة {p} هذا الخريف {n} تلميذاً جديداً وافتتحت {m} قاعات للرسم.",
        "عثر الباحث {q} على سجل يضم {n} اسماً و{m} رسالة لم تنشر من قبل.",
        "زرع المتطوعون قرب {p} نحو {n} شجرة لوز على امتداد {m} كيلومتراً من الطريق.",
        "باع مخبز {p} في صباحه الأول {n} رغيفاً ووزع {m} رغيفاً على الجيران.",
        "تعمل حافلتان على خط {p} بزيت الطعام المستعمل، وقد قطعتا {n} رحلة في {m} يوماً.",
        "تأخر سباق القوارب في {p} بسبب المطر {n} دقيقة، ثم وصلت القوارب {m} كلها بسلام.",
        "أعارت مكتبة {p} معرض الصور {n} صورة قديمة زارها {m} شخصاً في أسبوع واحد.",
        "يتوقع المهندس {q} أن ينخفض استهلاك المضخات بمقدار {n} في المئة بعد {m} أسابيع.",
        "أحصى الطلاب فوق {p} عند الغروب {n} طائراً مهاجراً و{m} طائراً مقيماً.",
        "وقع {q} اتفاقاً لتوريد {n} مقعداً خشبياً إلى ساحات {p} خلال {m} يوماً.",
        "كشفت جولة تفتيش على {n} مصعداً في {p} عن {m} أعطال بسيطة جرى إصلاحها فوراً.",
        "تدرب الفريق الموسيقي في {p} على {n} مقطوعة وقدم {m} حفلات للأطفال مجاناً.",
        "ارتفع عدد المشتركين في نادي {p} إلى {n} بعدما خفض {q} رسوم الاشتراك للطلبة.",
        "تكفي بئر {p} الجديدة حاجة {n} بيتاً طوال {m} يوماً من الجفاف كما يقول {q}.",
        "سار رجال الإطفاء {n} كيلومتراً في غابة {p} وأغلقوا {m} مسارات خطرة.",
        "وظف معمل الحبال في {p} نحو {n} متدرباً جاء {m} منهم من القرى البعيدة.",
        "تختار لجنة من {n} مواطناً بين {m} تصاميم لساحة {p} في نهاية الشهر.",
        "أعلن {q} أن قافلة الكتب ستزور {n} قرية قبل أن تعود إلى {p} محملة بالحكايات.",
        "سجلت محطة {p} هطول {n} مليمتراً من المطر في ليلة واحدة للمرة الأولى منذ {m} عاماً.",
    ],
    "tr": [
        "{p} köyünde ekipler, fırtınada yıkılan {n} direğin {m} tanesini bir günde yeniledi.",
        "{p} meclisi, iskelenin haftada {n} saat daha açık kalmasına {m} oyla karar verdi.",
        "Mühendis {q}, eski değirmenin çarkını {n} kez ölçtüğünü ve {m} çizim yaptığını söyledi.",
        "{p} ilkokuluna bu güz {n} öğrenci yazıldı, koroya da {m} çocuk katıldı.",
        "Çiftçiler {p} çevresinde {n} dönüm araziye {m} çeşit şifalı bitki ekti.",
        "{q}, arşivde {n} isim ve {m} ödenmemiş fatura bulunan bir defter keşfetti.",
        "{p} fırını ilk sabah {n} ekmek sattı, {m} ekmeği de komşulara dağıttı.",
        "Yağmur yüzünden {n} dakika geciken yarışta {m} teknenin tamamı {p} kıyısına ulaştı.",
        "Öğrenciler gün batımında {p} üzerinde {n} leylek, şafakta {m} turna saydı.",
        "{q}, çeşmenin {n} haneye {m} hafta boyunca yeteceğini hesapladıklarını açıkladı.",
        "Orkestra {p} meydanında {n} gün prova yaptı ve {m} nota sehpasını köye bıraktı.",
        "{n} asansörün denetlendiği {p} ilçesinde {m} aşınmış halat değiştirildi.",
        "Halat atölyesi {p} çevresinden {n} çırak aldı, bunların {m} tanesi adalardan geldi.",
        "Seçici kurulda {n} kişi bulunuyor ve {p} meydanı için {m} tasarım yarışıyor.",
        "{q}, fidanlığın {n} ceviz ile {m} badem ağacını ücretsiz vereceğini duyurdu.",
        "Saat kulesi {p} halkını {m} kıştan sonra ilk kez {n} vuruşla uyandırdı.",
    ],
}
HEADLINES = {
    "en": "{p} counts {n} reasons to rebuild its {w}",
    "ar": "أهالي {p} يحتفلون بعودة {w} بعد {n} شهراً",
    "tr": "{p} köyünde {w} {n} gün sonra yeniden açıldı",
}
THINGS = {
    "en": ["harbour", "market", "theatre", "orchard", "lighthouse", "workshop", "granary", "footbridge"],
    "ar": ["السوق", "المسرح", "المنارة", "الحديقة", "المطحنة", "القافلة", "المكتبة", "المرصد"],
    "tr": ["çarşı", "tiyatro", "fener", "bahçe", "atölye", "ambar", "köprü", "gözlemevi"],
}


def write_text(name: str, language: str = "en", paragraphs: int = 6) -> Text:
    """A text of paragraphs times three sentences; the same name always gives the same text."""
    draw = random.Random(f"{language}/{name}")
    places, people = PLACES[language], PEOPLE[language]

    def fill(sentence: str) -> str:
        return sentence.format(
            p=draw.choice(places),
            q=draw.choice(people),
            n=draw.randint(23, 999),
            m=draw.randint(5, 22),
            w=draw.choice(THINGS[language]),
        )

    sentences = draw.sample(SENTENCES[language], min(paragraphs * 3, len(SENTENCES[language])))
    lines = [fill(sentence) for sentence in sentences]
    step = -(-len(lines) // paragraphs)
    grouped = tuple(" ".join(lines[start : start + step]) for start in range(0, len(lines), step))
    headline = fill(HEADLINES[language])
    return Text(name, language, headline, draw.choice(people), grouped)
