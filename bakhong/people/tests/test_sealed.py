"""Sealed values open only where they belong, with a key that is here."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from bakhong.people.sealed import CannotOpen, blind_index, seal, unseal

HERE, ELSEWHERE = "people_person.national_id:a", "people_person.national_id:b"


def test_it_opens_where_it_belongs() -> None:
    assert unseal(seal("038190001234", HERE), HERE) == "038190001234"
    assert seal("038190001234", HERE) != seal("038190001234", HERE)


def test_it_does_not_open_in_another_row_or_changed() -> None:
    sealed = seal("038190001234", HERE)
    with pytest.raises(CannotOpen):
        unseal(sealed, ELSEWHERE)
    with pytest.raises(CannotOpen):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), HERE)


def test_a_new_key_seals_and_the_old_one_still_opens(settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEY = "1:old"
    sealed, index = seal("038190001234", HERE), blind_index("038190001234", "national_id")
    settings.FIELD_KEY = "1:old\n2:new"
    assert unseal(sealed, HERE) == "038190001234"
    assert seal("x", HERE)[0] == 2
    assert blind_index("038190001234", "national_id") == index
    settings.FIELD_KEY = "2:new"
    with pytest.raises(CannotOpen):
        unseal(sealed, HERE)
    assert blind_index("038190001234", "national_id") != index


def test_without_a_key_nothing_is_sealed(settings) -> None:  # type: ignore[no-untyped-def]
    settings.FIELD_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        seal("038190001234", HERE)
