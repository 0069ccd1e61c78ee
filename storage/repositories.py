"""Every table's queries, bound to one transaction."""

from functools import cached_property

from sqlalchemy.orm import Session

from bot.domain.ids import WorkspaceId
from storage.accounts import Accounts
from storage.actions import Actions
from storage.adsets import AdSets
from storage.ai_usage import AiUsage
from storage.alerts import Alerts
from storage.audit import Audit
from storage.fatigue import Fatigue
from storage.feedback import Feedback
from storage.inbox import Inbox
from storage.insights import Insights
from storage.leases import Leases
from storage.outbox import Outbox
from storage.panels import Panels
from storage.pictures import Pictures
from storage.policies import Policies
from storage.polls import Polls
from storage.proposals import Proposals
from storage.readings import Readings
from storage.replacements import Replacements
from storage.signals import Signals
from storage.stops import Stops
from storage.structure import Structures
from storage.vault import Vault
from storage.verdicts import Verdicts
from storage.workspaces import Workspaces


class Repositories:
    """What a transaction offers. `workspace_id` is None in a system transaction."""

    def __init__(self, session: Session, vault: Vault, workspace_id: WorkspaceId | None) -> None:
        self._session = session
        self._vault = vault
        self.workspace_id = workspace_id

    @cached_property
    def accounts(self) -> Accounts:
        """Connected ad accounts."""
        return Accounts(self._session)

    @cached_property
    def actions(self) -> Actions:
        """Changes at Meta that people asked for."""
        return Actions(self._session)

    @cached_property
    def ai_usage(self) -> AiUsage:
        """What writers used."""
        return AiUsage(self._session)

    @cached_property
    def adsets(self) -> AdSets:
        """Ads by their ad set."""
        return AdSets(self._session)

    @cached_property
    def alerts(self) -> Alerts:
        """Incidents."""
        return Alerts(self._session)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self._session)

    @cached_property
    def fatigue(self) -> Fatigue:
        """How tired ads are."""
        return Fatigue(self._session)

    @cached_property
    def feedback(self) -> Feedback:
        """What people thought of warnings."""
        return Feedback(self._session)

    @cached_property
    def inbox(self) -> Inbox:
        """Requests from Slack."""
        return Inbox(self._session)

    @cached_property
    def insights(self) -> Insights:
        """Figures."""
        return Insights(self._session)

    @cached_property
    def leases(self) -> Leases:
        """Ticks of scheduled jobs."""
        return Leases(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages to post."""
        return Outbox(self._session)

    @cached_property
    def panels(self) -> Panels:
        """Complete days, packed."""
        return Panels(self._session)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures, and where Slack has them."""
        return Pictures(self._session)

    @cached_property
    def policies(self) -> Policies:
        """How accounts want their ads refreshed."""
        return Policies(self._session)

    @cached_property
    def polls(self) -> Polls:
        """Readings by slot."""
        return Polls(self._session)

    @cached_property
    def proposals(self) -> Proposals:
        """Variations that people decide on."""
        return Proposals(self._session)

    @cached_property
    def readings(self) -> Readings:
        """Figures with the time they were read."""
        return Readings(self._session)

    @cached_property
    def replacements(self) -> Replacements:
        """Approved changes of ads."""
        return Replacements(self._session)

    @cached_property
    def signals(self) -> Signals:
        """What Meta says of ads, and what changed."""
        return Signals(self._session)

    @cached_property
    def stops(self) -> Stops:
        """Whether changes are halted."""
        return Stops(self._session)

    @cached_property
    def structures(self) -> Structures:
        """Campaigns, ad sets, ads, creatives."""
        return Structures(self._session)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Whether replacements worked."""
        return Verdicts(self._session)

    @cached_property
    def workspaces(self) -> Workspaces:
        """Installations."""
        return Workspaces(self._session, self._vault)
