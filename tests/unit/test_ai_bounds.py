"""What may stand in a text that goes to a model or comes from one."""

import pytest

from bot.ai.bounds import clean, fault, links, mime_type, unseen

LINKS = {
    "See https://a.example/b?c=d now": ["https://a.example/b?c=d"],
    "Go to tulsilane.example.": ["tulsilane.example"],
    "www.tulsilane.in, today": ["www.tulsilane.in"],
    "bit.ly/3x and t.me/abc": ["bit.ly/3x", "t.me/abc"],
    "EVIL.COM": ["EVIL.COM"],
    "mail me@shop.example": ["me@shop.example"],
    "javascript:alert": ["javascript:alert"],
    "tel:+911234567890": ["tel:+911234567890"],
    "spotify://play": ["spotify://play"],
}
NO_LINKS = [
    "Rs.499 only. No.1 in glow.",
    "Rated 4.6/5 by 12,000 buyers",
    "From ₹1,299.00 to ₹999.50",
    "End of the day.In stock again",
    "24/7 help, e.g. by phone",
    "Two-in-one: serum+oil",
    "Wait... what?",
    "9:30 a.m. to 6 p.m.",
    "Version 2.0.1 is here",
]
SEEN = [
    "Family 👨‍👩‍👧 time",
    "क्‍ष and क्‌ष",  # a joiner behind a virama makes another shape
    "می‌خواهم",  # Persian keeps its non-joiner
    "Rainbow 🏳️‍🌈",
    "Line one\nLine two",
    "Ünïcödé – “quotes” … ₹ ½ ™",
]


@pytest.mark.parametrize("text", LINKS)
def test_everything_that_can_be_followed_is_found(text):
    assert links(text) == LINKS[text]


@pytest.mark.parametrize("text", NO_LINKS)
def test_prices_abbreviations_and_forgotten_blanks_are_no_links(text):
    assert links(text) == []
    assert fault(text) is None


@pytest.mark.parametrize("text", SEEN)
def test_what_a_script_needs_is_neither_removed_nor_refused(text):
    assert clean(text, 200) == text
    assert not unseen(text)
    assert fault(text) is None


def test_what_cannot_be_seen_goes_and_line_ends_stay():
    assert clean("a\u200bb\u202ec\x00\r\nd\u2028e\ufeff", 50) == "abc\nd\ne"
    assert clean("a\n\n\n\n\nb", 50) == "a\n\nb"
    assert clean("  abc def  ", 4) == "abc"


def test_a_fault_says_what_is_wrong_without_quoting():
    assert fault("look at evil.com") == "holds a link that the original does not have"
    assert fault("a <b>") == "holds markup"
    assert fault("[a](b)") == "holds a Markdown link"
    assert fault("@everyone") == "mentions a whole channel"
    assert fault("a\u200b") == "holds characters that cannot be seen"
    assert fault("go to tulsilane.example", allowed="We are Tulsilane.example!") is None


def test_pictures_are_known_by_their_first_bytes():
    assert mime_type(b"\x89PNG\r\n\x1a\n...") == "image/png"
    assert mime_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert mime_type(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert [mime_type(one) for one in (b"GIF89a", b"<svg>", b"", b"RIFF\x00\x00\x00\x00WAVE")] == [""] * 4
