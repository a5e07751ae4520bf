import pytest

from badge.text import FontBook, TextBox, fit, initials

THIN = "\u2009"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Zoë Müller", "ZM"),
        ("Ana", "A"),
        ("ana maria da silva", "AS"),
        ("(ana) o'neil", "AO"),
        ("Анна Иванова", "АИ"),
        ("山田 太郎", "山"),
        ("김 민준", "김"),
        ("さくら", "さ"),
        ("محمد عبد الله", f"م{THIN}ا"),
        ("مُحَمَّد", "م"),
        ("שָׁלוֹם כהן", f"ש{THIN}כ"),
        ("क्षमा शर्मा", f"क्ष{THIN}श"),
        ("ಕ್ರಿಸ್ತ", "ಕ್ರಿ"),
        ("เสาวลักษณ์ ใจดี", f"ส{THIN}จ"),
        ("ნინო ქავთარაძე", "ნქ"),
        ("\u0301 \u0302ana", "A"),
        ("💙", "💙"),
        ("👩\u200d👧 Ana", "A"),
        ("Zoë Müller 💙", "ZM"),
        ("💙💚 🧡", f"💙{THIN}🧡"),
        ("🇧🇪", "🇧🇪"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("7 of 9", f"7{THIN}9"),
        ("Team 7", f"T{THIN}7"),
        ("ßtefan", "S"),
        ("ŉa", "N"),
        ("ʻAkahi", "A"),
        ("แม่ น้ำ", f"ม{THIN}น"),
        ("রবীন্দ্রনাথ ঠাকুর", f"র{THIN}ঠা"),
        ("சுப்ரமணிய பாரதி", f"சு{THIN}பா"),
        ("శ్రీనివాస్", "శ్రీ"),
        ("ស្រីមុំ សុខា", f"ស្រី{THIN}សុ"),
        ("አበበ ቢቂላ", f"አ{THIN}ቢ"),
        ("Հայկ Աբրահամյան", "ՀԱ"),
        ("Ευάγγελος Παπαδόπουλος", "ΕΠ"),
        ("nguyễn thị ngọc hiền", "NH"),
        ("Prof. Dr. Zoë Müller, PhD", "ZM"),
        ("Zoë Müller Jr. (she/her)", "ZM"),
        ("Zoë Müller – Club Brugge", "ZM"),
        ("Zoë Müller @zoe", "ZM"),
        ("@zoe", "Z"),
        ("Jean-Luc Picard", "JP"),
        ("Müller, Zoë", "MZ"),
        ("Charles III", "C"),
        ("Malcolm X", "MX"),
        ("Vincent van Gogh", "VG"),
        ("د. محمد الأحمد", f"م{THIN}ا"),
        ("श्री राम शर्मा", f"रा{THIN}श"),
        ("Mr.", "M"),
        ("?!", "?"),
        ("", ""),
    ],
)
def test_initials_are_those_a_reader_would_choose(name: str, wanted: str) -> None:
    assert initials(name) == wanted


def test_arabic_initials_do_not_join(fonts: FontBook) -> None:
    box = TextBox(500, 40, lang="ar")
    both, joined = fit(f"ب{THIN}ب", box, fonts), fit("بب", box, fonts)
    alone = fit("ب", box, fonts)
    assert both.width_px > 2 * alone.width_px > joined.width_px
