"""The use cases that doors receive, put together once."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.config import Settings
from bot.metrics import Metrics
from bot.services.actions import ActionService
from bot.services.alerts import AlertService
from bot.services.approvals import ApprovalService
from bot.services.connections import ConnectionService
from bot.services.delivery import DeliveryService
from bot.services.fatigue import FatigueService
from bot.services.feedback import FeedbackService
from bot.services.followups import FollowUpService
from bot.services.inbox import InboxService
from bot.services.keeping import KeepingService
from bot.services.policies import PolicyService
from bot.services.refreshes import RefreshService
from bot.services.replacements import ReplacementService
from bot.services.reports import ReportService
from bot.services.stops import StopService
from bot.services.watching import WatchingService
from bot.services.workspaces import WorkspaceService
from bot.services.writing import WritingService
from bot.slack import Slack


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a door may call."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    slack: Slack
    workspaces: WorkspaceService
    connections: ConnectionService
    watching: WatchingService
    alerts: AlertService
    actions: ActionService
    fatigue: FatigueService
    feedback: FeedbackService
    writing: WritingService
    approvals: ApprovalService
    replacements: ReplacementService
    followups: FollowUpService
    refreshes: RefreshService
    policies: PolicyService
    stops: StopService
    reports: ReportService
    delivery: DeliveryService
    inbox: InboxService
    keeping: KeepingService
    ready: Callable[[], str]  # "" when the database answers and is up to date, else what is wrong
