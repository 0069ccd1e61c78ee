"""Modals within Slack's limits, and what they carry until they are sent off."""

import pytest

from bot.errors import BadInput
from bot.sandbox.slack_blocks import check_message, check_view, view_too_large
from bot.views import kit
from bot.views.actions import ButtonValue
from bot.views.origin import Origin, pack, unpack

LONG = "n" * 5_000
OPTIONS = [kit.option(LONG, f"v{index}") for index in range(200)]
ABOUT = ButtonValue("proposal", "p-1", 3)


def asked(**options):
    return kit.input_block("Text", kit.text_input("t", **options), block_id="text")


def test_whatever_is_written_into_a_modal_slack_takes_it():
    blocks = [
        None,
        kit.section(LONG),
        kit.input_block(LONG, kit.text_input("t", LONG, multiline=True), block_id="a", hint=LONG),
        kit.input_block(LONG, kit.radio("r", OPTIONS, initial="v3"), block_id="b", optional=True),
        kit.input_block(LONG, kit.select("s", LONG, OPTIONS, initial="v99"), block_id="c"),
        *[kit.section("\u0905" * 3_000) for _ in range(120)],
    ]
    view = kit.modal(LONG, blocks, callback_id="a.b", submit=LONG, close=LONG, private_metadata="x" * 3_000)
    assert check_view(view) == []
    assert not view_too_large(view)
    assert view["title"]["text"].endswith("…")
    assert [block.get("optional") for block in view["blocks"][1:4]] == [None, True, None]


def test_what_was_chosen_before_is_chosen_and_what_is_gone_is_left_open():
    for menu in (kit.radio("r", OPTIONS[:3], initial="v1"), kit.select("s", "Where", OPTIONS, initial="v1")):
        assert menu["initial_option"] is menu["options"][1]
    for initial in ("v11", "gone", None):
        assert "initial_option" not in kit.radio("r", OPTIONS, initial=initial)


def test_a_text_that_comes_back_is_never_cut():
    text = "\u0928\u092e\u0938\u094d\u0924\u0947 & <friends> \U0001f33f\n" * 20
    view = kit.modal("Edit", [asked(initial_value=text)], submit="Save")
    assert view["blocks"][0]["element"]["initial_value"] == text
    assert check_view(view) == []
    with pytest.raises(BadInput):
        asked(initial_value="x" * 3_001)
    with pytest.raises(BadInput):
        asked(initial_value="x" * 41, max_length=40)


def test_lengths_stay_within_slacks_and_in_order():
    element = kit.text_input("t", max_length=9_000, min_length=9_000)
    assert (element["max_length"], element["min_length"]) == (3_000, 3_000)
    assert "min_length" not in kit.text_input("t")
    assert "placeholder" not in kit.text_input("t")


@pytest.mark.parametrize(
    "options",
    [
        {"callback_id": "c" * 256, "submit": "Save"},
        {"private_metadata": "m" * 3_001, "submit": "Save"},
        {"submit": None},
    ],
)
def test_a_modal_that_slack_would_refuse_is_a_fault_of_the_caller(options):
    with pytest.raises(ValueError, match="dialog"):
        kit.modal("Edit", [asked()], **options)


def test_a_modal_that_only_says_something_needs_no_second_button():
    view = kit.modal("Spruce", [kit.section("Done.")], close="Close")
    assert check_view(view) == []
    assert "submit" not in view


def test_a_picture_has_an_address_or_a_file():
    file = kit.image_block("CTR fell", file_id="F0123ABCD9", title="CTR by day")
    assert file["slack_file"] == {"id": "F0123ABCD9"}
    small = kit.section("x", accessory=kit.image(None, "CTR fell", file_id="F0123ABCD9"))
    message = kit.message("x", [file, small])
    assert check_message(list(message.blocks)) == []
    assert [block["type"] for block in message.without_images().blocks] == ["section"]
    assert "accessory" not in message.without_images().blocks[0]
    for options in ({}, {"url": "https://x.example.com/a.png", "file_id": "F0123ABCD9"}):
        with pytest.raises(ValueError, match="not both"):
            kit.image_block("CTR fell", **options)


@pytest.mark.parametrize(
    "origin",
    [
        Origin(ABOUT),
        Origin(ABOUT, "C0ADSALERT"),
        Origin(ABOUT, "D0ADSALERT", "1700000000.000100"),
        Origin(ButtonValue("alert", "a_1-b", 0, "warm"), "G1", "1700000000.000100", "1699999999.000200"),
    ],
)
def test_what_a_modal_carries_comes_back_as_it_was(origin):
    assert unpack(pack(origin)) == origin
    assert len(pack(origin)) <= kit.METADATA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1:proposal:p-1:3",
        "1:proposal:p-1:3|||x",
        "2:proposal:p-1:3|||",
        "1:proposal:p-1:3|C1;x||",
        "|" * 3_000,
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadInput):
        unpack(text)


def test_a_place_that_does_not_fit_is_a_fault_of_the_caller():
    for origin in (Origin(ABOUT, "#ads"), Origin(ABOUT, "C1", "now"), Origin(ButtonValue("a b", "x", 1))):
        with pytest.raises(ValueError, match="does not fit"):
            pack(origin)
