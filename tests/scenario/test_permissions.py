"""Who may do what, and where: everybody at every button, dialog and command of two workspaces, as one table.

The table comes from the registries, so a new button, dialog or command brings its own cases. Of each it is
looked at every row of every table in both workspaces, not only at what the case is about.
"""

import sys
from collections.abc import Callable, Iterator

import pytest

from bot.domain.access import Permission, Role
from bot.views.actions import decode, encode
from tests.scenario.permission_stage import CLICKS, COMMANDS, DIALOGS, Json, Seat, Stage, Use, seats
from tests.scenario.stage import CEDAR, PLACES, WILLOW, Morning, Place
from tests.talk import OBSERVER, TEAMMATE, Bot

NAMES = {CEDAR: "Tulsi Lane India", WILLOW: "Harbor Roast US"}
STRANGER = "Only members of the workspace that installed Spruce may do that."
MAY_NOT = "Your role here is {}. This can be done by "
USES = [*CLICKS, *DIALOGS, *COMMANDS]
SEATS = list(seats())
# These ask something first, so nothing but a dialog comes of the click.
ASKING = frozenset({"brand.edit", "proposal.again", "proposal.edit", "proposal.reject"})
CHANGING = [one for one in CLICKS if one.name not in ("home.refresh", "brand.edit")]
THEIR_OWN = [seat for seat in SEATS if seat.role is Role.OWNER]
NAMED = [one for one in COMMANDS if one.name in ("alerts", "brand", "fatigue", "report")]
ABOUT = [
    *(one for one in (*CLICKS, *DIALOGS) if one.name != "home.refresh"),
    *(one for one in COMMANDS if "{id}" in one.words),
    *(one for one in COMMANDS if one.name in ("alerts", "approvals", "brand", "fatigue", "report")),
]


