"""Use cases: the doors call these."""
