"""How one signs: only a way that works today can be chosen, what was typed stays, and no key is taken."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.adapters.signing.simulator import Simulator
from bakhong.documents.models import SigningMethod
from bakhong.places.models import Unit

Enter = Callable[..., Client]
YES, NOBODY = "099000000000", "099000000404"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def remote(at: datetime, settings: Any) -> Iterator[Simulator]:
    with Simulator(at) as running:
        sp_id, password = running.credentials
        settings.SIGNING = settings.SIGNING | {
            "smartca_url": running.url,
            "smartca_id": sp_id,
            "smartca_password": password,
        }
        yield running


def url(unit: Unit) -> str:
    return reverse("desk:signing", args=[unit.uuid])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_it_says_the_first_step_to_who_has_no_key(enter: Enter, thuong_xuan: Unit) -> None:
    page = text(enter("specialist", thuong_xuan).get(url(thuong_xuan)))
    assert "không nhận tải khoá lên" in page
    assert 'type="file"' not in page
    assert "Bước đầu" in page


def test_it_shows_a_key_on_the_server_and_takes_it(enter: Enter, thuong_xuan: Unit, at: datetime) -> None:
    client = enter("specialist", thuong_xuan)
    user = User.objects.get(email__startswith="specialist")
    demo_ca.keep_signer(
        key_folder(), demo_ca.new_authority(at), account=str(user.uuid), name="Nguyễn Văn Thử", organisation="UBND xã",
        passphrase="thử", at=at,
    )  # fmt: skip
    assert "Nguyễn Văn Thử (thử nghiệm), UBND xã" in text(client.get(url(thuong_xuan)))
    assert client.post(url(thuong_xuan), {"provider": "pkcs12"}).status_code == 302
    assert SigningMethod.objects.get().provider == "pkcs12"


def test_somebody_elses_key_is_not_offered(enter: Enter, thuong_xuan: Unit, at: datetime) -> None:
    demo_ca.keep_signer(
        key_folder(), demo_ca.new_authority(at), account="01890000-0000-7000-8000-000000000000", name="Người khác",
        organisation="", passphrase="thử", at=at,
    )  # fmt: skip
    client = enter("specialist", thuong_xuan)
    assert "Người khác" not in text(client.get(url(thuong_xuan)))
    answer = client.post(
        url(thuong_xuan), {"provider": "pkcs12", "account": "01890000-0000-7000-8000-000000000000"}
    )
    assert answer.status_code == 422
    assert not SigningMethod.objects.exists()


def test_an_account_is_looked_up_before_it_is_kept(
    enter: Enter, thuong_xuan: Unit, remote: Simulator
) -> None:
    client = enter("chair", thuong_xuan)
    answer = client.post(url(thuong_xuan), {"provider": "smartca", "account": NOBODY})
    assert answer.status_code == 422
    assert f'value="{NOBODY}"' in text(answer)
    assert "Không tìm thấy chứng thư số" in text(answer)
    assert not SigningMethod.objects.exists()
    assert client.post(url(thuong_xuan), {"provider": "smartca", "account": YES}).status_code == 302
    page = text(client.get(url(thuong_xuan)))
    assert "đang dùng" in page
    assert YES in page  # it is one's own number, on one's own page


def test_looking_at_the_page_asks_nobody(enter: Enter, thuong_xuan: Unit, remote: Simulator) -> None:
    enter("chair", thuong_xuan).get(url(thuong_xuan))
    assert remote.calls == []


@pytest.mark.parametrize("provider", ["", "x", "\x00", "pkcs12\n", "../pkcs12"])
def test_nonsense_is_a_sentence(enter: Enter, thuong_xuan: Unit, provider: str) -> None:
    answer = enter("chair", thuong_xuan).post(
        url(thuong_xuan), {"provider": provider, "account": "\x00" * 99}
    )
    assert answer.status_code == 422
    assert "chưa được thiết lập" in text(answer)


def test_the_trial_telephone_is_only_of_the_demo(enter: Enter, thuong_xuan: Unit, settings: Any) -> None:
    (settings.DATA / "demo").mkdir()
    (settings.DATA / "demo" / "phone.json").write_text(
        '{"url": "http://127.0.0.1:1", "id": "a", "password": "b"}'
    )
    client = enter("chair", thuong_xuan)
    assert "127.0.0.1:1" not in text(client.get(url(thuong_xuan)))
    settings.DEMO = True
    assert "http://127.0.0.1:1/" in text(client.get(url(thuong_xuan)))
