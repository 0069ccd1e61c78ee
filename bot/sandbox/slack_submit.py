"""What follows a modal's submission: close, field errors, a new view, or a clean table (Slack, "Modals")."""

from dataclasses import replace

from bot.sandbox import slack_views as views
from bot.sandbox.slack_payloads import Maker
from bot.sandbox.slack_send import Outcome
from bot.sandbox.slack_spec import Json, UserSpec
from bot.sandbox.slack_wire import ApiError


def after_submit(maker: Maker, user: UserSpec, view: Json, outcome: Outcome) -> Outcome:
    """Do what the app answered; an answer Slack would not take becomes an error the person sees."""
    if not outcome.ok:
        return replace(outcome, message="We had some trouble connecting. Try again?")
    try:
        with maker.state.changed:
            _obey(maker, user, view, outcome)
    except ApiError as error:
        problem = str(error.extra.get("errors") or error.error)
        return replace(outcome, ok=False, error="invalid_response", message=problem)
    return outcome


def _obey(maker: Maker, user: UserSpec, view: Json, outcome: Outcome) -> None:
    action = outcome.response_action
    if action == "errors":
        _only_inputs(view, outcome.errors)
    elif action in {"update", "push"}:
        _renew(maker, user, view, outcome)
    elif action == "clear":
        views.close(maker.state, maker.workspace, user.id, views.MOST_STACKED)
    elif action is None and outcome.body is None:
        views.close(maker.state, maker.workspace, user.id, 1)
    else:
        raise ApiError("invalid_response_action")


def _renew(maker: Maker, user: UserSpec, view: Json, outcome: Outcome) -> None:
    answer = outcome.body if isinstance(outcome.body, dict) else {}
    body = views.checked(maker.workspace, answer.get("view"), "modal")
    stack = maker.workspace.stacks[user.id]
    if outcome.response_action == "update":
        record = next(r for r in stack if r.body["id"] == view["id"])
        views.replace(maker.state, maker.workspace, record, body)
    elif len(stack) >= views.MOST_STACKED:
        raise ApiError("push_limit_reached")
    else:
        views.show(maker.state, maker.workspace, user.id, body, push=True)


def _only_inputs(view: Json, errors: Json) -> None:
    """Field errors may name input blocks only."""
    known = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    if not errors or set(errors) - known:
        raise ApiError("invalid_errors", errors=sorted(set(errors) - known))
