"""What changes on the way from the warning to live: the ad, the alert, the process, people's minds."""

from datetime import timedelta

from bot.domain.alerts import Ending, Policy, not_found
from bot.domain.proposals import ProposalState
from bot.domain.replacement import ReplacementState
from bot.sandbox.graph_faults import slow
from tests.scenario.refresh_stage import (
    TIRED,
    approves,
    audited,
    broken_jobs,
    live,
    new_ad,
    proposal,
    replaced,
    replacement,
    short,
    status,
    suggested,
    tired,
    writes,
)
from tests.scenario.stage import CEDAR, WILLOW, application_on
from tests.scenario.test_pause import at_once
from tests.talk import OBSERVER, OUTSIDER, OWNER, TEAMMATE, Bot

SOMEBODY = "Somebody at Meta"


def test_an_ad_that_was_paused_since_voids_the_variations_and_says_so(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    card = bot.card(warning)
    bot.world.set_status(tired(bot), "PAUSED", bot.clock.now(), SOMEBODY)
    bot.passes(minutes=16, step=16)
    told = approves(bot, card)
    assert "set from ACTIVE to PAUSED" in told
    bot.settles()
    assert proposal(bot).state is ProposalState.VOID
    for shown in (bot.now(card).words(), bot.notes(warning)[-1]):
        assert "set from ACTIVE to PAUSED" in shown
    assert [name for name in bot.now(card).buttons() if "Approve" in name] == []
    assert "void" in approves(bot, card, stale=True)
    assert (replaced(bot), writes(bot)) == (False, [])
    assert ("spruce", "proposal.void") in audited(bot, proposal(bot).id)
    assert "*Expired or void*\n1" in bot.says("/spruce refreshes")


def test_an_ad_that_shows_another_creative_since_voids_them_too(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    card, other = bot.card(warning), bot.world.by_key("in.serum.broad.lab")
    bot.world.swap(tired(bot), other.creative, bot.clock.now(), SOMEBODY)
    bot.passes(minutes=16, step=16)
    assert "another creative" in approves(bot, card, 3)
    bot.settles()
    assert proposal(bot).state is ProposalState.VOID
    assert "another creative" in bot.now(card).words()
    assert (replaced(bot), writes(bot)) == (False, [])


def test_what_changed_between_the_approval_and_the_first_write_voids_it(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    card = bot.card(warning)
    assert approves(bot, card) == ""
    bot.world.set_status(tired(bot).adset, "PAUSED", bot.clock.now(), SOMEBODY)
    bot.settles()
    assert replacement(bot).state is ReplacementState.VOID
    assert writes(bot) == []
    for shown in (bot.now(card).words(), bot.now(warning).words(), bot.notes(warning)[-1]):
        assert "Its ad set was set from ACTIVE to PAUSED" in shown
    assert "Undo" not in bot.now(card).buttons()
    assert "there is nothing to undo" in bot.says(f"/spruce undo {short(bot)}")


def test_what_changed_at_meta_but_was_not_read_yet_is_found_before_the_first_write(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.set_status(tired(bot), "PAUSED", bot.clock.now(), SOMEBODY)
    assert approves(bot, bot.card(warning)) == ""
    bot.settles()
    assert replacement(bot).state is ReplacementState.VOID
    assert "The ad was set from ACTIVE to PAUSED" in bot.notes(warning)[-1]
    assert (writes(bot), status(bot, tired(bot))) == ([], "PAUSED")


def test_a_new_name_alone_changes_nothing_that_was_approved(offered: Bot):
    bot = offered
    bot.world.rename(tired(bot), "Reel <!channel> | v4", bot.clock.now(), SOMEBODY)
    bot.passes(minutes=16, step=16)
    assert approves(bot, bot.card(bot.alert(TIRED))) == ""
    bot.settles()
    assert len(bot.graph.ledger.created("ads")) == 1
    assert "<!channel>" not in bot.alert(TIRED).text + bot.card(bot.alert(TIRED)).text


def test_a_review_that_refuses_leaves_the_old_ad_on_and_says_why(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.reviews.minutes = 4
    bot.world.reject_next("Unrealistic outcomes", "Ads must not promise <!here> results.")
    card = bot.card(warning)
    approves(bot, card)
    assert live(bot).state is ReplacementState.FAILED
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ACTIVE")
    for shown in (bot.now(card).words(), bot.now(warning).words(), bot.notes(warning)[-1]):
        assert "Unrealistic outcomes" in shown
        assert "<!here>" not in shown
    assert "Suggest variations" in bot.now(warning).buttons()
    assert "*Failed or stopped*\n1" in bot.says("/spruce refreshes")


def test_an_undo_asks_when_a_person_changed_something_since(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.reviews.minutes = 4
    approves(bot, bot.card(warning))
    live(bot)
    bot.world.set_status(new_ad(bot), "PAUSED", bot.clock.now(), SOMEBODY)
    stale = bot.now(warning)
    assert bot.click("Undo", stale, confirmed=True) == ""
    bot.settles()
    assert replacement(bot).state is ReplacementState.UNDO_ASKS
    assert status(bot, tired(bot)) == "PAUSED"
    for shown in (bot.now(warning).words(), bot.notes(warning)[-1]):
        assert "The new ad was set to PAUSED" in shown
    assert "Undo anyway" in bot.now(warning).buttons()
    assert "somebody changed the ads since" in bot.says(f"/spruce undo {short(bot)}").lower()
    count = len(bot.notes(warning))
    bot.world.set_status(tired(bot), "ARCHIVED", bot.clock.now(), SOMEBODY)  # and now something else as well
    bot.click("Undo anyway", bot.now(warning), confirmed=True)
    bot.settles()
    assert replacement(bot).state is ReplacementState.UNDO_ASKS
    assert "ARCHIVED" in bot.now(warning).words()
    assert len(bot.notes(warning)) == count + 1
    bot.click("Undo anyway", bot.now(warning), confirmed=True)
    bot.settles()
    assert replacement(bot).state is ReplacementState.UNDONE
    assert (status(bot, new_ad(bot)), status(bot, tired(bot))) == ("PAUSED", "ARCHIVED")


def test_a_warning_that_is_over_meanwhile_still_tells_the_story(offered: Bot):
    bot, warning = offered, offered.alert(TIRED)
    bot.world.reviews.minutes = 4
    with bot.application.db.workspace(CEDAR.id) as tx:
        (alert,) = [one for one in tx.alerts.unresolved() if one.rule_id == "creative_fatigue"]
        over = not_found(alert, bot.clock.now(), Policy(), Ending.PAUSED).alert
        assert tx.alerts.save(over, seen_version=alert.version)
    assert approves(bot, bot.card(warning)) == ""  # what waits is still for people to decide
    assert live(bot).state is ReplacementState.LIVE
    assert "Live since" in bot.notes(warning)[-1]
    assert "Undo" in bot.now(warning).buttons()


def test_a_process_that_dies_while_writing_leaves_one_card(bot: Bot):
    warning = bot.alert(TIRED)
    bot.click("Suggest variations", warning)
    dead = proposal(bot)
    with bot.application.db.workspace(CEDAR.id) as tx:
        assert tx.proposals.claim(dead, bot.clock.now())
    bot.restarts()
    bot.passes(minutes=4, step=2)
    assert bot.thread(warning) == []
    bot.passes(minutes=4, step=2)
    assert proposal(bot).state is ProposalState.WAITING
    assert len([one for one in bot.thread(warning) if one.buttons()]) == 1
    with bot.application.db.workspace(CEDAR.id) as tx:  # the dead one's answer would come too late
        assert not tx.proposals.written(dead, dead.lease_token + 1)


def test_two_processes_write_one_wish_once(bot: Bot):
    warning, other = bot.alert(TIRED), application_on(bot.stand_ins, bot.database_url)
    bot.click("Suggest variations", warning)
    bot.graph.faults.add("GET", slow(0.2))
    at_once(bot.services.writing.carry_out, other.services.writing.carry_out)
    at_once(bot.services.delivery.deliver, other.services.delivery.deliver)
    other.close()
    bot.settles()
    assert len([one for one in bot.thread(warning) if one.buttons()]) == 1
    assert [what for _, what in audited(bot, proposal(bot).id)].count("proposal.proposed") == 1


def test_variations_are_asked_for_once_by_whoever_is_first(bot: Bot):
    warning = bot.alert(TIRED)
    assert bot.click("Suggest variations", warning, TEAMMATE) == ""
    told = bot.click("Suggest variations", warning, OWNER, stale=True)
    assert "waiting already" in told
    bot.settles()
    assert len([one for one in bot.thread(warning) if one.buttons()]) == 1
    assert proposal(bot).requested_by == TEAMMATE.id


def test_not_tired_is_kept_once_counted_by_rule_and_quietens_the_warning(bot: Bot):
    warning = bot.alert(TIRED)
    assert bot.click("Not tired", warning, TEAMMATE, confirmed=True) == ""
    assert "said that it is not tired" in bot.now(warning).words()
    assert bot.click("Not tired", warning, TEAMMATE, confirmed=True, stale=True) != ""
    assert "You said so already" in bot.click("Not tired", bot.now(warning), TEAMMATE, confirmed=True)
    assert bot.click("Not tired", bot.now(warning), OWNER, confirmed=True) == ""
    theirs = bot.alert(TIRED, WILLOW)
    bot.click("Not tired", theirs, OBSERVER, confirmed=True)
    with bot.application.db.read(CEDAR.id) as tx:
        assert tx.feedback.counts() == {"classic": 2}
        (alert,) = [one for one in tx.alerts.unresolved() if one.rule_id == "creative_fatigue"]
    assert alert.snoozed_until == bot.clock.now() + timedelta(days=7)
    suggested(bot)
    assert "classic 2" in bot.says("/spruce refreshes")
    suggested(bot, WILLOW)
    assert "classic 1" in bot.says("/spruce refreshes", OUTSIDER)
    bot.says("/spruce fatigue rule evidence")
    assert "classic 2" in bot.says("/spruce refreshes")  # an opinion stays with the rule it was about


def test_a_snoozed_warning_can_be_dealt_with_all_the_same(bot: Bot):
    warning = bot.alert(TIRED)
    bot.choose("Snooze", "1 hour", warning, TEAMMATE)
    bot.click("Suggest variations", bot.now(warning))
    bot.settles()
    assert approves(bot, bot.card(warning)) == ""
    bot.passes(minutes=90, step=30)
    assert len(bot.graph.ledger.created("ads")) == 1
    assert replacement(bot).state is ReplacementState.LIVE
    assert broken_jobs(bot) == []


def test_both_workspaces_replace_an_ad_each_with_their_own_token(bot: Bot):
    bot.world.reviews.minutes = 4
    for place, chief in ((CEDAR, OWNER), (WILLOW, OUTSIDER)):
        _warning, card = suggested(bot, place)
        assert approves(bot, card, 1, chief) == ""
    bot.settles()
    for place in (CEDAR, WILLOW):
        live(bot, place)
    made = bot.graph.ledger.created("ads")
    assert [one.token for one in made] == [CEDAR.channel, WILLOW.channel]
    for place in (CEDAR, WILLOW):
        assert replacement(bot, place).state is ReplacementState.LIVE
        assert status(bot, tired(bot, place)) == "PAUSED"
        for other in {CEDAR, WILLOW} - {place}:
            assert short(bot, place) not in str([one.all_blocks() for one in bot.posts(other)])
