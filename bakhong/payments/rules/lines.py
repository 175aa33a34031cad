"""What a bank tells of one movement, what it is known by, and when two sources tell of the same one.

A movement is stored once (`identity`, unique within an account), however many notifications, pulls and statements tell of it.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bakhong.core.text import name_key
from bakhong.payments.rules.references import find_references

IN, OUT = "in", "out"
STATEMENT = "statement"
MOST_CONTENT = 500
LARGEST = 10**13 - 1  # đồng: 13 digits, as on a code

_NEAR = timedelta(days=3)  # a bank books the night's and the weekend's movements on the next working day
_REUSED = timedelta(days=31)  # a reference of the bank met again later than that stands for another movement
_MINUTES = timedelta(minutes=15)  # what a broker's clock and the bank's differ by
_LEAST = 8  # characters of a reference that is nobody else's
_LONG = 30  # characters after which two notes that begin alike are one note, cut
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Told:
    """One movement as a source tells it. `amount` in đồng, above 0; `on` the bank's day; `row` of a file, as people count.

    `reference` is the bank's, `external_id` the broker's.
    """

    direction: str
    amount: int
    on: date
    booked_at: datetime | None = None
    content: str = ""
    reference: str = ""
    balance_after: int | None = None
    payer_name: str = ""
    external_id: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A movement that is stored. `sources`: who told of it ("sepay", "payos", "pull", "statement")."""

    pk: int
    identity: str
    told: Told
    sources: frozenset[str] = frozenset()


def bare(text: str) -> str:
    """Letters and digits alone, upper case without accents: what is left of a note whatever a bank does to it.

    >>> bare("Nộp tiền: bk-12 ")
    'NOPTIENBK12'
    """
    return "".join(filter(str.isalnum, name_key(text))).upper()


def strong(reference: str) -> str:
    """The bank's reference where it is one movement's alone; empty for a row's number or a voucher's of the day.

    >>> strong("FT26012.345678"), strong("17"), strong("")
    ('FT26012345678', '', '')
    """
    said = bare(reference)
    return said if len(said) >= _LEAST and len(_DIGITS.findall(said)) >= _LEAST - 3 else ""


def base(told: Told) -> str:
    """What a movement is known by, but for its turn among equals. Never depends on who told it, where the bank gives a reference.

    >>> base(Told("in", 200_000, date(2026, 1, 2), reference="FT26002123456"))
    'ref:FT26002123456:in:200000'
    """
    if said := strong(told.reference):
        return f"ref:{said[:60]}:{told.direction}:{told.amount}"
    if told.external_id:
        return f"id:{bare(told.external_id)[:60]}:{told.direction}:{told.amount}"
    words = (
        *(told.on, told.booked_at, told.direction, told.amount, told.balance_after),
        *(bare(told.content), bare(told.reference)),
    )
    return "row:" + hashlib.blake2b(repr(words).encode(), digest_size=16).hexdigest()


def is_reused(told: Told, on: date) -> bool:
    """Whether the line of `on` with this identity is another movement: banks begin their numbers anew.

    >>> told = Told("in", 1, date(2026, 6, 1), reference="12345678")
    >>> is_reused(told, date(2026, 1, 1)), is_reused(told, date(2026, 5, 30))
    (True, False)
    """
    return abs(told.on - on) > _REUSED


def is_another(told: Told, other: Told, ids: Collection[str] = ()) -> bool:
    """Whether this is another movement than the one known by the same identity, which brokers told under `ids`.

    Payments of a batch bear one reference of the bank, and neighbours owe the same: then what their notes name differs, or the broker's ids
    and the balances after them do. The same id is never another movement.

    >>> one, two = (Told("in", 30_000, date(2026, 11, 22), external_id=key, balance_after=at) for key, at in [("1", 5), ("2", 9)])
    >>> is_another(two, one, {"1"}), is_another(two, one, {"2"}), is_another(one, one, {"7"})
    (True, False, False)
    """
    if told.external_id and told.external_id in ids:
        return False
    if _names_another(told, other):
        return True
    both = told.balance_after is not None and other.balance_after is not None
    return bool(told.external_id and ids) and both and told.balance_after != other.balance_after


