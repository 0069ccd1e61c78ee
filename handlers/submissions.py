"""A modal's submission, read: what was typed and chosen, and what has to be said before Slack is answered."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.domain.access import Person, Role
from bot.domain.ids import UserId, WorkspaceId
from bot.errors import BadInput
from bot.services.bundle import Services
from bot.views.kit import TYPED
from bot.views.origin import Origin, unpack
from bot.views.text import clip, one_line
from handlers.base import ModalSpec, Submission

_MOST_ANSWERS = 100  # blocks of a view
_LONGEST_ERROR = 200
_TOO_LONG: Final = f"Please write at most {TYPED:,} characters."
# Which key an element keeps its answer under: Slack, "view_submission", state.values.
_SIMPLE = ("value", "selected_date", "selected_time", "selected_user", "selected_channel")
Json = Mapping[str, Any]


def values_of(view: Json) -> dict[str, str]:
    """What was typed or chosen, by block id; empty where a question was left open."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    found = list(values.items())[:_MOST_ANSWERS] if isinstance(values, dict) else []
    return {str(block_id): _answer(entries) for block_id, entries in found}


def origin_of(metadata: str) -> Origin | None:
    """Where the modal was opened from; None for what `origin.pack` did not make."""
    try:
        return unpack(metadata)
    except BadInput:
        return None


def submission_of(fields: Mapping[str, str], workspace_id: WorkspaceId, person: Person) -> Submission:
    """The submission that was kept; raises BadInput when what it is about cannot be read."""
    origin = unpack(fields["metadata"])
    return Submission(
        workspace_id=workspace_id,
        person=person,
        callback_id=fields["callback_id"],
        metadata=origin.value,
        values=json.loads(fields["values"]),
        trigger_id=fields["trigger_id"],
        view_id=fields["view_id"],
        channel_id=origin.channel_id,
        message_ts=origin.message_ts,
        thread_ts=origin.thread_ts,
    )


class Checks:
    """What every modal wants to be looked at before it closes."""

    def __init__(self, services: Services, modals: Iterable[ModalSpec]) -> None:
        self._services = services
        self._modals = {spec.callback_id: spec for spec in modals}

    def errors(
        self, fields: Mapping[str, str], workspace_id: WorkspaceId, user_id: UserId, view: Json
    ) -> dict[str, str]:
        """A sentence for each question that needs another answer; none lets the modal close."""
        values: dict[str, str] = json.loads(fields["values"])
        too_long = {block_id: _TOO_LONG for block_id, text in values.items() if len(text) > TYPED}
        spec = self._modals.get(fields["callback_id"])
        if too_long or spec is None or origin_of(fields["metadata"]) is None:
            return _at_questions(too_long, view)  # what cannot be read is told when it is dealt with
        nobody = Person(workspace_id, user_id, Role.OUTSIDER)
        try:
            found = spec.check(self._services, submission_of(fields, workspace_id, nobody))
        except BadInput as error:
            found = {error.field or "": error.sentence}
        return _at_questions(found, view)


def _at_questions(errors: Mapping[str, str], view: Json) -> dict[str, str]:
    """Only under questions: Slack shows nothing at all of an answer that names another block."""
    blocks = view.get("blocks")
    listed = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    questions = [str(block.get("block_id")) for block in listed if block.get("type") == "input"]
    told: dict[str, str] = {}
    for block_id, sentence in errors.items():
        place = block_id if block_id in questions else next(iter(questions), None)
        if place is not None:
            told.setdefault(place, clip(one_line(sentence), _LONGEST_ERROR))
    return told


def _answer(entries: object) -> str:
    entry = next(iter(entries.values()), None) if isinstance(entries, dict) else None
    if not isinstance(entry, dict):
        return ""
    option = entry.get("selected_option")
    chosen = option.get("value") if isinstance(option, dict) else None
    found = next((entry[key] for key in _SIMPLE if isinstance(entry.get(key), str)), chosen)
    if not isinstance(found, str):
        return ""
    # Half a character cannot be stored, and no keyboard types one.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
