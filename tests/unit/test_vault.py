"""A secret opens with its key and in its own place, and nowhere else; nothing that fails shows it."""

import base64
import secrets
import traceback
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationFault, Sealed
from storage.vault import Place, Vault

TOKEN = "xoxb-not-a-real-token"
PLACE = Place("T0OURS", "connections", "token_sealed", "settings")
OLD, NEW = b"1" * 32, b"2" * 32
NAMES = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
PARTS = NAMES.map(lambda name: name.replace("|", ""))
PLACES = st.builds(Place, PARTS, PARTS, PARTS, NAMES)


def vault(**keys: bytes) -> Vault:
    """A vault of those keys, the first one first."""
    return Vault(keys, secrets.token_bytes)


@given(st.text(st.characters(blacklist_categories=["Cs"])), PLACES)
def test_what_was_sealed_opens_in_its_place(secret, place):
    one = vault(k1=OLD)
    assert one.open(one.seal(secret, place), place) == secret


@given(PLACES, PLACES)
def test_what_was_sealed_for_one_place_opens_in_no_other(place, other):
    one = vault(k1=OLD)
    sealed = one.seal(TOKEN, place)
    if place == other:
        assert one.open(sealed, other) == TOKEN
    else:
        assert place.aad() != other.aad()
        with pytest.raises(Sealed):
            one.open(sealed, other)


@pytest.mark.parametrize("part", ["workspace_id", "table", "column", "row_id"])
def test_each_part_of_the_place_counts(part):
    one = vault(k1=OLD)
    with pytest.raises(Sealed):
        one.open(one.seal(TOKEN, PLACE), replace(PLACE, **{part: "other"}))


@pytest.mark.parametrize("part", ["workspace_id", "table", "column"])
def test_a_place_that_could_be_taken_for_another_is_refused(part):
    with pytest.raises(ValueError, match="place"):
        replace(PLACE, **{part: "a|b"})


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_text_does_not_open(position, change):
    one = vault(k1=OLD)
    head, _, body = one.seal(TOKEN, PLACE).rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[position % len(raw)] ^= change
    with pytest.raises(Sealed):
        one.open(f"{head}.{base64.urlsafe_b64encode(raw).decode()}", PLACE)


@given(st.text(max_size=80))
def test_whatever_stands_in_the_column_is_sealed_and_no_crash(text):
    one = vault(k1=OLD)
    for sealed in (text, f"v1.k1.{text}", f"v1.{text}", f"v2.k1.{text}"):
        with pytest.raises(Sealed):
            one.open(sealed, PLACE)


def test_the_same_secret_never_looks_the_same_twice():
    one = vault(k1=OLD)
    assert len({one.seal(TOKEN, PLACE) for _ in range(100)}) == 100
    assert TOKEN not in one.seal(TOKEN, PLACE)


def test_another_key_of_the_same_name_does_not_open():
    with pytest.raises(Sealed):
        vault(k1=NEW).open(vault(k1=OLD).seal(TOKEN, PLACE), PLACE)


def test_the_first_key_seals_and_every_key_opens():
    old, both = vault(k1=OLD), vault(k2=NEW, k1=OLD)
    before = old.seal(TOKEN, PLACE)
    after = both.seal(TOKEN, PLACE)
    assert (before.split(".")[:2], after.split(".")[:2]) == (["v1", "k1"], ["v1", "k2"])
    assert both.open(before, PLACE) == both.open(after, PLACE) == TOKEN
    assert (both.stale(before), both.stale(after)) == (True, False)
    with pytest.raises(Sealed):
        old.open(after, PLACE)


def test_a_key_whose_name_begins_with_another_ones_is_another_key():
    assert vault(k1=OLD).stale(vault(k10=OLD).seal(TOKEN, PLACE))


def test_without_a_key_nothing_is_stored_and_the_fault_says_what_to_do():
    empty = Vault.from_text(None, secrets.token_bytes)
    assert not empty.can_store
    with pytest.raises(ConfigurationFault, match=r"SPRUCE_ENCRYPTION_KEYS is needed.*docs/how-to/keys.md"):
        empty.seal(TOKEN, PLACE)
    with pytest.raises(Sealed):
        empty.open(vault(k1=OLD).seal(TOKEN, PLACE), PLACE)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_keys_are_read_in_either_alphabet_and_in_their_order(encode):
    first, second = bytes(range(224, 256)), b"\xfb" * 32
    text = f" new:{encode(first).decode()} , old:{encode(second).decode()},"
    read = Vault.from_text(text, secrets.token_bytes)
    assert read.can_store
    assert read.open(vault(old=second).seal(TOKEN, PLACE), PLACE) == TOKEN
    assert not read.stale(vault(new=first).seal(TOKEN, PLACE))


KEY = base64.b64encode(OLD).decode()


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f":{KEY}",
        f"a key:{KEY}",
        f"k.1:{KEY}",
        f"{'k' * 17}:{KEY}",
        "k1:",
        f"k1:{KEY[:-1]}",
        f"k1:{KEY[:20]}",
        f"k1:{KEY}{KEY}",
        "k1:\u00e9\u00e9\u00e9\u00e9",
        f"k1:{KEY},k1:{base64.b64encode(NEW).decode()}",
        f"k1:{KEY};k2:{KEY}",
    ],
)
def test_a_key_that_cannot_be_read_is_a_fault_that_does_not_show_it(text):
    with pytest.raises(ConfigurationFault, match="SPRUCE_ENCRYPTION_KEYS") as fault:
        Vault.from_text(text, secrets.token_bytes)
    assert KEY[:20] not in str(fault.value)


def test_nothing_that_fails_shows_a_secret_or_a_key():
    one = vault(k1=OLD)
    sealed = one.seal(TOKEN, PLACE)
    with pytest.raises(Sealed) as failed:
        one.open(sealed[:-4] + "AAAA", PLACE)
    shown = "".join(traceback.format_exception(failed.value)) + repr(one) + repr(failed.value)
    for hidden in (TOKEN, sealed, repr(OLD), KEY):
        assert hidden not in shown
