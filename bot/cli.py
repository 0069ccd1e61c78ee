"""The command line: parses, then hands over to bot.operations; nothing heavy is imported to show help."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import bot

_COMMANDS: dict[str, str] = {
    "demo": "Show Spruce at work on a stand-in ad account and a stand-in Slack, with no account of your own.",
    "run": "Run everything in one process: Slack, the scheduler and the web pages.",
    "web": "Run the web process only: Slack's requests over HTTP, health and metrics.",
    "work": "Run the worker only: the scheduler, and Slack's socket where an app token is set.",
    "poll": "Read and judge one ad account once, and print what that took as one line of JSON.",
    "migrate": "Bring the database to the schema of this version.",
    "check": "Check settings, tokens, scopes and reachability, and say what to fix.",
    "manifest": "Print the Slack app manifest to paste when creating the app.",
    "jobs": "List the scheduled jobs.",
    "replay-fatigue": "Judge the ads of an export day by day, as Spruce would have, without any network.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 failed, 2 wrong words."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if not arguments.command:
        parser.print_help()
        return 0
    operations = import_module("bot.operations")
    run: Callable[[argparse.Namespace], int] = operations.RUN[arguments.command]
    return run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spruce",
        description="Spruce watches Meta ads from Slack. Settings come from the environment: .env.example.",
    )
    parser.add_argument("--version", action="version", version=f"spruce {bot.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    made = {name: commands.add_parser(name, help=text, description=text) for name, text in _COMMANDS.items()}
    _demo_options(made["demo"])
    _poll_options(made["poll"])
    _replay_options(made["replay-fatigue"])
    made["manifest"].add_argument(
        "--url", help="Public address, for HTTP; else SPRUCE_PUBLIC_URL unless SLACK_APP_TOKEN is set."
    )
    made["check"].add_argument("--json", action="store_true", help="One JSON list instead of lines.")
    made["check"].add_argument(
        "--new-key", action="store_true", help="Print a new key for SPRUCE_ENCRYPTION_KEYS and stop."
    )
    return parser


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check",
        action="store_true",
        help="Start, wait for the first alert, acknowledge it, print one JSON line, and exit 0 or 1.",
    )
    parser.add_argument("--port", type=int, default=0, help="Port of the page; 0 takes a free one.")
    parser.add_argument("--http", action="store_true", help="Signed HTTP instead of Socket Mode.")


def _poll_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", required=True, help="One cycle; the only way so far.")
    parser.add_argument("--account", required=True, help="The ad account, act_ and digits.")
    parser.add_argument("--json", action="store_true", help="For scripts; the answer is JSON either way.")


def _replay_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", required=True, help="The export: CSV, one row per ad and day.")
    parser.add_argument("--out", required=True, help="Where the answer goes: CSV, one row per ad and day.")
    parser.add_argument("--rule", default="evidence", help="classic or evidence, which is the default.")


if __name__ == "__main__":
    sys.exit(main())
