"""The national portal, or a system of the same shape, over HTTP; and one that stands in for it in tests."""
