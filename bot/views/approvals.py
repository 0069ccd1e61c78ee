"""The answer to `/spruce approvals`: what waits for a decision, and what is under way."""

from collections.abc import Callable, Sequence

from bot.domain.proposals import ProposalState
from bot.domain.refreshes import ProposalCard, Waiting
from bot.views import fatigue_story, kit
from bot.views.alert_words import plural
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, clip_markup, join, mrk, name, said, said_with_people
from bot.views.refresh_words import MODE_WORDS, moment, short, stop_warning, title

_MOST = 6
_LONGEST = 400  # of how a change stands


def approvals(waiting: Waiting) -> kit.Message:
    """Proposals with their ids, then changes with how far they are."""
    warning = stop_warning(waiting.stop)
    if not waiting.cards and not waiting.under_way:
        sentence = "Nothing waits for a decision, and no replacement is under way."
        return kit.message(sentence, [kit.section(sentence), kit.context(warning)])
    told = f"Approvals: {len(waiting.cards)} waiting, {len(waiting.under_way)} under way"
    blocks = [
        kit.header(told),
        kit.section(warning) if warning else None,
        *_group("Waiting for a decision", waiting.cards, _proposal),
        *_group("Under way", waiting.under_way, _change),
        kit.context(Mrkdwn("`/spruce approve ID 1` and `/spruce reject ID reason` do what the buttons do.")),
    ]
    return kit.message(f"{told}.", blocks)


def for_home(waiting: Waiting) -> list[kit.Block | None]:
    """The same as a part of the Home tab; nothing where nothing waits."""
    warning = stop_warning(waiting.stop)
    return [
        kit.section(warning) if warning else None,
        *_group("Variations to decide on", waiting.cards, _proposal),
        *_group("Replacements under way", waiting.under_way, _change),
    ]


def _group(
    heading: str, cards: Sequence[ProposalCard], line: Callable[[ProposalCard], Mrkdwn]
) -> list[kit.Block | None]:
    if not cards:
        return []
    left = len(cards) - _MOST
    more = f"and {left} more" if left > 0 else None
    shown = [kit.section(line(card)) for card in cards[:_MOST]]
    return [kit.divider(), kit.context(mrk("*{}*", heading)), *shown, kit.context(more)]


def where(card: ProposalCard) -> Mrkdwn:
    """The ad that it is about, and its account."""
    entity = card.proposal.entity
    return mrk("ad “{}” · {}", name(entity.name), name(card.account.name, 60))


def _proposal(card: ProposalCard) -> Mrkdwn:
    proposal, written = card.proposal, Notation.of(card.account)
    if proposal.state is ProposalState.WRITING:
        return mrk("`{}` {}\nVariations are being written", short(proposal.id), where(card))
    count = len(proposal.variations)
    until = f"until {moment(written, proposal.expires_at)}" if proposal.expires_at else None
    needed = f"{len(proposal.approvals)} of {proposal.approvals_needed} approvals"
    spend = f"{written.money(proposal.spend_7d_minor)} spent in 7 days"
    offered = join([title(one) for one in proposal.variations], ", ")
    lines = [
        mrk("`{}` *{}* for {}", short(proposal.id), f"{count} {plural(count, 'variation')}", where(card)),
        offered,
        join([needed, until, spend, MODE_WORDS[proposal.mode]], " · "),
        mrk("May approve: {}", said_with_people(card.approvers, 200)),
    ]
    return join(lines)


def _change(card: ProposalCard) -> Mrkdwn:
    found, written = card.replacement, Notation.of(card.account)
    first = mrk(
        "`{}` *“{}”* for {}", short(card.proposal.id), said(found.angle if found else "", 60), where(card)
    )
    return join([first, clip_markup(fatigue_story.latest(found, written), _LONGEST) if found else None])
