"""The registers of the demo: a file its adapters read, about the synthetic commune and the list taken in beside it."""

from pathlib import Path

from bakhong.demo.neighbours import TAKEN_IN, residents_of
from bakhong.demo.rules.commune import Commune
from bakhong.demo.rules.registers import records
from bakhong.people.adapters.registers.demo import write_records


def write_registers(folder: Path, commune: Commune) -> int:
    """Returns how many records of all five registers."""
    return write_records(records([*commune.residents, *residents_of(TAKEN_IN, commune)]), folder)
