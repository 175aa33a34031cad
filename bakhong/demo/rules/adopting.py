"""Who took up which service and when, so that on REF exactly as many have it as was printed; and what was tried in vain.

A step is never before its service began in the commune, nor before its person had the age the service asks for.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bakhong.demo.rules.choosing import draw, pick
from bakhong.demo.rules.commune import (
    ADULT,
    REF,
    VILLAGES,
    WITH_ACCOUNT,
    WITH_EID,
    Commune,
    Resident,
    Shop,
    Step,
    Subscription,
)

PROVIDERS = (("VNPT SmartCA", 55.0), ("Viettel MySign", 33.0), ("MISA eSign", 12.0))
BANKS = (
    ("Agribank", 55.0),
    ("VietinBank", 17.0),
    ("BIDV", 12.0),
    ("Vietcombank", 10.0),
    ("Ngân hàng Chính sách xã hội", 6.0),
)
QR_BANKS = (("Agribank", 50.0), ("VietinBank", 20.0), ("BIDV", 15.0), ("Viettel Money", 15.0))
# Campaigns: most of what was done, was done in them. (first day, last day, how much)
WAVES = (
    (date(2023, 6, 1), date(2023, 9, 30), 24.0),
    (date(2023, 10, 1), date(2024, 7, 31), 16.0),
    (date(2024, 8, 1), date(2024, 12, 31), 42.0),
    (date(2025, 1, 1), REF, 18.0),
)
# Obstacles with how often they are met, for the young, and added for the old and for those away (domain research 2.3).
_OBSTACLES = (
    ("no_smartphone", 3.0),
    ("old_phone", 2.0),
    ("no_need", 2.0),
    ("otp_missing", 1.5),
    ("weak_signal", 1.0),
    ("afraid_of_fraud", 1.0),
)


@dataclass(frozen=True)
class Usual:
    """A service of which no count was printed: the share of those who may have it that has it on REF."""

    service: str
    state: str
    age: int
    share: float
    weight: Callable[[Resident], float]
    since: date = date(2023, 6, 1)


def adopt(rng: random.Random, commune: Commune) -> None:
    """Add subscriptions, shops and all steps up to REF."""
    _accounts_of_the_state(rng, commune)
    _money(rng, commune)
    _signatures(rng, commune)
    _subscriptions(rng, commune)
    _shops(rng, commune)
    for usual in USUAL:
        _usual(rng, commune, usual)
    _cashless_bills(rng, commune)
    _tried_in_vain(rng, commune)


def missing_weight(each: Resident) -> float:
    """How much sooner somebody is among those who do not have a service yet."""
    weight = 8.0 if each.age >= 75 else 3.0 if each.age >= 60 else 1.2 if each.age >= 45 else 0.5
    weight *= {"none": 3.0, "basic": 2.0, "smartphone": 0.5}[each.device]
    weight *= {"present": 1.0, "away": 1.8, "abroad": 5.0}[each.presence]
    return weight * VILLAGES[each.village].slow


def eager(each: Resident) -> float:
    return 1 / missing_weight(each)


def day(rng: random.Random, first: date, last: date = REF) -> date:
    """A day of one of the waves, not before the first."""
    waves = [(wave, weight) for *wave, weight in WAVES if wave[1] >= first]
    if not waves or first >= last:
        return max(first, min(last, first))
    start, end = draw(rng, waves)
    start, end = max(start, first), min(end, last)
    return start + timedelta(days=rng.randrange((end - start).days + 1))


def _without(rng: random.Random, among: Sequence[Resident], having: int) -> list[Resident]:
    """Exactly so many, by taking out those who are sooner missing."""
    missing = {each.serial for each in pick(rng, among, len(among) - having, missing_weight)}
    return [each for each in among if each.serial not in missing]


def _aged(commune: Commune, age: int) -> list[Resident]:
    return [each for each in commune.residents if each.age >= age]


def _add(commune: Commune, each: Resident, service: str, state: str, on: date, **more: str) -> None:
    commune.steps.append(Step("person", each.serial, service, state, on, **more))


# --- services of which counts were printed ---------------------------------------------------------------------------


def _accounts_of_the_state(rng: random.Random, commune: Commune) -> None:
    """So many adults have an e-identity account, nine in ten of them of level 2, whose way there is told step by step for some."""
    having = _without(rng, _aged(commune, ADULT), commune.margins.eid)
    young = [
        each for each in commune.residents if WITH_EID <= each.age < ADULT and each.presence == "present"
    ]
    having += [each for each in young if rng.random() < 0.55]
    for each in having:
        on = day(rng, max(each.birthday(WITH_EID), WAVES[0][0]))
        if rng.random() < 0.1 and each.age >= ADULT:
            _add(commune, each, "eid_level1", "activated", on)
            continue
        if rng.random() < 0.2:
            earliest = max(each.birthday(WITH_EID), on - timedelta(days=25))
            _add(commune, each, "eid_level2", "registered", earliest)
            _add(commune, each, "eid_level2", "approved", earliest + (on - earliest) // 2)
        _add(commune, each, "eid_level2", "activated", on, evidence="Mở ứng dụng VNeID cho tổ xem")


def _money(rng: random.Random, commune: Commune) -> None:
    having = _without(rng, _aged(commune, WITH_ACCOUNT), commune.margins.accounts)
    using = {each.serial for each in pick(rng, having, commune.margins.paying_online, eager)}
    for each in having:
        on = day(rng, max(each.birthday(WITH_ACCOUNT), WAVES[0][0]))
        bank = draw(rng, BANKS)
        _add(commune, each, "payment_account", "activated", on, provider=bank)
        if each.serial in using:
            _add(
                commune,
                each,
                "payment_account",
                "in_use",
                day(rng, on),
                provider=bank,
                evidence="Trả tiền điện qua ứng dụng",
            )


def _signatures(rng: random.Random, commune: Commune) -> None:
    """Counted among those present with a smartphone; a few of those away have one too, and are not counted there."""
    adults = _aged(commune, ADULT)
    at_hand = [each for each in adults if each.presence == "present" and each.device == "smartphone"]
    having = pick(rng, at_hand, commune.margins.signatures, eager)
    having += [each for each in adults if each.presence != "present" and rng.random() < 0.06]
    for each in having:
        on = day(rng, max(each.birthday(ADULT), date(2023, 7, 1)))
        _add(commune, each, "digital_signature", "activated", on, provider=draw(rng, PROVIDERS))


def _subscriptions(rng: random.Random, commune: Commune) -> None:
    """One for everybody present with a phone, then of those away and second ones until there are exactly so many smartphones."""
    owners = [each for each in commune.residents if each.holder == "self"]
    for each in owners:
        if each.presence == "present":
            commune.subscriptions.append(
                Subscription(each.phone, each.village, each.serial, each.device == "smartphone")
            )
    missing = commune.margins.subscriptions - sum(each.is_smartphone for each in commune.subscriptions)
    away = [each for each in owners if each.presence == "away" and each.device == "smartphone"]
    second = [each for each in owners if each.presence == "present" and each.device == "smartphone"]
    kept = pick(rng, away, min(len(away), missing * 2 // 3))
    for each in kept:
        commune.subscriptions.append(Subscription(each.phone, each.village, each.serial, True))
    for each in pick(rng, second, missing - len(kept)):
        number = f"051{9_000_000 + each.serial}"
        commune.subscriptions.append(Subscription(number, each.village, each.serial, True))
    smart = [index for index, each in enumerate(commune.subscriptions) if each.is_smartphone]
    for index in pick(rng, smart, commune.margins.secured):
        commune.steps.append(
            Step("subscription", index, "security_software", "activated", day(rng, date(2024, 8, 1)))
        )


# --- shops -----------------------------------------------------------------------------------------------------------


def _shops(rng: random.Random, commune: Commune) -> None:
    owners = [each for each in commune.residents if 25 <= each.age <= 65 and each.presence == "present"]
    for number, owner in enumerate(pick(rng, owners, max(7, len(owners) // 26), _trades)):
        is_firm = number % 12 == 5
        what = rng.choice(("Tạp hoá", "Quán ăn", "Vật liệu xây dựng", "May đo", "Sửa xe", "Nông sản"))
        given = owner.name.split(" ")[-1]
        shop = Shop(
            number,
            owner.village,
            owner.serial,
            "enterprise" if is_firm else "household_business",
            f"Công ty TNHH {given} Mẫu" if is_firm else f"{what} {given}",
        )
        commune.shops.append(shop)
        if rng.random() < 0.7:
            on = day(rng, date(2023, 8, 1))
            commune.steps.append(
                Step("organisation", number, "merchant_qr", "activated", on, provider=draw(rng, QR_BANKS))
            )


def _trades(each: Resident) -> float:
    return VILLAGES[each.village].phones


# --- the rest --------------------------------------------------------------------------------------------------------


USUAL = (
    Usual("identity_card", "activated", WITH_EID, 0.97, eager, date(2021, 6, 1)),
    Usual("portal_account", "activated", ADULT, 0.42, eager),
    Usual("online_services", "in_use", ADULT, 0.30, eager),
    Usual("e_wallet", "activated", WITH_ACCOUNT, 0.16, eager),
    Usual("province_app", "activated", WITH_ACCOUNT, 0.19, eager, date(2024, 8, 1)),
    Usual("health_book", "activated", WITH_EID, 0.27, eager, date(2024, 10, 1)),
    Usual("social_insurance_app", "activated", ADULT, 0.15, eager),
    Usual("digital_channel", "in_use", ADULT, 0.41, eager),
    Usual("digital_skills", "activated", WITH_ACCOUNT, 0.48, eager),
)


def _usual(rng: random.Random, commune: Commune, usual: Usual) -> None:
    among = [
        each
        for each in _aged(commune, usual.age)
        if each.presence == "present" or usual.service == "identity_card"
    ]
    for each in pick(rng, among, int(len(among) * usual.share), usual.weight):
        _add(commune, each, usual.service, usual.state, day(rng, max(each.birthday(usual.age), usual.since)))


def _cashless_bills(rng: random.Random, commune: Commune) -> None:
    """A household pays without cash where somebody in it does."""
    paying = {
        step.key for step in commune.steps if (step.service, step.state) == ("payment_account", "in_use")
    }
    for number, members in commune.households().items():
        if any(each.serial in paying for each in members) and rng.random() < 0.72:
            commune.steps.append(
                Step("household", number, "cashless_bills", "in_use", day(rng, date(2023, 9, 1)))
            )


def _tried_in_vain(rng: random.Random, commune: Commune) -> None:
    """For half of those without an account of the State, why not; a few registered and wait, or were refused."""
    having = {
        step.key
        for step in commune.steps
        if step.service in ("eid_level1", "eid_level2") and step.kind == "person"
    }
    for each in _aged(commune, ADULT):
        if each.serial in having or rng.random() < 0.35:
            continue
        on = day(rng, max(each.birthday(ADULT), date(2024, 8, 1)))
        if each.presence == "present" and rng.random() < 0.3:
            state = "refused" if rng.random() < 0.2 else "registered"
            _add(commune, each, "eid_level2", state, on)
        else:
            _add(commune, each, "eid_level2", "none", on, reason=obstacle(rng, each))


def obstacle(rng: random.Random, each: Resident) -> str:
    """Why not, a code of the people's `reasons.toml`."""
    if each.presence != "present":
        return "abroad" if each.presence == "abroad" else "away"
    found = dict(_OBSTACLES)
    if each.device == "smartphone":
        found["no_smartphone"] = 0.0
    if each.age >= 65:
        found |= {"elderly": 5.0, "no_smartphone": found["no_smartphone"] * 2}
    if VILLAGES[each.village].signal <= 2:
        found["weak_signal"] += 4.0
    return draw(rng, list(found.items()))
