"""How an office begins the codes of its dossiers."""

from datetime import date

from bakhong.dossiers.models import OfficeCode
from bakhong.dossiers.rules.codes import office_of
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors


def entered_code(unit: Unit, on: date) -> OfficeCode | None:
    """What the commune entered for that day; None while its codes are made up."""
    return OfficeCode.objects.filter(village=unit, valid_from__lte=on).order_by("-valid_from").first()


def office_code(unit: Unit, on: date) -> str:
    """What the commune entered, else its province's letter and number with its own unit code."""
    row = entered_code(unit, on)
    return str(row.code) if row is not None else made_up_code(unit, on)


def made_up_code(unit: Unit, on: date) -> str:
    """Its province's letter and number with its own unit code: what stands while nothing was entered."""
    province = next((each for each in ancestors(unit, on) if each.level == Level.PROVINCE), None)
    return office_of(unit.code, province.code if province is not None else "00")
