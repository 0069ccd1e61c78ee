"""The answer to `/spruce refreshes`: what came of tired ads, and what it cost."""

from bot.domain.refreshes import ProposalCard, RefreshSummary
from bot.views import kit, verdict
from bot.views.approvals import where
from bot.views.figures import Notation, day
from bot.views.markup import Mrkdwn, join, mrk
from bot.views.refresh_words import cost, short, stop_warning

_NOTHING = (
    "No variations were asked for in this time. A fatigue warning has the button *Suggest variations*; "
    "`/spruce fatigue` lists tired ads."
)


def refreshes(summary: RefreshSummary) -> kit.Message:
    """Counts, feedback, AI cost, and the latest by id."""
    span = f"Refreshes, {day(summary.since.date())} to {day(summary.now.date(), year=True)}"
    warning = stop_warning(summary.stop)
    if not (summary.proposed or summary.latest or summary.ai_requests or summary.not_tired):
        return kit.message(
            mrk("{}: none.", span),
            [kit.header(span), kit.section(warning) if warning else None, kit.section(Mrkdwn(_NOTHING))],
        )
    blocks = [
        kit.header(span),
        kit.section(warning) if warning else None,
        kit.fields(_counts(summary)),
        kit.fields(_outcomes(summary)),
        kit.section(_money(summary)),
        kit.context(_feedback(summary)),
        _latest(summary.latest),
    ]
    sentence = (
        f"{span}: {summary.proposed} proposed, {summary.approved} approved, {summary.live} live, "
        f"{summary.won} won, {summary.lost} lost, {summary.undone} undone, AI cost {cost(summary.ai_cost)}."
    )
    return kit.message(sentence, blocks)


def _counts(summary: RefreshSummary) -> list[tuple[str, str]]:
    return [
        ("Proposed", str(summary.proposed)),
        ("Approved", str(summary.approved)),
        ("Rejected", str(summary.rejected)),
        ("Expired or void", str(summary.expired)),
        ("Live", str(summary.live)),
        ("Failed or stopped", str(summary.failed)),
    ]


def _outcomes(summary: RefreshSummary) -> list[tuple[str, str]]:
    return [
        ("Won", str(summary.won)),
        ("Lost", str(summary.lost)),
        ("No clear difference", str(summary.no_difference)),
        ("Too early to say", str(summary.too_early)),
        ("Undone", str(summary.undone)),
    ]


def _money(summary: RefreshSummary) -> str:
    written = Notation(summary.ai_cost.money.currency, "UTC")
    cap = written.money(summary.ai_cap_minor)
    requests = "1 request" if summary.ai_requests == 1 else f"{written.count(summary.ai_requests)} requests"
    return (
        f"AI: {cost(summary.ai_cost)} for {requests}, {written.count(summary.ai_tokens)} tokens. "
        f"The cap is {cap} a calendar month."
    )


def _feedback(summary: RefreshSummary) -> str | None:
    told = [f"{rule} {count}" for rule, count in sorted(summary.not_tired.items()) if count]
    return f"“Not tired” by rule: {', '.join(told)}" if told else None


def _latest(cards: tuple[ProposalCard, ...]) -> kit.Block | None:
    if not cards:
        return None
    return kit.section(mrk("*Latest*\n{}", join(_line(card) for card in cards)))


def _line(card: ProposalCard) -> Mrkdwn:
    proposal, change = card.proposal, card.replacement
    state = change.state.value if change else proposal.state.value
    judged = verdict.line(card.verdicts[-1]) if card.verdicts else None
    told = mrk("• `{}` {}: {}", short(proposal.id), where(card), state.replace("_", " "))
    return join([told, judged], " · ")
