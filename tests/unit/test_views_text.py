"""Foreign text comes out visible, literal and short enough, whatever is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.markup import (
    channel,
    clip_markup,
    escape,
    join,
    link,
    mrk,
    name,
    person,
    plain_name,
    said_with_people,
)
from bot.views.text import clean, clip, one_line, width


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("<https://evil.example|Ads Manager>", "&lt;https://evil.example|Ads Manager&gt;"),
        ("&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("*Sale* now", "∗Sale∗ now"),
        ("~old~ `code` _soft_", "∼old∼ ˋcodeˋ ˍsoft_"),
        ("IN_Broad_v2 3*4 a~b", "IN_Broad_v2 3*4 a~b"),
    ],
)
def test_foreign_markup_is_shown_and_not_obeyed(foreign, shown):
    assert escape(foreign) == shown


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066ltr\u2069\u200e\u061c", "ltr"),
        ("bell\x07 null\x00 esc\x1b[31m", "bell null esc[31m"),
        ("half \ud83d emoji", "half  emoji"),
        ("tag \U000e0041", "tag "),
        ("a\u200db", "ab"),
        ("o" + "\u0300" * 50 + "k", "\u00f2\u0300\u0300k"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(hidden, shown):
    assert clean(hidden) == shown


@pytest.mark.parametrize("word", ["क्\u200d", "ക്\u200d", "\U0001f468\u200d\U0001f469\u200d\U0001f467"])
def test_joiners_stay_where_a_script_or_an_emoji_is_spelt_with_them(word):
    assert clean(word + "ष") == word + "ष"


def test_a_name_is_one_line_and_never_empty():
    assert plain_name("  Monsoon\n\tsale  ") == "Monsoon sale"
    assert plain_name("\u200b \u202e") == "(no name)"
    assert name("\x00") == "(no name)"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab cdef", 4, "ab…"),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"),
        ("🇮🇳🇮🇳🇮🇳", 8, "🇮🇳…"),
        ("👍🏽👍🏽", 5, "👍🏽…"),
        ("नमस्ते नमस्ते", 6, "नम…"),
    ],
)
def test_a_cut_never_falls_inside_a_character(text, limit, shown):
    assert clip(text, limit) == shown
    assert width(shown) <= limit


@given(st.text(max_size=300), st.integers(1, 120))
def test_clipped_text_fits_and_is_a_beginning(text, limit):
    shown = clip(text, limit)
    assert width(shown) <= limit or shown == text
    assert shown == text or text.startswith(shown.removesuffix("…"))


@given(st.text())
def test_no_foreign_text_can_form_an_entity(text):
    shown = escape(text)
    assert "<" not in shown
    assert ">" not in shown
    shown.encode("utf-8")


@given(st.text(alphabet="<>&*_~`@!|U1# \u202e\u200b\n", max_size=80), st.integers(1, 60))
def test_cut_markup_holds_no_half_entity(text, limit):
    shown = clip_markup(mrk("{} <@U0OWNER001> {}", text, text), limit)
    assert width(shown) <= max(limit, 1)
    body = shown.removesuffix("…")
    assert body.count("<") == body.count(">")
    tail = body.rpartition("&")[2] if "&" in body else "amp;"
    assert ";" in tail


def test_only_marked_up_parts_pass_through_a_template():
    assert mrk("{} by {}", "<!here>", person("U0OWNER001")) == "&lt;!here&gt; by <@U0OWNER001>"
    assert join(["a & b", None, "", mrk("*{}*", "c")], " · ") == "a &amp; b · *c*"


def test_mentions_are_made_of_ids_only():
    assert person("U1> <!channel") == "U1&gt; &lt;!channel"
    assert channel("C0ADSALERT") == "<#C0ADSALERT>"
    assert channel("general") == "general"


def test_links_lead_to_the_web_or_nowhere():
    assert (
        link("https://x.example/?a=1&b=2", "Open <it>") == "<https://x.example/?a=1&amp;b=2|Open &lt;it&gt;>"
    )
    assert link("javascript:alert(1)", "Open") == "Open"
    assert link("https://x.example/|y>", "Open") == "Open"


def test_a_sentence_of_spruce_may_name_people_but_no_groups():
    assert said_with_people("Ask <@U0OWNER001> or <!channel>") == "Ask <@U0OWNER001> or &lt;!channel&gt;"


def test_lines_are_joined_into_one():
    assert one_line(" a \n b\tc ") == "a b c"
