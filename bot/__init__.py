"""Spruce: watches Meta ads from Slack, explains what went wrong, and acts on a click."""

__version__ = "0.1.0"