@pytest.fixture(scope="module")
def stage(mornings: tuple[Morning, Morning], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A bot in front of which everything can be pressed."""
    stage = Stage(mornings[1], tmp_path_factory.mktemp("stage"))
    yield stage
    stage.close()


def uses(seat: Seat) -> list[Use]:
    """What somebody there can try: Slack sends a command to the workspace of whoever types it."""
    return [*CLICKS, *DIALOGS] if seat.role is Role.OUTSIDER else USES


def test_the_table_has_everybody_everywhere_at_everything():
    direct = sum(len(uses(seat)) for seat in SEATS)
    again, unsigned, foreign = len(THEIR_OWN) * len(USES), len(THEIR_OWN) * len(USES), 2 * len(ABOUT)
    older = len(THEIR_OWN) * len(CHANGING)
    total = direct + again + unsigned + foreign + older
    kinds = f"{direct} direct, {again} replayed, {unsigned} unsigned, {foreign} forged, {older} older"
    sys.stdout.write(f"{total} cases: {kinds}\n")
    assert len(SEATS) == 12
    assert len({str(use) for use in USES}) == len(USES) >= 33
    assert direct == 8 * len(USES) + 4 * (len(CLICKS) + len(DIALOGS))
    assert total >= 500


@pytest.mark.parametrize("seat", SEATS, ids=str)
def test_everything_does_what_the_role_may_and_nothing_else(stage: Stage, seat: Seat):
    for use in uses(seat):
        stage.goes_to(use, seat.place)
        stage.seats(seat)
        may_do(stage, use, seat) if seat.may(use.permission) else may_not_do(stage, use, seat)


def may_do(stage: Stage, use: Use, seat: Seat) -> None:
    """It happens in that workspace and nowhere else, and nobody is told off."""
    told = new_words(stage, seat)
    with stage.watched() as changed:
        stage.sends(use, stage.payload(use, seat), seat.place)
    assert stage.outcome() == "ok", f"{seat} {use}"
    assert [place for place in PLACES if changed[place]] == ([seat.place] if writes(use) else []), f"{use}"
    words = told()
    shown = asks(use) or use.kind == "command" or use.name == "brand.set"
    assert bool(words) is shown, f"{use}: {words}"
    assert NAMES[other(seat.place)] not in words, f"{seat} {use}"
    assert NAMES[seat.place] in words or use not in NAMED, f"{seat} {use}: {words}"


def may_not_do(stage: Stage, use: Use, seat: Seat) -> None:
    """Nothing happens anywhere, and whoever tried is told why and who may."""
    told = new_words(stage, seat)
    with stage.watched() as changed:
        stage.sends(use, stage.payload(use, seat), seat.place)
    assert stage.outcome() == "not_allowed", f"{seat} {use}"
    assert changed == {CEDAR: set(), WILLOW: set()}, f"{seat} {use}"
    words = told()
    assert (STRANGER if seat.role is Role.OUTSIDER else MAY_NOT.format(seat.role)) in words, f"{seat} {use}"
    assert seat.role is Role.OUTSIDER or f"<@{seat.place.owner}>" in words, f"{seat} {use}"
    assert "submit" not in words, f"{seat} {use}"  # no dialog was opened


@pytest.mark.parametrize("seat", THEIR_OWN, ids=str)
def test_what_comes_a_second_time_is_taken_and_does_nothing(stage: Stage, seat: Seat):
    for use in USES:
        stage.goes_to(use, seat.place)
        delivery = stage.sends(use, stage.payload(use, seat), seat.place)
        before = [stage.rows(place, requests=True) for place in PLACES]
        told = new_words(stage, seat)
        assert stage.bot.slack.replay(delivery).ok, f"{use}"
        assert stage.bot.services.inbox.drain(10)
        assert [stage.rows(place, requests=True) for place in PLACES] == before, f"{use}"
        assert told() == "", f"{use}"


@pytest.mark.parametrize("seat", THEIR_OWN, ids=str)
def test_what_is_not_signed_by_slack_is_refused_and_not_even_kept(stage: Stage, seat: Seat):
    for use in USES:
        stage.goes_to(use, seat.place)
        delivery = stage.sends(use, stage.payload(use, seat), seat.place)
        stage.goes_to(use, seat.place)  # as if it had not come before
        before = [stage.rows(place, requests=True) for place in PLACES]
        assert stage.bot.slack.forge(delivery).status == 401, f"{use}"
        assert stage.bot.services.inbox.drain(10)
        assert [stage.rows(place, requests=True) for place in PLACES] == before, f"{use}"


@pytest.mark.parametrize("seat", THEIR_OWN, ids=str)
def test_what_is_about_another_workspaces_things_finds_nothing(stage: Stage, seat: Seat):
    """Its owner knows the ids of the other one's things and puts them into requests of their own."""
    theirs = next(one for one in THEIR_OWN if one is not seat)
    for use in ABOUT:
        stage.goes_to(use, seat.place)
        payload = forged(stage, use, seat, theirs)
        told = new_words(stage, seat)
        with stage.watched() as changed:
            stage.sends(use, payload, seat.place)
        words = told()
        assert stage.outcome() == "not_found", f"{use}: {words}"
        assert changed == {CEDAR: set(), WILLOW: set()}, f"{use}"
        assert [one for one in secrets(stage, theirs.place) if one in words] == [], f"{use}: {words}"


def forged(stage: Stage, use: Use, seat: Seat, theirs: Seat) -> Json:
    """A request of this workspace's owner about what belongs to the other workspace."""
    mine = stage.payload(use, seat)
    if use.kind == "command":
        account = "" if "{id}" in use.words else stage.bot.stand_ins.account(theirs.place)
        return mine | {"text": f"{use.name} {stage.words(use, theirs.place)} {account}"}
    foreign = stage.payload(use, theirs)
    if use.kind == "submission":
        own_place = mine["view"]["private_metadata"].split("|")[1:]
        about = foreign["view"]["private_metadata"].split("|")[0]
        mine["view"]["private_metadata"] = "|".join([about, *own_place])
        return mine
    own, their = mine["actions"][0], foreign["actions"][0]
    mine["actions"][0] = own | {key: their[key] for key in ("value", "selected_option") if key in their}
    return mine


def secrets(stage: Stage, place: Place) -> list[str]:
    """Words that only that workspace's people may read."""
    account = stage.bot.world.accounts[place.account]
    return [account.name, *(ad.name for ad in stage.bot.world.ads_of(account))]


def test_an_older_button_of_the_same_thing_changes_nothing(stage: Stage):
    """A value with another version is what a person saw before something changed."""
    for seat in THEIR_OWN:
        for use in CHANGING:
            stage.goes_to(use, seat.place)
            payload = stage.payload(use, seat)
            action = payload["actions"][0]
            holder = action.get("selected_option") or action
            value = decode(holder["value"])
            holder["value"] = encode(value.kind, value.id, value.version + 1, choice=value.choice)
            with stage.watched() as changed:
                stage.sends(use, payload, seat.place)
            assert stage.outcome() != "ok", f"{use}"
            assert changed == {CEDAR: set(), WILLOW: set()}, f"{use}"


def test_an_unknown_person_of_the_workspace_is_an_ordinary_member(bot: Bot):
    payload = bot.click_payload("Pause ad", bot.alert("Ad rejected"), TEAMMATE)
    payload["user"]["id"] = "U0NEWCOMER"
    bot.sends("interactive", payload)
    bot.settles()
    with bot.application.db.read(CEDAR.id) as tx:
        assert [who for alert in tx.alerts.unresolved() for _, who, _ in tx.audit.of(CEDAR.id, alert.id)] == [
            "spruce"
        ] * 5
    assert bot.graph.calls("POST") == []


def test_what_happened_is_written_down_with_who_did_it(bot: Bot):
    for place, person in ((CEDAR, TEAMMATE), (WILLOW, OBSERVER)):
        with bot.application.db.read(place.id) as tx:
            (alert,) = [one for one in tx.alerts.unresolved() if one.rule_id == "ad_rejected"]
        bot.click("Acknowledge", bot.alert("Ad rejected", place), person)
        with bot.application.db.read(place.id) as tx:
            entries = [(who, what) for _at, who, what in tx.audit.of(place.id, alert.id)]
        assert entries == [("spruce", "alert.opened"), (person.id, "alert.acknowledged")]


def new_words(stage: Stage, seat: Seat) -> Callable[[], str]:
    """What this person is shown from now on, whenever it is asked for."""
    counts = [len(shown) for shown in stage.told(seat)]

    def since() -> str:
        return "".join(
            one for shown, count in zip(stage.told(seat), counts, strict=True) for one in shown[count:]
        )

    return since


def asks(use: Use) -> bool:
    """Whether a dialog opens and nothing else happens."""
    return use.kind == "click" and use.name in ASKING


def writes(use: Use) -> bool:
    """Whether something is to be kept of it beside the request."""
    return not asks(use) and (use.kind != "command" or use.permission is not Permission.READ)


def other(place: Place) -> Place:
    """The workspace next door."""
    return next(one for one in PLACES if one is not place)
