"""Signing that is confirmed on a telephone: whatever the provider and the network do, each file is signed once or not at all."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.core.ids import new_uuid
from bakhong.documents import scope
from bakhong.documents.actions.confirming import confirm_job, poll_job
from bakhong.documents.actions.signing import start_signing
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing.port import Code, Outcome, ProviderProblem
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.adapters.signing.simulator import Network, Simulator
from bakhong.documents.models import File, JobState, SigningJob
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.jobs import problem_of
from bakhong.documents.queries.verification import verify
from bakhong.documents.tests.conftest import Store
from bakhong.places.models import Unit

SECRET = "khoá của webhook"
YES = "012345670000"
Start = Callable[..., SigningJob]


@pytest.fixture
def simulator(at: datetime, settings: Any) -> Iterator[Simulator]:
    with Simulator(at, names={YES: ("Lê Thị Hoá", "")}) as running:
        sp_id, password = running.credentials
        settings.SIGNING = {
            "tsa": "",
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
            "smartca_webhook": SECRET,
        }
        yield running


@pytest.fixture
def root(simulator: Simulator, tmp_path: Path) -> Path:
    assert simulator.authority
    path = tmp_path / "root.pem"
    path.write_bytes(simulator.authority.certificate.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def start(simulator: Simulator, store: Store, actor: Actor, at: datetime) -> Start:
    def now(user: str = YES, files: list[File] | None = None) -> SigningJob:
        return start_signing(files=files or [store()], provider="smartca", user_id=user, by=actor, at=at)

    return now


def signed_files(job: SigningJob) -> list[File]:
    return [line.signed for line in job.lines.order_by("number") if line.signed]


def test_one_confirmation_signs_all(start: Start, store: Store, root: Path, at: datetime) -> None:
    files = [store() for _ in range(3)]
    job = start(files=files)
    assert job.state == JobState.WAITING
    job = poll_job(job=job, at=at)
    assert (job.state, job.code) == (JobState.SIGNED, Code.SIGNED)
    signed = signed_files(job)
    assert [each.replaces for each in signed] == files
    for each in signed:
        result = verify(open_file(each), at=at, roots=[root])
        assert result.holds
        assert result.signers[0].name == "Lê Thị Hoá (thử nghiệm)"


def test_only_hashes_leave_the_house(start: Start, simulator: Simulator, store: Store) -> None:
    start()
    (made,) = simulator.transactions.values()
    assert [len(digest) for digest in made.files.values()] == [32]
    assert made.user == YES


def test_the_number_of_the_signer_is_not_in_the_database(start: Start) -> None:
    start()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(j)::text FROM documents_signingjob j")
        assert YES not in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("ending", "state", "problem"),
    [
        ("0001", JobState.EXPIRED, "5 phút"),
        ("0002", JobState.REJECTED, "từ chối"),
        ("0003", JobState.FAILED, "mã PIN"),
        ("0004", JobState.FAILED, "không thành công"),
        ("0005", JobState.FAILED, "không khớp"),
    ],
)
def test_every_no_has_its_sentence_and_signs_nothing(
    start: Start, at: datetime, ending: str, state: str, problem: str
) -> None:
    job = poll_job(job=start(f"01234567{ending}"), at=at)
    assert job.state == state
    assert problem in problem_of(job)
    assert signed_files(job) == []
    assert not File.objects.filter(is_signed=True).exists()


@pytest.mark.parametrize(("ending", "code"), [("0403", "certificate_status"), ("0404", "no_certificate")])
def test_a_certificate_that_is_no_good_starts_nothing(start: Start, ending: str, code: str) -> None:
    with pytest.raises(NotSigned) as refused:
        start(f"01234567{ending}")
    assert refused.value.code == code
    assert not SigningJob.objects.exists()


def test_wrong_credentials_of_ours_are_said(start: Start, settings: Any) -> None:
    settings.SIGNING = settings.SIGNING | {"smartca_password": "sai"}
    with pytest.raises(NotSigned) as refused:
        start()
    assert refused.value.code == "our_credentials"
    assert not providers()["smartca"].check().ok


def test_a_provider_that_is_gone_is_said(start: Start, settings: Any) -> None:
    settings.SIGNING = settings.SIGNING | {"smartca_url": "http://127.0.0.1:1"}
    with pytest.raises(NotSigned) as refused:
        start()
    assert refused.value.code == "unavailable"


def test_the_check_says_that_it_answers(simulator: Simulator) -> None:
    assert providers()["smartca"].check().ok


def test_it_waits_while_the_signer_does(start: Start, simulator: Simulator, at: datetime) -> None:
    simulator.network.waits_for_phone = True
    job = start()
    assert poll_job(job=job, at=at).state == JobState.WAITING
    ((code, _),) = simulator.waiting()
    simulator.press(code, is_yes=True)
    assert poll_job(job=job, at=at).state == JobState.SIGNED


def test_silence_ends_after_the_time(start: Start, simulator: Simulator, at: datetime) -> None:
    simulator.network.waits_for_phone = True
    job = start()
    assert poll_job(job=job, at=at + timedelta(minutes=5)).state == JobState.WAITING
    job = poll_job(job=job, at=at + timedelta(minutes=6, seconds=1))
    assert job.state == JobState.EXPIRED
    ((code, _),) = simulator.waiting()
    simulator.press(code, is_yes=True)  # too late: how it ended stays
    assert poll_job(job=job, at=at + timedelta(minutes=7)).state == JobState.EXPIRED


def test_what_comes_twice_counts_once(start: Start, simulator: Simulator, at: datetime) -> None:
    job = start()
    result = providers()["smartca"].status(job.transaction)  # type: ignore[union-attr]
    for number in (job.transaction, job.uuid.hex, job.transaction):
        confirm_job(provider="smartca", transaction_number=number, result=result, at=at)
    confirm_job(provider="smartca", transaction_number=job.transaction, result=Outcome(Code.REJECTED), at=at)
    job.refresh_from_db()
    assert job.state == JobState.SIGNED
    assert File.objects.filter(is_signed=True).count() == 1


def test_an_unknown_transaction_is_nobodys(simulator: Simulator, open_wall: None, at: datetime) -> None:
    for number in ("", "x", new_uuid().hex, "' OR 1=1"):
        with pytest.raises(NotFound):
            confirm_job(provider="smartca", transaction_number=number, result=Outcome(Code.REJECTED), at=at)


def test_signatures_of_another_document_do_not_fit(start: Start, at: datetime) -> None:
    one, other = start(), start()
    theirs = providers()["smartca"].status(other.transaction).signatures  # type: ignore[union-attr]
    names = [line.document for line in one.lines.all()]
    swapped = Outcome(Code.SIGNED, dict(zip(names, theirs.values(), strict=True)))
    job = confirm_job(provider="smartca", transaction_number=one.transaction, result=swapped, at=at)
    assert (job.state, job.problem) == (JobState.FAILED, "wrong_signature")


def test_of_a_batch_all_are_signed_or_none(start: Start, store: Store, at: datetime) -> None:
    job = start(files=[store(), store()])
    whole = providers()["smartca"].status(job.transaction).signatures  # type: ignore[union-attr]
    half = Outcome(Code.SIGNED, dict(list(whole.items())[:1]))
    job = confirm_job(provider="smartca", transaction_number=job.transaction, result=half, at=at)
    assert job.state == JobState.FAILED
    assert not File.objects.filter(is_signed=True).exists()


def test_what_was_prepared_is_taken_away(
    start: Start, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    job = start()
    (line,) = job.lines.all()
    path = Path(settings.DATA) / "files" / line.prepared[:2] / line.prepared[2:4] / line.prepared
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        poll_job(job=job, at=at)
    assert not path.exists()


# --- the webhook ------------------------------------------------------------------------------------------------------


def call(client: Client, body: Any, secret: str = SECRET) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(
        "/documents/webhook/smartca/", raw, content_type="application/json", query_params={"secret": secret}
    ).status_code


def answer(job: SigningJob, simulator: Simulator, **values: Any) -> dict[str, Any]:
    _, said = simulator.answer(
        f"/v1/signatures/sign/{job.transaction}/status",
        {"sp_id": simulator.credentials[0], "sp_password": simulator.credentials[1]},
    )
    return {
        "sp_id": simulator.credentials[0],
        "status_code": 1,
        "transaction_id": job.uuid.hex,
        "signed_files": said["data"]["signatures"],
    } | values


def test_a_call_of_the_provider_signs(start: Start, simulator: Simulator, client: Client) -> None:
    job = start()
    body = answer(job, simulator)
    assert [call(client, body) for _ in range(3)] == [204, 204, 204]
    job.refresh_from_db()
    assert job.state == JobState.SIGNED
    assert File.objects.filter(is_signed=True).count() == 1


def test_a_call_without_the_secret_changes_nothing(
    start: Start, simulator: Simulator, client: Client
) -> None:
    job = start()
    body = answer(job, simulator, status_code=4002, signed_files=[])
    for secret in ("", "sai", SECRET + " "):
        assert call(client, body, secret) == 404
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert call(client, body) == 204  # negative control
    job.refresh_from_db()
    assert job.state == JobState.REJECTED


def test_where_no_secret_is_set_nobody_may_call(
    start: Start, simulator: Simulator, client: Client, settings: Any
) -> None:
    job = start()
    settings.SIGNING = settings.SIGNING | {"smartca_webhook": ""}
    assert call(client, answer(job, simulator), "") == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\x00\xff",
        b'{"a":' * 5000,
        {"sp_id": "x", "transaction_id": "y"},
        {"sp_id": "demo.apps.signserviceapi.com", "transaction_id": 3},
        {"sp_id": "demo.apps.signserviceapi.com", "transaction_id": "\ud800", "status_code": 4002},
        {"sp_id": "demo.apps.signserviceapi.com", "transaction_id": "a" * 9999, "status_code": 9},
        {"sp_id": "demo.apps.signserviceapi.com", "transaction_id": "a\x00", "status_code": 4002},
        {
            "sp_id": "demo.apps.signserviceapi.com",
            "transaction_id": "a",
            "status_code": 1,
            "signed_files": [1],
        },
        *(
            {"sp_id": "demo.apps.signserviceapi.com", "transaction_id": "a", "status_code": bad}
            for bad in ([], {})
        ),
        *(
            {
                "sp_id": "demo.apps.signserviceapi.com",
                "transaction_id": "a",
                "status_code": 1,
                "signed_files": [{"doc_id": bad, "signature_value": "AAAA"}],
            }
            for bad in ([], {})
        ),
    ],
)
def test_nonsense_is_answered_quietly(simulator: Simulator, client: Client, db: None, body: Any) -> None:
    assert call(client, body) in (400, 404)


def test_an_unknown_provider_is_not_there(client: Client, db: None) -> None:
    assert client.post("/documents/webhook/pkcs12/").status_code == 404
    assert client.post("/documents/webhook/x/").status_code == 404
    assert client.get("/documents/webhook/smartca/").status_code == 405


@pytest.mark.parametrize(
    ("network", "comes"),
    [(Network(repeat=3), True), (Network(delay=0.5), True), (Network(lose=True), False)],
    ids=["repeated", "late", "lost"],
)
@pytest.mark.django_db(transaction=True)
def test_over_a_real_network(
    simulator: Simulator,
    reference_units: None,
    live_server: Any,
    start_committed: Start,
    network: Network,
    comes: bool,
) -> None:
    simulator.network = network
    network.webhook = f"{live_server.url}/documents/webhook/smartca/?secret=kho%C3%A1%20c%E1%BB%A7a%20webhook"
    job = start_committed()
    until = time.monotonic() + (30 if comes else 1)
    while time.monotonic() < until and state_of(job) != JobState.SIGNED:
        time.sleep(0.1)
    assert (state_of(job) == JobState.SIGNED) is comes
    with scope.everything():
        assert poll_job(job=job, at=timezone.now()).state == JobState.SIGNED  # asking finds what was lost
        assert File.objects.filter(is_signed=True).count() == 1


@pytest.fixture
def start_committed(simulator: Simulator, actor: Actor) -> Start:
    """Without the test's transaction, so that another thread sees it."""
    from bakhong.documents.actions.storing import store_file
    from bakhong.documents.tests.files import SENTENCE, pdf_file

    def now() -> SigningJob:
        moment = timezone.now()
        simulator.at = moment
        with scope.everything():
            file = store_file(
                key=new_uuid(), content=pdf_file(SENTENCE), name="a.pdf", owner=("draft", new_uuid()),
                unit=Unit.objects.filter(level="commune").first(), purpose="attachment", by=actor, at=moment,
            )  # fmt: skip
            return start_signing(files=[file], provider="smartca", user_id=YES, by=actor, at=moment)

    return now


