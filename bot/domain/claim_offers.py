"""Offers, days, urgency and occasions in ad copy, as patterns over plain text.

Each is a code, a key and a pattern; two texts make the same claim when the keys are equal, and `what`
in a pattern refines the key. A space in a pattern is any space or hyphen.
"""

from typing import Final

from bot.domain.policy_text import EDGE, words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर)"
)
_WEEKDAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|tomorrow|midnight|month end|(?:som"
    r"|mangal|budh|guru|shukra|shani|ravi)(?:var|waar)|सोमवार|मंगलवार|बुधवार|गुरुवार"
    r"|शुक्रवार|शनिवार|रविवार"
)
DATES: Final = words(
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd"
    rf"|rd|th)?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|(?:until|till|til|by|before|ends?|ending|from"
    rf"|this|next|on|starts?|starting|only|upto|up to) (?:{_WEEKDAY})"
    rf"|(?:{_WEEKDAY}) (?:only|tak|se|तक)"
)

_GIFTS = (
    r"shipping|delivery|home delivery|gifts?|samples?|trial|returns?|exchange|exchanges"
    r"|consultation|consultations"
    r"|installation|demo|session|class|classes|ebook|guide|quote|pouch|bag|travel size|mini"
    r"|minis|bottle|product"
    r"|products|cod|cashback|membership|subscription|replacement|pickup|access|app|wrap"
    r"|gift wrap|card|kit|serum|oil"
)
# "Paraben-free serum" gives nothing away.
_NOT_FROM = (
    r"(?<!\p{L}-|(?:sulphate|sulfate|paraben|silicone|chemical|toxin|cruelty|sugar|gluten"
    r"|alcohol|fragrance|oil|fat|dairy"
    r"|hassle|risk|stress|worry|acne|hands|tax|duty|guilt|pain|scar|germ|lint|rent|care|feel|mess|trouble)\s)"
)
OFFERS: Final = (
    (
        "new_offer",
        "discount",
        words(
            r"(?:flat|extra|up ?to|additional|instant) (?:₹|rs\.? ?)?\d[\d,.]{0,12} ?(?:%|percent)? ?off"
            r"|(?:\d[\d,.]{0,12} ?(?:%|percent|rupees|/-)?|half(?: the)? price|percent|rupees|price|mrp"
            r"|instant|huge|big) ?off|discount(?:s|ed)?|half price|half the price|price (?:drop|cut"
            r"|slashed|crash)|(?:slashed|reduced|discounted|special|introductory|launch|offer|deal"
            r"|sale|festive|wholesale) prices?|chhoot|bhaari chhoot|छूट|डिस्काउंट|आधे दाम|आधी कीमत"
            r"|aadhe (?:daam|dam)"
        ),
    ),
    (
        "new_offer",
        "discount",
        words(
            r"(?:mega|big|flash|clearance|season|seasonal|summer|winter|monsoon|festive|festival"
            r"|diwali|holi|eid|anniversary|grand|huge|end of season|stock|warehouse|annual"
            r"|great) sale|on sale|sale (?:is |price |ends|now|live|on|starts)|सेल|(?:special"
            r"|limited|exclusive|combo|festive|launch|best|great|amazing|crazy|steal|hot|today's"
            r"|bundle|intro(?:ductory)?|new user|first order) (?:offers?|deals?)|offers? (?:ends?"
            r"|valid|inside|price|expires?)|deal of the day|steal deal|ऑफर"
        ),
    ),
    (
        "new_offer",
        "saving",
        words(
            r"(?:you )?save (?:big|up to|upto|extra|more|money|₹ ?[\d,]{1,12}|rs\.? ?[\d,]{1,12}|\d+ ?%"
            r"|hundreds|thousands)|(?:big|huge|extra|mega) savings?|bachat|बचत|paise bachao"
            r"|पैसे बचा[\p{L}\p{M}]*"
        ),
    ),
    ("new_offer", "free", _NOT_FROM + words(rf"free (?P<what>{_GIFTS})")),
    (
        "new_offer",
        "free",
        words(
            r"(?:for|absolutely|totally|completely|get it|get one|1|one|\d) free|free of (?:cost"
            r"|charge)|complimentary|at no (?:extra )?cost|muft|bilkul free|मुफ्त|मुफ़्त|निःशुल्क"
            r"|नि:शुल्क|फ्री"
        )
        + rf"|{_NOT_FROM}{EDGE}free\s*[!+]",
    ),
    (
        "new_offer",
        "bogo",
        words(
            r"buy (?:\d|one|two|three|any \d) ?[^.!?\n]{0,20}\bget|bogo|b1g1|1 ?\+ ?1|ek (?:ke|pe"
            r"|par) (?:saath )?ek|एक (?:के|पर) (?:साथ )?एक"
        ),
    ),
    ("new_offer", "cashback", words(r"cash ?back|कैशबैक")),
    (
        "new_offer",
        "code",
        words(
            r"(?:use|apply|with|enter)(?: the| my| our)?(?: coupon| promo| discount)? code|coupons?"
            r"|promo codes?|voucher|vouchers|कूपन"
        ),
    ),
    (
        "new_offer",
        "instalments",
        words(
            r"no ?cost emi|zero cost emi|emi|emis|easy instal?lments?|pay later|buy now,? pay later"
            r"|bnpl|किस्त|किस्तों|ईएमआई"
        ),
    ),
    (
        "new_offer",
        "cod",
        words(
            r"cash on delivery|cod|pay (?:on|at|upon|after) delivery|pay (?:when|once) (?:it"
            r"|you) (?:arrives?|get|receive)[^.!?\n]{0,10}|कैश ऑन डिलीवरी"
        ),
    ),
    (
        "new_offer",
        "contest",
        words(
            r"giveaway|lucky draw|contest|win (?:a|an|big|prizes?|free|exciting|assured|gifts?)"
            r"|assured gifts?|lottery|inaam|इनाम"
        ),
    ),
    (
        "new_offer",
        "fast_delivery",
        words(
            r"(?:same|next|one|two|1|2) day (?:delivery|shipping|dispatch)|(?:express|fast|quick"
            r"|instant|superfast|lightning|overnight) (?:delivery|shipping)|deliver(?:ed|y) (?:in"
            r"|within|by|to your door)|ships? (?:today|in|within|same day)|pan india"
            r"|across india delivery|free home delivery"
        ),
    ),
    (
        "new_offer",
        "returns",
        words(
            r"(?:easy|hassle free|free|simple|no questions asked|instant) (?:returns?|refunds?"
            r"|exchanges?)|no questions asked|refund(?:s|able)?|money ?back|return policy"
            r"|returns accepted|rifand|रिफंड|पैसे वापस|paise wapas"
        ),
    ),
    (
        "new_urgency",
        "deadline",
        words(
            r"today only|only today|just today|last day|last date|final (?:day|days|hours|call)"
            r"|limited (?:time|period)|ends? (?:soon|today|tonight|tomorrow|in \d+|at \w+|this"
            r"|midnight)|ending (?:soon|today|tonight)|before (?:it's too late|midnight|it ends"
            r"|time runs out|prices? (?:go|goes|rise))|act (?:now|fast)|now or never|expires?"
            r"|expiring|expiry|count ?down|clock is ticking|time is running out"
            r"|last (?:few )?(?:hours|days|chance|minute)|(?:aakhri|akhri|aakhiri|antim"
            r"|last) (?:mauka|din)|sirf aaj|bas aaj|aaj (?:raat )?tak|आखिरी (?:मौका|दिन)"
            r"|अंतिम (?:मौका|दिन|अवसर)|सिर्फ आज|केवल आज|आज (?:रात )?तक|सीमित (?:समय|अवधि)"
            r"|simit samay"
        ),
    ),
    (
        "new_urgency",
        "scarcity",
        words(
            r"limited (?:stocks?|quantit(?:y|ies)|edition|seats?|slots?|supply|pieces|units"
            r"|availability|offer)|while (?:stocks?|supplies|supply) lasts?|selling (?:out )?fast"
            r"|sells? out fast|almost (?:gone|sold out|over)|going fast"
            r"|(?:only )?(?:a )?few (?:left|remaining|pieces)|(?:only )?\d+ (?:pieces |units "
            r"|seats |slots |bottles )?(?:left|remaining)|before (?:it's|they're|stocks?|it is"
            r"|they are) (?:gone|sold|runs? out|over)|stocks? (?:is |are )?(?:running out|limited"
            r"|low|khatam)|running (?:out|low)|low (?:in )?stock|last (?:few )?(?:pieces|units"
            r"|bottles|seats|slots)|back in stock|सीमित स्टॉक|स्टॉक (?:सीमित|खत्म)|stock khatam"
            r"|kuch hi (?:bache|bachi)"
        ),
    ),
    (
        "new_urgency",
        "hurry",
        words(
            r"hurry|hurry up|rush|don't miss(?: out)?|don't wait|don't delay|fomo|grab (?:it "
            r"|yours )?(?:now|before|fast)|jaldi (?:karo|kare|karein|kijiye|kharido)|der mat|der na"
            r"|mauka (?:haath|hath)|mat (?:gawao|gavao|chuko)|जल्दी (?:करें|करो|कीजिए|खरीदें)"
            r"|देर (?:न|ना|मत)|मौका (?:न|ना|मत|हाथ)"
        ),
    ),
    (
        "new_occasion",
        "occasion",
        words(
            r"(?P<what>diwali|deepavali|holi|eid|ramadan|ramzan|christmas|x ?mas|new year"
            r"|raksha bandhan|rakhi|navratri|durga puja|onam|pongal|dussehra|karwa chauth"
            r"|ganesh chaturthi|janmashtami|lohri|baisakhi|valentine'?s?(?: day)?|mother'?s day"
            r"|father'?s day|women'?s day|independence day|republic day|black friday|cyber monday"
            r"|wedding season|दिवाली|दीपावली|होली|ईद|राखी|नवरात्रि|क्रिसमस|रक्षाबंधन|नया साल)"
        ),
    ),
)
