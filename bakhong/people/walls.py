"""The SQL of row-level security for tables of the rooms above: staff see the rows of their area, the holder of a code what it opens.

Migrations run what stands here; once one has, the text must not change any more: write another function beside it.
"""

_AREA = """(SELECT current_setting('app.nationwide', true)) = 'on'
    OR village_id = ANY ((SELECT nullif(current_setting('app.villages', true), ''))::bigint[])"""
_KEY = "{column} = ANY ((SELECT nullif(current_setting('app.keys', true), ''))::uuid[])"
_SELF = "{column} = (SELECT nullif(current_setting('app.person', true), ''))::bigint"


def enable(table: str, *, key: str = "", person: str = "") -> str:
    """The wall of a table with a `village_id`. `key`: its uuid column that a code opens; `person`: its column of the person concerned.

    >>> "app.keys" in enable("rooms_table", key="uuid"), "app.person" in enable("rooms_table", key="uuid")
    (True, False)
    """
    may = _AREA
    if key:
        may += "\n    OR " + _KEY.format(column=key)
    if person:
        may += "\n    OR " + _SELF.format(column=person)
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY area_or_key ON {table} USING ({may}) WITH CHECK ({may});
"""


def disable(table: str) -> str:
    return f"""
DROP POLICY area_or_key ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
