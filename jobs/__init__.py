"""Clock-driven doors, one file each."""
