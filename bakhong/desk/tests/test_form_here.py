"""“Mở tờ khai cho hồ sơ này”: the form of a dossier that was filed on the national portal, on the desk's screen."""

import time
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import Enter, at, hidden, stored, text
from bakhong.dossiers.actions.exchange_taking import take_over
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.rules.national import Filed
from bakhong.dossiers.tests.filing import MARRIAGE
from bakhong.eforms.models import Draft
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.people.queries.identity import index_of
from bakhong.places.models import Unit

NUMBER = "038190001234"
REST = {code: said for code, said in MARRIAGE.items() if code not in ("full_name", "national_id", "phone")}
at_noon = pytest.fixture(name="at_noon")(lambda at: at)


@pytest.fixture
def pulled(shipped_forms: None, lady: Person, thuong_xuan: Unit, at_noon: datetime) -> Dossier:
    filed = Filed(
        code="G22.99-261120-0001",
        unit=thuong_xuan.code,
        procedure="1.004873",
        applicant="Lê Thị Hoá",
        channel="online",
        submitted_at=at_noon,
        national_id=NUMBER,
        phone="0912345678",
    )
    with scope.seeing(OPERATOR):
        return take_over(filed=filed, system="national", unit=thuong_xuan, by=OPERATOR, at=at_noon)


def test_the_form_of_a_pulled_dossier_is_filled_in_and_is_its_own(
    officer: Client, enter: Enter, thuong_xuan: Unit, pulled: Dossier
) -> None:
    assert "Mở tờ khai cho hồ sơ này" not in text(enter("chair", thuong_xuan).get(at("dossier", pulled)))
    here = at("dossier_form", pulled)
    assert "Mở tờ khai cho hồ sơ này" in text(officer.get(at("dossier", pulled)))
    assert officer.get(here)["Location"] == at("dossier", pulled)  # not opened yet: reading writes nothing
    assert officer.post(here, {"deed": "open"})["Location"] == here
    shown = text(officer.get(here))
    assert "Cổng Dịch vụ công quốc gia" in shown
    assert NUMBER not in shown
    assert NUMBER in text(officer.post(here, {"deed": "reveal", "reveal-reason": "at_desk"}))
    wrong = officer.post(
        here, {"ethnicity": "Kinh", "deed": "complete", "revision": hidden(shown, "revision")}
    )
    assert wrong.status_code == 422
    assert 'value="Kinh"' in text(wrong)
    done = officer.post(here, {**REST, "deed": "complete"}, follow=True)
    assert "Đã ghi tờ khai vào hồ sơ" in text(done)
    assert "Mở tờ khai" not in text(done)
    assert "Thôn Xuân Thành" in text(done)
    (draft,) = stored(Draft)
    assert (draft.uuid, draft.state) == (pulled.uuid, "submitted")
    assert officer.get(here)["Location"] == at("dossier", pulled)


def test_it_is_nobody_elses_to_fill_in(officer: Client, thuong_xuan: Unit, pulled: Dossier) -> None:
    """Neither whoever follows the dossier by its code, nor the desk as a form that was begun at home."""
    officer.post(at("dossier_form", pulled), {"deed": "open"})
    with scope.seeing(OPERATOR):
        Draft.objects.update(card_index=index_of(NUMBER))  # as after somebody typed it there
    intake = text(officer.post(reverse("desk:intake", args=[thuong_xuan.uuid]), {"scan": NUMBER}))
    assert f"/ho-so/{pulled.uuid}/" in intake
    assert f"/{pulled.uuid}/" not in intake.replace(f"/ho-so/{pulled.uuid}/", "")
    resident = Client()
    session = resident.session
    session["portal.held"] = {str(pulled.uuid): time.time()}  # as somebody who follows it
    session.save()
    theirs = reverse("portal:file_review", args=[pulled.uuid])
    assert resident.get(theirs)["Location"] == reverse("portal:resume") + "?may=moi"
    with scope.seeing(OPERATOR):
        Draft.objects.update(operated_by="resident")
    assert resident.get(theirs).status_code == 200  # the control
