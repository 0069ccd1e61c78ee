"""What messages about tired ads show, read at the moment they are written."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.access import Permission
from bot.domain.ids import AccountId, ObjectId
from bot.domain.proposals import Proposal, digest
from bot.domain.refreshes import FatigueCard, ProposalCard, Waiting
from bot.domain.report import AlertCard
from bot.errors import NotFound
from bot.services.fatigue import reading
from storage.repositories import Repositories


def chart_key(alert_id: str, day: object) -> str:
    """By which a warning's chart of one day is remembered."""
    return f"chart:{alert_id}:{day}"


def creative_key(creative_id: str) -> str:
    """By which the picture of a creative is remembered."""
    return f"creative:{creative_id}"


def picture_key(sha256: str) -> str:
    """By which a made picture is remembered."""
    return f"picture:{sha256}"


def fatigue_card(tx: Repositories, shown: AlertCard) -> FatigueCard:
    """The warning with its evidence, pictures and story."""
    alert = shown.alert
    ad_id = ObjectId(alert.finding.entity.id)
    kept = reading(tx, alert.account_id, ad_id)
    proposals = tx.proposals.of_alert(alert.id)
    replacements = tx.replacements.of_alert(alert.id)
    newest = replacements[0] if replacements else None
    known = tx.structures.ad(alert.account_id, ad_id)
    creative = known[1] if known else None
    return FatigueCard(
        card=shown,
        reading=kept,
        chart_file=tx.pictures.file_of(chart_key(alert.id, kept.day)) if kept else None,
        picture_file=tx.pictures.file_of(creative_key(creative.id)) if creative else None,
        proposal=proposals[0] if proposals else None,
        replacement=newest,
        verdicts=tx.verdicts.of(newest.id) if newest else (),
        not_tired=len(tx.feedback.of_alert(alert.id)),
    )


def proposal_card(tx: Repositories, proposal: Proposal, now: datetime) -> ProposalCard:
    """One proposal with everything its card shows."""
    watched = tx.accounts.get(proposal.account_id)
    workspace = tx.workspaces.get(proposal.workspace_id)
    if watched is None or workspace is None:
        raise NotFound("The ad account of these variations is not connected any more.")
    replacement = tx.replacements.of_proposal(proposal.id)
    original = proposal.original
    pictures = {
        one.n: tx.pictures.file_of(picture_key(one.picture)) for one in proposal.variations if one.picture
    }
    return ProposalCard(
        proposal=proposal,
        account=watched.account,
        approvers=workspace.roles.who_may(Permission.CHANGE_ADS),
        picture_file=tx.pictures.file_of(creative_key(original.id)) if original else None,
        variation_files={n: file for n, file in pictures.items() if file},
        digests={one.n: digest(proposal, one) for one in proposal.variations} if original else {},
        now=now,
        replacement=replacement,
        verdicts=tx.verdicts.of(replacement.id) if replacement else (),
        cost=tx.ai_usage.cost_of(proposal.id),
        stop=tx.stops.current(),
        ads_in_adset=_siblings(tx, proposal),
    )


def proposal_cards(
    tx: Repositories, proposals: Iterable[Proposal], now: datetime
) -> tuple[ProposalCard, ...]:
    """Several of them."""
    return tuple(proposal_card(tx, one, now) for one in proposals)


def undecided(tx: Repositories, now: datetime, account: AccountId | None = None) -> Waiting:
    """What waits for a decision and what is under way, in one account or all."""
    chosen = [one for one in tx.proposals.waiting() if account in (None, one.account_id)]
    moving = [one for one in tx.replacements.moving() if account in (None, one.account_id)]
    behind = [found for one in moving if (found := tx.proposals.get(one.proposal_id))]
    return Waiting(
        cards=proposal_cards(tx, chosen, now),
        under_way=proposal_cards(tx, behind, now),
        stop=tx.stops.current(),
        now=now,
    )


def _siblings(tx: Repositories, proposal: Proposal) -> int:
    adset = proposal.seen.adset_id if proposal.seen else proposal.entity.adset_id
    return 0 if adset is None else tx.adsets.count(proposal.account_id, adset)
