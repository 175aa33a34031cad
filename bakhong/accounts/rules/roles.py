"""Roles as code: who may do what, at which kind of place.

A role is always held at a place and for a period; it covers every place below. Permissions are named `room.verb`.
`accounts.grant_<role>` is derived: it lets the holder give that role to somebody at a place they cover.
"""

from dataclasses import dataclass, field

PROVINCE, COMMUNE, VILLAGE = "province", "commune", "village"

PERMISSIONS = frozenset(
    {
        "figures.view",
        "figures.enter",
        "figures.confirm",
        "figures.answer_finding",
        "periods.submit",
        "periods.approve",
        "periods.decide",
        "periods.manage",
        "followups.assign",
        "followups.work",
        "reports.export",
        "places.manage_villages",
        "places.set_group",
        "places.set_contact",
        "roster.view",
        "roster.manage",
        "accounts.view",
        "accounts.invite",
        "accounts.manage",
        "audit.view",
        "people.view",
        "people.edit",
        "people.reveal",
        "people.import",
        "people.merge",
        "people.erase",
        "outreach.view",
        "outreach.plan",
        "outreach.visit",
        "outreach.claims",
        "targets.set",
        "dossiers.view",
        "dossiers.assist",
        "dossiers.receive",
        "dossiers.process",
        "dossiers.approve",
        "dossiers.certify",
        "documents.sign",
        "documents.seal",
        "documents.choose_seal",
        "procedures.manage",
        "eforms.publish",
        "exchange.manage",
        "payments.view",
        "payments.charge",
        "payments.collect",
        "payments.reconcile",
        "payments.refund",
        "payments.approve",
        "payments.manage",
        "stalls.view",
        "stalls.manage",
        "stalls.check",
    }
)


