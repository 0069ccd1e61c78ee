"""Slash subcommands, one file each."""
