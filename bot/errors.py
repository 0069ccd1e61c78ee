"""The whole error tree.

SpruceError
├── Refused              a person asked for something that is not possible or not allowed
│   ├── BadInput         what was typed cannot be understood; names the field and the way out
│   ├── NotAllowed       the person's role does not allow it; says who may
│   ├── NotFound         no such thing in this workspace
│   └── Stale            the thing has moved on since it was shown
├── ConfigurationFault   settings are wrong; every fault in one report
├── Sealed               a stored token cannot be opened with the present keys
├── MetaError            Meta refused or failed
│   ├── Throttled        a limit was reached; `until` says when to try again
│   ├── TokenDead        the access token no longer works
│   ├── MissingPermission  the token lacks a scope or the account is not assigned
│   ├── TooMuchData      the request must be split
│   ├── Transient        try again later; for a write the outcome is known not to have happened
│   ├── OutcomeUnknown   a write may or may not have happened; look before trying again
│   └── BadRequest       Meta will never accept this request
├── SlackError           Slack refused or failed
│   ├── SlackThrottled   `retry_after` seconds; surely not posted
│   ├── SlackOutcomeUnknown  a post may or may not have happened
│   ├── SlackTokenDead   the bot was removed or its token revoked
│   ├── ChannelUnavailable   the channel is gone, archived or the bot is not in it
│   └── SlackRefused     Slack will never accept this message
└── AiError              the writer of variations refused or failed; `tokens` says what it used
    ├── AiThrottled      a limit was reached; `until` says when to try again
    ├── AiUnavailable    try again later
    ├── AiRefused        it will not write about this ad; `finish` says for which reason of its own
    ├── AiMisconfigured  it cannot work as it is set up; `setting` says what to change
    └── AiUnreadable     its answers did not keep to what was asked

`reason` is a slug for metrics and logs, `sentence` is what a person reads, `retryable` is the
classification an adapter gives and one place acts on.
"""

from datetime import datetime
from typing import Any


class SpruceError(Exception):
    """Something went wrong inside Spruce."""

    reason = "internal"
    retryable = False

    def __init__(self, sentence: str | None = None, *, reason: str | None = None) -> None:
        self.sentence = sentence or (self.__doc__ or "").strip().splitlines()[0]
        if reason:
            self.reason = reason
        super().__init__(self.sentence)


class Refused(SpruceError):
    """That is not possible."""

    reason = "refused"


class BadInput(Refused):
    """That could not be understood."""

    reason = "bad_input"

    def __init__(self, sentence: str, *, field: str | None = None, reason: str | None = None) -> None:
        super().__init__(sentence, reason=reason)
        self.field = field


class NotAllowed(Refused):
    """Your role does not allow that."""

    reason = "not_allowed"


class NotFound(Refused):
    """There is no such thing in this workspace."""

    reason = "not_found"


class Stale(Refused):
    """That has changed since this message was written."""

    reason = "stale"


class ConfigurationFault(SpruceError):
    """The settings need attention."""

    reason = "configuration"

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The settings need attention:\n" + "\n".join(f"  - {fault}" for fault in faults))


class Sealed(SpruceError):
    """A stored token cannot be opened with the present keys; connect again."""

    reason = "sealed"


class MetaError(SpruceError):
    """Meta did not answer as expected."""

    reason = "meta"

    def __init__(
        self,
        sentence: str | None = None,
        *,
        reason: str | None = None,
        code: int | None = None,
        subcode: int | None = None,
        trace_id: str | None = None,
    ) -> None:
        super().__init__(sentence, reason=reason)
        self.code = code
        self.subcode = subcode
        self.trace_id = trace_id


class Throttled(MetaError):
    """Meta asks us to wait."""

    reason = "meta_throttled"
    retryable = True

    def __init__(
        self,
        sentence: str | None = None,
        *,
        until: datetime,
        scope: str = "account",
        code: int | None = None,
        subcode: int | None = None,
    ) -> None:
        super().__init__(sentence, code=code, subcode=subcode)
        self.until = until
        self.scope = scope  # "account" or "app": who has to wait


class TokenDead(MetaError):
    """Meta no longer accepts the access token; connect the account again."""

    reason = "meta_token_dead"


class MissingPermission(MetaError):
    """The access token may not do that."""

    reason = "meta_permission"


class TooMuchData(MetaError):
    """Meta refuses to return that much at once."""

    reason = "meta_too_much_data"


class Transient(MetaError):
    """Meta had a passing fault."""

    reason = "meta_transient"
    retryable = True


class OutcomeUnknown(MetaError):
    """Meta did not say whether the change was made."""

    reason = "meta_outcome_unknown"


class BadRequest(MetaError):
    """Meta does not accept that request."""

    reason = "meta_bad_request"


class SlackError(SpruceError):
    """Slack did not answer as expected."""

    reason = "slack"


class SlackThrottled(SlackError):
    """Slack asks us to wait."""

    reason = "slack_throttled"
    retryable = True

    def __init__(self, sentence: str | None = None, *, retry_after: float) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class SlackOutcomeUnknown(SlackError):
    """Slack did not say whether the message was posted."""

    reason = "slack_outcome_unknown"


class SlackTokenDead(SlackError):
    """The bot was removed from the workspace or its token was revoked."""

    reason = "slack_token_dead"


class ChannelUnavailable(SlackError):
    """The channel is archived, gone, or the bot has not been invited."""

    reason = "slack_channel_unavailable"


class SlackRefused(SlackError):
    """Slack does not accept that message."""

    reason = "slack_refused"


class AiError(SpruceError):
    """Google AI did not answer as expected.

    `tokens` is a bot.domain.variations.Tokens: what the failed request used all the same and is
    billed for; None where nothing was used or the provider did not say.
    """

    reason = "ai"

    def __init__(self, sentence: str | None = None, *, reason: str | None = None, tokens: Any = None) -> None:
        super().__init__(sentence, reason=reason)
        self.tokens = tokens


class AiThrottled(AiError):
    """Google AI asks us to wait."""

    reason = "ai_throttled"
    retryable = True

    def __init__(
        self,
        sentence: str | None = None,
        *,
        until: datetime,
        retry_after: float,
        tokens: Any = None,
    ) -> None:
        super().__init__(sentence, tokens=tokens)
        self.until = until
        self.retry_after = retry_after  # seconds


class AiUnavailable(AiError):
    """Google AI does not answer at present."""

    reason = "ai_unavailable"
    retryable = True


class AiRefused(AiError):
    """Google AI will not write about this ad."""

    reason = "ai_refused"

    def __init__(self, sentence: str | None = None, *, finish: str, tokens: Any = None) -> None:
        super().__init__(sentence, tokens=tokens)
        self.finish = finish  # finishReason or blockReason, as Google names them


class AiMisconfigured(AiError):
    """Google AI cannot be used with the present settings."""

    reason = "ai_misconfigured"

    def __init__(self, sentence: str | None = None, *, setting: str, tokens: Any = None) -> None:
        super().__init__(sentence, tokens=tokens)
        self.setting = setting  # the environment variable to change


class AiUnreadable(AiError):
    """Google AI did not keep to what it was asked for."""

    reason = "ai_unreadable"