def apart(name: str, told: Told, other: Told) -> str:
    """What such a movement is known by: by what its note names, else by the broker's id.

    >>> told, other = (Told("in", 30_000, date(2026, 1, 2), external_id=key) for key in "78")
    >>> apart("ref:FT26002123456:in:30000", told, other)
    'ref:FT26002123456:in:30000~7'
    """
    own = find_references(told.content)[0] if _names_another(told, other) else bare(told.external_id)
    return f"{name}~{own[:20]}"


def _names_another(told: Told, other: Told) -> bool:
    if told.content == other.content:
        return False
    mine, theirs = set(find_references(told.content)), set(find_references(other.content))
    return bool(mine and theirs) and not mine & theirs


def is_same(told: Told, line: Known, *, source: str, is_weak_enough: bool = True) -> bool:
    """Whether another source has told of this movement already, in other words. Equal identities are not asked about here.

    Whoever gives every movement an id of its own never tells two of them as one. Two rows of one statement are kept apart by the caller.
    Proof is the same balance after it, or the bank's reference inside the note; where there is neither, the same day and the same note
    (`is_weak_enough`: between a broker and a statement a note that holds the other, or the same minute, is enough).
    """
    other = line.told
    if (told.direction, told.amount) != (other.direction, other.amount) or abs(told.on - other.on) > _NEAR:
        return False
    is_between = _family(source) not in map(_family, line.sources)
    if strong(told.reference) and strong(told.reference) == strong(other.reference):
        return (is_between or source == STATEMENT) and not _names_another(told, other)
    if not is_between and (source != STATEMENT or (strong(told.reference) and strong(other.reference))):
        return False
    if told.balance_after is not None and other.balance_after is not None:
        return told.balance_after == other.balance_after and _notes_agree(told, other, is_between)
    if _holds_reference(told, other):
        return True
    if told.on != other.on or not _times_agree(told, other, is_between):
        return False
    mine, theirs = bare(told.content), bare(other.content)
    if mine == theirs:
        return bool(mine)
    return is_weak_enough and _is_part(mine, theirs, is_between)


def _family(source: str) -> str:
    return STATEMENT if source == STATEMENT else "broker"


def _notes_agree(told: Told, other: Told, is_between: bool) -> bool:
    """With equal balances: a balance comes back when as much goes out as came in, so the day has to be the same, or the note."""
    return told.on == other.on or _is_part(bare(told.content), bare(other.content), is_between)


def _holds_reference(told: Told, other: Told) -> bool:
    pairs = (strong(told.reference), other.content), (strong(other.reference), told.content)
    return any(said and said in bare(note) for said, note in pairs)


def _times_agree(told: Told, other: Told, is_between: bool) -> bool:
    if told.booked_at is None or other.booked_at is None:
        return True
    return abs(told.booked_at - other.booked_at) <= (_MINUTES if is_between else timedelta())


def _is_part(mine: str, theirs: str, is_between: bool) -> bool:
    """Whether one note is the other, cut or with the bank's own words around it."""
    short, long = sorted((mine, theirs), key=len)
    least = 10 if is_between else _LONG
    return len(short) >= least and (short in long if is_between else long.startswith(short))


def numbered(names: Sequence[str]) -> list[str]:
    """One statement's identities: those of movements that are equal in every word are told apart by their turn.

    >>> numbered(["row:a", "row:b", "row:a"])
    ['row:a', 'row:b', 'row:a#2']
    """
    met: dict[str, int] = {}
    found = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        found.append(name if met[name] == 1 else f"{name}#{met[name]}")
    return found
