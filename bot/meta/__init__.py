"""Everything that speaks to Meta's Graph API."""
