"""What counts as a passage added or cut, by the language's sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.dedupe.fold import fold
from pipeline.records import Article, Relation
from pipeline.settings import Dedupe

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORT = """Yeşilada ile anakara arasındaki feribot seferleri şiddetli fırtına nedeniyle iki gün süreyle durduruldu.
Liman Başkanı Deniz Ilgaz, rüzgârın hızının saatte 90 kilometreyi bulduğunu ve iskelenin zarar gördüğünü söyledi.
Ilgaz, onarım çalışmalarının çarşamba gecesi tamamlanacağını, yolculara bilet ücretlerinin iade edileceğini belirtti.
Adadaki iki okulda derslere ara verildi, hastalar için ise kıyı güvenlik ekiplerinin tekneleri görevlendirildi.
Balıkçılar kooperatifi, on dört teknenin demir taradığını, üçünün de kayalıklara vurarak battığını duyurdu.
Kooperatif başkanı Suna Kıyak, zararın karşılanması için valiliğe başvurduklarını, yanıtı beklediklerini aktardı.
Belediye, elektriği kesilen mahallelere jeneratör gönderdi, aşevinde her gün altı yüz kişilik yemek pişirildi.
Meteoroloji yetkilileri, fırtınanın hafta sonunda kuzeye kayacağını, dalga boyunun üç metreyi aşacağını bildirdi.
Ada gazetesi, son yirmi yılda seferlerin ilk kez bu kadar uzun süre durduğunu yazdı.
Seferlerin perşembe sabahı hava koşullarına bağlı olarak yeniden başlaması bekleniyor."""
LEDE = "Adalıların günlerdir beklediği haber bu sabah limandan nihayet geldi."  # nine words


@pytest.mark.parametrize(
    ("language", "relation"),
    [
        ("tr", Relation.EXTENDED_COPY),
        ("tr-TR", Relation.EXTENDED_COPY),
        ("en", Relation.NEAR_COPY),
        (None, Relation.NEAR_COPY),
    ],
)
@pytest.mark.parametrize("is_cut", [False, True], ids=["added", "cut"])
def test_a_turkish_sentence_has_fewer_words(language: str | None, relation: Relation, is_cut: bool) -> None:
    bodies = (f"{LEDE}\n{REPORT}", REPORT) if is_cut else (REPORT, f"{LEDE}\n{REPORT}")
    articles = [
        Article(name, name, "", body, NOON, language=language, published_at=NOON + timedelta(hours=hours))
        for name, body, hours in (("first", bodies[0], 0), ("later", bodies[1], 2))
    ]
    (link,) = fold(articles, Dedupe(), boilerplate={}).links
    shorter = {Relation.EXTENDED_COPY: Relation.ABRIDGED_COPY}
    assert link.relation is (shorter.get(relation, relation) if is_cut else relation)
