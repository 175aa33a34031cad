"""What came to the one-stop desk in three months: who asked for what, by which way, and what became of it. Pure, and the same every time.

Days are counted in working days before the day of loading, so that there is always something that waits, something late and something done.
Nothing here is a figure of anybody: mixtures were chosen so that every state, every way in and every way out can be looked at.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, cycle

MARRIAGE, ALLOWANCE, CULTURE, COPIES = "1.004873", "1.001776", "local.nha-van-hoa", "2.000815"
SIGN_IN = 4  # the first slots are those one can be in the demo
PAIRS = 20  # the first slots ask twice
MOST_DAYS = 62


@dataclass(frozen=True)
class Act:
    """One deed: so many working days after the one before, at an hour of the clock; never before the one before."""

    deed: str
    after: int = 0
    hour: float = 9.0
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One dossier. `slot`: whose; `way`: how it came (see `WAYS`); `ago`: working days before today; `gives`: how the result is wanted."""

    number: int
    slot: int
    procedure: str
    way: str
    ago: int
    hour: float
    acts: tuple[Act, ...] = ()
    gives: str = "desk"
    answers: Mapping[str, str] = field(default_factory=dict)


# way → (channel, who operated it, how the applicant was recognised)
WAYS = {
    "desk": ("direct", "officer", "officer"),
    "desk_team": ("direct", "digital_team", "card"),
    "desk_relative": ("direct", "relative", "card"),
    "post": ("post", "resident", ""),
    "online": ("online", "resident", "e_identity"),
    "online_mandate": ("online", "relative", "e_identity"),
    "online_team": ("online", "digital_team", "card"),
    "online_code": ("online", "resident", ""),
}

_FORWARD = Act("forward", hour=10)
_DECIDE = (_FORWARD, Act("forward", 1, 9), Act("approve", 0, 14))
_PEN, _DIGITAL = Act("sign", 0, 15), Act("sign_digitally", 0, 15)
_IN, _IN_LATER = Act("receive", 0, 10), Act("receive", 1, 8)
_ASK = Act("ask", 0, 14, {"reason": "not_clear"})
_ASK_AGAIN = Act("ask", 1, 10, {"reason": "does_not_match", "why_again": "answer_not_enough"})
_ANSWER = Act("answer", 2, 20)
_BROUGHT = Act("answer", 2, 9, {"came": "yes"})
_MISS = Act("miss", 1, 9, {"paper": "residence", "reason": "Tra theo số định danh, chưa có nơi ở hiện tại."})
_SENT = Act("send_update", 0, 15, {"as": "Công văn mẫu số 41/UBND"})
_HEARD = Act("answer_update", 2, 10, {"answer": "updated"})
_SORRY = {"reason": "agency_late", "days": "5"}


def given(mode: str) -> tuple[Act, ...]:
    """From the decision to the resident's hands."""
    if mode == "electronic":
        return (_DIGITAL,)
    return (_PEN, Act("return", {"desk": 1, "post": 1, "home": 2}[mode], 16, {"how": mode}))


def settled(mode: str, *, taken_in: bool = False) -> tuple[Act, ...]:
    """The usual way to a result. `taken_in`: handed in online first."""
    return ((_IN,) if taken_in else ()) + _DECIDE + given(mode)


def cases() -> list[Case]:
    """All of them in the order in which they came, numbered."""
    made = sorted([*_today(), *_special(), *_pairs(), *_usual()], key=lambda each: (-each.ago, each.hour))
    return [replace(each, number=number) for number, each in enumerate(made)]


# --- what waits today ------------------------------------------------------------------------------------------------


