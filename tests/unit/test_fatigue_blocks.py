"""Days that were packed come back as the panel that their rows mean."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fatigue_blocks import COLUMNS, pack, unpack

FIRST = date(2026, 11, 1)
DAYS = 4
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["a1", "a2", "a3", "a4"]),
        st.tuples(
            st.sampled_from([None, "c1", "c2"]),
            st.lists(st.integers(0, 2**40), min_size=len(COLUMNS), max_size=len(COLUMNS)),
        ),
    ),
    min_size=DAYS,
    max_size=DAYS,
)


@given(ROWS)
def test_every_figure_comes_back_on_its_day_and_ad(rows):
    blocks = {
        FIRST + timedelta(days=number): pack(
            [(ad, creative, *figures) for ad, (creative, figures) in sorted(day.items())]
        )
        for number, day in enumerate(rows)
    }
    days = unpack(blocks, FIRST, DAYS, {})
    panel = days.panel
    assert set(panel.ad_ids) == {ad for day in rows for ad in day}
    for row, ad in enumerate(panel.ad_ids):
        for number, day in enumerate(rows):
            figures = dict(zip(COLUMNS, day[ad][1], strict=True)) if ad in day else dict.fromkeys(COLUMNS, 0)
            got = (panel.impressions, panel.reach, panel.clicks, panel.spend, panel.reach_7d, days.purchases)
            names = ("impressions", "reach", "link_clicks", "spend_minor", "reach_7d", "purchases")
            assert [int(one[row, number]) for one in got] == [figures[name] for name in names]
            assert panel.delivered[row, number] == (figures["impressions"] > 0)


def test_days_without_rows_are_empty_and_an_account_without_any_has_no_ads():
    assert unpack({FIRST: pack([])}, FIRST, DAYS, {}).panel.ads == 0
    panel = unpack({FIRST + timedelta(days=2): pack([_row("a1")])}, FIRST, DAYS, {}).panel
    assert panel.delivered.tolist() == [[False, False, True, False]]


def test_small_figures_take_half_the_space_of_large_ones():
    small, large = pack([_row("a1")]), pack([_row("a1", shown=2**31)])
    assert (small.width, large.width) == (4, 8)
    assert len(large.figures) == 2 * len(small.figures)


def test_a_creative_that_was_not_known_is_taken_from_the_next_known_day_else_from_the_one_before():
    shown = [None, "c1", "c2", None]
    blocks = {FIRST + timedelta(days=n): pack([_row("a1", creative=one)]) for n, one in enumerate(shown)}
    codes = unpack(blocks, FIRST, DAYS, {}).panel.creative[0].tolist()
    assert codes[0] == codes[1] != codes[2] == codes[3]


def test_the_age_of_young_ads_counts_from_their_first_day_and_old_ones_are_not_known():
    blocks = {FIRST: pack([_row("a1"), _row("a2")])}
    born = {"a1": FIRST - timedelta(days=2)}
    ages = unpack(blocks, FIRST, DAYS, born).panel.age_days
    assert ages.tolist() == [[2, 3, 4, 5], [-1, -1, -1, -1]]


def test_without_a_single_play_no_hook_rate_is_claimed():
    assert unpack({FIRST: pack([_row("a1")])}, FIRST, DAYS, {}).panel.hooks is None
    played = unpack({FIRST: pack([_row("a1", plays=3)])}, FIRST, DAYS, {}).panel
    assert played.hooks is not None
    assert np.sum(played.hooks) == 3


def _row(ad: str, *, creative: str | None = "c1", shown: int = 1_000, plays: int = 0) -> tuple[object, ...]:
    values = dict.fromkeys(COLUMNS, 0) | {"impressions": shown, "video_plays": plays}
    return (ad, creative, *values.values())
