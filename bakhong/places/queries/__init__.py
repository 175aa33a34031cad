"""Reads. Every list takes the day it is about; there is no "today" here."""

from bakhong.places.queries.finding import find_units, resolve_name
from bakhong.places.queries.lineage import (
    Attribution,
    Part,
    boundary_targets,
    in_boundaries,
    in_boundaries_of,
    predecessors,
    sources_of,
    successors,
)
from bakhong.places.queries.standing import contact_of, group_of, groups_of
from bakhong.places.queries.tree import (
    ancestor_ids,
    ancestors,
    children,
    descendant_ids,
    descendants,
    is_within,
    parent_ids,
    parent_on,
    path_on,
    unplaced_villages,
)
from bakhong.places.queries.units import as_of, last_version, next_version, served_unit, unit_on, units_on

__all__ = [
    "Attribution",
    "Part",
    "ancestor_ids",
    "ancestors",
    "as_of",
    "boundary_targets",
    "children",
    "contact_of",
    "descendant_ids",
    "descendants",
    "find_units",
    "group_of",
    "groups_of",
    "in_boundaries",
    "in_boundaries_of",
    "is_within",
    "last_version",
    "next_version",
    "parent_ids",
    "parent_on",
    "path_on",
    "predecessors",
    "resolve_name",
    "served_unit",
    "sources_of",
    "successors",
    "unit_on",
    "units_on",
    "unplaced_villages",
]
