"""The agency's own signature: after a person's, in a place of its own, by whoever keeps it or by the worker; nothing without a seal."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotAllowed
from bakhong.documents.actions.sealing import choose_seal, end_seal, put_seal, put_waiting, try_seal
from bakhong.documents.actions.signing import sign_now
from bakhong.documents.actions.storing import open_file, revoke_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.pkcs12 import Pkcs12
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.adapters.signing.unattended import puts_itself
from bakhong.documents.models import File, Seal, SigningJob
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.files import signers_of
from bakhong.documents.queries.seals import key_name, seal_in_use, sealing_of, waiting
from bakhong.documents.queries.verification import verify
from bakhong.documents.tests.conftest import Store
from bakhong.documents.tests.test_pdf import data
from bakhong.documents.tests.test_signing import shown_on
from bakhong.documents.writing.pdf import ROOMS, typst_pdf
from bakhong.places.models import Unit

CHAIRS, SEALS = "của chủ tịch", "của con dấu"
AGENCY = "Uỷ ban nhân dân xã Thường Xuân"
Staff = Callable[[str, Unit], StaffActor]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = str(tmp_path)


@pytest.fixture
def keys(actor: Actor, thuong_xuan: Unit, at: datetime) -> Path:
    """A chair's key and the commune's; gives the root to trust."""
    trust = Path(settings.DATA) / "trust"
    authority = demo_ca.kept_authority(key_folder(), trust, at)
    demo_ca.keep_signer(
        key_folder(), authority, account=actor.id, name="Nguyễn Văn Thử", organisation=AGENCY, passphrase=CHAIRS, at=at
    )  # fmt: skip
    demo_ca.keep_signer(
        key_folder(), authority, account=key_name(thuong_xuan), name=AGENCY, organisation=AGENCY, passphrase=SEALS, at=at
    )  # fmt: skip
    return trust / "demo.pem"


def leave_secret(unit: Unit, secret: str = SEALS, mode: int = 0o600) -> Path:
    path = key_folder() / f"{key_name(unit)}.pass"
    path.write_text(f"{secret}\n")
    path.chmod(mode)
    return path


@pytest.fixture
def signed(keys: Path, store: Store, actor: Actor, at: datetime) -> Iterator[Callable[..., File]]:
    """Results in the layout of decree 30, signed by the chair."""
    path = ROOMS / "documents" / "typst" / "_test_sealing.typ"
    path.write_text(
        '#import "/documents/typst/decree30.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
        "#show: document.with(d)\n#header(d)\n#lorem(90)\n#signature(d)\n"
    )

    def make(when: datetime = at) -> File:
        plain = store(typst_pdf(path, data()), with_code=True, purpose="result")
        (file,) = sign_now(
            files=[plain], provider="pkcs12", secret=CHAIRS, by=actor, at=when, account=actor.id
        )
        return file

    yield make
    path.unlink()


def choose(unit: Unit, at: datetime, by: Actor = OPERATOR) -> Seal:
    return choose_seal(unit=unit, provider="pkcs12", account="", by=by, at=at)


def test_it_follows_the_chair_in_a_place_of_its_own_and_both_hold(
    signed: Callable[..., File], thuong_xuan: Unit, staff: Staff, keys: Path, at: datetime, tmp_path: Path
) -> None:
    choose(thuong_xuan, at, staff("chair", thuong_xuan))
    files = [signed(), signed()]
    keeper = staff("one_stop_officer", thuong_xuan)
    assert list(waiting(thuong_xuan)) == files
    assert sealing_of(files[0]).is_missing
    assert put_seal(files=files, unit=thuong_xuan, secret=SEALS, by=keeper, at=at) is None
    made = File.objects.get(replaces=files[0])
    said = verify(open_file(made), at=at, roots=[keys])
    assert said.holds
    assert [(each.name, each.is_agency) for each in said.signers] == [
        ("Nguyễn Văn Thử (thử nghiệm)", False),
        (f"{AGENCY} (thử nghiệm)", True),
    ]
    assert not waiting(thuong_xuan).exists()
    assert (sealing_of(made).name, sealing_of(made).is_missing) == (f"{AGENCY} (thử nghiệm)", False)
    assert signers_of(made) == ["Nguyễn Văn Thử (thử nghiệm)"]  # the agency is no person
    (job,) = SigningJob.objects.filter(signer=f"unit:{thuong_xuan.uuid}")
    assert job.lines.count() == 2
    assert Event.objects.get(deed="documents.ask_signature", object_id=str(job.uuid)).actor_id == keeper.id
    first, second = (_box(made, name) for name in ("ChuKySo1", "ConDauSo2"))
    assert second[1] > 770 > first[3], "above the first page's head"
    assert second[0] > 300, "to the right"
    assert AGENCY in shown_on(made, tmp_path)
    with pytest.raises(NotSigned) as refused:
        put_seal(files=[made], unit=thuong_xuan, secret=SEALS, by=keeper, at=at)
    assert refused.value.code == "changed"


def _box(file: File, name: str) -> list[float]:
    page: Any = PdfReader(BytesIO(open_file(file))).pages[0]
    notes = [each.get_object() for each in page["/Annots"]]
    return [float(side) for each in notes if each.get("/T") == name for side in each["/Rect"]]


def test_the_worker_puts_it_where_the_secret_was_left_for_it(
    signed: Callable[..., File], thuong_xuan: Unit, keys: Path, at: datetime
) -> None:
    choose(thuong_xuan, at)
    early = signed()
    assert (
        put_waiting(unit=thuong_xuan, by=OPERATOR, at=at) == 0
    )  # nobody left it: the keeper's press is waited for
    path = leave_secret(thuong_xuan, mode=0o644)
    assert not puts_itself(thuong_xuan)
    assert not Pkcs12(key_folder()).check().ok  # others may read it
    path.chmod(0o600)
    late = signed()
    revoke_file(file=late, why="thu hồi", by=OPERATOR, at=at)
    assert put_waiting(unit=thuong_xuan, by=OPERATOR, at=at) == 1
    assert sealing_of(File.objects.get(replaces=early)).name
    assert not File.objects.filter(replaces=late).exists()
    assert put_waiting(unit=thuong_xuan, by=OPERATOR, at=at) == 0  # once
    leave_secret(thuong_xuan, "sai")
    kept = signed()
    assert put_waiting(unit=thuong_xuan, by=OPERATOR, at=at) == 0
    assert list(waiting(thuong_xuan)) == [kept]  # it stays in sight


def test_without_a_seal_everything_is_as_before(
    signed: Callable[..., File], thuong_xuan: Unit, at: datetime
) -> None:
    before = signed()
    assert not sealing_of(before).is_missing
    with pytest.raises(NotSigned) as refused:
        put_seal(files=[before], unit=thuong_xuan, secret=SEALS, by=OPERATOR, at=at)
    assert refused.value.code == "no_seal"
    later = at + timedelta(minutes=1)
    choose(thuong_xuan, later)
    assert not sealing_of(before).is_missing  # what was signed before the seal is whole without it
    after = signed(later)
    assert list(waiting(thuong_xuan)) == [after]
    end_seal(unit=thuong_xuan, by=OPERATOR, at=later)
    end_seal(unit=thuong_xuan, by=OPERATOR, at=later)
    assert not sealing_of(after).is_missing
    assert seal_in_use(thuong_xuan) is None


def test_who_keeps_it_and_who_chooses_it(
    signed: Callable[..., File], thuong_xuan: Unit, staff: Staff, at: datetime
) -> None:
    keeper, specialist = staff("one_stop_officer", thuong_xuan), staff("specialist", thuong_xuan)
    with pytest.raises(NotAllowed):
        choose(thuong_xuan, at, keeper)
    made = choose(thuong_xuan, at, staff("chair", thuong_xuan))
    assert choose(thuong_xuan, at + timedelta(hours=1)) == made  # the same again
    file = signed()
    with pytest.raises(NotAllowed):
        put_seal(files=[file], unit=thuong_xuan, secret=SEALS, by=specialist, at=at)
    with pytest.raises(NotAllowed):
        try_seal(unit=thuong_xuan, provider="pkcs12", secret=SEALS, by=specialist, at=at)
    found = try_seal(unit=thuong_xuan, provider="pkcs12", secret=SEALS, by=keeper, at=at)
    assert (found.intact, len(found.signers)) == (True, 1)
    with pytest.raises(NotSigned):
        try_seal(unit=thuong_xuan, provider="pkcs12", secret="sai", by=keeper, at=at)
    assert Event.objects.filter(deed="documents.choose_seal").count() == 1
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        Seal.objects.filter(pk=made.pk).update(provider="khác")
    with pytest.raises(NotSigned):  # no key of that unit
        choose(Unit.objects.exclude(pk=thuong_xuan.pk).order_by("pk")[0], at)
