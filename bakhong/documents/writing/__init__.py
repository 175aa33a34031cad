"""Builders of files that people download: plain data in, bytes out. They know neither models nor requests."""
