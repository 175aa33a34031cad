"""A list of the provincial system: read, taken in once, counted, taken back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.dossiers.actions.exchange_lists import Outcome, take_list, undo_list
from bakhong.dossiers.models import ColumnMapping, ExternalDossier, ProvincialList
from bakhong.dossiers.provincial import NoCodes, ProvincialFile, read_provincial, sentence
from bakhong.dossiers.queries.exchange import counted_rows, on_time, remembered_columns, reused
from bakhong.dossiers.tests.exchange import NOW, comma_file, row, xlsx
from bakhong.places.models import Unit

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DAY = date(2026, 11, 22)

pytestmark = pytest.mark.usefixtures("everybody")


def read(content: bytes, unit: Unit | None = None, **more: Any) -> ProvincialFile:
    told = {"filename": "ds.xlsx", "now": NOW, "remembered": remembered_columns(unit) if unit else {}}
    return read_provincial(content, **(told | more))


def take(content: bytes, unit: Unit, by: Actor, as_of: date = DAY, **more: Any) -> Outcome:
    return take_list(
        unit=unit,
        file=read(content, unit, **more),
        file_name="ds.xlsx",
        content=content,
        as_of=as_of,
        by=by,
        at=NOW,
    )


def standing(unit: Unit) -> dict[str, tuple[int | None, int]]:
    rows = ExternalDossier.objects.filter(village=unit, is_current=True)
    return {
        code[-4:]: (state, supplements)
        for code, state, supplements in rows.values_list("code", "state", "supplements")
    }


def test_it_reads_what_people_export() -> None:
    file = read(xlsx([row(1), row(2, **{"Trạng thái": "Đang xử lý", "Ngày kết thúc xử lý": None})]))
    fields = {each.title: each.field for each in file.layouts[0].columns}
    assert fields["Số hồ sơ"] == "code"
    assert fields["Ngày kết thúc xử lý"] == "finished"
    assert fields["Số lần yêu cầu bổ sung"] == "supplements"
    assert fields["Chủ hồ sơ"] == fields["Số CCCD"] == "ignore"
    one, two = file.lines
    assert (one.state, two.state, one.channel, one.reused) == (10, 4, "direct", True)
    assert one.due == datetime(2026, 11, 6, 17, tzinfo=NOW.tzinfo)
    assert not file.problems


def test_a_comma_file_says_the_same() -> None:
    told = row(1, **{"Ngày tiếp nhận": "03/11/2026 08:30", "Ngày kết thúc xử lý": "05/11/2026"})
    assert read(comma_file([told]), filename="ds.csv").lines[0].digest == read(xlsx([row(1)])).lines[0].digest


def test_doubts_are_told_by_cell() -> None:
    rows = [
        row(1, **{"Ngày hẹn trả": "31/02/2026"}),
        row(2, **{"Số hồ sơ": ""}),
        row(1),
        row(3, **{"Ngày kết thúc xử lý": date(2026, 10, 1)}),
        row(4, **{"Trạng thái": "???"}),
    ]
    file = read(xlsx(rows))
    assert [(each.cell, each.code) for each in file.problems] == [
        ("I4", "day_unclear"),
        ("A5", "code_missing"),
        ("B6", "code_twice"),
        ("J7", "day_before_start"),
        ("G8", "state_unclear"),
    ]
    assert [each.is_rejected for each in file.lines] == [False, True, True, False, False]
    assert all("%(" not in sentence(each) for each in file.problems)


def test_a_file_without_such_a_list_is_refused() -> None:
    with pytest.raises(NoCodes):
        read(xlsx([], headings=("Họ tên", "Màu áo")))


def test_the_same_file_again_changes_nothing(thuong_xuan: Unit, actor: Actor) -> None:
    content = xlsx([row(1), row(2)])
    first = take(content, thuong_xuan, actor)
    again = take(content, thuong_xuan, actor)
    assert (first.new, again.new, again.unchanged, again.taken) == (2, 0, 2, None)
    assert ExternalDossier.objects.count() == 2
    assert ProvincialList.objects.count() == 1


def test_a_later_list_changes_and_an_older_one_does_not(thuong_xuan: Unit, actor: Actor) -> None:
    take(xlsx([row(1, **{"Trạng thái": "Đang xử lý"})]), thuong_xuan, actor, DAY - timedelta(5))
    later = take(xlsx([row(1)]), thuong_xuan, actor)
    assert (later.changed, standing(thuong_xuan)["0001"][0]) == (1, 10)
    older = take(xlsx([row(1, **{"Trạng thái": "Tiếp nhận"})]), thuong_xuan, actor, DAY - timedelta(9))
    assert (older.older, older.taken, standing(thuong_xuan)["0001"][0]) == (1, None, 10)


def test_taken_back_what_was_before_stands_again(thuong_xuan: Unit, actor: Actor) -> None:
    first = take(xlsx([row(1, **{"Trạng thái": "Đang xử lý"})]), thuong_xuan, actor, DAY - timedelta(5))
    later = take(xlsx([row(1), row(2)]), thuong_xuan, actor)
    assert later.taken is not None
    assert first.taken is not None
    undo_list(taken=later.taken, by=actor, at=NOW)
    assert standing(thuong_xuan) == {"0001": (4, 0)}
    undo_list(taken=first.taken, by=actor, at=NOW)
    assert not standing(thuong_xuan)
    with pytest.raises(Conflict):
        undo_list(taken=first.taken, by=actor, at=NOW)
    again = take(xlsx([row(1), row(2)]), thuong_xuan, actor)
    assert again.new == 2


def test_the_columns_are_remembered_by_commune_and_headings(
    thuong_xuan: Unit, village: Unit, actor: Actor
) -> None:
    headings = ("Số hồ sơ", "Ngày A", "Ngày hẹn trả")
    rows = [{"Số hồ sơ": "H56-1", "Ngày A": "03/11/2026", "Ngày hẹn trả": "06/11/2026"}]
    content = xlsx(rows, headings)
    assert read(content, thuong_xuan).lines[0].received is None
    sheet = read(content).layouts[0].sheet
    take(content, thuong_xuan, actor, chosen={(sheet, 1): "received"})
    assert read(content, thuong_xuan).lines[0].received is not None
    assert read(content).lines[0].received is None  # another commune's word
    assert ColumnMapping.objects.count() == 1


def test_it_counts_in_time_and_once_only(thuong_xuan: Unit, actor: Actor) -> None:
    late = date(2026, 11, 10)
    rows = [
        row(1),
        row(2, **{"Ngày kết thúc xử lý": late}),
        row(
            3, **{"Ngày kết thúc xử lý": late, "Thời gian chờ bổ sung": "5 ngày", "Số lần yêu cầu bổ sung": 1}
        ),
        row(4, **{"Số lần yêu cầu bổ sung": 2, "Tái sử dụng": "Không"}),
        row(5, **{"Ngày kết thúc xử lý": None, "Trạng thái": "Đang xử lý"}),
        row(6, **{"Ngày hẹn trả": "", "Tái sử dụng": ""}),
        row(7, **{"Ngày tiếp nhận": date(2026, 10, 1), "Ngày kết thúc xử lý": date(2026, 10, 2)}),
        row(8, **{"Ngày kết thúc xử lý": None, "Tái sử dụng": ""}),  # handed over, the list does not say when
    ]
    take(xlsx(rows), thuong_xuan, actor)
    found = counted_rows([thuong_xuan.pk], NOVEMBER)
    punctual = on_time(found)
    assert (punctual.numerator, punctual.denominator) == (2, 5)
    assert [each.row.code[-1] for each in punctual.bad] == ["2", "4", "5"]
    assert [(each.row.code[-1], each.verdict.why) for each in punctual.silent] == [
        ("6", "no_due"),
        ("8", "no_end"),
    ]
    again = reused(found)
    assert (again.numerator, again.denominator, len(again.silent)) == (4, 5, 2)


def test_without_a_promised_day_the_procedure_says(thuong_xuan: Unit, actor: Actor) -> None:
    headings = ("MaHoSo", "MaTTHC", "NgayTiepNhan", "NgayKetThucXuLy", "NgayHenTra")
    told = {"MaHoSo": "H56-1", "MaTTHC": "1.004873.H56", "NgayTiepNhan": "03/11/2026 08:00", "NgayHenTra": ""}
    take(
        xlsx(
            [
                {**told, "NgayKetThucXuLy": "06/11/2026 07:45"},
                {**told, "MaHoSo": "H56-2", "NgayKetThucXuLy": "09/11/2026"},
            ],
            headings,
        ),
        thuong_xuan,
        actor,
    )
    punctual = on_time(counted_rows([thuong_xuan.pk], NOVEMBER))
    assert [each.row.code for each in punctual.good] == ["H56-1"]
    assert [each.row.code for each in punctual.bad] == ["H56-2"]


def test_who_may_not_does_not(thuong_xuan: Unit, specialist: StaffActor, village: Unit, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        take(xlsx([row(1)]), thuong_xuan, specialist)
    with pytest.raises(Refusal):
        take(xlsx([row(1)]), village, actor)
    with pytest.raises(Refusal):
        take(xlsx([row(1)]), thuong_xuan, actor, DAY + timedelta(3))


def test_whose_dossiers_they_are_is_not_kept(thuong_xuan: Unit, actor: Actor) -> None:
    take(xlsx([row(1)]), thuong_xuan, actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(e)::text FROM dossiers_externaldossier e")
        (kept,) = cursor.fetchone() or ("",)
    assert "Canary" not in kept
    assert "038190099999" not in kept


def test_what_a_list_said_is_not_changed(thuong_xuan: Unit, actor: Actor) -> None:
    take(xlsx([row(1)]), thuong_xuan, actor)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        ExternalDossier.objects.update(state=1)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        ExternalDossier.objects.all().delete()
