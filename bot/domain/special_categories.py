"""Meta's special ad categories: what words put an ad into one, and what a campaign declares.

An ad for credit, employment, housing or politics must say so on its campaign (Marketing API, Campaign,
special_ad_categories), which limits whom it may be aimed at. A new text must not move an ad into one.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from bot.domain.policy_text import pattern, words

# Meta's names -> the category; CREDIT is the older name for financial products.
NAMES: Final = MappingProxyType(
    {
        "CREDIT": "financial products",
        "FINANCIAL_PRODUCTS_SERVICES": "financial products",
        "EMPLOYMENT": "employment",
        "HOUSING": "housing",
        "ISSUES_ELECTIONS_POLITICS": "politics",
        "ONLINE_GAMBLING_AND_GAMING": "gambling",
    }
)
_TERMS: Final = MappingProxyType(
    {
        "financial products": words(
            r"(?:personal|instant|home|gold|car|business|student|education|payday|quick|easy|cheap|bike"
            r"|mudra|online) loans?"
            r"|loans? (?:up ?to|at|from|in|approved|approval|without|against|offers?|available|for)"
            r"|(?:apply|need|get|want|take) (?:for )?(?:a |an )?(?:instant )?(?:loan|credit card)"
            r"|credit cards?|credit (?:limit|line)|mortgages?|refinanc\w+|mutual funds?|(?:life|health"
            r"|car|term|motor|bike) insurance|insurance (?:plans?|policy|cover)"
            r"|(?:demat|trading) account|stock market tips|invest (?:in|now|from|today|₹|rs|just)"
            r"|investment (?:plans?|advice|opportunity|opportunities|returns?)|(?:start|monthly) (?:a "
            r"|an )?sip|crypto\w*|bitcoin|forex"
            r"|(?:low|lowest|zero|0 ?%) interest(?: rates?)?|interest rates?|fixed deposits?|cibil score"
            r"|लोन|कर्ज लें|बीमा|क्रेडिट कार्ड|ब्याज|karz lein|loan chahiye|byaj"
        ),
        "employment": words(
            r"we(?:'re| are) hiring|now hiring|hiring (?:now|for|freshers|drivers|delivery|sales|staff"
            r"|immediately)|job (?:openings?|vacanc(?:y|ies)|offers?|alerts?|opportunit(?:y|ies)"
            r"|interviews?|fair)"
            r"|(?:apply|looking|search|searching) (?:for|to) (?:a |this |new |the )?jobs?|(?:part ?time"
            r"|full ?time|work from home|data entry|govt|government|remote|dream|sarkari"
            r"|freshers?) (?:jobs?|naukri|work opportunity)|jobs? (?:in|for|near|at|with|available)"
            r"|vacanc(?:y|ies)|walk ?in interviews?|send (?:us )?your (?:cv|resume)|join our team"
            r"|internships?|recruit(?:ing|ment)|salary (?:up ?to|of|from|₹|rs)|career (?:opportunit(?:y"
            r"|ies)|with us)"
            r"|naukri|bharti|नौकरी|भर्ती|वैकेंसी|रोजगार"
        ),
        "housing": words(
            r"[1-6](?:\.5)? ?(?:bhk|rk)|(?:flats?|apartments?|plots?|villas?|house|houses|homes?|rooms?"
            r"|pg|property|properties|bungalows?|land|office space) (?:for|on|to) (?:sale|rent|let|lease)"
            r"|(?:buy|rent|book) (?:a |an |your )?(?:(?:dream|new|own|luxury|affordable) )?(?:flat"
            r"|apartment|plot|villa|house|home|property)(?! (?:decor|appliances|theatre|kit|plant))"
            r"|real estate|(?:residential|gated) (?:plots?|projects?|communit(?:y|ies)|apartments?)"
            r"|ready to move(?: in)?|new launch apartments?|rera|housing project|home ?loans?|tenants?"
            r"|co ?living|paying guest|(?:luxury|affordable|premium) (?:flats?|apartments?|villas?|homes)"
            r"|फ्लैट|मकान|प्लॉट|किराए पर (?:घर|कमरा)|ghar (?:kharid\w*|kiraye)|makaan"
        ),
        "politics": words(
            r"elections?|vote for (?:change|us|me|modi|rahul|kejriwal|bjp|congress|aap|the (?:party"
            r"|candidate))|your vote|cast your vote|voters?|lok sabha|vidhan sabha|rajya sabha|bjp"
            r"|inc party|congress party|aam aadmi party|(?:chief|prime) minister|political part(?:y|ies)"
            r"|politicians?|manifesto|referendum|abortion|immigration (?:policy|law|reform)|gun control"
            r"|civil rights|farm laws?|reservation policy|caste census|citizenship (?:act|law)|(?:join"
            r"|support) (?:the|our) (?:protest|movement|campaign against)|petition"
            r"|चुनाव|मतदान|वोट (?:दें|दो|करें)|सरकार बदल[\p{L}\p{M}]*|chunav|matdan|vote (?:do|dein|karein)"
        ),
        "gambling": words(
            r"(?:online|live|sports) (?:betting|casino|gambling)|casinos?|bet (?:now|on|with|and win)"
            r"|betting|place (?:a |your )?bets?|jackpots?|teen ?patti|rummy|poker|slot games?"
            r"|slots online|satta|matka|real cash games?|win real (?:cash|money)|play and (?:win|earn)"
            r"|fantasy (?:cricket|league|team)|lottery tickets?|सट्टा|जुआ|रमी|juaa?|तीन पत्ती"
        ),
    }
)


def declared(names: Iterable[str]) -> frozenset[str]:
    """The categories behind Meta's names or our own, whatever their case; unknown ones are passed over."""
    found = set()
    for name in names:
        for one in name.split(","):
            key = "_".join(one.upper().replace("&", "and").split())
            plain = " ".join(one.lower().split())
            found |= {NAMES[key]} if key in NAMES else {plain} & set(_TERMS)
    return frozenset(found)


def find(text: str) -> Iterator[tuple[str, str]]:
    """Each category that `plain` text has words of, with the first of them."""
    for category, source in _TERMS.items():
        if found := pattern(source).search(text):
            yield category, found.group()
