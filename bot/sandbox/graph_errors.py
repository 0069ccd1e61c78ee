"""Refusals in the shape of the Graph API's error object."""

import hashlib
from collections.abc import Mapping
from typing import Any

OAUTH = "OAuthException"
METHOD = "GraphMethodException"
_FIELDS_PAGE = "https://developers.facebook.com/docs/marketing-api/reference/ads-insights/"
_LIMITS_PAGE = "https://developers.facebook.com/docs/graph-api/overview/rate-limiting"
_GRAPH_PAGE = "https://developers.facebook.com/docs/graph-api"


class GraphError(Exception):
    """One refusal: `code` and `subcode` say what, `status` is the HTTP status it travels with."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = OAUTH,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.extra = dict(extra or {})

    def body(self, seed: str) -> dict[str, Any]:
        """The JSON that Meta would send; the trace id depends on the request alone."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": {**error, **self.extra, "fbtrace_id": trace_id(seed)}}


def trace_id(seed: str) -> str:
    """Looks like Meta's trace id."""
    return "A" + hashlib.blake2b(seed.encode(), digest_size=11).hexdigest()


def bad_param(message: str, *, subcode: int | None = None) -> GraphError:
    """Code 100: a parameter Meta does not accept."""
    return GraphError(100, f"(#100) {message}", subcode=subcode)


def bad_insight_fields(names: list[str]) -> GraphError:
    """Code 100, worded as insights does."""
    verb = "is" if len(names) == 1 else "are"
    return bad_param(
        f"{', '.join(names)} {verb} not valid for fields param. "
        f"please check {_FIELDS_PAGE} for all valid values"
    )


def bad_node_field(name: str, node_type: str) -> GraphError:
    """Code 100, worded as every other node does."""
    return bad_param(f"Tried accessing nonexisting field ({name}) on node type ({node_type})")


def unknown_object(object_id: str, method: str) -> GraphError:
    """Code 100/33: missing, or not for this token; Meta does not say which."""
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation. Please read the Graph API "
        f"documentation at {_GRAPH_PAGE}"
    )
    return GraphError(100, message, subcode=33, kind=METHOD)


def unknown_path(path: str) -> GraphError:
    """Code 2500: no such edge."""
    return GraphError(2500, f"Unknown path components: /{path}")


def dead_token(subcode: int | None = None) -> GraphError:
    """Code 190; the subcode says why the token no longer works."""
    reasons = {
        458: "The user has not authorized application.",
        459: "The user is in a checkpoint and cannot use the API.",
        460: "The session has been invalidated because the user changed their password.",
        463: "Session has expired.",
        467: "The session is invalid because the user logged out.",
    }
    if subcode is None:
        return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)
    reason = reasons.get(subcode, "The session is invalid.")
    return GraphError(190, f"Error validating access token: {reason}", subcode=subcode, status=401)


def missing_read() -> GraphError:
    """Code 200: the token may not read ads."""
    return GraphError(
        200, "(#200) Ad account owner has NOT grant ads_management or ads_read permission", status=403
    )


def missing_write() -> GraphError:
    """Code 294: the token may not change ads."""
    message = (
        "(#294) Managing advertisements requires an access token with the extended permission for "
        "ads_management"
    )
    return GraphError(294, message, status=403)


def throttled(code: int, subcode: int | None = None) -> GraphError:
    """One of the throttles; Meta sends them with status 400, not 429."""
    places = {80000: "ads-insights", 80003: "custom-audience", 80004: "ads-management"}
    if code in places:
        message = (
            f"(#{code}) There have been too many calls to this ad-account. Wait a bit and try again. "
            f"For more info, please refer to {_LIMITS_PAGE}#{places[code]}."
        )
        return GraphError(code, message, subcode=subcode or 2446079)
    if code == 17:
        extra = {
            "is_transient": True,
            "error_user_title": "Ad account has too many API calls",
            "error_user_msg": "There have been too many calls from this ad account. Please wait a bit.",
        }
        return GraphError(17, "User request limit reached", subcode=subcode or 2446079, extra=extra)
    message = {4: "(#4) Application request limit reached"}.get(
        code, f"(#{code}) Calls to this api have exceeded the rate limit."
    )
    return GraphError(code, message, subcode=subcode, extra={"is_transient": True})


def too_much_data() -> GraphError:
    """Code 100/1487534: the answer would be too large; splitting is the only cure."""
    extra = {
        "error_user_title": "Too much data",
        "error_user_msg": "Please reduce the amount of data you're asking for, then retry your request.",
    }
    return GraphError(100, "(#100) Invalid parameter", subcode=1487534, extra=extra)


def transient(code: int = 2) -> GraphError:
    """Code 1 or 2: a passing fault."""
    message = {
        1: "An unknown error occurred",
        2: "Service temporarily unavailable",
    }.get(code, "An unexpected error has occurred. Please retry your request later.")
    return GraphError(code, message, status=500 if code == 1 else 503, extra={"is_transient": True})


def too_old() -> GraphError:
    """Code 3018: the start lies more than 37 months back."""
    return GraphError(
        3018, "(#3018) The start date of the time range cannot be beyond 37 months from the current date"
    )


def bad_cursor() -> GraphError:
    """Code 2642: a cursor that Meta did not give out."""
    return GraphError(2642, "(#2642) Invalid cursors values")


def refused(subcode: int, title: str, message: str, *, code: int = 100) -> GraphError:
    """Code 100 (or another) with the words that Meta means for people."""
    extra = {"is_transient": False, "error_user_title": title, "error_user_msg": message}
    return GraphError(code, "Invalid parameter", subcode=subcode, extra=extra)