def _today() -> Iterator[Case]:
    """Something in every state in which a dossier can wait."""
    slots = count(60)

    def one(procedure: str, way: str, ago: int, hour: float, *acts: Act, gives: str = "desk") -> Case:
        return Case(0, next(slots), procedure, way, ago, hour, acts, gives)

    for way, hour in (("online", 16.8), ("online_code", 17.1), ("online_team", 17.3)):
        yield one(CULTURE, way, 0, hour, gives="electronic")
    for hour in (8.2, 9.1, 10.4):
        yield one(MARRIAGE, "desk", 0, hour)
    yield one(ALLOWANCE, "desk_team", 1, 9.4)
    for hour in (8.4, 9.9, 14.2):
        yield one(MARRIAGE, "desk", 1, hour, _FORWARD)
    for ago, missed in ((4, (_MISS, _SENT, _HEARD)), (4, (_MISS, _SENT)), (3, (_MISS,)), (2, ())):
        yield one(ALLOWANCE, "desk", ago, 8.6, _FORWARD, *missed)
    yield one(MARRIAGE, "desk_relative", 2, 9.5, _ASK)
    yield one(ALLOWANCE, "desk", 5, 14.5, _FORWARD, Act("ask", 1, 10, {"reason": "not_filled"}))
    yield one(ALLOWANCE, "desk", 12, 8.3, _FORWARD, _ASK, _ANSWER, _ASK_AGAIN)
    yield one(ALLOWANCE, "desk", 12, 9.6, _FORWARD, Act("apologise", 9, 15, _SORRY))
    yield one(MARRIAGE, "desk", 6, 9.2, _FORWARD)  # overdue, and nobody said sorry
    yield one(CULTURE, "online", 5, 19.5, _IN_LATER, _FORWARD)
    for hour in (8.1, 8.9, 9.7):
        yield one(MARRIAGE, "desk", 2, hour, *_DECIDE)
    for gives in ("desk", "desk", "post", "home"):
        yield one(MARRIAGE, "desk", 3, 9.3, *_DECIDE, _PEN, gives=gives)
    yield one(ALLOWANCE, "desk", 6, 10.2, Act("agency", 1, 9))
    yield one(CULTURE, "online", 3, 12.2, _IN_LATER, Act("ask_withdrawal", 1, 20))


def _special() -> Iterator[Case]:
    """What ended otherwise than usual."""
    slots = count(90)

    def one(procedure: str, way: str, ago: int, *acts: Act, gives: str = "desk") -> Case:
        return Case(0, next(slots), procedure, way, ago, 9.0, acts, gives)

    why = {
        "reason": "not_this_office",
        "note": "Việc này do Công an xã giải quyết, ngay cạnh bộ phận một cửa.",
    }
    full = {"reason": "other", "note": "Nhà văn hoá đã có nơi mượn cùng buổi. Mời chọn ngày khác."}
    yield one(CULTURE, "online_code", 9, Act("refuse", 1, 9, full), gives="electronic")
    yield one(CULTURE, "online", 33, Act("refuse", 1, 8, full), gives="electronic")
    yield one(ALLOWANCE, "post", 21, _FORWARD, Act("refuse", 1, 9, why))
    yield one(
        MARRIAGE,
        "post",
        40,
        _ASK,
        Act("stop", 24, 9, {"reason": "not_supplemented", "note": "Đã gọi ba lần."}),
    )
    for ago in (15, 44):
        yield one(
            CULTURE, "online", ago, _IN_LATER, Act("ask_withdrawal", 0, 19), Act("confirm_withdrawal", 1)
        )
    for ago, gives in ((18, "electronic"), (27, "desk"), (38, "post")):
        answer = _ANSWER if gives == "electronic" else _BROUGHT
        yield one(MARRIAGE, "desk", ago, _ASK, answer, *settled(gives), gives=gives)
    yield one(ALLOWANCE, "desk_relative", 35, _ASK, _BROUGHT, _ASK_AGAIN, _BROUGHT, *settled("desk"))
    yield one(
        MARRIAGE,
        "desk",
        24,
        _FORWARD,
        Act("apologise", 2, 15, _SORRY),
        Act("forward", 3),
        Act("approve", 1),
        *given("desk"),
    )
    yield one(ALLOWANCE, "desk", 48, _FORWARD, Act("forward", 12), Act("approve", 1), *given("desk"))
    agency = (Act("agency", 1, 9), Act("agency_answers", 4, 15), Act("forward", 1, 9), Act("approve", 0, 15))
    yield one(ALLOWANCE, "desk", 30, *agency, *given("home"), gives="home")


# --- residents who ask twice, and all the others ---------------------------------------------------------------------


