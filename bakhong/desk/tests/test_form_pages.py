"""An author of forms looks at one, takes it home, mends it, is told what it would break, and publishes it."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.accounts.residents import HolderActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.eforms.actions import start_draft
from bakhong.eforms.actions.publishing import publish, publish_shipped
from bakhong.eforms.models import Form, FormVersion
from bakhong.eforms.queries import current_version
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.procedures.actions.defining import define_procedure
from bakhong.procedures.queries.local import procedure as procedure_at
from bakhong.procedures.rules.writing import spec_of

Enter = Callable[[str, Unit], Client]


@pytest.fixture
def shipped(db: None, at: datetime) -> FormVersion:
    publish_shipped(at)
    return current_version("marriage_status")


def address(name: str, unit: Unit, **more: Any) -> str:
    return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})


def test_the_list_and_every_shipped_form_can_be_looked_at(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion
) -> None:
    author = enter("dx_secretary", thuong_xuan)
    shown = author.get(address("forms", thuong_xuan)).content.decode()
    assert "theo chương trình" in shown
    for version in FormVersion.objects.all():
        for name, query in (
            ("form_version", ""),
            ("form_preview", ""),
            ("form_preview", "?as=officer"),
            ("form_preview", "?page=none"),
        ):
            response = author.get(address(name, thuong_xuan, version=version.uuid) + query)
            assert response.status_code == 200
        schema = json.loads(author.get(address("form_schema", thuong_xuan, version=version.uuid)).content)
        assert schema["properties"]


def test_it_is_taken_home_mended_and_published(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion, at: datetime
) -> None:
    author = enter("dx_secretary", thuong_xuan)
    spec = json.loads(author.get(address("form_spec", thuong_xuan, version=shipped.uuid)).content)
    spec["title"]["vi"] = "Tờ khai của xã"
    text = json.dumps(spec)
    sent = {"file": SimpleUploadedFile("a.json", text.encode()), "deed": "check"}
    checked = author.post(address("form_new", thuong_xuan), sent)
    assert "Biểu mẫu đọc được" in checked.content.decode()
    assert not Form.objects.exclude(unit=None).exists()  # looked at only
    response = author.post(address("form_new", thuong_xuan), {"text": text, "deed": "publish"})
    assert response.status_code == 302
    assert current_version("marriage_status", thuong_xuan).spec["title"]["vi"] == "Tờ khai của xã"
    author.post(address("form_new", thuong_xuan), {"text": text, "deed": "publish"})  # sent twice
    assert FormVersion.objects.exclude(form__unit=None).count() == 1
    # What the next one would break is told before it is published.
    key = uuid4()
    with scope.holding(keys=[key]):
        start_draft(
            key=key,
            form="marriage_status",
            unit=thuong_xuan,
            operated_by="resident",
            by=HolderActor("draft", key),
            at=at,
        )
    spec["pages"][0]["questions"].append(
        {"code": "moi", "label": "Câu mới", "type": "text", "required": True}
    )
    told = author.post(
        address("form_new", thuong_xuan), {"text": json.dumps(spec), "deed": "check"}
    ).content.decode()
    assert "1 tờ khai đang làm không hợp" in told
    assert "thêm câu bắt buộc “Câu mới”" in told


@pytest.mark.parametrize("text", ["{", "[" * 5000, "\x00", '{"code": "x"}', "nội dung"])
def test_rubbish_comes_back_with_what_is_wrong(enter: Enter, thuong_xuan: Unit, text: str) -> None:
    response = enter("dx_secretary", thuong_xuan).post(address("form_new", thuong_xuan), {"text": text})
    assert response.status_code == 422
    assert "<li>" in response.content.decode()


def test_others_may_not(enter: Enter, thuong_xuan: Unit, shipped: FormVersion) -> None:
    clerk = enter("accountant", thuong_xuan)
    assert clerk.get(address("forms", thuong_xuan)).status_code == 403
    assert clerk.post(address("form_new", thuong_xuan), {"text": "{}"}).status_code == 403


@pytest.mark.parametrize(
    ("form", "code", "procedure"),
    [
        ("certified_copies", "document_pages", "Chứng thực"),  # the fee
        ("marriage_status", "marital_status", "tình trạng hôn nhân"),  # a paper, and a fact
        ("culture_house", "people", "nhà văn hoá"),  # printed on the result
        ("marriage_status", "full_name", "tình trạng hôn nhân"),  # who asks
    ],
)
def test_a_text_that_breaks_its_procedure_is_not_published(
    enter: Enter, shipped_forms: None, thuong_xuan: Unit, form: str, code: str, procedure: str
) -> None:
    author, here = enter("dx_secretary", thuong_xuan), address("form_new", thuong_xuan)
    spec = FormVersion.objects.get(form__code=form, is_current=True).spec
    author_sends = {"deed": "publish", "text": json.dumps(_renamed(spec, code))}
    refused = author.post(here, author_sends)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "thiếu câu mà thủ tục cần" in page
    assert f"({code})" in page or "(person.full_name)" in page
    assert procedure.lower() in page.lower()
    assert FormVersion.objects.filter(form__code=form).count() == 1
    spec["title"]["vi"] += " (xã)"
    assert (
        author.post(here, {"deed": "publish", "text": json.dumps(spec)}).status_code == 302
    )  # negative control
    assert FormVersion.objects.filter(form__code=form).count() == 2


def _renamed(spec: Any, code: str) -> Any:
    """The question under another code, known as nothing."""
    if isinstance(spec, list):
        return [_renamed(each, code) for each in spec]
    if not isinstance(spec, dict):
        return spec
    found = {name: _renamed(value, code) for name, value in spec.items()}
    if found.get("code") == code and "type" in found:
        found |= {"code": f"{code}_x", "known_as": "", "is_locked": False}
    if found.get("var") == code:
        found["var"] = f"{code}_x"
    return found


def test_an_earlier_version_is_used_again_and_the_program_is_gone_back_to(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion, at: datetime
) -> None:
    author = enter("dx_secretary", thuong_xuan)

    def own(title: str) -> FormVersion:
        spec = deepcopy(shipped.spec) | {"title": {"vi": title, "en": ""}}
        publish(spec=spec, by=OPERATOR, at=at, unit=thuong_xuan)
        return current_version("marriage_status", thuong_xuan)

    def press(name: str, version: FormVersion) -> str:
        there = address(name, thuong_xuan, version=version.uuid)
        author.get(there)  # changes nothing
        return author.post(there, follow=True).content.decode()

    first, second = own("Bản một"), own("Bản hai")
    shown = author.get(address("form_version", thuong_xuan, version=first.uuid)).content.decode()
    assert "Dùng lại bản này" in shown
    assert "Đã công bố bản 3" in press("form_again", first)
    third = current_version("marriage_status", thuong_xuan)
    assert (third.digest, third.number) == (first.digest, 3)
    assert "không có gì thay đổi" in press("form_again", first)

    # The program asks something else since: the commune is told, and may go back to it.
    newer = deepcopy(shipped.spec)
    newer["pages"][0]["questions"].append({"code": "more", "label": "Điều mới hỏi", "type": "text"})
    publish(spec=newer, by=OPERATOR, at=at + timedelta(days=1), unit=None)
    told = author.get(address("form_version", thuong_xuan, version=third.uuid)).content.decode()
    assert "Chương trình có bản mới hơn" in told
    assert "Điều mới hỏi: hỏi thêm" in told
    assert (
        "Chương trình có bản mới hơn"
        not in author.get(address("form_version", thuong_xuan, version=second.uuid)).content.decode()
    )
    assert "Đã trở lại biểu mẫu của chương trình" in press("form_end", third)
    assert current_version("marriage_status", thuong_xuan).form.unit_id is None
    assert Event.objects.filter(deed="eforms.end_form").count() == 1
    press("form_end", third)
    assert Event.objects.filter(deed="eforms.end_form").count() == 1
    listed = author.get(address("forms", thuong_xuan)).content.decode()
    assert address("form_version", thuong_xuan, version=third.uuid) in listed
    assert "Đã công bố bản 4" in press("form_again", third)


def test_what_a_procedure_of_the_commune_counts_on_stays_asked(
    enter: Enter, thuong_xuan: Unit, shipped: FormVersion, at: datetime
) -> None:
    """A question only the commune asks, and its own text of the procedure reads: neither a new text nor going back may lose it."""
    spec = deepcopy(shipped.spec)
    spec["pages"][0]["questions"].append({"code": "urgent", "label": "Cần gấp", "type": "yes_no"})
    publish(spec=spec, by=OPERATOR, at=at, unit=thuong_xuan)
    version = current_version("marriage_status", thuong_xuan)
    procedure = procedure_at(thuong_xuan, "1.004873", at.date())
    assert procedure is not None
    text = spec_of(procedure)
    text["paper"].append(
        {"code": "why", "vi": "Giấy hẹn", "en": "", "when": {"==": [{"var": "urgent"}, True]}}
    )
    define_procedure(
        unit=thuong_xuan,
        code="1.004873",
        spec=text,
        valid_from=at.date(),
        source="Quyết định 1",
        by=OPERATOR,
        at=at,
    )
    author = enter("dx_secretary", thuong_xuan)
    told = author.post(
        address("form_new", thuong_xuan), {"text": json.dumps(shipped.spec), "deed": "publish"}
    )
    assert told.status_code == 422
    assert "“Cần gấp” (urgent)" in told.content.decode()
    author.post(address("form_end", thuong_xuan, version=version.uuid))
    assert current_version("marriage_status", thuong_xuan) == version
