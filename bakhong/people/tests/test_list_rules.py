"""The rules that read lists: tables of what is typed and what it means."""

import random
from datetime import date

import pytest

from bakhong.people.problems import CARD_WARNINGS, sentence
from bakhong.people.reading import SheetGrid
from bakhong.people.rules import legacy
from bakhong.people.rules.birth_cells import birth
from bakhong.people.rules.idcard import parse
from bakhong.people.rules.marks import presence
from bakhong.people.rules.matching import Profile, duplicates
from bakhong.people.rules.numbers import national_id, phone
from bakhong.people.rules.reader import Reader
from bakhong.people.rules.sheets import layout_of, lines_of
from bakhong.people.tests import sheets

ON = date(2026, 5, 6)
ALL_VOWELS = "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"


def test_every_vietnamese_letter_survives_the_old_fonts() -> None:
    assert legacy.decode(sheets.tcvn3(ALL_VOWELS), "tcvn3") == ALL_VOWELS
    assert legacy.decode(sheets.vni(ALL_VOWELS), "vni") == ALL_VOWELS
    assert legacy.decode(sheets.vni(ALL_VOWELS.upper()), "vni") == ALL_VOWELS.upper()


def test_unicode_names_are_left_alone() -> None:
    for person in sheets.population(11, 400):
        assert legacy.mend(person.name)[0] == person.name
    assert legacy.mend("Nguyễn Thị Hoa", "tcvn3")[0] == "Nguyễn Thị Hoa"


@pytest.mark.parametrize("coding", ["tcvn3", "vni"])
def test_a_column_in_an_old_font_is_known_as_such(coding: str) -> None:
    type_in = sheets.tcvn3 if coding == "tcvn3" else sheets.vni
    typed = [type_in(person.name) for person in sheets.population(5, 200)]
    assert legacy.prevalent(typed) == coding
    mended = [legacy.mend(text, legacy.prevalent(typed))[0] for text in typed]
    assert mended == [person.name for person in sheets.population(5, 200)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("15/3/1990", "1990-03-15"),
        ("15.3.1990", "1990-03-15"),
        ("15 - 3 - 1990", "1990-03-15"),
        ("ngày 15 tháng 3 năm 1990", "1990-03-15"),
        ("1990-03-15", "1990-03-15"),
        (date(1990, 3, 15), "1990-03-15"),
        (32947, "1990-03-15"),
        ("32947", "1990-03-15"),
        (15031990, "1990-03-15"),
        (5031990, "1990-03-05"),
        ("??/??/1990", "1990"),
        ("00/03/1990", "1990-03"),
        ("x/x/1990", "1990"),
        ("3/1990", "1990-03"),
        (1990.0, "1990"),
        ("29/02/2000", "2000-02-29"),
        ("SN 1990", "1990"),
    ],
)
def test_birth_dates(typed: object, meant: str) -> None:
    found = birth(typed, today=ON)
    assert (found.text, found.code) == (meant, "")


@pytest.mark.parametrize(
    "typed",
    ["29/02/2001", "32/01/1990", "15/13/1990", "1790", "không rõ", 0, -5, 12.5, float("nan"), "1/1/1"],
)
def test_what_is_no_birth_date(typed: object) -> None:
    assert birth(typed, today=ON).code == "birth_date_invalid"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("01682345678", "0382345678"),
        ("0123.456.7890", "0834567890"),
        (84912345678, "0912345678"),
        ("ĐT: 0912 345 678 - con dâu", "0912345678"),
        ("02373852246", "02373852246"),
        ("912345678.0", "0912345678"),
        ("hỏi trưởng thôn", None),
        ("123", None),
    ],
)
def test_phones(typed: object, meant: str | None) -> None:
    found = phone(typed)
    assert (found.value, bool(found.code)) == (meant, meant is None)


@pytest.mark.parametrize(
    "typed",
    ["0381900123456", "03819001234", "000190001234", "11111111111", "3.8E+10", "CCCD", "0381O0001234"],
)
def test_what_is_no_national_id(typed: str) -> None:
    assert national_id(typed, year=1971).code


