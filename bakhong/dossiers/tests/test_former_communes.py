"""Whose dossiers are a commune's to work on: read once a request, as long as the connection shows the same people."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.queries.queue import communes_of
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.places.remembering import reading_the_map_once

ON = date(2026, 11, 22)
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.mark.django_db
def test_what_was_read_while_less_was_shown_is_not_kept(
    thuong_xuan: Unit, django_assert_num_queries: Queries
) -> None:
    """What is shown decides which former communes have dossiers at all. The same again, shown the same, is the negative control."""
    with reading_the_map_once():
        with scope.holding():
            assert list(communes_of(thuong_xuan, ON)) == [thuong_xuan.pk]
        with scope.seeing(OPERATOR):
            with django_assert_num_queries(1):
                communes_of(thuong_xuan, ON)
            with django_assert_num_queries(0):
                communes_of(thuong_xuan, ON)
        with scope.seeing(OPERATOR), django_assert_num_queries(0):
            communes_of(thuong_xuan, ON)
