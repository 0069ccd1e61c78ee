"""Writers of variations: one file per provider, found by the registry."""
