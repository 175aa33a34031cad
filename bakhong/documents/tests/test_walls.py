"""The second wall around files and requests to sign; and what leaves by a download."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.documents import scope
from bakhong.documents.actions.methods import choose_method
from bakhong.documents.actions.storing import revoke_file
from bakhong.documents.models import File, SigningJob, SigningMethod
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.files import by_code, by_content
from bakhong.documents.queries.jobs import methods_of
from bakhong.documents.rules.codes import shown
from bakhong.documents.serve import file_response
from bakhong.documents.tests.conftest import Store, picture
from bakhong.documents.tests.files import pdf_file
from bakhong.places.models import Unit

WALLED = ("documents_file", "documents_signingjob")


def test_the_walls_stand_for_the_owner_of_the_tables_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = ANY(%s)",
            [list(WALLED)],
        )
        assert sorted(cursor.fetchall()) == [(name, True, True) for name in WALLED]


def test_a_row_of_elsewhere_cannot_be_written(store: Store) -> None:
    file = store()

    def seeing(village: int) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(scope._set("app.nationwide", "off", closed="off"))
        stack.enter_context(scope._set("app.villages", f"{{{village}}}", closed="{}"))
        return stack

    with seeing(file.village_id + 1), pytest.raises(Error, match="row-level security"), transaction.atomic():
        store()
    with seeing(file.village_id):
        assert store()  # negative control


def test_staff_see_the_files_of_their_area(
    store: Store, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit
) -> None:
    store()
    assert File.objects.for_user(staff("chair", thuong_xuan)).count() == 1
    assert File.objects.for_user(staff("accountant", thuong_xuan)).count() == 0
    elsewhere = Unit.objects.filter(level="commune").exclude(pk=thuong_xuan.pk).last()
    assert elsewhere
    assert File.objects.for_user(staff("chair", elsewhere)).count() == 0
    assert File.objects.for_user(OPERATOR).count() == 1


def test_a_code_is_found_however_it_is_typed(store: Store, actor: Actor, at: datetime) -> None:
    file = store(with_code=True)
    with scope._set("app.nationwide", "off", closed="off"):
        for text in (file.verify_code, shown(file.verify_code), shown(file.verify_code).lower()):
            assert by_code(text) == file
        for text in ("", file.verify_code[:-1], "x" * 5000, "\x00", "\ud800", "' OR 1=1 --"):
            assert by_code(text) is None
        assert not File.objects.exists()  # the code opened one file for one question
    revoke_file(file=file, why="Cấp nhầm", by=actor, at=at)
    found = by_code(file.verify_code)
    assert found
    assert found.revoked_why == "Cấp nhầm"


def test_a_download_is_nothing_a_browser_would_run(store: Store) -> None:
    response = file_response(store(picture(), name='a"; x=<b>.png'))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''a")
    assert '"' not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store, private"
    assert "sandbox" in response["Content-Security-Policy"]


def test_how_one_signs_is_kept_sealed(
    staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, at: datetime, settings: object
) -> None:
    settings.SIGNING = {"tsa": "", "smartca_url": "http://127.0.0.1:1", "smartca_id": "", "smartca_password": "", "smartca_webhook": ""}  # type: ignore[attr-defined]  # fmt: skip
    chair = staff("chair", thuong_xuan)
    choose_method(provider="pkcs12", account="", by=chair, at=at)
    choose_method(provider="smartca", account="099000000100", by=chair, at=at)
    first, second = methods_of(chair)
    assert (first.provider, first.account, first.is_preferred) == ("smartca", "099000000100", True)
    assert not second.is_preferred
    assert b"099000000100" not in bytes(SigningMethod.objects.get(provider="smartca").account or b"")
    assert methods_of(staff("specialist", thuong_xuan)) == []
    with pytest.raises(NotSigned):
        choose_method(provider="x", account="", by=chair, at=at)


def test_a_request_that_ended_stays(store: Store, at: datetime) -> None:
    file = store()
    job = SigningJob.objects.create(
        village=file.village, owner=file.owner, provider="smartca", signer="staff:1", signer_name="A",
        started_at=at, expires_at=at, state="signed", ended_at=at,
    )  # fmt: skip
    with pytest.raises(Error, match="stays"), transaction.atomic():
        SigningJob.objects.filter(pk=job.pk).update(state="waiting", ended_at=None)
    with pytest.raises(Error, match="stays"), transaction.atomic():
        SigningJob.objects.filter(pk=job.pk).delete()
    open_job = SigningJob.objects.create(
        village=file.village, owner=file.owner, provider="smartca", signer="staff:1", signer_name="A",
        started_at=at, expires_at=at,
    )  # fmt: skip
    assert SigningJob.objects.filter(pk=open_job.pk).update(state="waiting") == 1  # negative control


def test_a_paper_of_ours_is_found_by_its_content(store: Store, actor: Actor, at: datetime) -> None:
    ours, theirs = store(with_code=True), store(pdf_file("Giấy người khác gửi"))
    with scope._set("app.nationwide", "off", closed="off"):
        assert by_content(ours.sha256) == ours
        assert by_content(theirs.sha256) is None  # what somebody gave us is no paper of ours
        assert by_content("0" * 64) is None
        assert not File.objects.exists()  # negative control: the content opened one file for one question
    revoke_file(file=ours, why="Cấp nhầm", by=actor, at=at)
    found = by_content(ours.sha256)
    assert found
    assert found.revoked_at == at
