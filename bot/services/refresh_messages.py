"""What people hear of a replacement as it goes on: the warning, the card and a note in the thread."""

from collections.abc import Callable

from bot.clock import Clock
from bot.domain.refreshes import Event
from bot.domain.replacement import Replacement, StepKind, StepState
from bot.services.messages import card, edit, story
from storage.repositories import Repositories

_EXPECTED = frozenset({StepKind.REVIEW, StepKind.CONFIRM, StepKind.AWAIT})


def announcer(new_id: Callable[[], str], clock: Clock) -> Callable[[Repositories, Replacement, str], None]:
    """What the carrying out of replacements calls in the transaction that records what people see.

    An empty event is no news: the messages are brought up to date and nothing is said.
    """

    def changed(tx: Repositories, replacement: Replacement, event: str) -> None:
        now = clock.now()
        proposal, alert = tx.proposals.get(replacement.proposal_id), tx.alerts.get(replacement.alert_id)
        if proposal is None or alert is None:
            return
        edit(tx, alert, new_id(), now)
        card(tx, proposal, alert, new_id(), now)
        if not event:
            return
        told, step = Event(event), replacement.current
        if told is Event.WAITING and step is not None and step.kind in _EXPECTED:
            return  # the card shows it; a note in the thread is for what nobody expects
        done = sum(step.state is StepState.DONE for step in replacement.steps)
        # Once for each place of the plan: what goes on for hours is edited, not repeated. An undo may ask
        # several times there, each time about something else.
        again = f":{replacement.version}" if told is Event.UNDO_ASKS else ""
        key = f"{replacement.id}:{replacement.state.value}:{done}{again}"
        story(tx, told, proposal, alert, key=key, new_id=new_id(), now=now)

    return changed
