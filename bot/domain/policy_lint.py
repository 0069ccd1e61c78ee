"""What an ad's words must not say: Meta's advertising standards, the brand's own, and new claims."""

from collections.abc import Sequence

from bot.domain.creatives import Copy
from bot.domain.variations import Brand, Note


def lint(
    copy: Copy, original: Copy, brand: Brand, *, categories: Sequence[str] = (), picture_made: bool = False
) -> tuple[Note, ...]:
    """Everything the words call for, the graver first.

    `categories` are the special ad categories that the campaign declares (Meta's names), beside the
    brand's own. `picture_made` says that the picture was made by a model.
    """
    return ()
