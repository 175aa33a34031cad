"""Parsers of untrusted files. They run in a child process that knows nothing of Django."""
