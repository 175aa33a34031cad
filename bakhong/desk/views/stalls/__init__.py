"""Markets, stalls, and the codes that hang there."""
