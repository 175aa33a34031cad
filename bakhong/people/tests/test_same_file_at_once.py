"""What somebody else commits while a list is taken in keeps its answer from being remembered."""

import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.actions import add_person, record_fact, taking_in
from bakhong.people.actions.taking_in import take_in
from bakhong.people.models import Source
from bakhong.people.tests import sheets
from bakhong.places.queries import units_on

# They commit, so the units are put back first.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_units")]


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_fact_that_comes_in_between(
    is_guarded: bool, at: datetime, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    commune = units_on(["15646"], date(2026, 11, 22))["15646"]
    data = sheets.workbook(3, sheets.population(3, 10)).data
    real = taking_in.import_list

    def somebody_else() -> None:
        try:
            with scope.seeing(OPERATOR):
                record_fact(person=other, values={"note": "x"}, source=Source.OFFICER, by=OPERATOR, at=at)
        finally:
            connection.close()

    def disturbed(**given: Any) -> Any:
        outcome = real(**given)
        thread = threading.Thread(target=somebody_else)
        thread.start()
        thread.join()
        return outcome

    def send() -> bool:
        taken = take_in(content=data, filename="ds.xlsx", commune=commune, where="15646", by=OPERATOR, at=at)
        return taken.residents is None

    with scope.seeing(OPERATOR):
        other = add_person(
            village=commune, values={"name": "Lê Thị Hoá"}, source=Source.LIST, by=OPERATOR, at=at
        )
        monkeypatch.setattr(taking_in, "import_list", disturbed)
        if not is_guarded:  # the negative control
            monkeypatch.setattr(taking_in, "changed_by_others", lambda area, since: False)
        assert not send()
        monkeypatch.setattr(taking_in, "import_list", real)
        assert send() is not is_guarded
