"""What each command does; imported only once a command is about to run."""

import argparse
import base64
import json
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot import log
from bot.config import Settings
from bot.domain.ids import AccountId, WorkspaceId
from bot.errors import BadInput, NotFound, SpruceError

if TYPE_CHECKING:
    from bot.app import Application
    from bot.services.watching import CycleReport

_LOCAL = WorkspaceId("local")  # `spruce poll` needs no Slack: its rows belong to this workspace


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _guarded(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Every known fault becomes a sentence on stderr and exit status 1, never a traceback."""

    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except SpruceError as fault:
            sys.stderr.write(f"spruce: {log.redact(fault.sentence)}\n")
            return 1

    return guarded


def demo(arguments: argparse.Namespace) -> int:
    """Stand-ins, the real bot, and the page."""
    from bot.sandbox import run

    return run.main(check=arguments.check, port=arguments.port, http=arguments.http)


def migrate(_arguments: argparse.Namespace) -> int:
    """Bring the schema up to date."""
    from storage.db import Database
    from storage.migrate import pending, upgrade
    from storage.vault import Vault

    db = Database(Settings.from_process().database_url, Vault({}, secrets.token_bytes))
    try:
        needed = pending(db.engine)
        upgrade(db.engine)
    finally:
        db.close()
    _say("The database was brought up to date." if needed else "The database is up to date.")
    return 0


def poll(arguments: argparse.Namespace) -> int:
    """One cycle of one account, with a Meta token and a database and nothing else."""
    from bot.app import build, start_log
    from bot.services.watching import CycleReport
    from storage.migrate import upgrade

    settings = Settings.from_process()
    start_log(settings, "warning" if settings.log_level == "info" else settings.log_level)
    account_id = AccountId(_account(arguments.account))
    application = build(settings)
    try:
        upgrade(application.db.engine)
        report = _cycle(application, account_id)
    except SpruceError as fault:
        report = CycleReport(account_id, warnings=[log.redact(fault.sentence)], outcome=fault.reason)
    finally:
        application.close()
    if report.outcome != "ok":
        sys.stderr.write("".join(f"spruce: {warning}\n" for warning in report.warnings))
    _say(json.dumps(asdict(report)))
    return 0 if report.outcome == "ok" else 1


def _cycle(application: "Application", account_id: AccountId) -> "CycleReport":
    """Get to know the account if need be, then read and judge it."""
    from bot.app import ENV_CONNECTION
    from bot.services.connections import Wish

    with application.db.read(_LOCAL) as tx:
        known = tx.accounts.get(account_id)
    if known is None:
        wish = Wish(account_id, None)
        application.services.connections.connect(_LOCAL, ENV_CONNECTION, None, [wish])
    report = application.services.watching.cycle(_LOCAL, account_id, due_only=False)
    if report is None:
        raise SpruceError("Another process is reading this account right now; try again in a moment.")
    report.graph_calls += 0 if known else 1
    return report


def _account(text: str) -> str:
    if not re.fullmatch(r"act_\d{1,20}", text.strip()):
        raise BadInput(f"--account {text[:40]!r}: an ad account is written act_ and digits.", field="account")
    return text.strip()


def check(arguments: argparse.Namespace) -> int:
    """Look at everything that has to be right before the first alert."""
    if arguments.new_key:
        _say(f"k{secrets.randbelow(10**6):06d}:" + base64.b64encode(secrets.token_bytes(32)).decode())
        return 0
    from bot.checks import run
    from bot.clock import SystemClock

    results = run(Settings.from_process(), SystemClock())
    if arguments.json:
        _say(json.dumps([asdict(result) for result in results]))
    else:
        for result in results:
            _say(f"{result.state.upper():7} {result.subject}: {result.finding}")
            if result.way_out:
                _say(f"        {result.way_out}")
    return 1 if any(result.state == "fault" for result in results) else 0


def manifest(arguments: argparse.Namespace) -> int:
    """Print the manifest of the Slack app."""
    from bot import manifest as slack_manifest
    from bot.registry import discover

    commands = discover("handlers.commands", "COMMAND")
    url = arguments.url if arguments.url is not None else _public_url(Settings.from_process())
    sys.stdout.write(slack_manifest.to_yaml(slack_manifest.build(url, commands)))
    return 0


def _public_url(settings: Settings) -> str | None:
    """Where the settings say that Slack's requests shall arrive; None: by socket, which needs no address."""
    if settings.socket_mode or settings.public_url is None:
        return None
    sys.stderr.write(f"spruce: for HTTP at SPRUCE_PUBLIC_URL, {settings.public_url}\n")
    return settings.public_url


def jobs(_arguments: argparse.Namespace) -> int:
    """List the scheduled jobs."""
    from bot.registry import discover

    for job in discover("jobs", "JOB"):
        _say(f"{job.id:20} every {_pace(job.every.total_seconds()):10} {job.summary}")
    return 0


def replay_fatigue(arguments: argparse.Namespace) -> int:
    """Judge an export with a fatigue rule; the answer is written only when all of it is known."""
    from bot.domain.fatigue_replay import replay

    try:
        with Path(arguments.rows).open(encoding="utf-8-sig", newline="") as source:
            answer = "".join(f"{line}\n" for line in replay(source, arguments.rule))
        Path(arguments.out).write_text(answer, encoding="utf-8", newline="")
    except UnicodeDecodeError:
        raise BadInput("--rows: the file is not UTF-8 text.", field="rows") from None
    except OSError as fault:
        raise BadInput(f"{fault.filename}: {fault.strerror}.", field="rows") from None
    return 0


def run(_arguments: argparse.Namespace) -> int:
    """Everything in one process."""
    return _serve(web=True, work=True)


def web(_arguments: argparse.Namespace) -> int:
    """The web process."""
    return _serve(web=True, work=False)


def work(_arguments: argparse.Namespace) -> int:
    """The worker process."""
    return _serve(web=False, work=True)


def _serve(*, web: bool, work: bool) -> int:
    from bot.app import build, set_up, start_log
    from bot.process import Process, noted_signals
    from storage.migrate import pending, upgrade

    settings = Settings.from_process()
    start_log(settings)
    application = build(settings)
    try:
        if web and work:
            upgrade(application.db.engine)  # one process, one owner of the schema
        elif pending(application.db.engine):
            raise NotFound("The database lacks schema changes; run `spruce migrate` first.")
        identity = set_up(application)
        process = Process(application, web=web, work=work)
        wait = noted_signals()
        process.start()
        log.log("process.started", workspace=identity.team_id if identity else None, web=web, work=work)
        wait()
        process.stop()
    finally:
        application.close()
    return 0


def _pace(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 3600 else f"{seconds / 3600:g} h"


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    name: _guarded(function)
    for name, function in {
        "demo": demo,
        "run": run,
        "web": web,
        "work": work,
        "poll": poll,
        "migrate": migrate,
        "check": check,
        "manifest": manifest,
        "jobs": jobs,
        "replay-fatigue": replay_fatigue,
    }.items()
}
