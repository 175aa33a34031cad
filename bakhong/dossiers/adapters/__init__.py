"""The other side of an exchange, behind a port."""
