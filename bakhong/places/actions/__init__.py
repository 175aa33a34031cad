"""Deeds. All are atomic, audited and refuse in a plain sentence."""

from bakhong.places.actions.loading import load_reference

__all__ = ["load_reference"]
