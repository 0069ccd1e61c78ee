"""How an account wants its tired ads judged and refreshed: its people's choices, checked and recorded."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.clock import Clock
from bot.domain.access import Person
from bot.domain.ids import AccountId, WorkspaceId
from bot.domain.policy import FatigueRule, RefreshPolicy
from bot.domain.proposals import Mode
from bot.domain.variations import Brand
from bot.errors import BadInput, NotFound
from bot.views.text import clean, one_line
from storage.db import Database
from storage.repositories import Repositories

CTR_FALLS = (0.05, 0.8)
FREQUENCY_RISES = (0.0, 2.0)
LONGEST_VOICE = 600  # characters
MOST_BANNED_WORDS = 50
LONGEST_BANNED_WORD = 40  # characters
# Marketing API, Campaign: special_ad_categories, without NONE and without CREDIT, which the second replaced.
SPECIAL_CATEGORIES = (
    "EMPLOYMENT",
    "FINANCIAL_PRODUCTS_SERVICES",
    "HOUSING",
    "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
)


class PolicyService:
    """Choices of accounts; who may choose is decided at the doors."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get(self, workspace_id: WorkspaceId, account_id: AccountId) -> RefreshPolicy:
        """An account's choices, or the defaults; raises NotFound for an account that is not watched here."""
        with self._db.read(workspace_id) as tx:
            _demand_watched(tx, account_id)
            return tx.policies.get(account_id)

    def set_rule(self, person: Person, account_id: AccountId, rule: FatigueRule) -> RefreshPolicy:
        """Which method raises the warning."""
        return self._change(person, account_id, "rule", lambda now: replace(now, rule=rule))

    def set_mode(self, person: Person, account_id: AccountId, mode: Mode | None) -> RefreshPolicy:
        """How new creatives get live; None: as the settings say."""
        return self._change(person, account_id, "mode", lambda now: replace(now, mode=mode))

    def set_thresholds(
        self, person: Person, account_id: AccountId, *, ctr_fall: float, frequency_rise: float
    ) -> RefreshPolicy:
        """What the classic rule wants to be exceeded, as fractions: 0.2 is 20 %."""
        _demand_within("The fall of CTR", ctr_fall, CTR_FALLS, field="ctr_fall")
        _demand_within("The rise of frequency", frequency_rise, FREQUENCY_RISES, field="frequency_rise")
        return self._change(
            person,
            account_id,
            "thresholds",
            lambda now: replace(now, ctr_fall=ctr_fall, frequency_rise=frequency_rise),
        )

    def set_brand(self, person: Person, account_id: AccountId, brand: Brand) -> RefreshPolicy:
        """How the account speaks and what it never says; hidden characters and repeated words are dropped."""
        checked = _checked(brand)
        return self._change(person, account_id, "brand", lambda now: replace(now, brand=checked))

    def _change(
        self,
        person: Person,
        account_id: AccountId,
        what: str,
        change: Callable[[RefreshPolicy], RefreshPolicy],
    ) -> RefreshPolicy:
        now = self._clock.now()
        with self._db.workspace(person.workspace_id) as tx:
            _demand_watched(tx, account_id)
            before = tx.policies.hold(account_id, person.user_id, now)
            after = change(before)
            if after == before:
                return after
            tx.policies.set(account_id, after, person.user_id, now)
            tx.audit.add(
                person.workspace_id,
                now,
                person.user_id,
                f"policy.{what}.changed",
                object_id=account_id,
                details={"before": _told(before, what), "after": _told(after, what)},
            )
        return after


def _demand_watched(tx: Repositories, account_id: AccountId) -> None:
    if tx.accounts.get(account_id) is None:
        raise NotFound("This ad account is not connected here.")


def _demand_within(what: str, value: float, bounds: tuple[float, float], *, field: str) -> None:
    least, most = bounds
    if not least <= value <= most:  # so that what is not a number is refused as well
        raise BadInput(f"{what} must be from {least:.0%} to {most:.0%}.", field=field)


def _checked(brand: Brand) -> Brand:
    if len(brand.voice) > LONGEST_VOICE:
        raise BadInput(f"The brand's voice may have {LONGEST_VOICE} characters at most.", field="voice")
    if brand.special_category not in ("", *SPECIAL_CATEGORIES):
        known = ", ".join(SPECIAL_CATEGORIES)
        raise BadInput(f"Choose one of Meta's special ad categories: {known}.", field="special_category")
    return replace(brand, voice=clean(brand.voice).strip(), banned_words=_words(brand.banned_words))


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each word once, whatever its case, as it was first written."""
    if any(len(word) > LONGEST_BANNED_WORD for word in given):
        sentence = f"A banned word may have {LONGEST_BANNED_WORD} characters at most."
        raise BadInput(sentence, field="banned_words")
    found: dict[str, str] = {}
    for word in map(one_line, given):
        if word:
            found.setdefault(word.casefold(), word)
    if len(found) > MOST_BANNED_WORDS:
        raise BadInput(f"At most {MOST_BANNED_WORDS} words can be banned.", field="banned_words")
    return tuple(found.values())


def _told(policy: RefreshPolicy, what: str) -> Mapping[str, object]:
    """What the audit keeps: values and counts, no words of people."""
    brand = policy.brand
    told: dict[str, Mapping[str, object]] = {
        "rule": {"rule": policy.rule.value},
        "mode": {"mode": policy.mode.value if policy.mode else ""},
        "thresholds": {"ctr_fall": policy.ctr_fall, "frequency_rise": policy.frequency_rise},
        "brand": {
            "voice_characters": len(brand.voice),
            "banned_words": len(brand.banned_words),
            "special_category": brand.special_category,
            "ai_label": brand.ai_label,
        },
    }
    return told[what]
