"""Adapters to the State's registers; README.md says what each has to do."""
