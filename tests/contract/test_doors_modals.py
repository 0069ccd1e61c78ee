"""Modals, by HTTP and by socket: opened by a click, checked before they close, dealt with once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.domain.access import Permission, Role, Roles
from bot.domain.ids import ChannelId, UserId
from bot.errors import BadInput, ConfigurationFault, Stale
from bot.views import kit
from bot.views.actions import ButtonValue, encode
from handlers.base import ActionSpec, ModalSpec, Reply, Submission
from handlers.discovery import unique
from storage.inbox import Handling
from tests.contract.doors_stage import CEDAR, CHANNELS, WILLOW, Plugins, Stage

TONES = [kit.option(word, word.lower()) for word in ("Warm", "Plain")]
GOOD = {"text": "Sinks in\nwithin seconds", "tone": "plain", "place": "warm"}


@dataclass
class Probe:
    """A button that opens a modal, and everything that was sent off with it."""

    sent: list[Submission] = field(default_factory=list)
    late: float = 0.0
    stage: Any = None
    refuse: bool = False

    def open(self, _services, click) -> Reply:
        if self.late:
            self.stage.slack.age(self.late)
        return Reply(view=form(click.origin()))

    def check(self, _services, submission) -> dict[str, str]:
        text = submission.values["text"]
        if text == "crash":
            raise RuntimeError("a fault of ours")
        if text == "bad":
            raise BadInput("This cannot be read.", field="text")
        if text == "elsewhere":
            return {"no such block": "This belongs nowhere."}
        return {"text": "Write a whole sentence."} if len(text) < 4 else {}

    def run(self, _services, submission) -> Reply:
        if self.refuse:
            raise Stale("Somebody else has changed it.")
        self.sent.append(submission)
        return Reply((kit.message("Taken down.", [kit.section("Taken down.")]),))

    def plugins(self) -> Plugins:
        button = ActionSpec("probe.open", Permission.TRIAGE, self.open)
        modal = ModalSpec("probe.form", Permission.CHANGE_ADS, self.check, self.run)
        return Plugins((button,), (modal,))


def form(origin: str, callback_id: str = "probe.form") -> dict[str, Any]:
    blocks = [
        kit.section("Change what it says."),
        kit.input_block("Text", kit.text_input("t", multiline=True, initial_value="Old"), block_id="text"),
        kit.input_block("Tone", kit.radio("r", TONES, initial="warm"), block_id="tone"),
        kit.input_block("Place", kit.select("s", "Where", TONES), block_id="place", optional=True),
    ]
    return kit.modal("Edit", blocks, callback_id=callback_id, submit="Save", private_metadata=origin)


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture(params=["http", "socket"])
def stage(request, sqlite_url, probe) -> Iterator[Stage]:
    stage = Stage(sqlite_url, request.param, probe.plugins())
    probe.stage = stage
    yield stage
    stage.close()


def card(stage: Stage, thread_ts: str | None = None, workspace=CEDAR):
    """A message with the button."""
    value = encode("proposal", "p-1", 3)
    row = kit.actions([kit.button("Edit", "probe.open", value)])
    message = kit.message("A variant", [kit.section("A variant"), row])
    stage.services.slack.post(workspace, ChannelId(CHANNELS[workspace]), message, thread_ts=thread_ts)
    return stage.slack.messages(CHANNELS[workspace])[-1]


def opened(stage: Stage, user: str = "Owner", **options: Any) -> dict[str, Any]:
    stage.clicks(card(stage, **options), "Edit", user)
    return stage.slack.open_views(user)[-1]


def submits(stage: Stage, view: dict[str, Any], values: dict[str, Any], user: str = "Owner"):
    return stage.settled(stage.slack.as_user(CEDAR, user).submit(view, values))


def test_a_form_is_refused_beside_its_field_and_then_taken_down_once(stage, probe):
    view = opened(stage)
    refused = submits(stage, view, GOOD | {"text": "No"})
    assert refused.errors == {"text": "Write a whole sentence."}
    assert [one["id"] for one in stage.slack.open_views("Owner")] == [view["id"]]
    assert stage.inbox() == [(Handling.DONE, "ok")]  # the click; what was refused is not kept
    assert submits(stage, view, GOOD).response_action == "clear"
    assert stage.slack.open_views("Owner") == []
    [sent] = probe.sent
    assert sent.values == GOOD
    assert sent.metadata == ButtonValue("proposal", "p-1", 3)
    assert (sent.person.role, sent.channel_id) == (Role.OWNER, CHANNELS[CEDAR])
    assert "Taken down." in stage.told()
    assert stage.told("Teammate") == ""
    named = {"kind": "submission", "name": "probe.form", "outcome": "ok"}
    assert stage.services.metrics.value("spruce_requests_total", **named) == 1


def test_what_is_left_open_is_empty_and_a_first_value_counts(stage, probe):
    submits(stage, opened(stage), {"text": "A whole sentence"})
    assert probe.sent[0].values == {"text": "A whole sentence", "tone": "warm", "place": ""}


def test_an_answer_to_a_form_from_a_thread_stands_in_the_thread(stage, probe):
    root = card(stage)
    view = opened(stage, thread_ts=root.ts)
    submits(stage, view, GOOD)
    assert (probe.sent[0].thread_ts, stage.slack.ephemerals("Owner", "ads-alerts")[-1].thread_ts) == (
        root.ts,
        root.ts,
    )


def test_a_submission_that_comes_again_does_nothing_again(stage, probe):
    view = opened(stage)
    delivery = submits(stage, view, GOOD).delivery
    for _ in range(3):
        assert stage.settled(stage.slack.replay(delivery)).ok
    # No answer reached the client, so the person presses again: another trigger, the same words.
    payload = payload_of(stage, view, "Owner")
    again = stage.sends("interactive", payload)
    assert (again.ok, len(probe.sent), len(stage.inbox())) == (True, 1, 2)


def payload_of(stage: Stage, view: dict[str, Any], user: str, **values: str) -> dict[str, Any]:
    """What Slack sends when this person sends off this view."""
    place = stage.slack.workspace(CEDAR)
    words = GOOD | values
    answers = {
        "text": {"t": {"type": "plain_text_input", "value": words["text"]}},
        "tone": {"r": {"type": "radio_buttons", "selected_option": {"value": words["tone"]}}},
        "place": {"s": {"type": "static_select", "selected_option": {"value": words["place"]}}},
    }
    return stage.slack.maker(place).submission(place.user(user), view, answers)


def test_the_same_form_with_other_words_is_another_submission(stage, probe):
    view = opened(stage)
    submits(stage, view, GOOD)
    stage.sends("interactive", payload_of(stage, view, "Owner", text="Other words now"))
    assert [one.values["text"] for one in probe.sent] == [GOOD["text"], "Other words now"]


def test_who_may_not_is_refused_and_told(stage, probe):
    roles = Roles(owners=frozenset({UserId("U0OWNER001")}), everyone=Role.MEMBER)
    spec = stage.slack.workspace(CEDAR).spec
    stage.services.workspaces.install(
        CEDAR, spec.name, spec.bot_user_id, bot_token=spec.bot_token, roles=roles
    )
    submits(stage, opened(stage, "Teammate"), GOOD, "Teammate")
    assert probe.sent == []
    assert "not_allowed" in stage.told("Teammate")


def test_a_stranger_from_another_company_changes_nothing(stage, probe):
    payload = payload_of(stage, opened(stage), "Owner")
    payload["user"] |= {"id": "U0OUTSIDER", "team_id": WILLOW}
    assert stage.sends("interactive", payload).ok
    assert probe.sent == []
    assert (Handling.DONE, "not_allowed") in stage.inbox()


def test_another_workspace_deals_with_its_own_submission_only(stage, probe):
    payload = payload_of(stage, opened(stage), "Owner")
    payload["user"] = {"id": "U0OBSERVER", "team_id": WILLOW}
    payload["team"] = {"id": WILLOW}
    payload["view"] |= {"team_id": WILLOW, "app_installed_team_id": WILLOW}
    stage.sends("interactive", payload, WILLOW)
    assert [(one.workspace_id, one.person.workspace_id) for one in probe.sent] == [(WILLOW, WILLOW)]
    # The channel in the form is the other workspace's, where this one's token can say nothing.
    assert stage.slack.ephemerals("Owner", "ads-alerts") == []


def test_a_form_of_an_older_version_is_answered_politely(stage, probe):
    view = opened(stage) | {"callback_id": "probe.gone"}
    assert stage.sends("interactive", payload_of(stage, view, "Owner")).response_action == "clear"
    assert "older version" in stage.told()
    assert (Handling.DONE, "unknown_modal") in stage.inbox()


@pytest.mark.parametrize("metadata", ["", "1:proposal:p-1:3", "x" * 3_000, '{"id": "p-1"}'])
def test_a_form_about_nothing_that_can_be_read_is_told_in_a_dialog(stage, probe, metadata):
    view = opened(stage) | {"private_metadata": metadata}
    stage.sends("interactive", payload_of(stage, view, "Owner"))
    assert probe.sent == []
    assert "Open it again." in str(stage.slack.open_views("Owner")[-1]["blocks"])


def test_a_form_opened_without_a_channel_is_answered_in_a_dialog(stage, probe):
    view = opened(stage) | {"private_metadata": "1:proposal:p-1:3|||"}
    stage.sends("interactive", payload_of(stage, view, "Owner"))
    assert len(probe.sent) == 1
    assert "Taken down." in str(stage.slack.open_views("Owner")[-1]["blocks"])


def test_a_refusal_after_the_form_closed_is_told(stage, probe):
    probe.refuse = True
    submits(stage, opened(stage), GOOD)
    assert "Somebody else has changed it." in stage.told()
    assert (Handling.DONE, "stale") in stage.inbox()


def test_a_dialog_that_comes_too_late_is_named_and_the_way_out_with_it(stage, probe):
    probe.late = 4
    stage.clicks(card(stage), "Edit")
    assert stage.slack.open_views("Owner") == []
    assert "Press the button again." in stage.told()
    assert stage.inbox() == [(Handling.DONE, "dialog_too_late")]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("bad", {"text": "This cannot be read."}),
        ("elsewhere", {"text": "This belongs nowhere."}),
        ("x" * 3_001, {"text": "Please write at most 3,000 characters."}),
    ],
)
def test_every_fault_is_said_at_a_question(stage, probe, text, errors):
    answer = stage.sends("interactive", payload_of(stage, opened(stage), "Owner", text=text))
    assert (answer.errors, probe.sent) == (errors, [])


def test_a_check_that_breaks_leaves_the_form_open_with_what_was_typed(stage, probe):
    view = opened(stage)
    answer = submits(stage, view, GOOD | {"text": "crash"})
    assert not answer.ok
    assert [one["id"] for one in stage.slack.open_views("Owner")] == [view["id"]]
    assert probe.sent == []
    assert len(stage.inbox()) == 1


def test_two_modals_that_share_an_id_stop_the_start(probe):
    [modal] = probe.plugins().modals
    with pytest.raises(ConfigurationFault, match="a second time"):
        unique([("one", modal), ("two", replace(modal))], "callback_id", "modal")
