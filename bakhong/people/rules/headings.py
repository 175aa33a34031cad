"""A list in a sheet by its headings: what each column is said to hold, and what such a list is remembered by when it comes again."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bakhong.core.text import name_key

IGNORE = "ignore"


@dataclass(frozen=True)
class Column:
    index: int
    title: str
    field: str


@dataclass(frozen=True)
class Layout:
    """A list in a sheet. Rows count from 0."""

    sheet: str
    header: int
    columns: tuple[Column, ...]

    def has(self, *fields: str) -> bool:
        return set(fields) <= {each.field for each in self.columns}

    @property
    def shape(self) -> str:
        """SHA-256 of the row of headings as it is compared: what a mapping is remembered by."""
        keys = [heading_key(each.title) for each in self.columns]
        return hashlib.sha256(json.dumps(keys).encode()).hexdigest()

    @property
    def said(self) -> dict[str, str]:
        """What is remembered: heading as it is compared → field."""
        return {heading_key(each.title): each.field for each in self.columns}

    def as_said(
        self,
        remembered: Mapping[str, Mapping[str, str]] | None,
        chosen: Mapping[tuple[str, int], str] | None,
    ) -> "Layout":
        """With what somebody said of such columns: `remembered` of the same headings before, by `shape`, as `said`; `chosen` now, by
        (sheet, column), which goes before.

        >>> layout = Layout("A", 0, (Column(0, "Tên", "ignore"), Column(1, "Tiền", "ignore")))
        >>> [each.field for each in layout.as_said({layout.shape: {"ten": "name", "tien": "due"}}, {("A", 1): "amount"}).columns]
        ['name', 'amount']
        """
        said = (remembered or {}).get(self.shape, {})
        columns = (
            replace(
                each,
                field=(chosen or {}).get(
                    (self.sheet, each.index), said.get(heading_key(each.title), each.field)
                ),
            )
            for each in self.columns
        )
        return replace(self, columns=tuple(columns))


def heading_key(title: str) -> str:
    """A heading as it is compared.

    >>> heading_key("Số tiền\\n(đồng)"), heading_key("Ngày  HẸN trả\\n(dự kiến)")
    ('so tien dong', 'ngay hen tra du kien')
    """
    return re.sub(r"\s+", " ", re.sub(r"[().:*\n\"“”/_-]+", " ", name_key(title))).strip()
