"""The sandbox's world: the same answer for the same moment, and a story that shows in the numbers."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import linear_regression

import pytest

from bot.sandbox import story
from bot.sandbox.world import World
from bot.sandbox.world_objects import NOTHING, Ad, Figures, Thing

NOW = datetime(2026, 11, 20, 9, 40, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World.demo(NOW)


def total(world: World, thing: Thing, days: range, at: datetime = NOW) -> Figures:
    summed = NOTHING
    for ad in world.ads_of(thing):
        for number in days:
            day = world.today(ad.account, NOW) + timedelta(days=number)
            summed = summed.plus(world.figures(ad, day, at))
    return summed


def bought(figures: Figures) -> int:
    return figures.buy_click_1d + figures.buy_click_7d + figures.buy_view_1d


def cost_per_purchase(figures: Figures) -> float:
    return figures.spend_minor / max(1, bought(figures))


def test_the_demo_has_two_accounts_of_the_promised_size(world: World) -> None:
    india, america = world.accounts
    assert (india.currency, india.zone.key, len(world.ads_of(india))) == ("INR", "Asia/Kolkata", 40)
    assert (america.currency, america.zone.key, len(world.ads_of(america))) == ("USD", "America/New_York", 8)
    assert len(world.campaigns_of(india)) == 6
    assert all(len(world.adsets_of(campaign)) > 1 for campaign in world.campaigns_of(india))


def test_the_same_seed_and_moment_give_the_same_figures() -> None:
    one, two, another = World.demo(NOW), World.demo(NOW), World.demo(NOW, seed=8)
    days = range(-28, 1)
    assert total(one, one.accounts[0], days) == total(two, two.accounts[0], days)
    assert total(one, one.accounts[0], days) != total(another, another.accounts[0], days)


def test_asking_about_the_future_first_does_not_change_the_present() -> None:
    straight, jumping = World.demo(NOW), World.demo(NOW)
    total(jumping, jumping.accounts[0], range(-3, 8), NOW + timedelta(days=7))
    assert total(jumping, jumping.accounts[0], range(-3, 1)) == total(
        straight, straight.accounts[0], range(-3, 1)
    )


def test_no_count_of_today_ever_shrinks(world: World) -> None:
    for ad in world.ads[:6]:
        day = world.today(ad.account, NOW)
        moments = [NOW + timedelta(minutes=25 * step) for step in range(40)]
        seen = [world.figures(ad, day, at) for at in moments]
        for earlier, later in pairwise(seen):
            assert all(have <= grown for have, grown in zip(earlier, later, strict=True))


def test_figures_stand_still_within_a_quarter_of_an_hour(world: World) -> None:
    ad = world.ads[0]
    day = world.today(ad.account, NOW)
    assert world.figures(ad, day, NOW) == world.figures(ad, day, NOW + timedelta(minutes=4))
    assert world.figures(ad, day, NOW) != world.figures(ad, day, NOW + timedelta(minutes=6))


def test_today_is_a_part_of_a_day_in_the_accounts_own_zone(world: World) -> None:
    india, america = world.accounts
    assert total(world, india, range(1)).impressions > 0.35 * total(world, india, range(-1, 0)).impressions
    assert (
        total(world, america, range(1)).impressions < 0.15 * total(world, america, range(-1, 0)).impressions
    )


def test_figures_begin_28_days_before_the_start(world: World) -> None:
    ad = world.ads[1]
    assert total(world, ad, range(-28, -27)).impressions > 0
    assert total(world, ad, range(-29, -28)) == NOTHING
    assert total(world, ad, range(1, 2)) == NOTHING


def test_purchases_of_a_past_day_are_restated_for_days(world: World) -> None:
    account = world.accounts[0]
    at_midnight = datetime(2026, 11, 19, 18, 30, tzinfo=UTC)
    yesterday = range(-1, 0)
    first = total(world, account, yesterday, at_midnight)
    later = total(world, account, yesterday, at_midnight + timedelta(days=5))
    assert first.impressions == later.impressions
    assert bought(first) * 1.05 < bought(later) < bought(first) * 1.4


def test_reach_does_not_add_up(world: World) -> None:
    ad = world.ads[1]
    days = [world.today(ad.account, NOW) - timedelta(days=number) for number in range(1, 8)]
    daily = [world.figures(ad, day, NOW).impressions for day in days]
    apart = sum(world.reach([ad], [day], shown) for day, shown in zip(days, daily, strict=True))
    together = world.reach([ad], days, sum(daily))
    assert max(daily) * 0.8 < together < apart * 0.9
    assert 1.1 < sum(daily) / together < 3


def test_prices_look_like_india(world: World) -> None:
    figures = total(world, world.accounts[0], range(-14, -7))
    assert 150 <= figures.spend_minor / figures.impressions * 10 <= 210
    assert 25_000 <= cost_per_purchase(figures) <= 60_000
    assert 0.008 < figures.link_clicks / figures.impressions < 0.02


def test_the_tiring_ad_loses_clicks_and_meets_the_same_people_again(world: World) -> None:
    ad = world.by_key("in.serum.broad.glow")
    assert isinstance(ad, Ad)

    def week(last: int) -> tuple[float, float]:
        days = [world.today(ad.account, NOW) + timedelta(days=n) for n in range(last - 6, last + 1)]
        figures = total(world, ad, range(last - 6, last + 1))
        reach = world.reach([ad], days, figures.impressions)
        return figures.link_clicks / figures.impressions, figures.impressions / reach

    (fresh_rate, fresh_frequency), (tired_rate, tired_frequency) = week(-13), week(-1)
    assert tired_rate < 0.65 * fresh_rate
    assert tired_frequency > 1.3 * fresh_frequency
    last_day = total(world, ad, range(-1, 0))
    assert last_day.link_clicks / last_day.impressions < 0.5 * fresh_rate


@pytest.mark.parametrize("days", [range(-1, 0), range(1)], ids=["yesterday", "today"])
def test_one_campaign_costs_twice_as_much_and_only_that_one_is_over_the_target(
    world: World, days: range
) -> None:
    target = story.TARGET_COST_PER_PURCHASE_MINOR
    jumped = world.by_key("in.hairoil")
    before = cost_per_purchase(total(world, jumped, range(-10, -3)))
    assert before < target
    assert cost_per_purchase(total(world, jumped, days)) > max(1.8 * before, 1.3 * target)


def test_the_cost_jump_ends_after_two_days(world: World) -> None:
    jumped = world.by_key("in.hairoil")
    at = NOW + timedelta(days=6)
    assert cost_per_purchase(total(world, jumped, range(3, 5), at)) < story.TARGET_COST_PER_PURCHASE_MINOR


def test_purchases_stop_for_one_campaign_while_it_spends_and_come_back(world: World) -> None:
    broken = world.by_key("in.gifting")

    def between(begins: float, ends: float) -> Figures:
        first, last = NOW + timedelta(hours=begins), NOW + timedelta(hours=ends)
        later, earlier = (total(world, broken, range(-1, 3), at) for at in (last, first))
        return Figures(*(have - had for have, had in zip(later, earlier, strict=True)))

    gap = between(5, 26)
    assert gap.spend_minor > 1_000_000
    assert gap.link_clicks > 500
    # A few sales from before the break are still reported late.
    assert bought(gap) < 8
    assert bought(between(28, 50)) > 40


def test_one_ad_set_spends_without_a_single_purchase(world: World) -> None:
    figures = total(world, world.by_key("in.bestsellers.students"), range(-5, 1))
    assert figures.spend_minor > 10 * story.TARGET_COST_PER_PURCHASE_MINOR
    assert sum(figures[-10:]) == 0


def test_a_rejected_ad_is_there_at_the_start_and_another_has_issues_a_day_later(world: World) -> None:
    rejected, broken = (
        world.by_key("in.nightoil.lookalike.before"),
        world.by_key("in.retarget.viewers.bundle"),
    )
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert world.log.effective(rejected, NOW.timestamp()) == "DISAPPROVED"
    assert world.log.effective(broken, NOW.timestamp()) == "ACTIVE"
    assert world.log.effective(broken, tomorrow.timestamp()) == "WITH_ISSUES"
    assert world.log.updated_at(broken, tomorrow.timestamp()) == (NOW + timedelta(days=1)).timestamp()
    assert total(world, rejected, range(-2, -1)).impressions > 0
    assert total(world, rejected, range(1, 2), NOW + timedelta(days=2)) == NOTHING


def test_a_paused_ad_stops_at_once_and_a_resumed_one_goes_on(world: World) -> None:
    ad = world.ads[1]
    world.set_status(ad, "PAUSED", NOW, "somebody")
    stopped, later = (total(world, ad, range(1), NOW + timedelta(hours=h)) for h in (1, 4))
    # Purchases from before the pause may still be reported; nothing else may move.
    assert stopped[:-10] == later[:-10]
    world.set_status(ad, "ACTIVE", NOW + timedelta(hours=4), "somebody")
    assert total(world, ad, range(1), NOW + timedelta(hours=5)).impressions > stopped.impressions


def test_a_parents_pause_shows_on_what_is_below_it(world: World) -> None:
    ad = world.ads[1]
    moment = NOW.timestamp()
    world.set_status(ad.adset, "PAUSED", NOW, "somebody")
    assert world.log.effective(ad, moment) == "ADSET_PAUSED"
    world.set_status(ad.adset, "ACTIVE", NOW, "somebody")
    world.set_status(ad.campaign, "PAUSED", NOW, "somebody")
    assert (world.log.effective(ad.adset, moment), world.log.effective(ad, moment)) == (
        "CAMPAIGN_PAUSED",
        "CAMPAIGN_PAUSED",
    )
    assert world.log.configured(ad, moment) == "ACTIVE"
    assert world.log.updated_at(ad, moment) < moment


def seven_days(world: World, ad: Ad, at: datetime) -> tuple[float, float, int]:
    """The fitted change of click rate and daily frequency over seven complete days, and the clicks."""
    days = [world.today(ad.account, at) - timedelta(days=number) for number in range(7, 0, -1)]
    figures = [world.figures(ad, day, at) for day in days]
    if any(one.impressions == 0 for one in figures):
        return 0.0, 0.0, 0
    rates = [one.link_clicks / one.impressions for one in figures]
    frequencies = [
        one.impressions / world.reach([ad], [day], one.impressions)
        for day, one in zip(days, figures, strict=True)
    ]
    return fitted(rates), fitted(frequencies), sum(one.link_clicks for one in figures)


def fitted(values: list[float]) -> float:
    """How far the least-squares line through these values comes from its first to its last day."""
    slope, middle = linear_regression(range(-3, 4), values)
    return (middle + 3 * slope) / (middle - 3 * slope) - 1


@pytest.mark.parametrize("days", [0, 1, 2, 4, 6])
@pytest.mark.parametrize("weekday", [0, 2, 5])
def test_two_ads_tire_by_the_rule_that_people_name_and_no_other_does(weekday: int, days: int) -> None:
    start = NOW + timedelta(days=weekday)
    world = World.demo(start)
    tired = set()
    for ad in world.ads:
        clicks_fell, frequency_rose, clicks = seven_days(world, ad, start + timedelta(days=days))
        if clicks >= 30 and clicks_fell < -0.20 and frequency_rose > 0.15:
            tired.add(ad.key)
    assert tired == {"in.serum.broad.glow", "us.coldbrew.broad.pack"}


@pytest.mark.parametrize("key", ["in.serum.broad.glow", "us.coldbrew.broad.pack"])
def test_a_tiring_ad_meets_the_same_people_within_a_week(world: World, key: str) -> None:
    ad = world.by_key(key)
    assert isinstance(ad, Ad)

    def week(last: int) -> float:
        days = [world.today(ad.account, NOW) + timedelta(days=n) for n in range(last - 6, last + 1)]
        shown = total(world, ad, range(last - 6, last + 1)).impressions
        return shown / world.reach([ad], days, shown)

    assert week(-1) > 1.15 * week(-8)
    reach = [
        world.reach([ad], days, total(world, ad, range(-count, 0)).impressions)
        for count in range(1, 20)
        if (days := [world.today(ad.account, NOW) - timedelta(days=n) for n in range(1, count + 1)])
    ]
    assert reach == sorted(reach)


def test_every_event_of_the_story_has_a_target(world: World) -> None:
    for event in story.DEMO:
        assert any(event.touches(ad.key) for ad in world.ads), event.slug


def test_a_large_world_has_the_asked_size_and_the_same_rules() -> None:
    large = World.large(NOW, campaigns=20, ads=200, adsets=40)
    account = large.accounts[0]
    assert (len(large.campaigns), len(large.adsets), len(large.ads)) == (20, 40, 200)
    assert len({thing.id for thing in (*large.campaigns, *large.adsets, *large.ads)}) == 260
    early, late = (total(large, account, range(1), NOW + timedelta(hours=h)) for h in (0, 2))
    assert 0 < early.impressions < late.impressions
    large.set_status(large.ads[0], "PAUSED", NOW, "somebody")
    frozen = total(large, large.ads[0], range(1), NOW + timedelta(minutes=20))
    assert frozen == total(large, large.ads[0], range(1), NOW + timedelta(hours=3))


def test_all_the_demos_figures_can_be_asked_for_again_at_a_jump_of_months(world: World) -> None:
    at = NOW + timedelta(days=200)
    day = world.today(world.accounts[0], at)
    assert world.figures(world.ads[2], day, at).impressions > 0
