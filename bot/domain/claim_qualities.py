"""Superlatives and qualities of a product in ad copy, as patterns over plain text.

Code, key and pattern as in `claim_offers`. Superlatives need proof by the advertiser (Indian
advertising code, chapter 1); qualities only need to be true, which no writer can know.
"""

from typing import Final

from bot.domain.policy_text import words

NUMBER_ONE: Final = (
    words(
        r"(?:no|num|nr)\.? ?1|number (?:1|one)|no\.? one (?:brand|choice|in)|numero uno"
        r"|rank(?:ed)? (?:1|one|first)|नंबर (?:1|वन|एक)|नंबर1|nambar (?:1|one|ek)"
    )
    + r"|(?<!\w)#\s?1(?!\d)"
)
QUALITIES: Final = (
    (
        "new_claim",
        "warranty",
        words(r"(?:lifetime |extended |year |limited )?warrant(?:y|ies)|वारंटी|warranti"),
    ),
    (
        "superlative",
        "guarantee",
        words(
            r"guarante\p{L}*|100 ?% sure|sure ?shot|गारंटी|गारंटीड|assured results?"
            r"|money back guarantee|garanti"
        ),
    ),
    (
        "superlative",
        "risk_free",
        words(
            r"risk free|zero risk|no risk|no side ?effects?|zero side ?effects?"
            r"|without (?:any )?side ?effects?|100 ?% safe|completely safe|totally safe"
            r"|koi side effects? nahi|कोई साइड इफेक्ट नहीं|बिना साइड इफेक्ट"
        ),
    ),
    (
        "superlative",
        "absolute",
        words(
            r"(?:100|hundred|cent per|cent percent) ?(?:%|percent|per cent)? ?(?:effective|results?"
            r"|success|working|satisfaction|original|genuine|guaranteed|cure)"
        ),
    ),
    ("superlative", "number_one", NUMBER_ONE),
    (
        "superlative",
        "best",
        words(
            r"(?:the )?(?:best|finest|largest|biggest|cheapest|top|leading|favou?rite|fastest"
            r"|safest|most trusted|most loved|most popular|highest rated|most advanced"
            r"|purest) (?:\p{L}+ ){0,2}(?:in|of|across|on) (?:the |all )?(?:india|world|market"
            r"|country|town|city|universe|bharat|asia|planet|delhi|mumbai|bengaluru|bangalore"
            r"|chennai|kolkata|hyderabad|pune|internet|class)|(?:india|world|asia|bharat|mumbai"
            r"|delhi|bengaluru|country|nation|market|town|desh)'?s (?:no\.? ?1|best|finest|largest"
            r"|biggest|cheapest|first|favou?rite|only|top|leading|fastest|safest|purest|most)"
            r"|best in class|world class|unbeatable|unmatched|second to none"
            r"|nothing (?:works )?better|better than (?:all|any|every)[^.!?\n]{0,20}|(?:भारत|दुनिया"
            r"|देश) (?:का|की|के) (?:सबसे|नंबर|पहला|पहली)|(?:bharat|india|duniya|desh) (?:ka|ki"
            r"|ke) (?:sabse|number|no|pehla|pehli|best)|सबसे (?:अच्छा|अच्छी|बेहतर|बढ़िया|सस्ता"
            r"|सस्ती|बड़ा|बड़ी)|sabse (?:accha|acchi|achha|achhi|best|behtar|badhiya|sasta|sasti"
            r"|bada|badi)"
        ),
    ),
    (
        "superlative",
        "lowest_price",
        words(
            r"(?:lowest|cheapest|best|rock bottom|unbeatable|never before) (?:ever )?(?:prices?"
            r"|rates?)|cheapest|sabse kam daam|सबसे कम दाम|sasta sabse"
        ),
    ),
    (
        "superlative",
        "most",
        words(
            r"(?:top|highest|best|most) (?:rated|selling|loved|trusted|popular|awarded)|the (?:only"
            r"|first) (?:brand|product|serum|oil|cream|company|app|solution|one) (?:that|to|which"
            r"|in)|the ultimate|perfect results?|flawless results?|revolutionary|breakthrough"
            r"|scientific breakthrough"
        ),
    ),
    (
        "superlative",
        "proven",
        words(
            r"(?:clinically|scientifically|medically|lab|dermatologically|laboratory) (?:proven"
            r"|tested|validated|backed|approved|shown|certified|verified)|proven (?:results?|to"
            r"|formula|by|effective)|(?:backed|proven|supported) by (?:science|research|studies"
            r"|clinical)|(?:studies|research|science) (?:show|shows|proves?|says?|suggests?)"
            r"|clinical (?:trials?|stud(?:y|ies)|results?)|प्रमाणित|vaigyanik roop se|क्लिनिकली"
        ),
    ),
    (
        "superlative",
        "cure",
        words(
            r"cures?|curing|cured (?:of|my|your|his|her)|heals? (?:diabetes|cancer|arthritis|acne"
            r"|eczema|psoriasis)|(?:treats?|eliminates?|reverses?|prevents?) (?:diabetes|cancer"
            r"|hair loss|baldness|arthritis|acne|ageing|aging|disease|diseases|infections?|covid"
            r"|wrinkles|dandruff|eczema)|(?:jad|jadd) se (?:khatam|khatm)|जड़ से (?:खत्म|ख़त्म"
            r"|मिटा[\p{L}\p{M}]*)|ilaaj|इलाज|rambaan|रामबाण"
        ),
    ),
    (
        "new_claim",
        "origin",
        words(
            r"made in (?:india|bharat|italy|korea|japan|usa|germany|switzerland|france)|imported"
            r"|swiss|korean|german|japanese|मेड इन इंडिया"
        ),
    ),
    (
        "new_claim",
        "natural",
        words(
            r"(?:100 ?% |all |fully |completely )(?:natural|organic|pure|herbal|vegan|ayurvedic)"
            r"|natural ingredients|organic|herbal|ayurvedic|ayurveda|vegan|plant based|आयुर्वेदिक"
            r"|जैविक|हर्बल|प्राकृतिक|shuddh|शुद्ध"
        ),
    ),
    (
        "new_claim",
        "free_from",
        words(
            r"(?P<what>sulphate|sulfate|paraben|silicone|chemical|toxin|toxic|cruelty|sugar|gluten"
            r"|alcohol|fragrance|mineral oil|fat|dairy|lactose|ammonia|preservative|plastic|bpa"
            r"|cholesterol|acne|stress|tension|maintenance) free|(?:no|zero|without|without any"
            r"|free (?:of|from)) (?:added |harmful |harsh |nasty )?(?P<what>sulphates?|sulfates?"
            r"|parabens?|silicones?|chemicals?|toxins?|sugar|preservatives|gluten|alcohol)"
            r"|non toxic|chemical free|बिना केमिकल|केमिकल फ्री|bina chemical"
        ),
    ),
    (
        "new_claim",
        "tested",
        words(
            r"(?:dermat(?:ologist|ologically)?|doctor|lab|third party|skin|patch|safety|allergy"
            r"|quality) (?:tested|checked)|hypo ?allergenic|non comedogenic|tested on"
        ),
    ),
    (
        "new_claim",
        "certified",
        words(
            r"(?:fda|fssai|iso|gmp|usda|ayush|bis|peta|halal|who|nabl|sebi|rbi|irdai|govt"
            r"|government)(?: \d+)? ?(?:approved|certified|registered|licensed|recognised"
            r"|recognized)|certified|patented|patent pending|licensed|accredited|प्रमाणपत्र"
        ),
    ),
    ("new_claim", "award", words(r"award winning|awards?|winner of|voted")),
    (
        "new_claim",
        "popular",
        words(
            r"best ?sellers?|best selling|bestselling|most bought|fan favou?rite|cult (?:favou?rite"
            r"|classic)|viral|trending|(?:trusted|loved|used|chosen|preferred|adored|approved) by"
            r"|join (?:the )?(?:thousands|millions|lakhs|hundreds|\d)|(?:thousands|millions|lakhs"
            r"|hundreds|crores) (?:of|love|trust|have)|लाखों|हजारों|करोड़ों|lakhon|hazaron|sold out"
        ),
    ),
    (
        "new_claim",
        "green",
        words(
            r"eco friendly|sustainable|sustainably|biodegradable|carbon neutral|zero waste"
            r"|recyclable|recycled|planet friendly|climate friendly"
        ),
    ),
    (
        "new_claim",
        "made",
        words(
            r"hand ?made|hand ?crafted|cold pressed|small batch(?:es)?|freshly made|made fresh"
            r"|home ?made|artisanal|hand ?picked"
        ),
    ),
    (
        "new_claim",
        "durable",
        words(
            r"water ?proof|sweat ?proof|smudge ?proof|unbreakable|scratch ?proof|fire ?proof"
            r"|lasts? (?:all day|forever|a lifetime|for years|longer)|long ?lasting|24/7|24 ?x ?7"
            r"|lifetime"
        ),
    ),
)
