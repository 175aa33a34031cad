"""The commune's own certificate on its page: chosen by the chair, tried and put by the one-stop desk, and seen wherever the paper is."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import at as address
from bakhong.desk.tests.casework import hidden
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.adapters.signing.simulator import Simulator
from bakhong.documents.models import File, Seal
from bakhong.documents.queries.files import latest
from bakhong.documents.queries.seals import key_name, sealing_of
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]
CHAIRS, SEALS = "của chủ tịch", "của con dấu"
NAME = "UBND xã Thường Xuân"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def url(unit: Unit) -> str:
    return reverse("desk:seal", args=[unit.uuid])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def keep_key(account: str, name: str, passphrase: str, moment: datetime) -> None:
    authority = demo_ca.kept_authority(key_folder(), Path(settings.DATA) / "trust", moment)
    demo_ca.keep_signer(
        key_folder(), authority, account=account, name=name, organisation=NAME, passphrase=passphrase, at=moment
    )  # fmt: skip


def result_of(made: Dossier) -> File:
    wanted = Dossier.objects.get(pk=made.pk).result_file
    assert wanted is not None
    found: File = File.objects.get(uuid=wanted)
    return found


def sign_result(chair: Client, made: Dossier, at: datetime) -> None:
    """Decided by the chair, and signed with a key on the server."""
    user = User.objects.get(pk=chair.session["_auth_user_id"])
    keep_key(str(user.uuid), str(user), CHAIRS, at)
    page = text(chair.get(address("dossier_approve", made)))
    said = {"version": hidden(page, "version")}
    assert chair.post(address("dossier_approve", made), said).status_code == 302
    answer = chair.post(address("dossier_sign", made), {"provider": "pkcs12", "secret": CHAIRS})
    assert answer.status_code == 302


def test_the_chair_chooses_the_desk_tries_and_puts_it_and_it_is_seen_everywhere(
    enter: Enter, thuong_xuan: Unit, received: Dossier, officer: Client, client: Client, at: datetime
) -> None:
    chair, made, here = enter("chair", thuong_xuan), received, url(thuong_xuan)
    page = text(officer.get(here))
    assert "Bước đầu" in page
    assert f"{key_name(thuong_xuan)}.p12" in page
    assert 'type="file"' not in page
    assert chair.post(here, {"do": "choose", "provider": "pkcs12"}).status_code == 422  # there is no key yet
    keep_key(key_name(thuong_xuan), NAME, SEALS, at)
    assert officer.post(here, {"do": "choose", "provider": "pkcs12"}).status_code == 403
    assert not Seal.objects.exists()
    assert chair.post(here, {"do": "choose", "provider": "pkcs12"}).status_code == 302
    assert "đang dùng" in text(officer.get(here))
    wrong = officer.post(here, {"do": "try", "provider": "pkcs12", "secret": "sai"})
    assert (wrong.status_code, "Mật khẩu của khoá ký không đúng" in text(wrong)) == (422, True)
    tried = officer.post(here, {"do": "try", "provider": "pkcs12", "secret": SEALS})
    assert tried.status_code == 422  # nobody believes the trial authority here
    assert "Không nhận ra nơi cấp" in text(tried)

    sign_result(chair, made, at)
    missing = "chưa có chữ ký số của cơ quan"
    with scope.seeing(OPERATOR):
        paper = latest(result_of(made))
    proof = reverse("portal:verify_code", args=[paper.verify_code])
    queue = reverse("desk:queue", args=[thuong_xuan.uuid]) + "?show=all"
    for answer in (officer.get(address("dossier", made)), officer.get(queue), client.get(proof)):
        assert missing in text(answer)
    page = text(officer.get(here))
    assert "Đóng dấu số 1 văn bản" in page
    assert "Con dấu số của xã (1)" in page
    assert officer.post(here, {"do": "put", "secret": SEALS}).status_code == 302  # nothing was on that page
    with scope.seeing(OPERATOR):
        assert latest(paper) == paper
    refused = officer.post(here, {"do": "put", "file": paper.uuid, "secret": "sai"})
    assert (refused.status_code, "Đóng dấu số 1 văn bản" in text(refused)) == (422, True)
    assert officer.post(here, {"do": "put", "file": paper.uuid, "secret": SEALS}).status_code == 302
    page = text(officer.get(here))
    assert "Đã đóng dấu số 1 văn bản." in page
    assert "Không còn văn bản nào chờ con dấu số" in page
    for answer in (officer.get(address("dossier", made)), officer.get(queue), client.get(proof)):
        assert missing not in text(answer)
    assert "đã đóng dấu số" in text(officer.get(address("dossier", made)))
    told = text(client.get(proof))
    assert f"{NAME} (thử nghiệm)" in told
    assert "Con dấu số" in told
    with scope.seeing(OPERATOR):
        before, after = open_file(paper), open_file(latest(paper))
    checked = client.post(reverse("portal:verify"), {"tep": SimpleUploadedFile("a.pdf", before)})
    assert "Bản này đã ký, chưa có chữ ký số của cơ quan" in text(checked)
    checked = client.post(reverse("portal:verify"), {"tep": SimpleUploadedFile("a.pdf", after)})
    assert "Xã đã phát hành giấy này" in text(checked)

    assert chair.post(here, {"do": "end"}).status_code == 302
    assert not Seal.objects.filter(ended_at=None).exists()


def test_a_seal_elsewhere_is_confirmed_on_the_telephone(
    enter: Enter, thuong_xuan: Unit, received: Dossier, officer: Client, settings: Any, at: datetime
) -> None:
    with Simulator(at, names={"099000000900": (NAME, NAME)}) as running:
        sp_id, password = running.credentials
        settings.SIGNING = settings.SIGNING | {
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
        }
        chair, made, here = enter("chair", thuong_xuan), received, url(thuong_xuan)
        lost = chair.post(here, {"do": "choose", "provider": "smartca", "account": "099000000404"})
        assert (lost.status_code, 'value="099000000404"' in text(lost)) == (422, True)
        said = {"do": "choose", "provider": "smartca", "account": "099000000900"}
        assert chair.post(here, said).status_code == 302
        sign_result(chair, made, at)
        with scope.seeing(OPERATOR):
            paper = result_of(made)
        assert officer.post(here, {"do": "put", "file": paper.uuid}).status_code == 302
        page = text(officer.get(here))
        assert "Tôi đã xác nhận, kiểm tra ngay" in page
        assert "Đóng dấu số" not in page  # it is asked for already
        assert officer.post(here, {"do": "check"}).status_code == 302
        with scope.seeing(OPERATOR):
            assert sealing_of(latest(paper)).name == f"{NAME} (thử nghiệm)"
            assert Dossier.objects.get(pk=made.pk).state == "done"
