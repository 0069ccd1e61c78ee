"""The composition root: the only place where parts are chosen and put together."""

import logging
import secrets
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import log
from bot.ai.base import choose, providers
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.domain.access import Role, Roles
from bot.domain.guardrails import Limits
from bot.domain.ids import AccountId, ChannelId, UserId, WorkspaceId
from bot.domain.proposals import Mode
from bot.errors import SpruceError
from bot.metrics import Metrics
from bot.registry import discover
from bot.services.actions import ActionService
from bot.services.alerts import AlertService
from bot.services.approvals import ApprovalService
from bot.services.bundle import Services
from bot.services.connections import ConnectionService, Wish
from bot.services.delivery import PACE, DeliveryService
from bot.services.fatigue import FatigueService
from bot.services.feedback import FeedbackService
from bot.services.followups import FollowUpService
from bot.services.inbox import InboxService
from bot.services.ingest import IngestService
from bot.services.keeping import KeepingService
from bot.services.monitoring import MonitoringService
from bot.services.pictures import PictureService
from bot.services.policies import PolicyService
from bot.services.refresh_messages import announcer
from bot.services.refreshes import RefreshService
from bot.services.replacements import ReplacementService
from bot.services.reports import ReportService
from bot.services.spending import Purse, Tariff
from bot.services.stops import StopService
from bot.services.watching import WatchingService
from bot.services.workspaces import WorkspaceService
from bot.services.writing import Terms, WritingService
from bot.slack import Identity, Slack
from handlers.routing import connect
from jobs.scheduler import Scheduler
from storage.db import Database
from storage.migrate import condition
from storage.vault import Vault

ENV_CONNECTION = "settings"  # the connection whose token is in the settings


@dataclass(frozen=True, slots=True)
class Application:
    """The whole program, not yet running."""

    settings: Settings
    services: Services
    db: Database
    scheduler: Scheduler

    def close(self) -> None:
        """Stop in order: no new work, then what is running, then the connections."""
        self.services.watching.stop()
        self.scheduler.stop()
        self.services.inbox.stop()
        self.services.slack.close()
        self.db.close()


def build(
    settings: Settings,
    clock: Clock | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
    new_id: Callable[[], str] | None = None,
    pace: float = PACE,
) -> Application:
    """Put the program together; nothing runs and nothing is connected yet.

    `pace` is the least time in seconds between two messages in one channel.
    """
    clock = clock or SystemClock()
    keys = settings.encryption_keys
    vault = Vault.from_text(None if keys is None else keys.reveal(), secrets.token_bytes)
    db = Database(settings.database_url, vault)
    services = _services(settings, clock, db, sleep=sleep, new_id=new_id or _uuid, pace=pace)
    scheduler = Scheduler(discover("jobs", "JOB"), services, db)
    connect(services)
    return Application(settings, services, db, scheduler)


def _services(
    settings: Settings,
    clock: Clock,
    db: Database,
    *,
    sleep: Callable[[float], object],
    new_id: Callable[[], str],
    pace: float,
) -> Services:
    metrics = Metrics()
    workspaces = WorkspaceService(db, clock, settings)
    slack = Slack(settings.slack_api_url, workspaces.bot_token, metrics=metrics)
    connections = ConnectionService(db, clock, settings, sleep=sleep, new_id=new_id)
    reports = ReportService(db, clock)
    tariff = _tariff(settings)
    fatigue = FatigueService(db, clock)
    watching = WatchingService(
        db,
        clock,
        connections=connections,
        ingest=IngestService(db, clock),
        fatigue=fatigue,
        monitoring=MonitoringService(
            db, clock, discover("bot.rules", "RULE"), new_id=new_id, metrics=metrics
        ),
        period=timedelta(minutes=settings.poll_minutes),
        new_id=new_id,
        metrics=metrics,
    )
    return Services(
        settings=settings,
        clock=clock,
        metrics=metrics,
        slack=slack,
        workspaces=workspaces,
        connections=connections,
        watching=watching,
        alerts=AlertService(db, clock, new_id=new_id),
        actions=ActionService(db, clock, connections=connections, new_id=new_id, metrics=metrics),
        fatigue=fatigue,
        feedback=FeedbackService(db, clock, new_id=new_id),
        writing=WritingService(
            db,
            clock,
            connections=connections,
            writer=choose(settings, clock),
            offline=providers()["offline"].build(settings, clock),
            purse=Purse(db, clock, tariff, new_id=new_id),
            terms=_terms(settings),
            new_id=new_id,
            metrics=metrics,
        ),
        approvals=ApprovalService(db, clock, new_id=new_id, metrics=metrics),
        replacements=ReplacementService(
            db,
            clock,
            connections=connections,
            new_id=new_id,
            metrics=metrics,
            limits=Limits(
                per_day=settings.replacements_per_day, cooldown=timedelta(hours=settings.cooldown_hours)
            ),
            changed=announcer(new_id, clock),
        ),
        followups=FollowUpService(db, clock, new_id=new_id, metrics=metrics),
        refreshes=RefreshService(db, clock, tariff),
        policies=PolicyService(db, clock),
        stops=StopService(db, clock, new_id=new_id),
        reports=reports,
        delivery=DeliveryService(
            db,
            clock,
            slack,
            reports=reports,
            pictures=PictureService(db, clock, slack, connections),
            new_id=new_id,
            metrics=metrics,
            pace=pace,
        ),
        inbox=InboxService(db, clock),
        keeping=KeepingService(db, clock, settings),
        ready=lambda: _fault(db),
    )


