"""J6 with a digital signature: the chair chooses three, reads and approves them together, and signs with one passphrase; no mouse. Whoever
keeps the commune's stamp then puts its own signature on all three, with one more.

Budget: 12 keys besides the passphrase, 60 s for all three (reliability goals, D.1: 40 s for one).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import taken_in
from bakhong.documents.actions.sealing import choose_seal
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.registry import key_folder
from bakhong.documents.models import File, SigningJob
from bakhong.documents.queries.files import latest
from bakhong.documents.queries.seals import key_name
from bakhong.documents.queries.verification import verify
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.gates import leaving
from tests.journeys.office import Keys, client_of

PASSPHRASE, SEAL = "chỉ để thử", "con dấu để thử"


def keep_keys(root: Path, commune: Unit) -> Path:
    """The chair's PKCS#12 and the commune's, which is its seal from now on; gives the root that is to be trusted."""
    now, chair = timezone.now(), User.objects.get(email="chair@example.com")
    authority = demo_ca.kept_authority(key_folder(), root / "trust", now)
    demo_ca.keep_signer(
        key_folder(), authority, account=str(chair.uuid), name=chair.name, organisation="UBND xã Thường Xuân",
        passphrase=PASSPHRASE, at=now,
    )  # fmt: skip
    demo_ca.keep_signer(
        key_folder(), authority, account=key_name(commune), name="UBND xã Thường Xuân",
        organisation="UBND xã Thường Xuân", passphrase=SEAL, at=now,
    )  # fmt: skip
    choose_seal(unit=commune, provider="pkcs12", account="", by=OPERATOR, at=now)
    return root / "trust" / "demo.pem"


@pytest.mark.parametrize("width", [360, 1366])
def test_three_results_are_signed_with_one_passphrase(
    width: int,
    lady: Person,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.DATA = str(tmp_path)
    for _each in range(3):
        taken_in(client_of("one_stop_officer", thuong_xuan), thuong_xuan)
    page, look = officer_at("chair", width, "j6-three")
    root = keep_keys(tmp_path, thuong_xuan)

    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/")
    hand = Keys(page)
    hand.press("j", "Shift+Tab", "Space")
    for _row in range(2):
        hand.press("Tab", "Tab", "Space")  # over the dossier's link to the next box
    assert page.locator("[name=dossier]:checked").count() == 3
    look("chosen")
    hand.leave("d")
    look("read")
    hand.leave("F9")
    look("sign")
    assert page.evaluate("document.activeElement.id") == "secret"
    keys = hand.keys
    hand.type(PASSPHRASE)
    hand.leave("F9")
    look("signed")
    print(hand.spent)
    assert keys + 1 <= 12, hand.spent
    assert hand.seconds <= 60, hand.spent
    assert "Đã ký 3 kết quả" in page.inner_text("main")
    keeper, look_at_seal = officer_at("one_stop_officer", width, "j6-seal")
    keeper.goto(f"/desk/u/{thuong_xuan.uuid}/con-dau-so/")
    look_at_seal("waiting")
    assert keeper.evaluate("document.activeElement.id") == "secret"
    keeper.keyboard.type(SEAL)
    with leaving(keeper):
        keeper.keyboard.press("F9")
    look_at_seal("sealed")
    assert "Đã đóng dấu số 3 văn bản" in keeper.inner_text("main")
    assert page.complaints == keeper.complaints == []
    with scope.seeing(OPERATOR):
        assert {each.state for each in Dossier.objects.all()} == {"done"}
        assert SigningJob.objects.count() == 2
        for each in Dossier.objects.order_by("pk"):
            content = open_file(latest(File.objects.get(uuid=each.result_file)))
            said = verify(content, at=timezone.now(), roots=[root])
            assert said.holds
            assert [by.is_agency for by in said.signers] == [False, True]
