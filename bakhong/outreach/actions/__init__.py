"""Deeds. All are atomic, audited and refuse in a plain sentence."""