def state_of(job: SigningJob) -> str:
    with scope.everything():
        return SigningJob.objects.get(pk=job.pk).state


def test_a_status_that_is_unknown_is_no_answer(simulator: Simulator) -> None:
    with pytest.raises(ProviderProblem):
        providers()["smartca"].webhook(SECRET, json.dumps({  # type: ignore[union-attr]
            "sp_id": simulator.credentials[0], "transaction_id": "a", "status_code": 7}).encode())  # fmt: skip


def test_of_two_requests_for_one_file_the_first_answer_counts(
    start: Start, store: Store, at: datetime
) -> None:
    file = store()
    first, second = start(files=[file]), start(files=[file])
    assert poll_job(job=second, at=at).state == JobState.SIGNED
    late = poll_job(job=first, at=at)
    assert (late.state, late.problem) == (JobState.FAILED, "changed")
    assert File.objects.filter(replaces=file).count() == 1


def test_the_worker_asks_for_all_that_wait(
    start: Start, simulator: Simulator, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from bakhong.documents.tasks import poll_all, watch

    monkeypatch.setattr("bakhong.documents.tasks.timezone.now", lambda: at)
    simulator.network.waits_for_phone = True
    job = start()
    assert (
        ProcrastinateJob.objects.filter(task_name="documents.watch", args={"job": str(job.uuid)}).count() == 1
    )
    watch(str(job.uuid))  # nothing yet: it asks for itself again
    assert ProcrastinateJob.objects.filter(task_name="documents.watch").count() == 2
    for code, _ in simulator.waiting():
        simulator.press(code, is_yes=True)
    poll_all(0)
    assert state_of(job) == JobState.SIGNED
    watch(str(job.uuid))
    assert ProcrastinateJob.objects.filter(task_name="documents.watch").count() == 2  # it has ended


def test_a_resident_signs_their_own_application(start: Start, store: Store, at: datetime) -> None:
    class Resident:
        id, label = "resident:1", "Lê Thị Hoá"

        def may(self, permission: str, place_id: int | None = None) -> bool:
            return False

    file = store(purpose="application")
    with (
        scope._set("app.nationwide", "off", closed="off"),
        scope._set("app.keys", f"{{{file.owner}}}", closed="{}"),
    ):
        job = start_signing(files=[file], provider="smartca", user_id=YES, by=Resident(), at=at)
        assert poll_job(job=job, at=at).state == JobState.SIGNED
        assert File.objects.get(replaces=file).made_by == "resident:1"
