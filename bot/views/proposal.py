"""Variations in the warning's thread: shown as ads, decided on, and followed until they are live."""

from bot.domain.proposals import Proposal, ProposalState
from bot.domain.refreshes import ProposalCard
from bot.domain.replacement import Replacement, Step, StepState
from bot.views import fatigue_buttons, fatigue_story, kit, proposal_buttons, proposal_parts
from bot.views import proposal_terms as terms
from bot.views.alert_words import plural
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, join, mrk, name, person, plain_name, said
from bot.views.refresh_words import capital, chosen, moment, sentence, short, stop_warning, todo

_HEADINGS = {
    ProposalState.APPROVED: "Approved",
    ProposalState.REJECTED: "Rejected",
    ProposalState.EXPIRED: "Expired",
    ProposalState.VOID: "Void",
    ProposalState.FAILED: "Not written",
}
_STATES = {
    StepState.PENDING: "to do",
    StepState.DOING: "*now*",
    StepState.DONE: "done",
    StepState.FAILED: "*failed*",
    StepState.UNDOING: "*being undone*",
    StepState.UNDONE: "undone",
}


def proposal(card: ProposalCard) -> kit.Message:
    """The card as it stands now."""
    state = card.proposal.state
    if state is ProposalState.WRITING:
        return _writing(card)
    if state is ProposalState.WAITING:
        return _open(card)
    return _decided(card)


def taken_down(card: ProposalCard) -> kit.Message:
    """To the person who decided by a slash command: what was decided, and where to watch it."""
    told = mrk("{} The card in the warning's thread shows how it goes on.", _decision(card))
    return kit.message(told, [kit.section(told)])


def _about(card: ProposalCard) -> Mrkdwn:
    return mrk("ad “{}” · {}", name(card.proposal.entity.name), name(card.account.name, 60))


def _writing(card: ProposalCard) -> kit.Message:
    again = f" (round {card.proposal.round})" if card.proposal.round else ""
    told = mrk("Variations for {} are being written{}.", _about(card), again)
    blocks = [kit.section(told), kit.context(terms.asked_by(card), terms.remark(card))]
    return kit.message(told, blocks)


def _open(card: ProposalCard) -> kit.Message:
    count = len(card.proposal.variations)
    entity = plain_name(card.proposal.entity.name)
    title = f"Decide on {count} {plural(count, 'variation')} of “{entity}”"
    text = mrk("Decide on {} {} of {}.", count, plural(count, "variation"), _about(card))
    for room in proposal_parts.ROOMS:  # less and less, until Slack takes the card
        blocks = [block for block in (kit.header(title), *_body(card, room)) if block]
        if kit.fit(blocks, kit.MESSAGE_BLOCKS, kit.MESSAGE_TOTAL) == blocks:
            break
    return kit.message(text, blocks)


def _body(card: ProposalCard, room: proposal_parts.Room) -> list[kit.Block | None]:
    warning = stop_warning(card.stop)
    blocks: list[kit.Block | None] = [kit.section(warning) if warning else None]
    for one in card.proposal.variations:
        blocks += [kit.divider(), *proposal_parts.variation(card, one, room)]
        blocks.append(proposal_buttons.of_variation(card, one))
    return [
        *blocks,
        kit.divider(),
        kit.section(terms.steps(card.proposal)),
        kit.section(terms.price(card)),
        proposal_buttons.of_all(card),
        kit.context(terms.deciders(card), terms.remark(card)),
    ]


def _decided(card: ProposalCard) -> kit.Message:
    told = _decision(card)
    title = f"{_HEADINGS[card.proposal.state]}: variations of “{plain_name(card.proposal.entity.name)}”"
    blocks = [
        kit.header(title),
        kit.section(told),
        *_progress(card),
        kit.context(terms.asked_by(card), mrk("id `{}` · {}", short(card.proposal.id), _about(card))),
    ]
    return kit.message(mrk("{}. {}", title, told), blocks)


def _decision(card: ProposalCard) -> Mrkdwn:
    """What was decided, by whom and why, in a sentence."""
    proposal = card.proposal
    match proposal.state:
        case ProposalState.APPROVED:
            return mrk("{} is approved by {}.", capital(chosen(card)), terms.approved_by(card))
        case ProposalState.REJECTED:
            return mrk("Rejected by {}{}: {}", _who(proposal), _when(card), sentence(proposal.reason))
        case ProposalState.EXPIRED:
            return Mrkdwn("Nobody decided in time. Nothing goes live, and nothing was changed.")
        case ProposalState.VOID:
            return mrk("What was shown is not so any more: {}", sentence(proposal.reason))
        case ProposalState.FAILED:
            return mrk("No variations could be written: {}", sentence(proposal.reason))
        case _:
            return _half(card)


def _half(card: ProposalCard) -> Mrkdwn:
    proposal = card.proposal
    if not proposal.approvals:
        return Mrkdwn("Nothing is decided yet.")
    last = proposal.approvals[-1]
    missing = max(proposal.approvals_needed - sum(one.n == last.n for one in proposal.approvals), 0)
    more = f"{missing} more {plural(missing, 'approval')} needed"
    return mrk("Variation {} is approved by {}; {}.", last.n, person(last.user_id), more)


def _who(proposal: Proposal) -> Mrkdwn:
    return person(proposal.decided_by) if proposal.decided_by else Mrkdwn("somebody")


def _when(card: ProposalCard) -> str:
    at = card.proposal.decided_at
    return f" · {moment(Notation.of(card.account), at)}" if at else ""


def _progress(card: ProposalCard) -> list[kit.Block | None]:
    """Every step of the replacement with its state, then what it came to."""
    change = card.replacement
    if change is None:
        return []
    written = Notation.of(card.account)
    digest = mrk("Approved as `{}`: exactly these words and this picture.", change.digest[:8])
    story = [*fatigue_story.standing(change, written), *fatigue_story.verdicts(card.verdicts)]
    return [
        kit.section(_words(change)),
        kit.section(join(_step(step, written) for step in change.steps)),
        kit.section(join(mrk("• {}", line) for line in story if line)) if any(story) else None,
        fatigue_buttons.undo_row(change),
        kit.context(stop_warning(card.stop), digest),
    ]


def _words(change: Replacement) -> Mrkdwn:
    copy = change.copy
    lines = [
        proposal_parts.quoted(copy.primary_text, 900) if copy.primary_text else None,
        mrk("Headline: {}", said(copy.headline, 255)) if copy.headline else None,
        mrk("Description: {}", said(copy.description, 255)) if copy.description else None,
    ]
    return join(lines) or Mrkdwn("No words")


def _step(step: Step, written: Notation) -> Mrkdwn:
    when = f" {moment(written, step.finished_at)}" if step.finished_at else ""
    note = mrk(" – {}", said(step.note, 300)) if step.note else ""
    state = Mrkdwn(_STATES[step.state])
    return mrk("{}. {} · {}{}{}", step.n, capital(todo(step.kind)), state, when, note)