@dataclass(frozen=True)
class Role:
    """`levels`: the kinds of place it can be held at. `grants`: the roles its holder may give to others.

    `by_phone`: somebody who signs in by telephone number and PIN may hold it.
    """

    code: str
    vi: str
    en: str
    levels: tuple[str, ...]
    permissions: frozenset[str]
    grants: frozenset[str] = field(default_factory=frozenset)
    needs_second_factor: bool = False
    by_phone: bool = False

    def name(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi

    def all_permissions(self) -> frozenset[str]:
        return self.permissions | {f"accounts.grant_{code}" for code in self.grants}


_READ = frozenset({"figures.view", "reports.export"})
_FIELD = frozenset({"figures.view", "figures.enter", "followups.work"})
_PEOPLE = frozenset({"accounts.view", "accounts.invite", "accounts.manage", "audit.view", "roster.view"})

# The roll of residents is the commune's: who only compares communes, pays or runs the server sees no person.
_LIST = frozenset({"people.view"})
_ROLL = _LIST | {"people.edit"}
_ROLL_KEEPER = _ROLL | {"people.reveal", "people.import", "people.merge"}

# Who goes from house to house, who sends them, and who pays for it.
_VISIT = frozenset({"outreach.view", "outreach.visit"})
_PLAN = _VISIT | {"outreach.plan"}

# Dossiers: who helps a resident fill one in, who takes it in at the desk, who works on it, who decides.
_CASEWORK = frozenset({"dossiers.view", "dossiers.assist"})
_CATALOGUE = frozenset({"procedures.manage", "eforms.publish"})

# Money: who takes it (a bank line or counted cash, never a click), who reconciles it, who decides that some goes back.
_COLLECT = frozenset({"payments.collect", "stalls.check"})
_BOOKS = _COLLECT | {
    "payments.view",
    "payments.charge",
    "payments.reconcile",
    "payments.refund",
    "stalls.view",
}

_COMMUNE_ROLES = frozenset(
    {
        "deputy_chair",
        "dx_secretary",
        "one_stop_officer",
        "certifier",
        "specialist",
        "accountant",
        "digital_team_member",
        "village_head",
        "commune_police",
        "mass_organisation",
        "supervising_leader",
        "biller_accountant",
        "collector",
    }
)

# Who goes from house to house; the secretary gives and ends these, for it is the secretary who prints their cards.
_HOUSE_TO_HOUSE = frozenset({"digital_team_member", "village_head", "mass_organisation"})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "chair",
            "Chủ tịch UBND xã",
            "Chair of the commune People's Committee",
            (COMMUNE,),
            _READ
            | _PEOPLE
            | _LIST
            | {
                "dossiers.view",
                "dossiers.approve",
                "documents.sign",
                "documents.seal",
                "documents.choose_seal",
                "payments.view",
                "payments.approve",
                "stalls.view",
                "people.erase",
                "outreach.view",
                "outreach.plan",
                "outreach.claims",
                "targets.set",
                "figures.answer_finding",
                "periods.approve",
                "followups.assign",
                "followups.work",
                "places.set_contact",
            },
            grants=_COMMUNE_ROLES,
            needs_second_factor=True,
        ),
        Role(
            "deputy_chair",
            "Phó Chủ tịch UBND xã",
            "Deputy chair of the commune People's Committee",
            (COMMUNE,),
            _READ
            | _LIST
            | {
                "dossiers.view",
                "dossiers.approve",
                "documents.sign",
                "outreach.view",
                "payments.view",
                "stalls.view",
                "followups.assign",
                "followups.work",
            },
            needs_second_factor=True,
        ),
        Role(
            "dx_secretary",
            "Thư ký Ban Chỉ đạo chuyển đổi số",
            "Secretary of the digital transformation board",
            (COMMUNE,),
            _READ
            | _ROLL_KEEPER
            | _PLAN
            | _CATALOGUE
            | {
                "dossiers.view",
                "exchange.manage",
                "stalls.view",
                "stalls.manage",
                "stalls.check",
                "outreach.claims",
                "targets.set",
                "figures.enter",
                "figures.confirm",
                "figures.answer_finding",
                "periods.submit",
                "followups.assign",
                "followups.work",
                "places.manage_villages",
                "places.set_contact",
                "roster.view",
                "roster.manage",
                "accounts.view",
                "accounts.invite",
                "accounts.manage",
            },
            grants=_HOUSE_TO_HOUSE,
        ),
        Role(
            "one_stop_officer",
            "Cán bộ một cửa",
            "One-stop desk officer",
            (COMMUNE,),
            _READ
            | _ROLL
            | _VISIT
            | _CASEWORK
            | _COLLECT
            | {
                "followups.work",
                "people.reveal",
                "dossiers.receive",
                "documents.sign",
                "documents.seal",  # the commune's own certificate, as they keep its stamp
                "exchange.manage",
                "payments.charge",
            },
        ),
        Role(
            "certifier",
            "Người được uỷ quyền ký chứng thực",
            "Authorised certifier of copies",
            (COMMUNE,),
            # Copies are taken in, paid for, certified and handed over by one person; nothing else is theirs to decide.
            _READ
            | _LIST
            | _CASEWORK
            | {
                "dossiers.receive",
                "dossiers.certify",
                "documents.sign",
                "payments.charge",
                "payments.collect",
            },
        ),
        Role(
            "specialist",
            "Công chức chuyên môn",
            "Specialist officer",
            (COMMUNE,),
            _READ
            | _FIELD
            | _ROLL_KEEPER
            | _PLAN
            | _CASEWORK
            | {
                "figures.confirm",
                "figures.answer_finding",
                "dossiers.process",
                "documents.sign",
                "stalls.view",
                "stalls.manage",
                "stalls.check",
            },
        ),
        Role(
            "accountant",
            "Kế toán",
            "Accountant",
            (COMMUNE,),
            _READ | _FIELD | _BOOKS | {"outreach.claims", "payments.manage"},
        ),
        Role(
            "biller_accountant",
            "Kế toán đơn vị thu",
            "Accountant of a biller",
            (COMMUNE,),
            _BOOKS | {"payments.approve"},  # of what a colleague asked: who approves is never who asked
        ),
        Role(
            "collector",
            "Người thu tiền",
            "Collector of cash",
            (COMMUNE,),  # the villages they go to stand in what they do for a biller (payments.BillerMember)
            _COLLECT,
            by_phone=True,
        ),
        Role(
            "digital_team_member",
            "Thành viên tổ công nghệ số cộng đồng",
            "Member of the community digital team",
            (COMMUNE, VILLAGE),
            _FIELD | _ROLL | _VISIT | {"dossiers.assist", "stalls.check"},
            by_phone=True,
        ),
        Role(
            "village_head",
            "Trưởng thôn",
            "Village head",
            (VILLAGE,),
            _FIELD | _ROLL | _VISIT,
            by_phone=True,
        ),
        Role(
            "commune_police",
            "Công an xã",
            "Commune police",
            (COMMUNE,),
            _READ | _FIELD | _ROLL_KEEPER | _VISIT,
        ),
        Role(
            "mass_organisation",
            "Mặt trận Tổ quốc và đoàn thể",
            "Fatherland Front and mass organisations",
            (COMMUNE, VILLAGE),
            _FIELD | _LIST | _VISIT,
            by_phone=True,
        ),
        Role(
            "supervising_leader",
            "Lãnh đạo phụ trách địa bàn",
            "Leader in charge of an area",
            (COMMUNE, VILLAGE),
            _READ
            | _LIST
            | _VISIT
            | {"dossiers.view", "figures.answer_finding", "followups.assign", "roster.view"},
        ),
        Role("province_viewer", "Người xem cấp tỉnh", "Province viewer", (PROVINCE,), _READ),
        Role(
            "province_admin",
            "Quản trị cấp tỉnh",
            "Province administrator",
            (PROVINCE,),
            _READ
            | _PEOPLE
            | _CATALOGUE
            | {
                "figures.enter",
                "figures.confirm",
                "figures.answer_finding",
                "periods.decide",
                "periods.manage",
                "followups.assign",
                "targets.set",
                "places.set_group",
                "places.set_contact",
            },
            grants=_COMMUNE_ROLES | {"chair", "province_viewer", "province_admin"},
            needs_second_factor=True,
        ),
        Role(
            "system_admin",
            "Quản trị hệ thống",
            "System administrator",
            (PROVINCE, COMMUNE),
            _READ
            | _PEOPLE
            | _CATALOGUE
            | {"exchange.manage", "places.manage_villages", "places.set_group", "places.set_contact"},
            grants=_COMMUNE_ROLES | {"chair", "province_viewer", "province_admin", "system_admin"},
            needs_second_factor=True,
        ),
    )
}


