"""Stand-ins for Slack and Meta, and the demo that runs the bot on them."""
