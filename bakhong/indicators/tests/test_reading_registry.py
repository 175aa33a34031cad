"""The registry of definitions: complete, valid, versioned."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bakhong.indicators.rules.definitions import (
    CRITERIA,
    DATA,
    DefinitionError,
    UnknownIndicator,
    load,
    registry,
)

PUBLISHED = {
    "eid_accounts", "eid_level1", "eid_level2", "personal_signature", "payment_account", "dossiers_on_one_stop", "dossiers_online_partial",
    "dossiers_online_full", "basic_security_software", "citizen_data_platform_reach", "signed_outgoing_documents", "declare_once",
    "cashless_essential_services", "electricity_paid_online", "no_smartphone", "dossiers_received", "smartphone", "dossiers_online",
    "officials_with_certificate", "documents_signed_electronically", "online_payment_use", "online_service_use",
    "digital_channel_with_authorities",
}  # fmt: skip


def test_it_ships_the_ten_criteria_first_and_every_published_code() -> None:
    codes = registry().codes
    assert tuple(one.criterion for one in registry())[:10] == CRITERIA
    assert set(codes) >= PUBLISHED


def test_it_says_where_every_definition_comes_from() -> None:
    assert all(one.source and one.name_vi and one.name_en and one.populations for one in registry())


def test_its_default_targets_are_those_reported_at_the_end_of_the_pilot() -> None:
    targets = [int(one.target or 0) for one in registry() if one.criterion]
    assert targets == [100, 100, 100, 90, 80, 75, 80, 80, 80, 80]


def test_it_knows_who_is_counted() -> None:
    population = registry().get("payment_account").population
    assert (population.key, population.age_min, population.age_max) == ("aged_15_up", 15, None)
    present = registry().get("personal_signature").population
    assert (present.presence, present.has_smartphone) == ("present", True)


def test_it_has_no_phrase_for_two_indicators() -> None:
    seen: dict[str, str] = {}
    for definition in registry():
        for phrase in definition.phrases:
            assert seen.setdefault(phrase, definition.code) == definition.code, phrase


def test_it_does_not_know_what_is_not_defined() -> None:
    with pytest.raises(UnknownIndicator, match="nothing_like_it"):
        registry().get("nothing_like_it")


MINIMAL = """
[[population]]
key = "residents"
name_vi = "cư dân"
name_en = "residents"
kind = "person"
[[population]]
key = "adults"
name_vi = "người lớn"
name_en = "adults"
kind = "person"
age_min = 18
[[definition]]
code = "a"
name_vi = "A"
name_en = "A"
pillar = "society"
no = 1
counted = "person"
populations = ["residents"]
stages = []
target = 80
source = "here"
[[definition.version]]
number = 1
valid_from = 2023-01-01
"""


def write(folder: Path, text: str) -> Path:
    (folder / "one.toml").write_text(text, encoding="utf-8")
    return folder


def test_it_answers_by_the_version_of_the_day(tmp_path: Path) -> None:
    later = (
        '[[definition.version]]\nnumber = 2\nvalid_from = 2025-01-01\ntarget = 90\npopulations = ["adults"]\n'
    )
    loaded = load(write(tmp_path, MINIMAL + later))
    assert (loaded.get("a").version, loaded.get("a").target, loaded.get("a").population.key) == (
        2,
        Decimal(90),
        "adults",
    )
    old = loaded.version("a", date(2024, 12, 31))
    assert (old.version, old.target, old.population.key) == (1, Decimal(80), "residents")
    assert loaded.version("a", date(2025, 1, 1)).version == 2
    assert loaded.version("a", date(2020, 1, 1)).version == 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('pillar = "society"', 'pillar = "sky"', "pillar"),
        ("no = 1", "no = 4", "no 4"),
        ('populations = ["residents"]', 'populations = ["martians"]', "martians"),
        ('populations = ["residents"]', "populations = []", "at least one population"),
        ("stages = []", 'stages = ["dreamt"]', "dreamt"),
        ('source = "here"', "", "source"),
        ("number = 1", "number = 2", "numbered"),
        ('name_en = "A"', 'name_en = "A"\ncolour = "red"', "colour"),
        ("age_min = 18", "age_min = 18\nage_max = 15", "age_min"),
        ("[[definition]]", "[[definition", "one.toml"),
    ],
)
def test_it_says_what_is_wrong_in_a_definition(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        load(write(tmp_path, MINIMAL.replace(old, new)))
    load(write(tmp_path, MINIMAL))


def test_its_files_are_where_it_reads_them() -> None:
    assert sorted(path.name for path in DATA.glob("*.toml")) == [
        "cashless.toml", "criteria.toml", "dossiers.toml", "identity.toml", "populations.toml", "services.toml",
    ]  # fmt: skip
