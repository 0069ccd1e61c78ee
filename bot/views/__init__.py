"""Domain values to Block Kit, nothing else."""
