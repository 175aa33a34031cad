"""What we write is what banks read, and a payload that was touched is not read at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakhong.payments.rules.vietqr import BadCode, Code, crc, decode, encode
from bakhong.payments.rules.vietqr_words import PROBLEMS
from bakhong.payments.tests.vietqr_vectors import STATIC_WITH_AMOUNT, VECTORS, Vector

PRINTABLE = "".join(map(chr, range(32, 127)))
ACCOUNTS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=19)
BANKS = st.text("0123456789", min_size=6, max_size=6)
NOTES = st.text(PRINTABLE, max_size=25)
AMOUNTS = st.none() | st.integers(1, 10**13 - 1)


@pytest.mark.parametrize("vector", VECTORS)
def test_it_writes_the_known_payloads(vector: Vector) -> None:
    bank, account, amount, note, payload = vector
    assert encode(bank_bin=bank, account=account, amount=amount, purpose=note) == payload


@pytest.mark.parametrize("vector", VECTORS)
def test_it_reads_the_known_payloads(vector: Vector) -> None:
    bank, account, amount, note, payload = vector
    assert decode(payload) == Code(bank, account, "QRIBFTTA", amount, note, amount is not None)


def test_a_static_code_may_carry_an_amount() -> None:
    found = decode(STATIC_WITH_AMOUNT)
    assert (found.bank_bin, found.account, found.amount, found.purpose) == (
        "970407",
        "0386577672",
        1_000_000,
        "henry an cut",
    )
    assert not found.dynamic


def test_a_name_and_a_longer_note_of_others_are_read() -> None:
    """Dynamic without an amount, as some shops print it: what is in it is told, whatever we would write ourselves."""
    note = "Thanh toan don hang cho Bean Bakery"
    found = decode(
        sealed(f"000201010212{TO}53037045802VN5911CUA HANG AN62{len(note) + 4}08{len(note)}{note}")
    )
    assert (found.name, found.purpose, found.dynamic, found.amount) == ("CUA HANG AN", note, True, None)


@given(bank=BANKS, account=ACCOUNTS, amount=AMOUNTS, note=NOTES, name=NOTES)
def test_it_reads_what_it_writes(bank: str, account: str, amount: int | None, note: str, name: str) -> None:
    payload = encode(bank_bin=bank, account=account, amount=amount, purpose=note, name=name)
    assert decode(payload) == Code(bank, account, "QRIBFTTA", amount, note, amount is not None, name)


@given(vector=st.sampled_from(VECTORS), at=st.integers(0, 200), char=st.sampled_from(PRINTABLE))
def test_one_changed_character_is_always_caught(vector: Vector, at: int, char: str) -> None:
    payload = vector[4]
    at %= len(payload)
    if payload[at] != char:
        with pytest.raises(BadCode):
            decode(payload[:at] + char + payload[at + 1 :])


def test_every_single_change_to_one_payload_is_caught() -> None:
    """All of them, not a sample: 120 places by 95 characters."""
    payload = VECTORS[1][4]
    missed = [
        (at, char)
        for at in range(len(payload))
        for char in PRINTABLE
        if payload[at] != char and _holds(payload[:at] + char + payload[at + 1 :])
    ]
    assert missed == []


def test_without_the_check_sum_changes_would_pass() -> None:
    """Negative control: with the check sum put right, a changed account is a VietQR like any other."""
    changed = VECTORS[1][4][:-4].replace("257678859", "257678858")
    assert decode(changed + crc(changed)).account == "257678858"


def _holds(payload: str) -> bool:
    try:
        decode(payload)
    except BadCode:
        return False
    return True


def sealed(body: str) -> str:
    """A payload whose check sum is right, whatever it says."""
    return body + "6304" + crc(body + "6304")


TO = "38530010A0000007270123000697041601092576788590208QRIBFTTA"
BAD = {
    "": "not_emv",
    "xin chào": "characters",
    "000201\x00": "characters",
    "0" * 600: "too_long",
    "https://example.vn/tra": "not_emv",
    "000201010211": "no_crc",
    VECTORS[0][4][:-1]: "no_crc",
    VECTORS[0][4].lower(): "crc",
    VECTORS[0][4] + " ": "no_crc",
    VECTORS[0][4][:-4] + "ae9f": "crc",
    sealed("000201010211" + TO + "53037045802VN5303704"): "double",
    sealed("000201010211" + TO + "53037045802VN59990"): "tlv",
    sealed("000201010211" + TO + "5303704ABCDVN"): "tlv",
    sealed("000201010211" + TO + "53038405802VN"): "currency",
    sealed("000201010211" + TO + "5802VN"): "currency",
    sealed("000201010211" + TO + "53037045802US"): "country",
    sealed("000201010213" + TO + "53037045802VN"): "method",
    sealed("00020101021153037045802VN"): "not_vietqr",
    sealed("00020101021126260010A00000077501080100123453037045802VN"): "not_vietqr",
    sealed("000201010211" + TO.replace("A000000727", "A000000775") + "53037045802VN"): "not_vietqr",
    sealed("000201010211" + TO.replace("970416", "97041X") + "53037045802VN"): "bank",
    sealed("000201010211" + TO.replace("257678859", "25767 859") + "53037045802VN"): "account",
    sealed("000201010211" + TO.replace("QRIBFTTA", "QRIBFTTX") + "53037045802VN"): "service",
    sealed("000201010212" + TO + "530370454010" + "5802VN"): "amount",
    sealed("000201010212" + TO + "53037045407200.000" + "5802VN"): "amount",
    sealed("000201010212" + TO + "53037045405-2000" + "5802VN"): "amount",
    sealed("000201010212" + TO + "53037045414" + "1" * 14 + "5802VN"): "amount",
}


@pytest.mark.parametrize(("payload", "code"), BAD.items())
def test_what_does_not_hold_is_told_plainly(payload: str, code: str) -> None:
    with pytest.raises(BadCode) as caught:
        decode(payload)
    assert caught.value.code == code
    assert caught.value.message
    assert "%(" not in caught.value.in_words("en")


def test_whole_dong_may_be_written_with_empty_decimals() -> None:
    assert decode(sealed("000201010212" + TO + "5303704540820000.005802VN")).amount == 20_000


@given(st.text())
def test_no_text_makes_it_fall_over(text: str) -> None:
    assert not _holds(text)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"bank_bin": "97040"}, "bank"),
        ({"bank_bin": "٩٧٠٤٠٥"}, "bank"),
        ({"account": "1234"}, "account"),
        ({"account": "1" * 20}, "account"),
        ({"account": "15002 01"}, "account"),
        ({"account": "abcde"}, "account"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**13}, "amount"),
        ({"purpose": "Phí chứng thực"}, "purpose_characters"),
        ({"purpose": "a\nb"}, "purpose_characters"),
        ({"purpose": "x" * 26}, "purpose_length"),
        ({"name": "x" * 26}, "name"),
    ],
)
def test_nothing_is_cut(values: dict[str, object], code: str) -> None:
    told = {"bank_bin": "970405", "account": "1500201012345"} | values
    with pytest.raises(BadCode) as caught:
        encode(**told)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_every_problem_is_said_in_both_languages() -> None:
    assert all(vi and en and vi != en for vi, en in PROBLEMS.values())
