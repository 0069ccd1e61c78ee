"""What an approval sets off, step by step, what it costs, and who may give it."""

from bot.domain.proposals import MOST_ROUNDS, Mode, Proposal
from bot.domain.refreshes import ProposalCard
from bot.domain.replacement import plan
from bot.domain.split_test import LEAST_CLICKS, RUNS_FOR
from bot.views.alert_words import plural
from bot.views.figures import Notation
from bot.views.markup import Mrkdwn, join, mrk, person, said, said_with_people
from bot.views.refresh_words import MODE_WORDS, capital, cost, moment, people, short, todo, undoing

_LEARNING = {
    Mode.BESIDE: "adding an ad to the ad set may restart its learning phase",
    Mode.IN_PLACE: "changing the creative may restart the ad set's learning phase",
    Mode.TEST: "adding an ad may restart learning, and a split test halves what each ad is shown to",
}
_SAFE = {
    Mode.BESIDE: "The old ad keeps running until the new one delivers.",
    Mode.IN_PLACE: "Should the review refuse it, the ad shows its old creative again.",
    Mode.TEST: "Both ads run during the test, and the old one is paused only if it loses.",
}
_SOCIAL = {
    Mode.BESIDE: "new words make a new post: reactions and comments stay with the old ad",
    Mode.IN_PLACE: "new words make a new post: the ad loses its reactions and comments",
    Mode.TEST: "new words make a new post: reactions and comments stay with the old ad",
}


def steps(proposal: Proposal) -> Mrkdwn:
    """What will be done, in order, and what undoing it does."""
    pictures = any(one.picture for one in proposal.variations)
    planned = plan(proposal.mode, picture=pictures)
    listed = join(f"{step.n}. {capital(todo(step.kind))}" for step in planned)
    undo = f"{_SAFE[proposal.mode]} Undo at any time: {undoing(reversed(planned))}."
    return mrk("*What an approval does: {}*\n{}\n{}", MODE_WORDS[proposal.mode], listed, undo)


def price(card: ProposalCard) -> Mrkdwn:
    """What it costs: learning, review, social proof, history, money for writing."""
    mode = card.proposal.mode
    parts = [
        _LEARNING[mode],
        f"the ad set has {card.ads_in_adset} {plural(card.ads_in_adset, 'ad')} now"
        if card.ads_in_adset
        else None,
        "Meta's review takes up to 24 hours as a rule",
        _SOCIAL[mode],
        "the ad keeps its id, so figures of both creatives mix in its history"
        if mode is Mode.IN_PLACE
        else None,
        f"the test runs {RUNS_FOR.days} days and is read once, with {LEAST_CLICKS} link clicks an ad at least"
        if mode is Mode.TEST
        else None,
        f"writing cost {cost(card.cost)}" if card.cost else None,
    ]
    return mrk("*What it costs*\n{}.", capital(join(parts, "; ")))


def deciders(card: ProposalCard) -> Mrkdwn:
    """Who may approve, how many are needed, who did, and until when."""
    proposal, written = card.proposal, Notation.of(card.account)
    needed = proposal.approvals_needed
    spend = written.money(proposal.spend_7d_minor)
    count = (
        f"{needed} people must approve the same variation, because the ad spent {spend} in 7 days"
        if needed > 1
        else f"1 approval needed; the ad spent {spend} in 7 days"
    )
    given = [mrk("{} approved {}", person(one.user_id), one.n) for one in proposal.approvals]
    until = f"Expires {moment(written, proposal.expires_at)}" if proposal.expires_at else None
    return join(
        [
            mrk("May approve: {}", said_with_people(card.approvers)),
            join([count, join(given, ", ")], " · "),
            join([until, mrk("id `{}`", short(proposal.id)), _writer(card)], " · "),
        ]
    )


def _writer(card: ProposalCard) -> Mrkdwn:
    proposal = card.proposal
    rounds = f"round {proposal.round} of {MOST_ROUNDS}" if proposal.round else None
    who = (
        "written offline from the ad's own words"
        if proposal.offline
        else mrk("written by {}", said(proposal.model or proposal.writer, 60))
    )
    return join([who, rounds], ", ")


def remark(card: ProposalCard) -> Mrkdwn | None:
    """Why the writer that is set was not used, and the wish that was followed."""
    proposal = card.proposal
    because = "Why not by AI: {}" if proposal.offline else "New ones could not be written: {}"
    why = mrk(because, said(proposal.reason, 300)) if proposal.reason else None
    wish = mrk("Wish: “{}”", said(proposal.direction, 300)) if proposal.direction else None
    return join([why, wish]) or None


def asked_by(card: ProposalCard) -> Mrkdwn:
    """Who asked, when."""
    written = Notation.of(card.account)
    return mrk(
        "{} asked · {}", person(card.proposal.requested_by), moment(written, card.proposal.requested_at)
    )


def approved_by(card: ProposalCard) -> Mrkdwn:
    """Everybody whose approval counted, and when the last was given."""
    change, proposal, written = card.replacement, card.proposal, Notation.of(card.account)
    users = change.approved_by if change else tuple(one.user_id for one in proposal.approvals)
    when = moment(written, proposal.decided_at) if proposal.decided_at else ""
    return mrk("{} · {}", people(users), when)
