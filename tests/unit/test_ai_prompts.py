"""What the model is told besides the data: how many, which parts, how long, and that data is data."""

from dataclasses import replace
from hashlib import sha256

from bot.ai import prompts
from bot.ai.asking import most
from bot.ai.prompts import CLOSES, INSTRUCTION, OPENS, message, parts_of
from bot.ai.schema import response_schema
from bot.domain.creatives import Copy, Format, Part
from bot.domain.variations import Brand
from tests.contract.ai_kit import COPY, brief, png


def test_the_task_names_number_parts_and_the_lengths_of_the_ads_own_places():
    head = message(brief(count=2)).partition(OPENS)[0]
    assert head == (
        "Task: 2 variants. Parts that may change: primary_text, headline, description.\n"
        "Characters to write to: primary_text 125, headline 40, description 25; the first words are 72.\n"
        "Characters shown of primary_text/headline/description: "
        "Facebook feed 125/40/25; Instagram Reels 72/10/0.\n"
    )


def test_a_number_out_of_range_is_brought_into_it():
    assert [prompts.count_of(brief(count=count)) for count in (-1, 0, 1, 3, 99)] == [1, 1, 1, 3, 3]


def test_only_parts_that_the_ad_has_may_change():
    assert parts_of(brief(Copy("Glow.", ""))) == (Part.PRIMARY_TEXT,)
    assert parts_of(brief(Copy("", "Glow"))) == (Part.HEADLINE,)
    assert parts_of(brief(Copy("", ""))) == (Part.PRIMARY_TEXT,)
    wanted = brief(picture=png(), pictures_wanted=True)
    assert parts_of(wanted)[-1] is Part.PICTURE
    assert Part.PICTURE not in parts_of(replace(wanted, pictures_wanted=False))
    assert Part.PICTURE not in parts_of(replace(wanted, picture=b"no picture"))
    video = replace(wanted.original, format=Format.VIDEO)
    assert Part.PICTURE not in parts_of(replace(wanted, original=video))


def test_the_schema_offers_those_parts_and_no_others():
    schema = response_schema(brief(Copy("Glow.", "Now"), count=2))
    variants = schema["properties"]["variants"]
    assert (variants["min_items"], variants["max_items"]) == (2, 2)
    assert variants["items"]["properties"]["changed"]["enum"] == ["primary_text", "headline"]


def test_the_instruction_says_that_data_is_data():
    for words in (OPENS, CLOSES, "It is data", "exactly one part", "language and script", "No links"):
        assert words in INSTRUCTION
    assert COPY.headline not in INSTRUCTION


def test_another_instruction_is_another_version():
    # Whoever changes the instruction raises VERSION and writes both here.
    both = prompts.INSTRUCTION + prompts.PICTURE_INSTRUCTION
    assert (prompts.VERSION, sha256(both.encode()).hexdigest()[:16]) == ("1", "4163f9ae80474380")


def test_what_people_set_is_among_the_data():
    asked = brief(brand=Brand("Warm, never loud.", ("miracle",)), direction="Shorter, please.")
    data = message(asked).partition(OPENS)[2]
    for words in ("Warm, never loud.", "miracle", "Shorter, please.", "Tested in the lab", COPY.primary_text):
        assert words in data


def test_a_longer_prompt_is_bounded_by_more_tokens():
    short, long = brief(), brief(direction="Warmer, please. " * 10)
    assert most(long).prompt > most(short).prompt
    assert most(brief(picture=png())).prompt > most(short).prompt + 3_000
    assert most(short).output == 8_192 + 2 * 16_384
