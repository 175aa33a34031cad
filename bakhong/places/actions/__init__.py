"""Deeds. All are atomic, audited and refuse in a plain sentence."""

from bakhong.places.actions.decrees import Handover, NewUnit, record_change
from bakhong.places.actions.loading import load_reference
from bakhong.places.actions.standing import set_contact, set_group
from bakhong.places.actions.villages import (
    create_village,
    create_villages,
    merge_villages,
    place_village,
    rename_village,
    split_village,
    undo_village_change,
)

__all__ = [
    "Handover",
    "NewUnit",
    "create_village",
    "create_villages",
    "load_reference",
    "merge_villages",
    "place_village",
    "record_change",
    "rename_village",
    "set_contact",
    "set_group",
    "split_village",
    "undo_village_change",
]
