"""Pictures: uploaded, waited for, shown in a message, removed; and a Slack that is slow or away."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import SettableClock
from bot.domain.ids import ChannelId, WorkspaceId
from bot.errors import SlackRefused, SlackThrottled, SlackTokenDead
from bot.metrics import Metrics
from bot.sandbox import slack_faults as faults
from bot.sandbox.slack_api import SlackStandIn
from bot.sandbox.slack_page import WorkspacePage
from bot.slack import Slack
from bot.slack_files import PAUSES
from bot.slack_wire import Wire
from bot.views import kit

CEDAR, WILLOW = WorkspaceId("T0CEDAR001"), WorkspaceId("T0WILLOW02")
ALERTS, GROWTH = ChannelId("C0ADSALERT"), ChannelId("C0GROWTH01")
TOKENS = {CEDAR: "xoxb-sandbox-cedar", WILLOW: "xoxb-sandbox-willow"}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
LONG = 1_000.0  # seconds: longer than anybody waits


class Nap:
    """A sleep that takes no time and lets the stand-in finish after a number of pauses."""

    def __init__(self, standin: SlackStandIn, ready_after: int = 1) -> None:
        self.standin, self.ready_after = standin, ready_after
        self.pauses: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) >= self.ready_after:
            for place in self.standin.state.workspaces.values():
                for file in place.files.values():
                    file["ready_at"] = 0.0


@pytest.fixture
def standin() -> Iterator[SlackStandIn]:
    standin = SlackStandIn(SettableClock(datetime(2026, 11, 22, 10, tzinfo=UTC)), rate_limits=False)
    WorkspacePage(standin)
    standin.state.file_seconds = LONG
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def nap(standin: SlackStandIn) -> Nap:
    return Nap(standin)


@pytest.fixture
def slack(standin: SlackStandIn, nap: Nap) -> Slack:
    return Slack(standin.api_url, TOKENS.get, timeout=2, sleep=nap)


@pytest.fixture
def client(standin: SlackStandIn) -> WebClient:
    return WebClient(token=TOKENS[CEDAR], base_url=standin.api_url, retry_handlers=[], timeout=5)


def chart(slack: Slack, workspace: WorkspaceId = CEDAR, data: bytes = PNG) -> str:
    return slack.upload(workspace, data, "ctr.png", "CTR by day", "CTR fell from 2.1 % to 1.2 %")


def shown(file_id: str) -> kit.Message:
    return kit.message("CTR fell", [kit.section("CTR fell"), kit.image_block("CTR fell", file_id=file_id)])


def test_a_picture_is_uploaded_without_a_channel_and_shown_in_a_message(slack, standin, nap):
    file_id = chart(slack)
    slack.post(CEDAR, ALERTS, shown(file_id))
    file = standin.workspace(CEDAR).files[file_id]
    assert (file["bytes"], file["title"], file["alt_txt"]) == (
        PNG,
        "CTR by day",
        "CTR fell from 2.1 % to 1.2 %",
    )
    assert file["channels"] == []
    assert standin.last("ads-alerts").blocks[1]["slack_file"] == {"id": file_id}
    assert "channel_id" not in standin.calls_of("files.completeUploadExternal")[0].args
    assert nap.pauses == list(PAUSES[:1])


def test_the_page_shows_the_bytes_that_were_uploaded(slack, standin):
    connection = HTTPConnection(standin.base_url.removeprefix("http://"), timeout=5)
    connection.request("GET", f"/api/file/{chart(slack)}")
    answer = connection.getresponse()
    assert (answer.headers["Content-Type"], answer.read()) == ("image/png", PNG)
    connection.close()


def test_a_picture_is_not_named_before_slack_can_show_it(slack, standin, nap):
    nap.ready_after = 4
    chart(slack)
    assert nap.pauses == list(PAUSES[:4])
    assert len(standin.calls_of("files.info")) == 5


def test_waiting_ends_and_says_when_to_try_again(slack, nap):
    nap.ready_after = 99
    with pytest.raises(SlackThrottled) as caught:
        chart(slack)
    assert (caught.value.reason, caught.value.retryable) == ("slack_file_not_ready", True)
    assert nap.pauses == list(PAUSES)


def test_a_question_without_an_answer_is_asked_again(slack, standin):
    standin.faults.add("files.info", faults.http_error(503), times=2)
    slack.post(CEDAR, ALERTS, shown(chart(slack)))


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", [faults.eof(applied=True), faults.http_error(502), faults.truncated()])
def test_a_lost_answer_is_no_reason_to_give_up_because_repeating_is_harmless(slack, standin, step, fault):
    standin.faults.add(step, fault)
    with pytest.raises(SlackThrottled) as caught:
        chart(slack)
    assert caught.value.reason == "slack_upload_unknown"
    slack.post(CEDAR, ALERTS, shown(chart(slack)))
    assert len(standin.messages("ads-alerts")) == 1


@pytest.mark.parametrize("scope", ["files:write", "files:read"])
def test_a_missing_scope_is_named(slack, standin, scope):
    standin.workspace(CEDAR).scopes.discard(scope)
    with pytest.raises(SlackRefused, match=scope) as caught:
        chart(slack)
    assert caught.value.reason == "slack_missing_scope"


def test_throttling_and_a_dead_token_keep_their_meaning(slack, standin):
    standin.faults.add("files.getUploadURLExternal", faults.ratelimited(7))
    with pytest.raises(SlackThrottled) as caught:
        chart(slack)
    assert caught.value.retry_after == 7
    standin.faults.add("files.info", faults.refused("token_revoked"))
    with pytest.raises(SlackTokenDead):
        chart(slack)


def test_what_is_no_picture_is_refused_and_not_left_behind(slack, standin):
    with pytest.raises(SlackRefused) as caught:
        chart(slack, data=b"<svg/>" * 20)
    assert caught.value.reason == "slack_file_no_picture"
    assert standin.workspace(CEDAR).files == {}
    with pytest.raises(SlackRefused) as caught:
        chart(slack, data=b"")
    assert caught.value.reason == "slack_empty_file"


def test_one_workspace_does_not_see_anothers_picture(slack, standin):
    file_id = chart(slack, WILLOW)
    slack.post(WILLOW, GROWTH, shown(file_id))
    with pytest.raises(SlackRefused) as caught:
        slack.post(CEDAR, ALERTS, shown(file_id))
    assert caught.value.reason == "slack_invalid_blocks"
    assert standin.messages("ads-alerts") == []


def test_a_removed_picture_cannot_be_shown_and_removing_it_twice_is_fine(slack):
    file_id = chart(slack)
    slack.delete_file(CEDAR, file_id)
    slack.delete_file(CEDAR, file_id)
    with pytest.raises(SlackRefused):
        slack.post(CEDAR, ALERTS, shown(file_id))
    slack.post(CEDAR, ALERTS, shown(file_id).without_images())


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/upload/T/F",
        "https://files.slack.com.example.com/upload",
        "https://files.slack.com@example.com/upload",
        "http://files.slack.com/upload",
        "file:///etc/passwd",
    ],
)
def test_bytes_go_to_slack_and_nowhere_else(standin, address):
    wire = Wire(standin.api_url, TOKENS.get, timeout=2, metrics=Metrics())
    with pytest.raises(SlackRefused) as caught:
        wire.send_bytes(address, PNG)
    assert caught.value.reason == "slack_foreign_address"


def test_an_upload_address_takes_what_was_announced_and_only_once(standin, client):
    wire = Wire(standin.api_url, TOKENS.get, timeout=2, metrics=Metrics())
    place = client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    with pytest.raises(SlackRefused) as caught:
        wire.send_bytes(place["upload_url"], PNG[:-1])
    assert caught.value.reason == "slack_upload_refused"
    wire.send_bytes(place["upload_url"], PNG)
    with pytest.raises(SlackRefused):
        wire.send_bytes(place["upload_url"], PNG)


# The stand-in itself, through the SDK's own client ------------------------------------------------


def refusal(client: WebClient, file: object) -> str:
    block = {"type": "image", "alt_text": "CTR fell", "slack_file": file}
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ALERTS, text="x", blocks=[block])
    return str(caught.value.response["errors"][0])


def test_the_stand_in_shows_a_file_only_when_it_is_whole_and_looked_at(standin, client, nap):
    uploaded = client.files_upload_v2(content=PNG, filename="chart.png", title="CTR fell", alt_txt="CTR fell")
    file_id = uploaded["file"]["id"]
    assert client.files_info(file=file_id)["file"]["mimetype"] == ""
    assert refusal(client, {"id": file_id}) == "invalid slack file [json-pointer:/blocks/0/slack_file]"
    nap(0)
    assert client.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    block = {"type": "image", "alt_text": "CTR fell", "slack_file": {"id": file_id}}
    assert client.chat_postMessage(channel=ALERTS, text="x", blocks=[block])["ok"]
    begun = client.files_getUploadURLExternal(filename="other.png", length=10)
    assert "invalid slack file" in refusal(client, {"id": begun["file_id"]})
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": begun["file_id"]}])


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ({"id": "https://files.slack.com/x.png"}, "must match"),
        ({"id": "F00000NONE"}, "invalid slack file"),
        ({"id": "F00000NONE", "url": "https://x.slack.com/F1"}, "exactly one"),
        ({}, "exactly one"),
    ],
)
def test_the_stand_in_refuses_what_names_no_file(client, file, fault):
    assert fault in refusal(client, file)