def set_up(application: Application) -> Identity | None:
    """Take over the workspace and the accounts that the settings name; safe to repeat."""
    settings, services = application.settings, application.services
    if settings.slack_bot_token is None:
        return None
    identity = services.slack.identity(settings.slack_bot_token.reveal())
    services.workspaces.install(
        WorkspaceId(identity.team_id),
        identity.team_name,
        identity.bot_user_id,
        bot_token=None,
        roles=roles_of(settings),
    )
    if settings.meta_access_token is not None:
        connect_accounts(application, WorkspaceId(identity.team_id), settings.meta_access_token.reveal())
    return identity


def connect_accounts(application: Application, workspace_id: WorkspaceId, token: str) -> None:
    """Watch the accounts that the settings name, or all that their token opens.

    An account that cannot be reached holds up neither the others nor the start: Slack can still
    answer, and say what is wrong with it.
    """
    settings, connections = application.settings, application.services.connections
    channel = ChannelId(settings.channel) if settings.channel else None
    try:
        wanted = [AccountId(one) for one in settings.accounts] or [
            one.id for one in connections.visible(token)
        ]
    except SpruceError as fault:
        log.log("account.list_failed", level=logging.ERROR, error=fault, workspace=workspace_id)
        return
    for one in wanted:
        wish = Wish(one, channel, settings.targets.get(one, {}))
        try:
            connections.connect(workspace_id, ENV_CONNECTION, None, [wish])
        except SpruceError as fault:
            log.log(
                "account.connect_failed",
                level=logging.ERROR,
                error=fault,
                workspace=workspace_id,
                account=one,
            )
    dropped = connections.keep_only(workspace_id, ENV_CONNECTION, wanted)
    if dropped:
        log.log("account.unwatched", workspace=workspace_id, accounts=dropped)


def roles_of(settings: Settings) -> Roles:
    """Who may do what in the workspace that is set up by settings."""
    return Roles(
        owners=frozenset(UserId(one) for one in settings.owners),
        approvers=frozenset(UserId(one) for one in settings.approvers),
        everyone=Role.APPROVER if settings.everyone_may_change_ads else Role.MEMBER,
    )


def start_log(settings: Settings, level: str | None = None) -> None:
    """Log to standard error from now on, with the settings' secrets hidden; for every way to start."""
    log.configure(level or settings.log_level, sys.stderr, secrets=settings.held())


def wsgi() -> Any:
    """What gunicorn serves: `gunicorn 'bot.app:wsgi()'`."""
    from bot import web

    settings = Settings.from_process()
    start_log(settings)
    application = build(settings)
    set_up(application)
    return web.build(application.services)


def _tariff(settings: Settings) -> Tariff:
    """What writing costs and may cost."""
    return Tariff(
        overrides=settings.ai_prices,
        usd_inr=settings.usd_inr,
        picture_price=settings.ai_picture_price,
        cap_minor=settings.ai_monthly_cap * 100,
    )


def _terms(settings: Settings) -> Terms:
    """How proposals are made where an account's policy says nothing."""
    return Terms(
        mode=Mode(settings.replace_mode),
        approval_time=timedelta(hours=settings.approval_hours),
        two_approvers_above=settings.two_approvers_above,
        pictures=settings.ai_writer == "google-genai",
    )


def _fault(db: Database) -> str:
    return {
        "ready": "",
        "behind": "the database lacks schema changes; run spruce migrate",
        "silent": "the database does not answer",
    }[condition(db.engine)]


def _uuid() -> str:
    return str(uuid.uuid4())
