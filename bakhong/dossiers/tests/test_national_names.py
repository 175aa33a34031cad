"""Each name by which dossiers are synchronised, and what of a dossier stands under it."""

from datetime import datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.dossiers.actions.ending import refuse
from bakhong.dossiers.actions.exchange_telling import queue_telling
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.applicants import Applicant
from bakhong.dossiers.models import Attachment, Check, Dossier, Event, Given, PaperCheck, Sending
from bakhong.dossiers.queries.telling_elsewhere import telling_of
from bakhong.dossiers.rules.national import BY_GATEWAY, PORTAL, Telling, ToldFee, ToldPaper, body_of

AT = datetime(2026, 11, 20, 8, tzinfo=VIET_NAM)
TOLD = Telling(
    code="H56-1",
    procedure="1.004873",
    procedure_name="Xác nhận tình trạng hôn nhân",
    sector="Hộ tịch",
    unit="15646",
    channel="online",
    state=10,
    number=7,
    applicant="Lê Văn An",
    national_id="038060001234",
    phone="0912345678",
    summary="Xin giấy",
    submitted_at=AT,
    received_at=AT,
    due_at=AT,
    finished_at=AT,
    returned_at=AT,
    is_digitised=True,
    is_population=True,
    own_state="returned",
    email="an@example.vn",
    agent="Lê Thị Bé",
    result_mode="post",
    filed_at=PORTAL,
    paid_online=BY_GATEWAY,
    papers=(ToldPaper("Bản án", "divorce", True, False), ToldPaper("Khai sinh", "birth", False, True)),
    fees=(ToldFee("Lệ phí", 15000, True),),
)
NAMES: dict[str, Any] = {
    "MaHoSo": "H56-1",
    "MaTTHC": "1.004873",
    "TenTTHC": "Xác nhận tình trạng hôn nhân",
    "MaLinhVuc": "Hộ tịch",
    "DonViXuLy": "15646",
    "KenhThucHien": 2,
    "TrangThaiHoSo": 10,
    "StatusId": "returned",
    "SoThuTu": 7,
    "LoaiDoiTuong": 0,
    "ChuHoSo": "Lê Văn An",
    "LoaiDinhDanh": 1,
    "SoDinhDanh": "038060001234",
    "SoDienThoai": "0912345678",
    "Email": "an@example.vn",
    "NguoiUyQuyen": "Lê Thị Bé",
    "TrichYeuHoSo": "Xin giấy",
    "NgayNopHoSo": "2026-11-20T08:00:00+07:00",
    "NgayTiepNhan": "2026-11-20T08:00:00+07:00",
    "NgayHenTra": "2026-11-20T08:00:00+07:00",
    "NgayKetThucXuLy": "2026-11-20T08:00:00+07:00",
    "NgayTra": "2026-11-20T08:00:00+07:00",
    "HinhThucTra": 3,
    "NoiNopHoSo": 2,
    "DuocThanhToanTrucTuyen": 2,
    "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "Gia": 15000, "TrangThaiThanhToan": 1}],
    "DanhSachTaiLieuNop": [
        {"TenGiayTo": "Bản án", "MaGiayTo": "divorce", "DuocSoHoa": 1, "DuocTaiSuDung": 0, "DuocLayTuKhoDMQG": 0},
        {"TenGiayTo": "Khai sinh", "MaGiayTo": "birth", "DuocSoHoa": 0, "DuocTaiSuDung": 1, "DuocLayTuKhoDMQG": 0},
    ],
    "HoSoCoThanhPhanSoHoa": 1,
    "TaiKhoanDuocXacThucVoiVNeID": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says(name: str) -> None:
    assert body_of(TOLD)[name] == NAMES[name]


def test_no_other_name_is_told() -> None:
    assert set(body_of(TOLD)) == set(NAMES)


@pytest.mark.usefixtures("everybody")
def test_a_dossier_tells_what_was_not_asked_again(handmade: Any, actor: Actor, at: datetime) -> None:
    made: Dossier = handmade(
        channel="online", fee_amount=15000, fee_lines=[{"words": "Lệ phí", "amount": 15000}]
    )
    for name, value in (
        Applicant("Lê Văn An", "038060001234", "0912345678", email="an@example.vn").columns(made.uuid).items()
    ):
        setattr(made, name, value)
    made.save()
    common = {
        "village_id": made.village_id,
        "dossier": made,
        "dossier_uuid": made.uuid,
        "at": at,
        "by": "test",
    }
    for paper, state in (("birth", Check.HELD), ("divorce", Check.ATTACHED)):
        PaperCheck.objects.create(paper=paper, name=paper, state=state, **common)
    Attachment.objects.create(
        paper="divorce", file=made.uuid, sha256="0" * 64, name="a.jpg", how=Given.REUSED, **common
    )
    told = telling_of(Event.objects.get(dossier=made), made, "H56-1")
    assert (told.email, told.national_id, told.is_digitised, told.paid_online) == (
        "an@example.vn",
        "038060001234",
        True,
        0,
    )
    assert told.papers == (
        ToldPaper("birth", "birth", False, True),
        ToldPaper("divorce", "divorce", True, True),
    )
    assert told.fees == (ToldFee("Lệ phí", 15000, False),)


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize(("procedure", "lines"), [("1.004873", 1), ("local.nha-van-hoa", 0)])
def test_the_national_portal_hears_of_its_own_procedures_only(
    handmade: Any, actor: Actor, at: datetime, procedure: str, lines: int
) -> None:
    made = handmade(procedure=procedure)
    receive(dossier=made, by=actor, at=at)
    event = Event.objects.get(dossier=made, kind="receive")
    assert len(queue_telling(event=event, systems=["national"])) == lines
    assert len(queue_telling(event=event, systems=["provincial"])) == 1


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize(("is_received", "number"), [(True, 8), (False, 3)])
def test_what_is_refused_after_it_was_taken_in_is_stopped_there(
    handmade: Any, actor: Actor, at: datetime, is_received: bool, number: int
) -> None:
    made = handmade(external_codes={"national": "G22-1"})
    if is_received:
        receive(dossier=made, by=actor, at=at)
    refuse(dossier=made, reason="other", note="Chưa rõ.", by=actor, at=at)
    queue_telling(event=Event.objects.get(dossier=made, kind="refuse"), systems=["national"])
    assert Sending.objects.get().national_state == number