def _pairs() -> Iterator[Case]:
    """The first confirmation says what the second dossier need not ask again."""
    seconds = cycle((ALLOWANCE, CULTURE, ALLOWANCE, MARRIAGE))
    for slot, second in zip(range(PAIRS), seconds, strict=False):
        mode = ("electronic", "desk", "home", "desk")[slot % 4]
        yield Case(0, slot, MARRIAGE, "desk", 58 - slot, 8 + slot % 4, settled(mode), mode)
        yield _second(slot, second)


def _second(slot: int, procedure: str) -> Case:
    if slot < SIGN_IN:
        return _of_the_signed_in(slot)
    mode = ("desk", "post", "desk", "home")[slot % 4]
    if procedure == CULTURE:
        return Case(0, slot, CULTURE, "online", 33 - slot, 19.3, settled("desk", taken_in=True), "desk")
    return Case(0, slot, procedure, "desk", 34 - slot, 14 + slot % 3 / 2, settled(mode), mode)


def _of_the_signed_in(slot: int) -> Case:
    """What whoever tries the portal finds: work under way, something to answer, something to take, something acted for another."""
    if slot == 0:
        return Case(0, 0, ALLOWANCE, "desk", 5, 10.0, (_FORWARD,), "electronic")
    if slot == 1:
        return Case(0, 1, CULTURE, "online", 2, 19.0, (_IN_LATER, _ASK), "electronic")
    if slot == 2:
        return Case(0, 2, ALLOWANCE, "desk", 8, 9.0, (*_DECIDE, _PEN), "desk")
    return Case(0, 3, CULTURE, "online_mandate", 4, 18.5, settled("electronic", taken_in=True), "electronic")


def _usual() -> Iterator[Case]:
    """Settled as it should be, spread over the three months."""
    rng = random.Random(12)  # noqa: S311 - the same desk every time is the point
    slots = count(PAIRS)
    for procedure, way, modes, number in _MIX:
        for place in range(number):
            mode = modes[place % len(modes)]
            ago = 4 + rng.randrange(MOST_DAYS - 4)
            if procedure == COPIES:
                yield _copies(next(slots), ago, place)
                continue
            hour = rng.choice((8.1, 8.7, 9.4, 10.2, 10.9, 13.8, 14.6, 15.3, 16.1))
            acts = settled(mode, taken_in=way.startswith("online"))
            yield Case(0, next(slots), procedure, way, ago, hour, acts, mode)


_MIX: Sequence[tuple[str, str, Sequence[str], int]] = (
    (CULTURE, "online", ("electronic",), 4),
    (CULTURE, "online_code", ("electronic",), 2),
    (CULTURE, "online_team", ("electronic", "desk"), 3),
    (CULTURE, "online_mandate", ("electronic",), 2),
    (MARRIAGE, "desk", ("desk", "electronic", "post", "desk", "home"), 7),
    (MARRIAGE, "desk_team", ("home", "desk"), 2),
    (MARRIAGE, "desk_relative", ("desk",), 2),
    (MARRIAGE, "post", ("post",), 2),
    (ALLOWANCE, "desk", ("desk", "home", "electronic"), 5),
    (COPIES, "desk", ("desk",), 7),
)


def _copies(slot: int, ago: int, place: int) -> Case:
    """Copies for a farming loan cost nothing; the last two wait for their fee."""
    papers = (
        "Giấy chứng nhận quyền sử dụng đất",
        "Bằng tốt nghiệp THPT",
        "Giấy khai sinh",
        "Hợp đồng vay vốn",
    )
    told = {
        "document_name": papers[place % len(papers)],
        "document_pages": str(1 + place % 4),
        "document_copies": str(1 + place % 3),
    }
    answers = {f"documents.0.{name}": value for name, value in told.items()}
    if place >= 5:
        answers["purpose"] = "study"
        return Case(0, slot, COPIES, "desk", 0, 8.5 + place / 10, (Act("set_duty", 0, 9),), "desk", answers)
    answers["purpose"] = "rural_loan"
    done = (Act("approve", 0, 11), Act("sign", 0, 11), Act("return", 0, 11.2, {"how": "desk"}))
    return Case(0, slot, COPIES, "desk", ago, 8.2 + place % 3, done, "desk", answers)