def permissions_of(codes: frozenset[str]) -> frozenset[str]:
    """Everything the roles with these codes allow; an unknown code allows nothing.

    >>> "figures.enter" in permissions_of(frozenset({"accountant"})), permissions_of(frozenset({"emperor"}))
    (True, frozenset())
    """
    return frozenset().union(*(ROLES[code].all_permissions() for code in codes if code in ROLES))


def is_known(permission: str) -> bool:
    """True for a permission some role could hold; a misspelt one is a mistake of the programmer.

    >>> is_known("figures.view"), is_known("accounts.grant_chair"), is_known("figure.view")
    (True, True, False)
    """
    return permission in PERMISSIONS or permission.removeprefix("accounts.grant_") in ROLES


def roles_at(level: str) -> list[Role]:
    """The roles that can be held at a place of this level, in the order of the list.

    >>> [role.code for role in roles_at("village")]
    ['digital_team_member', 'village_head', 'mass_organisation', 'supervising_leader']
    """
    return [role for role in ROLES.values() if level in role.levels]


def is_by_phone(code: str) -> bool:
    """True when somebody who signs in by telephone number and PIN may hold it.

    >>> is_by_phone("digital_team_member"), is_by_phone("chair"), is_by_phone("emperor")
    (True, False, False)
    """
    return code in ROLES and ROLES[code].by_phone
