"""What is known, in words."""

import pytest

from bakhong.people.known_words import CHOICE_WORDS, shown
from bakhong.people.rules.dictionary import dictionary


def test_every_choice_has_its_words() -> None:
    choices = {choice for entry in dictionary().values() for choice in entry.choices}
    assert choices == set(CHOICE_WORDS)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("person.birth", "1990-05-06", "06/05/1990"),
        ("person.sex", "female", "Nữ"),
        ("marriage.status", "widowed", "Vợ, chồng đã mất"),
        ("person.address", "Thôn 1", "Thôn 1"),
        ("person.address", "", "chưa có"),
        (
            "household.members",
            [
                {
                    "full_name": "Lê Thị Bé",
                    "birth": "1990-05",
                    "sex": "female",
                    "relation": "child",
                    "national_id": "099190000017",
                }
            ],
            "Lê Thị Bé, 05/1990, Nữ, Con",
        ),
    ],
)
def test_it_reads_as_people_say(key: str, value: object, words: str) -> None:
    assert shown(dictionary()[key], value) == words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("person.national_id", "099190000017", "•••••••••017"),
        ("bank.account", "0123456789", "•••••••789"),
        ("disability.kind", "van dong", "có ghi, không hiện ở đây"),
        ("person.ethnicity", "Thái", "có ghi, không hiện ở đây"),
    ],
)
def test_what_is_hidden_is_not_read(key: str, value: str, words: str) -> None:
    assert shown(dictionary()[key], value, is_hidden=True) == words
    assert shown(dictionary()[key], value) == value  # negative control
