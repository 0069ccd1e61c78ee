"""What buttons carry can be read back, and nothing else is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import AccountId, Level, ObjectId
from bot.domain.structure import EntityRef
from bot.errors import BadInput
from bot.views import actions
from bot.views.links import ads_manager
from tests.house.tree import ROOT, first_table

IDS = st.from_regex(r"\A[A-Za-z0-9_-]{1,40}\Z")


@given(IDS, st.integers(0, 999_999_999), st.sampled_from(["", "30m", "tomorrow"]))
def test_a_value_comes_back_as_it_was_encoded(object_id, version, choice):
    value = actions.encode("alert", object_id, version, choice=choice)
    assert len(value) <= 75
    assert actions.decode(value) == actions.ButtonValue("alert", object_id, version, choice)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "alert:a1:3",
        "2:alert:a1:3",
        "1:alert:a1",
        "1:alert:a1:-3",
        "1:alert:a1:03",
        "1:alert:a1:3:",
        "1:alert:a1:3:1h:more",
        "1:alert:a 1:3",
        "1:alert:a1:3\n",
        "1:ALERT:a1:3",
        "1:alert:a1:١",
        "1:alert:" + "a" * 4_000 + ":3",
        '{"alert": "a1"}',
    ],
)
def test_anything_else_is_refused(value):
    with pytest.raises(BadInput):
        actions.decode(value)


@given(st.text(max_size=100))
def test_no_text_is_half_understood(text):
    try:
        found = actions.decode(text)
    except BadInput:
        return
    assert actions.encode(found.kind, found.id, found.version, choice=found.choice) == text


@pytest.mark.parametrize("object_id", ["", "a b", "a:b", "é", "a" * 41])
def test_content_cannot_be_put_into_a_button(object_id):
    with pytest.raises(ValueError, match="does not fit"):
        actions.encode("alert", object_id, 1)


NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # 01:30 on the 23rd in India, 15:00 on the 22nd in New York


@pytest.mark.parametrize(
    ("key", "zone", "until"),
    [
        ("30m", "Asia/Kolkata", NOW + timedelta(minutes=30)),
        ("1h", "Asia/Kolkata", NOW + timedelta(hours=1)),
        ("4h", "Asia/Kolkata", NOW + timedelta(hours=4)),
        ("24h", "America/New_York", NOW + timedelta(hours=24)),
        ("tomorrow", "Asia/Kolkata", datetime(2026, 11, 24, 3, 30, tzinfo=UTC)),
        ("tomorrow", "America/New_York", datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),
    ],
)
def test_a_snooze_ends_where_its_label_says(key, zone, until):
    assert actions.snooze_until(key, NOW, zone) == until


def test_tomorrow_is_the_account_s_even_where_clocks_change_overnight():
    before_change = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)  # New York leaves summer time on 1 Nov
    until = actions.snooze_until("tomorrow", before_change, "America/New_York")
    assert until == datetime(2026, 11, 1, 14, 0, tzinfo=UTC)


def test_an_unknown_snooze_is_refused_with_the_choices():
    with pytest.raises(BadInput, match="30m, 1h, 4h, 24h, tomorrow"):
        actions.snooze_until("forever", NOW, "Asia/Kolkata")


def test_every_action_id_is_a_noun_and_a_verb():
    assert all(len(action.split(".")) == 2 for action in actions.ALL)
    assert actions.LINKS <= actions.ALL


@pytest.mark.parametrize(
    ("level", "url"),
    [
        (Level.AD, "ads?act=1001&selected_ad_ids=3001"),
        (Level.ADSET, "adsets?act=1001&selected_adset_ids=3001"),
        (Level.CAMPAIGN, "campaigns?act=1001&selected_campaign_ids=3001"),
        (Level.ACCOUNT, "campaigns?act=1001"),
    ],
)
def test_ads_manager_opens_at_the_object(level, url):
    entity = EntityRef(level, ObjectId("3001"), "Anything")
    assert (
        ads_manager(AccountId("act_1001"), entity)
        == f"https://adsmanager.facebook.com/adsmanager/manage/{url}"
    )


def test_an_odd_id_cannot_leave_its_place_in_a_link():
    entity = EntityRef(Level.AD, ObjectId("1&act=9|<x>"), "Anything")
    assert ads_manager(AccountId("act_1001"), entity).endswith("selected_ad_ids=1%26act%3D9%7C%3Cx%3E")


def test_the_reference_page_lists_every_button():
    page = ROOT / "docs" / "reference" / "messages.md"
    assert set(first_table(page.read_text("utf-8"))) == actions.ALL
