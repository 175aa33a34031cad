"""10,000 forged codes are caught, 10,000 reprints of banks' apps alarm nobody; a checker that compares less lets forgeries through."""

import random
from collections.abc import Callable

import pytest

from bakhong.payments.rules import stickers
from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.stickers import (
    CHANGED,
    EQUIVALENT,
    GENUINE,
    UNREADABLE,
    compare,
    read_seal,
    seal_text,
)
from bakhong.payments.rules.vietqr import crc, encode

SEED = 20261122
MANY = 10_000
BINS = sorted(banks())
NAMES = ["Lê Thị Hoá", "Tạp hoá Hoa Mai"]
PRINTABLE = [chr(code) for code in range(32, 127)]
ALARMS = (CHANGED, UNREADABLE)


def field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def closed(body: str) -> str:
    return body + "6304" + crc(body + "6304")


def some_account(dice: random.Random) -> str:
    return "".join(dice.choice("0123456789") for _ in range(dice.randint(8, 16)))


def some_code(dice: random.Random) -> tuple[str, str]:
    return dice.choice(BINS), some_account(dice)


# --- forgeries -------------------------------------------------------------------------------------------------------


def one_character(dice: random.Random, bank: str, account: str) -> str:
    payload = encode(bank_bin=bank, account=account)
    at = dice.randrange(len(payload))
    other = dice.choice([each for each in PRINTABLE if each != payload[at]])
    forged = payload[:at] + other + payload[at + 1 :]
    return one_character(dice, bank, account) if forged.upper() == payload else forged


def one_character_and_check_sum(dice: random.Random, bank: str, account: str) -> str:
    """The check sum is made right again. 11 become 12 is left out: it changes nothing of who is paid, and apps write either."""
    body = encode(bank_bin=bank, account=account)[:-8]
    at = dice.randrange(len(body))
    other = dice.choice([each for each in PRINTABLE if each != body[at]])
    forged = body[:at] + other + body[at + 1 :]
    if forged == body.replace("010211", "010212", 1):
        return one_character_and_check_sum(dice, bank, account)
    return closed(forged)


def other_account(dice: random.Random, bank: str, account: str) -> str:
    return encode(
        bank_bin=bank, account=dice.choice([account[:-1] + "x".upper(), account + "0", some_account(dice)])
    )


def other_bank(dice: random.Random, bank: str, account: str) -> str:
    return encode(bank_bin=dice.choice([each for each in BINS if each != bank]), account=account)


def with_amount(dice: random.Random, bank: str, account: str) -> str:
    return encode(bank_bin=bank, account=account, amount=dice.randint(1, 10**9))


def second_payee(dice: random.Random, bank: str, account: str) -> str:
    body = encode(bank_bin=bank, account=account)[:-8]
    return closed(body + field(f"{dice.randint(2, 37):02d}", "0010A000000775" + some_account(dice)))


def with_tip(dice: random.Random, bank: str, account: str) -> str:
    return closed(
        encode(bank_bin=bank, account=account)[:-8] + "550202" + field("56", str(dice.randint(1, 99999)))
    )


def to_a_card(dice: random.Random, bank: str, account: str) -> str:
    return closed(encode(bank_bin=bank, account=account)[:-8].replace("QRIBFTTA", "QRIBFTTC"))


def no_bank_code(dice: random.Random, bank: str, account: str) -> str:
    return dice.choice(["https://ngan-hang.example/nhan-tien", "WIFI:S:cho;;", "", "000201", "0" * 600])


FORGERIES: list[Callable[[random.Random, str, str], str]] = [
    one_character, one_character_and_check_sum, other_account, other_bank, with_amount, second_payee, with_tip, to_a_card, no_bank_code,
]  # fmt: skip


# --- what banks' apps print for the same account ---------------------------------------------------------------------


