"""The synthetic commune, made from a seed by pure functions: the same seed makes the same people on every machine."""
