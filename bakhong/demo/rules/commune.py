"""The synthetic commune as plain values: its margins, its villages, and the people in it. No real person, and nobody's real number."""

from dataclasses import dataclass, field, fields
from datetime import date

REF = date(2025, 5, 6)  # the day of the published figures
ADULT, WITH_ACCOUNT, WITH_EID = 18, 15, 14


@dataclass(frozen=True)
class Margins:
    """What must come out of counting on REF, in the boundaries of that day.

    Printed in May 2025 (see `data/published-figures.csv`): adults 5,205 with 4,795 e-identity accounts; 5,648 aged 15 or over (so 443 are
    15 to 17) with 4,575 payment accounts; 3,798 smartphone subscriptions with 2,660 protected; 53.7 % with a signature; in 2024 over 60 %
    paying online, 7 villages with 7 teams, 8 base stations. Chosen by us: the children, and whom 53.7 % counts (people present who use a
    smartphone, as Tây Hồ counted: 1,611 of 3,000), and 3,446 paying online (61.0 % of those aged 15 or over).
    """

    children: int = 1920
    teens: int = 443
    adults: int = 5205
    eid: int = 4795
    accounts: int = 4575
    paying_online: int = 3446
    smartphone_present: int = 3000
    signatures: int = 1611
    subscriptions: int = 3798
    secured: int = 2660

    def scaled(self, by: int) -> "Margins":
        """A smaller commune of the same shape, for tests.

        >>> Margins().scaled(10).adults
        520
        """
        return Margins(**{each.name: getattr(self, each.name) // by for each in fields(self)})

    @property
    def aged_15_up(self) -> int:
        return self.adults + self.teens

    @property
    def residents(self) -> int:
        return self.aged_15_up + self.children


@dataclass(frozen=True)
class Village:
    """`away`: share of those of working age who are away; `phones`, `old`, `slow`: factors (1 is usual) on smartphones, on the old
    living alone, and on who is still missing. `signal` 0 to 4, `distance` in km to the commune's seat."""

    name: str
    weight: float
    away: float
    phones: float
    old: float
    slow: float
    signal: int
    distance: float
    stations: int
    road: str


VILLAGES = (
    Village("Mẫu 1", 1.30, 0.16, 1.5, 0.8, 0.6, 4, 0.5, 2, "Ngay trung tâm, đường nhựa"),
    Village("Mẫu 2", 1.15, 0.20, 1.3, 0.9, 0.7, 4, 1.2, 2, "Đường nhựa"),
    Village("Mẫu 3", 1.10, 0.24, 1.1, 1.0, 0.9, 3, 2.5, 1, "Đường bê tông"),
    Village("Mẫu 4", 1.00, 0.22, 1.0, 1.0, 1.0, 3, 3.4, 1, "Đường bê tông"),
    Village("Mẫu 5", 0.95, 0.28, 0.9, 1.1, 1.1, 3, 4.8, 1, "Đường bê tông, một ngầm tràn"),
    Village("Mẫu 6", 0.85, 0.33, 0.7, 1.3, 1.7, 2, 7.5, 1, "Qua một ngầm tràn, mưa to bị ngập"),
    Village("Mẫu 7", 0.65, 0.38, 0.4, 1.9, 3.2, 1, 14.0, 0, "Dốc cao 6 km, mưa thì phải đi bộ"),
)  # fmt: skip


@dataclass
class Resident:
    """`serial` names the person inside the demo. `surely`: the last day they can have been born on, as populations count.

    `born` is what the list says ("1941" or "1990-03-15"); `device` is none, basic or smartphone; `holder`: whose phone the number is.
    """

    serial: int
    village: int
    household: int
    relation: str
    name: str
    sex: str
    age: int
    surely: date
    born: str
    national_id: str
    presence: str = "present"
    whereabouts: str = ""
    device: str = "none"
    device_year: int | None = None
    phone: str = ""
    holder: str = ""
    phone_note: str = ""

    def birthday(self, years: int) -> date:
        """The first day on which they surely have that age.

        >>> someone = Resident(1, 0, 1, "head", "A", "male", 20, date(2004, 2, 29), "2004-02-29", "")
        >>> someone.birthday(15), someone.birthday(16)
        (datetime.date(2019, 3, 1), datetime.date(2020, 2, 29))
        """
        year = self.surely.year + years
        try:
            return self.surely.replace(year=year)
        except ValueError:  # born on 29 February
            return date(year, 3, 1)


@dataclass(frozen=True)
class Subscription:
    number: str
    village: int
    person: int | None  # a resident's serial
    is_smartphone: bool


@dataclass(frozen=True)
class Shop:
    """A household business or an enterprise; `owner` is a resident's serial."""

    number: int
    village: int
    owner: int
    kind: str
    name: str


@dataclass(frozen=True)
class Step:
    """A dated fact of adoption. `kind` and `key`: person (serial), household (number), subscription (place in the list) or organisation."""

    kind: str
    key: int
    service: str
    state: str
    on: date
    provider: str = ""
    reason: str = ""
    evidence: str = ""


@dataclass
class Commune:
    """`steps` are in order of their days within each subject."""

    margins: Margins
    residents: list[Resident] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def households(self) -> dict[int, list[Resident]]:
        found: dict[int, list[Resident]] = {}
        for each in self.residents:
            found.setdefault(each.household, []).append(each)
        return found
