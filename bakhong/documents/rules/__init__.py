"""Pure rules about characters and cells: no Django, no files."""
