"""Inbound doors: what Slack and Meta send us."""
