"""From Meta's figures to a warning: the ads that tire are found, each in its own workspace, once."""

from bot.domain.fatigue import Status
from bot.domain.fatigue_reading import FatigueReading
from bot.domain.ids import ObjectId, UserId
from bot.domain.lookalikes import LookalikeKind
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.signals import SignalSource, signal
from bot.sandbox.world_objects import Ad
from tests.scenario.stage import CEDAR, WILLOW, Place
from tests.talk import Bot

TIRED = {CEDAR: "in.serum.broad.glow", WILLOW: "us.coldbrew.broad.pack"}
HEADLINE = "Creative is tired"


def ad(bot: Bot, place: Place) -> Ad:
    """The ad of that workspace that tires in the stand-in's world."""
    return bot.world.by_key(TIRED[place])


def reading(bot: Bot, place: Place, of: Place | None = None) -> FatigueReading | None:
    """What a workspace knows of an ad that tires: its own one, or another workspace's."""
    ad_id = ObjectId(ad(bot, of or place).id)
    return bot.services.fatigue.reading(place.id, bot.stand_ins.account(of or place), ad_id)


def raised(bot: Bot, place: Place) -> list[str]:
    """The ads that a workspace's rule raises in its own account."""
    return [one.ad_id for one in bot.services.fatigue.raised(place.id, bot.stand_ins.account(place))]


def test_each_workspace_is_warned_of_its_own_tired_ad_and_knows_nothing_of_the_other(bot: Bot):
    for place in TIRED:
        warning = bot.alert(HEADLINE, place)
        assert bot.world.name(ad(bot, place)) in warning.words()
        assert raised(bot, place) == [ad(bot, place).id]
    assert reading(bot, CEDAR, of=WILLOW) is None
    assert reading(bot, WILLOW, of=CEDAR) is None
    assert bot.services.fatigue.raised(WILLOW.id, bot.stand_ins.account(CEDAR)) == []


def test_the_reading_tells_what_fell_since_when_and_what_it_could_have_been(bot: Bot):
    found = reading(bot, CEDAR)
    assert found is not None
    assert (found.status, found.rule) == (Status.FATIGUED, FatigueRule.CLASSIC)
    assert found.ctr.change is not None
    assert found.ctr.change < -0.2
    assert found.frequency.change is not None
    assert found.frequency.change > 0.15
    assert 0 < found.loss_minor < found.spend_7d_minor
    assert {one.kind for one in found.lookalikes} == set(LookalikeKind)
    assert found.hook is not None  # it is a video
    days = [day.day for day in found.series]
    assert days == sorted(days)
    assert days[-1] == found.day
    assert len(days) >= 25
    assert all(day.frequency for day in found.series)


def test_metas_own_words_stand_beside_the_verdict_and_what_it_tells_by_itself_is_kept(bot: Bot):
    found = reading(bot, CEDAR)
    assert found is not None
    said = {one.source: one for one in found.signals}
    assert said[SignalSource.RECOMMENDATION].against
    assert SignalSource.QUALITY in said
    told = signal(SignalSource.WEBHOOK, "HIGH", "The level rose from LOW to HIGH.", bot.clock.now())
    for place in (CEDAR, WILLOW):  # only one of them watches the account
        bot.services.fatigue.note_signals(place.id, bot.stand_ins.account(CEDAR), [(found.ad_id, told)])
    after = reading(bot, CEDAR)
    assert after is not None
    assert after.signals[0] == told
    with bot.application.db.read(WILLOW.id) as tx:
        assert tx.signals.of(bot.stand_ins.account(CEDAR), [found.ad_id]) == {}


def test_a_day_is_judged_once_and_polls_in_between_neither_end_nor_repeat_the_warning(bot: Bot):
    with bot.application.db.read(CEDAR.id) as tx:
        watched = tx.accounts.get(bot.stand_ins.account(CEDAR))
    assert watched is not None
    assert bot.services.fatigue.assess_due(watched) is None
    before = reading(bot, CEDAR)
    bot.passes(hours=2)
    assert reading(bot, CEDAR) == before
    assert len([one for one in bot.posts() if HEADLINE in one.words()]) == 1
    assert "Resolved" not in bot.alert(HEADLINE).words()


def test_the_next_morning_the_next_day_is_judged_and_the_warning_stands(bot: Bot):
    before = reading(bot, CEDAR)
    bot.passes(hours=18, step=60)  # half past five in the morning
    after = reading(bot, CEDAR)
    assert before is not None
    assert after is not None
    assert (after.day - before.day).days == 1
    assert (after.status, after.since) == (Status.FATIGUED, before.since)
    assert len([one for one in bot.posts() if HEADLINE in one.words()]) == 1


def test_the_account_that_chose_the_other_rule_is_told_by_that_one(bot: Bot):
    account = bot.stand_ins.account(CEDAR)
    with bot.application.db.workspace(CEDAR.id) as tx:
        tx.policies.set(
            account, RefreshPolicy(rule=FatigueRule.EVIDENCE), UserId(CEDAR.owner), bot.clock.now()
        )
    found = reading(bot, CEDAR)
    assert found is not None
    assert (found.rule, found.status) == (FatigueRule.EVIDENCE, found.evidence_standing.status)
    assert raised(bot, CEDAR) == ([found.ad_id] if found.status.raised else [])
    assert raised(bot, WILLOW) == [ad(bot, WILLOW).id]


def test_an_ad_that_a_person_pauses_is_not_told_of_any_more(bot: Bot):
    bot.world.set_status(ad(bot, CEDAR), "PAUSED", bot.clock.now(), "Somebody else")
    bot.passes(minutes=30)
    assert "Resolved" in bot.alert(HEADLINE).words()
    assert "Resolved" not in bot.alert(HEADLINE, WILLOW).words()