def reprint(dice: random.Random, bank: str, account: str) -> str:
    payee = [field("00", "A000000727"), field("01", bank_part(dice, bank, account)), field("02", "QRIBFTTA")]
    dice.shuffle(payee)
    parts = [field("01", dice.choice(["11", "12"])), field("38", "".join(payee)), "5303704", "5802VN"]
    extra = {
        "52": f"{dice.randint(0, 9999):04d}",
        "59": dice.choice(["LE THI HOA", "Le Thi Hoa", "TAP HOA HOA MAI"]),
        "60": dice.choice(["THANH HOA", "Ha Noi", "VN"]),
        "61": "40000",
        "62": field("08", dice.choice(["Chuyen tien", "Thanh toan", "A12"])),
        "80": "1",
    }
    parts += [field(tag, value) for tag, value in extra.items() if dice.random() < 0.4]
    dice.shuffle(parts)
    made = closed("000201" + "".join(parts))
    made = made[:-4] + made[-4:].lower() if dice.random() < 0.3 else made
    return dice.choice(["", " ", "\n", "\ufeff"]) + made + dice.choice(["", "\r\n"])


def bank_part(dice: random.Random, bank: str, account: str) -> str:
    both = [field("00", bank), field("01", account)]
    dice.shuffle(both)
    return "".join(both)


def test_it_catches_every_one_of_10_000_forgeries() -> None:
    dice = random.Random(SEED)
    missed = []
    for number in range(MANY):
        bank, account = some_code(dice)
        forged = FORGERIES[number % len(FORGERIES)](dice, bank, account)
        found = compare(encode(bank_bin=bank, account=account), forged, names=NAMES)
        if found.verdict not in ALARMS or not found.differences:
            missed.append((forged, found))
    assert missed == []


def test_it_alarms_at_none_of_10_000_reprints() -> None:
    dice = random.Random(SEED)
    alarmed = []
    for _ in range(MANY):
        bank, account = some_code(dice)
        scanned = reprint(dice, bank, account)
        found = compare(encode(bank_bin=bank, account=account), scanned, names=NAMES)
        if found.verdict not in (GENUINE, EQUIVALENT) or found.differences:
            alarmed.append((scanned, found))
    assert alarmed == []


@pytest.mark.parametrize(
    ("forgery", "check"),
    [(with_amount, "amount"), (other_bank, "bank_bin"), (other_account, "account"), (to_a_card, "service")],
)
def test_a_checker_that_leaves_out_a_part_misses_its_forgeries(
    forgery: Callable[[random.Random, str, str], str], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: each part that is compared is needed."""
    whole = stickers._moved
    monkeypatch.setattr(
        stickers,
        "_moved",
        lambda printed, found: tuple(
            each for each in whole(printed, found) if each != check[:4] and each != check
        ),
    )
    dice = random.Random(SEED)
    missed = 0
    for _ in range(300):
        bank, account = some_code(dice)
        found = compare(encode(bank_bin=bank, account=account), forgery(dice, bank, account), names=NAMES)
        missed += found.verdict not in ALARMS
    assert missed == 300


def test_comparing_whole_texts_would_alarm_at_reprints() -> None:
    """Negative control: the simplest checker, the same characters or not, is no good."""
    dice = random.Random(SEED)
    assert (
        sum(
            reprint(dice, bank, account) != encode(bank_bin=bank, account=account)
            for bank, account in (some_code(dice) for _ in range(200))
        )
        > 190
    )


def test_another_name_alone_is_told_but_alarms_nobody() -> None:
    printed = encode(bank_bin="970405", account="1500201012345")
    found = compare(
        printed, encode(bank_bin="970405", account="1500201012345", name="TRAN VAN BA"), names=NAMES
    )
    assert (found.verdict, found.differences) == (EQUIVALENT, ("name",))


def test_seal_codes_are_read_back_and_no_slip_of_one_character_is() -> None:
    for number in range(300):
        code = seal_text(number.to_bytes(32, "big"))
        assert read_seal(code.lower().replace("-", " ")) == code
        for at in (each for each in range(11) if each != 5):
            other = "Z" if code[at] != "Z" else "Y"
            assert read_seal(code[:at] + other + code[at + 1 :]) == ""
