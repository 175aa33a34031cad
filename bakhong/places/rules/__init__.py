"""Pure rules of places: names, what became of units, and the units that ship with the program."""
