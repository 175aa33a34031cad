"""The demo of other systems: a list half taken in, fields typed twice."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.demo.exchange import FIRST_ROWS, ROWS, TRUTH, load_exchange, write_list
from bakhong.dossiers.actions.exchange_lists import take_list
from bakhong.dossiers.models import ExternalDossier, ProvincialList, Pulled
from bakhong.dossiers.provincial import read_provincial
from bakhong.people import scope
from bakhong.places.models import Unit


@pytest.mark.django_db
def test_the_list_is_half_taken_in_and_the_rest_can_be(
    thuong_xuan: Unit, at: datetime, tmp_path: Path
) -> None:
    with scope.seeing(OPERATOR):
        for _time in range(2):
            load_exchange(thuong_xuan, by=OPERATOR, at=at)
        assert ProvincialList.objects.count() == 1
        assert Pulled.objects.get().problem == "unknown_procedure"
        assert ExternalDossier.objects.filter(is_current=True).count() == FIRST_ROWS
        content = write_list(tmp_path / "demo", at).read_bytes()
        file = read_provincial(content, filename="ds.xlsx", now=at, remembered={})
        assert not file.problems
        told = take_list(
            unit=thuong_xuan,
            file=file,
            file_name="ds.xlsx",
            content=content,
            as_of=day_of(at),
            by=OPERATOR,
            at=at,
        )
        assert (told.new, told.rejected) == (ROWS - FIRST_ROWS, 0)
        truth = json.loads((tmp_path / "demo" / TRUTH).read_text(encoding="utf-8"))
        assert (truth["rows"], truth["new"]) == (told.new + FIRST_ROWS, told.new)
        counted = Counter(
            ExternalDossier.objects.filter(is_current=True).values_list("procedure_name", flat=True)
        )
        assert truth["Tên thủ tục hành chính"] == counted
