"""A published form, an officer of the commune, and a draft of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.eforms.actions import Started, start_draft
from bakhong.eforms.actions.publishing import publish
from bakhong.eforms.models import FormVersion
from bakhong.people.tests.conftest import everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]

SPEC: dict[str, Any] = {
    "code": "thu",
    "title": {"vi": "Tờ khai thử", "en": "A form to try"},
    "pages": [
        {
            "code": "nguoi-khai",
            "title": "Người khai",
            "questions": [
                {
                    "code": "name",
                    "label": "Họ và tên",
                    "type": "person_name",
                    "required": True,
                    "known_as": "person.full_name",
                    "is_locked": True,
                },
                {
                    "code": "birth",
                    "label": "Ngày sinh",
                    "type": "date",
                    "known_as": "person.birth",
                    "rules": {"not_after": "today"},
                },
                {
                    "code": "sex",
                    "label": "Giới tính",
                    "type": "choice",
                    "known_as": "person.sex",
                    "options": [{"code": "male", "label": "Nam"}, {"code": "female", "label": "Nữ"}],
                },
                {"code": "number", "label": "Số định danh", "type": "national_id", "known_as": "person.national_id"},
                {"code": "phone", "label": "Điện thoại", "type": "phone", "known_as": "person.phone", "prefill": False},
            ],
        },
        {
            "code": "noi-dung",
            "title": "Nội dung",
            "questions": [
                {"code": "married", "label": "Đã kết hôn?", "type": "yes_no", "required": True},
                {
                    "code": "spouse",
                    "label": "Họ tên vợ hoặc chồng",
                    "type": "person_name",
                    "required": True,
                    "show_if": {"==": [{"var": "married"}, True]},
                },
                {"code": "income", "label": "Thu nhập", "type": "money"},
                {"code": "needs", "label": "Cần gì", "type": "choices",
                 "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]},
            ],
        },
        {
            "code": "con",
            "title": "Các con",
            "show_if": {"==": [{"var": "married"}, True]},
            "questions": [
                {
                    "code": "children",
                    "label": "Con",
                    "max": 3,
                    "questions": [
                        {"code": "child", "label": "Tên con", "type": "person_name", "required": True},
                        {"code": "adult", "label": "Đã lớn?", "type": "yes_no"},
                        {"code": "job", "label": "Việc làm", "type": "text", "required": True,
                         "show_if": {"==": [{"var": "adult"}, True]}},
                    ],
                }
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture
def form(db: None, at: datetime) -> FormVersion:
    return publish(spec=SPEC, by=OPERATOR, at=at, unit=None).version


@pytest.fixture
def start(form: FormVersion, thuong_xuan: Unit, everybody: None, at: datetime) -> Callable[..., Started]:
    """`start(by=…, person=…, known_by="officer")`; without `by` whoever holds the code."""

    def make(*, by: Actor | None = None, key: UUID | None = None, **given: Any) -> Started:
        key = key or uuid4()
        return start_draft(
            key=key,
            form="thu",
            unit=thuong_xuan,
            operated_by=given.pop("operated_by", "resident"),
            by=by or HolderActor("draft", key),
            at=given.pop("at", at),
            **given,
        )

    return make