def test_a_garbled_card_still_fills_the_form() -> None:
    card = parse("038190012345||Nguy?n Th? Hoa|15031990|N?|Th?n 1, x? Ng?c Ph?ng|01052021")
    assert card is not None
    assert (card.sex, card.born_on, card.warnings) == ("female", date(1990, 3, 15), ["letters_lost"])
    new = parse("038190012345|172345678|Nguyễn Thị Hoa|15031990|Nữ|Thôn 1|01052024||Cha|Mẹ")
    assert new is not None
    assert new.tail == ["", "Cha", "Mẹ"]


def test_presence_words() -> None:
    assert presence("Đi làm ăn xa tại Bình Dương") == ("away", "Bình Dương")
    assert presence("bà Mất") is None


def test_totals_sections_and_signatures_are_no_people() -> None:
    grid = SheetGrid(
        "DS",
        [
            ["Danh sách", None, None],
            ["TT", "Họ tên", "Năm sinh"],
            [None, "I. Thôn Xuân Thành", None],
            [1, "Lê Văn An", 1990],
            ["TT", "Họ tên", "Năm sinh"],
            [None, "Thôn 2", None],
            [1, "Lê Thị Bình", 1991],
            [None, "Tổng số: 2 người", None],
            [None, None, "Trưởng thôn"],
            [None, "Hà Văn Ký", None],
        ],
    )
    layout = layout_of(grid, ON)
    assert layout is not None
    rows = list(Reader(layout, as_of=ON).rows(lines_of(grid, layout)))
    assert [(row.values["name"], row.village) for row in rows] == [
        ("Lê Văn An", "Thôn Xuân Thành"),
        ("Lê Thị Bình", "Thôn 2"),
    ]


def test_doubles_are_found_and_others_left_alone() -> None:
    """Precision and recall on generated truth: people of a commune, one in twenty recorded twice with a slip."""
    rng = random.Random(1)
    people = sheets.population(21, 3000, tuple(f"Thôn {number}" for number in range(1, 8)))
    profiles = [
        Profile(key, each.name, each.birth, each.sex, b"", each.phone, int(each.village[5:]))
        for key, each in enumerate(people)
    ]
    truth = set()
    for key in rng.sample(range(len(people)), 150):
        double = len(profiles)
        profiles.append(_slipped(profiles[key], double, rng))
        truth.add((key, double))
    found = {(pair.a, pair.b) for pair in duplicates(profiles)}
    assert len(found & truth) / len(truth) >= 0.9
    assert len(found & truth) / len(found) >= 0.95


def _slipped(one: Profile, key: int, rng: random.Random) -> Profile:
    """The same person as another clerk would write them."""
    name, birth_text, phone_number, village = one.name, one.birth, one.phone, one.village
    slip = rng.randrange(5)
    if slip == 0:
        from bakhong.core.text import name_key

        name = name_key(name).title()
    elif slip == 1:
        year, month, day = birth_text.split("-")
        birth_text = f"{year}-{day}-{month}" if int(day) <= 12 else birth_text
    elif slip == 2:
        phone_number = ""
    elif slip == 3:
        village = village % 7 + 1
    else:
        name = name[:-1] + ("m" if name[-1] != "m" else "n") if len(name.split()[-1]) > 3 else name
    return Profile(key, name, birth_text, one.sex, b"", phone_number, village)


def test_every_doubt_about_a_card_has_its_sentence() -> None:
    texts = [
        "12345678901|1|Nguy?n|31021990|x",
        "038190012345|172345678|Lê Văn An|00001971|Nam|Thôn 1|01",
        "038090012345||Lê Văn An||Nữ|Thôn 1|",
        "038090012345||Lê Văn An|15031991|Nữ|Thôn 1|01011980",
        "038090012345||Lê Văn An|15031991|Nữ|Thôn 1|99999999",
    ]
    codes = {code for text in texts if (card := parse(text)) for code in card.warnings}
    assert len(codes) > 8
    assert all(sentence(code, texts=CARD_WARNINGS) for code in codes)
