"""What Meta's advertising standards and the Indian code forbid in words, as patterns over plain text.

Personal attributes have their own module. A space in a pattern is any space or hyphen.
"""

from types import MappingProxyType
from typing import Final

from bot.domain.policy_text import words

_SPAN = (
    r"(?:in|within|just|only|under) (?:(?:just|only) )?(?:\d+|one|two|three|a|few|ek"
    r"|do) ?(?:days?|weeks?|hours?|minutes?|nights?|months?|din|hafte|दिनों?|हफ्तों?)"
)
_WEIGHT = r"\d+(?:[.,]\d+)? ?(?:\+ ?)?(?:kgs?|kilos?|kilograms?|pounds?|lbs|inches|किलो)"
_ROUTINE = (
    r"(?:every|each|your|the|a|all|any|meals?|food|breakfast|lunch|dinner|work|workouts?|gym"
    r"|training|class|shower"
    r"|bath|sleep|bed|use|using|school|sun|sports?|exercise|eating|exercising|party|travel"
    r"|shaving|makeup|khana|khane)"
)

BEFORE_AFTER: Final = (
    words(rf"before (?:and|&|n) after(?! {_ROUTINE}{{0,1}}\b(?<=\b{_ROUTINE}))"),
    words(r"before ?(?:/|\|) ?after|before vs\.? after|before-after|b4 (?:and|&|n) after"),
    words(
        r"(?:pehle|pahle) (?:aur|or|&) (?:baad|bad)(?: mein| me)? (?:ka|ki|ke|dekho|dekhein|photo"
        r"|fark|farq)|पहले और बाद"
    ),
    words(r"from" + rf" {_WEIGHT} to {_WEIGHT}"),
)
UNLIKELY: Final = (
    words(rf"(?:los[et]|losing|drop|shed|burn|reduce|gain|melt|down) (?:up to |upto |over )?{_WEIGHT}"),
    words(
        rf"{_WEIGHT} (?:(?:weight|fat) )?(?:kam|ghata\w*|less|lighter|down|gone|weight loss|कम|घटाएं"
        rf"|घटाए)"
    ),
    words(
        rf"(?:fair|fairer|fairness|white|whiter|bright white|slim|slimmer|taller|hair regrowth"
        rf"|regrow hair|regrow|hair growth|six pack|abs|flat (?:belly|tummy|stomach)|weight loss"
        rf"|wrinkle free|acne free|clear skin) {_SPAN}"
    ),
    words(
        r"(?:results?|weight loss|fairness|cure|transformation|slim|hair growth|relief) overnight"
        r"|overnight (?:results?|success|fairness|weight loss|cure|transformation|hair growth|riches)"
    ),
    words(
        r"instant(?:ly)? (?:fairness|fair|weight loss|slim|results?|cure|hair growth|regrowth"
        r"|whitening|relief from|approval guaranteed)"
    ),
    words(
        r"permanent(?:ly)? (?:hair removal|weight loss|cure|solution|results?|fairness|relief"
        r"|remov\w+|whitening|straight)|(?:hamesha ke liye|हमेशा के लिए) (?:khatam|chhutkara|gayab"
        r"|खत्म|छुटकारा|गायब)"
    ),
    words(
        r"(?:double|triple|10x|multiply) your (?:money|income|salary|investment)|get rich(?: quick)?"
        r"|guaranteed (?:returns?|income|profits?|job|placement|results?|weight loss|approval)"
        r"|(?:paisa|paise|पैसा|पैसे) (?:double|डबल)"
    ),
    words(
        r"(?:earn|make|kamao|kamaye|kamayein|कमाएं|कमाओ)(?: up to| upto)?\s*(?:₹|rs\.?|inr"
        r"|\$)\s*[\d,.]{1,12}\s*(?:k|lakhs?)?(?: (?:a|per|every|in a|har))?[\s/]*(?:day|daily|hour|week"
        r"|month|din|mahine)|(?:₹|rs\.?)\s*[\d,.]{1,12}\s*(?:k|lakhs?)?(?: (?:a|per|har))?[\s/]*(?:day"
        r"|daily|din) (?:kamao|kamaye|kamayein|from home|earn)"
    ),
    words(
        r"(?:without|no) (?:any )?(?:diet(?:ing)?|exercise|gym|effort)(?:,? (?:and|or|no"
        r"|without) (?:any )?(?:diet(?:ing)?|exercise|gym|effort))|(?:bina|बिना) (?:diet|exercise|gym"
        r"|डाइट|एक्सरसाइज|कसरत)"
    ),
    words(
        r"melts? (?:away )?(?:\w+ )?fat|fat melting|miracle (?:cure|pill|drink|oil|product|results?"
        r"|weight)|magic(?:al)? (?:pill|cure|weight)|works? (?:for|on) everyone|never fails?"
        r"|kills? (?:cancer|corona\w*|covid)|(?:chamatkar|chamatkari|चमत्कारी|चमत्कार)"
    ),
)
# Results of the strongest kind stay forbidden however they are put; these only make a person look.
MAYBE_UNLIKELY: Final = (
    words(rf"(?:visible |full |real |amazing |dramatic )?(?:results?|transformation|difference) {_SPAN}"),
    words(
        r"(?:see|watch|amazing|total|complete|dramatic|body) (?:the |my |your )?transformation"
        r"|transform your body"
    ),
)
SELF_IMAGE: Final = (
    words(
        r"(?:hate|hating|loathe|ashamed of|embarrassed (?:by|about|of)|insecure about|sick of"
        r"|disgusted by|not happy with|unhappy with) (?:your|ur|how you"
        r"|the way you) ?(?:own )?(?:body|belly|skin|looks?|face|weight|thighs|hair|nose|arms|legs"
        r"|stomach|tummy|smile|teeth|acne|fat|size|figure|reflection|colour|color|height)?"
    ),
    words(
        r"(?:you|you're|your (?:\w+ )?(?:face|skin|body|belly|hair|look|looks)(?: is"
        r"| are)?)(?: are)?(?: so| too| looking| look| looks)? (?:ugly|flabby|disgusting|gross"
        r"|unattractive|hideous|saggy|fugly)"
    ),
    words(
        r"(?:ugly|disgusting|gross|flabby|saggy|embarrassing|shameful|unsightly|hideous) (?:fat|belly"
        r"|skin|body|thighs|arms|acne|spots?|scars?|marks?|hair|rolls|bulges?|face|wrinkles|pimples)"
    ),
    words(
        r"(?:get rid of|lose|say goodbye to|hide|stop hiding|banish|blast) (?:your|that|those"
        r"|the) (?:ugly |stubborn |embarrassing )?(?:belly fat|muffin top|love handles|double chin"
        r"|flab|fat(?: belly| arms| thighs)?|beer belly|man boobs|cellulite|rolls)"
    ),
    words(
        r"(?:nobody|no one|no man|no girl|no guy) (?:likes|loves|wants|will (?:like|love|want|marry)"
        r"|looks at) (?:you|a fat|fat|ugly|dark|bald)|(?:too|so) (?:fat|ugly|skinny|dark|short"
        r"|bald) (?:to|for)|stop (?:being|looking) (?:so )?(?:fat|ugly|old|tired|dull)|(?:look"
        r"|looking) (?:so )?(?:fat|ugly)"
    ),
    words(
        r"(?:apne|apni|apke|aapke|अपने|अपनी|आपके) (?:mote|moti|bhadde|मोटे|मोटी|भद्दे) (?:pet|sharir"
        r"|body|shareer|पेट|शरीर)|(?:moti|mota|mote|bhaddi|मोटी|मोटे|भद्दी) (?:dikhti|dikhte|lagti"
        r"|lagte|दिखती|दिखते|लगती) (?:ho|hain|हो|हैं)|sharminda|शर्मिंदा"
    ),
)
SKIN_COLOUR: Final = (
    words(
        r"(?:skin )?(?:fairness|whitening|lightening) (?:cream|serum|soap|gel|lotion|treatment|facial"
        r"|kit|glow)|(?:fair|fairer|lighter|whiter) (?:skin|complexion|tone|face)|skin (?:whitening"
        r"|lightening|fairness)|get fair(?:er)?|dark skin (?:no more|gone|removal)"
    ),
    words(
        r"gora ?pan|gori (?:twacha|tvacha|skin)|gore (?:ho|bano|dikh\w*)|gora (?:ho|bano|rang|kare)"
        r"|kala ?pan|गोरापन|गोरी त्वचा|गोरा (?:रंग|बन|हो)|कालापन|सांवलापन|साँवलापन"
    ),
)
PROFANITY: Final = (
    words(
        r"f+[u\*@#!]+[c\*@#!]+k+\w*|f\*{2,3}k?\w*|motherf\w+|sh[i!\*1]t\w{0,3}|bullsh\w+"
        r"|b[i!\*1]tch\w*|a[s\$\*]{2}h[o0\*]les?|bastards?|dickheads?|cunts?|wtf|stfu|badass(?:es)?"
        r"|dumbass(?:es)?|kick ?ass|pissed off|damn it|slut\w*|whores?"
    ),
    words(
        r"chu+t+i?ya\w*|chutiy\w+|(?:bhen|behen|bahen|ben) ?chod\w*|bhosd\w+|bhosri\w*|madar ?chod\w*"
        r"|ga+ndu?|gaand\w*|harami\w*|haramzad\w+|randi|lavd[ae]|lauda|l[ou]da|kamine|kamina"
        r"|bakchod\w*"
    ),
    words(
        r"चूतिय[\p{L}\p{M}]*|(?:भेन|बहन|बहिन)चोद|मादरचोद|भोसड़ीके|गांड|गांडू|हरामी|हरामजाद[\p{L}\p{M}]*|रंडी"
        r"|लौड़ा|कमीने|कमीना"
    ),
)
FAKE: Final = (
    words(
        r"(?:you have |you've got |you've )?\(?\d+\)? (?:new |unread )+(?:messages?|notifications?"
        r"|alerts?|friend requests?)|\d+ missed calls?|you have (?:a |an )?(?:new |unread |pending "
        r"|missed )(?:message|notification|alert|friend request|call)"
    ),
    words(
        r"(?:your )?(?:phone|device|computer|system|android|iphone) (?:is |has been "
        r"|may be )?(?:infected|at risk|hacked|damaged|slow)|virus(?:es)? (?:detected|found)"
        r"|(?:system|security) (?:alert|warning|update required)|(?:update|battery) (?:required"
        r"|critical)|battery low|low battery|storage full"
    ),
    words(
        r"your (?:\w+ )?account (?:has been|will be|is|was) (?:\w+ )?(?:suspended|blocked|disabled"
        r"|locked|limited|deactivated|closed|deleted)|verify your (?:account|identity|kyc)|(?:kyc"
        r"|account) (?:expired?|pending|suspended)|payment (?:failed|declined)|order (?:on hold"
        r"|could not be delivered)"
    ),
    words(
        r"(?:congratulations|congrats|badhai ho|बधाई हो)[!,\s]*(?:you(?:'ve| have)?|aap\w*"
        r"|आप[\p{L}\p{M}]*) (?:been )?(?:won|selected|chosen|win|jeet\w*|चुन[\p{L}\p{M}]*|जीत[\p{L}\p{M}]*)"
        r"|you(?:'ve| have| are| just)? (?:just )?(?:won|been selected|been chosen|the winner|a winner"
        r"|our winner|the lucky)|claim your (?:prize|reward|winnings)"
    ),
    r"\[\s*(?:play|shop now|buy now|buy|click here|download|open|ok|yes|no|x|close|install"
    r"|continue|learn more|sign up|order now|tap here|submit|next)\s*\]",
    r"(?:^|\s)[▶⏵►⏯]\ufe0f?\s*(?:play|watch|tap|click|press)?|[☐☑☒✅🔘]\s*(?:yes|no|agree"
    r"|i'm not a robot)|(?:^|\s)[✕✖❌]\s*close|🔔\s*\(?\d|🔴\s*\d+\s*(?:new|unread)",
    words(
        r"(?:click|tap|press) (?:the )?(?:x|cross|close button|ok|play button|allow)(?: to)?"
        r"|swipe to (?:unlock|answer)|incoming call|download (?:complete|ready|will start)"
        r"|are you a robot|i'm not a robot"
    ),
)
_BRANDS = r"(?:facebook|instagram|insta|whatsapp|fb|messenger|meta ads|meta ai|(?-i:Meta))"
META_BRAND: Final = (
    words(
        rf"{_BRANDS}(?:'s)? (?:approved|certified|verified|endorsed|recommended|recommends|official"
        rf"|authorised|authorized|partnered|sponsored|trusted|tested|preferred|loves|approves"
        rf"|guarantees|backed)"
    ),
    words(
        rf"(?:approved|certified|verified|endorsed|recommended|authorised|authorized|sponsored"
        rf"|trusted|powered|backed|chosen) by {_BRANDS}|official (?:{_BRANDS}) (?:partner|store|shop"
        rf"|product|seller|offer|page of)|official partner of {_BRANDS}"
        rf"|{_BRANDS} (?:official )?partner|in (?:partnership|association"
        rf"|collaboration) with {_BRANDS}"
    ),
    words(rf"{_BRANDS} (?:giveaway|lottery|prize|reward|bonus|discount|sale|winner)"),
)
META_MENTION: Final = (words(r"facebook|instagram|insta|whatsapp|fb"),)
_SUPPORTER = (
    r"(?:doctors?|dermatologists?|dentists?|experts?|scientists?|nutritionists?|dieticians?"
    r"|dietitians?|paediatricians?"
    r"|pediatricians?|gynaecologists?|gynecologists?|trichologists?|physicians?|pharmacists?"
    r"|celebrit(?:y|ies)|bollywood"
    r"|actors?|actress(?:es)?|cricketers?|influencers?|astrologers?|vaidyas?|vaids?|chefs"
    r"|athletes|trainers|डॉक्टर|डॉक्टरों|विशेषज्ञ|विशेषज्ञों)"
)
ENDORSEMENT: Final = (
    words(
        rf"{_SUPPORTER} (?:(?-i:\p{{Lu}}\p{{Ll}}+) )?(?:highly |all |also )?(?:recommend(?:s|ed)?"
        rf"|approved?s?|trust(?:s|ed)?|swear(?:s)? by|say|says|love|loves|endorsed?s?|prescribed?s?"
        rf"|use|uses|vouch\w*|tested|formulated|developed|created)"
    ),
    words(
        rf"(?:recommended|approved|trusted|endorsed|prescribed|loved|used|tested|formulated|developed"
        rf"|created|backed|made|chosen) by (?:\p{{L}}+ ){{0,3}}{_SUPPORTER}"
    ),
    words(
        r"(?-i:Dr\.?|Doctor|Vaidya|Prof\.?)\s*(?-i:\p{Lu}\p{L}+)|डॉ\.?\s*\p{L}+|as seen (?:on|in)"
        r"|featured (?:in|on)|as featured|(?:forbes|vogue|ndtv|times of india|shark tank|femina|elle)"
    ),
    words(
        r"(?:doctor|daktar|experts?) (?:ki|ke|ka|bhi) (?:salah|sujhav|pasand|recommend\w*)|(?:डॉक्टर"
        r"|डॉक्टरों|विशेषज्ञों) (?:की|के|द्वारा) (?:सलाह|पसंद|अनुशंसित|सुझाए|सुझाया)|(?:government"
        r"|govt|ayush|sarkar|sarkari) (?:approved|certified|recommended|recommends)"
    ),
)
_TRIED = (
    r"(?:tried|used|using|lost|switched|bought|ordered|noticed|saw|seen|got|love|loved|stopped"
    r"|started|recommend|wish|regret"
    r"|thought|gained|found|felt|feel|swear|had|struggled|suffered|finally|couldn't|can't believe"
    r"|can't imagine|kept|threw|gave)"
)
_MINE = (
    r"(?:skin|hair|face|weight|acne|husband|wife|mom|mum|mother|father|dad|daughter|son|baby"
    r"|friends?|kids|dermatologist|doctor|dandruff|life)"
)
TESTIMONIAL: Final = (
    r"\"[^\"\n]{8,300}\"\s*(?:[-–—~|,]|by)\s*(?-i:\p{Lu})[\p{L}\p{M}.]+",
    r"(?:^|\n|\.\s|!\s"
    r"|\"\s?)\s*[–—~-]\s?(?-i:\p{Lu}[\p{L}\p{M}]+)(?:\s(?-i:\p{Lu})[\p{L}.]*)?,\s*(?:\d{2}"
    r"|(?-i:\p{Lu}\p{L}+))\s*(?:$|\n|[,.])",
    words(
        rf"(?-i:I)(?:'ve|'d|'m| have| am)? (?:never |just |really |always |only |also |absolutely "
        rf"|had |been |honestly )?{_TRIED}"
    ),
    words(
        rf"(?:my|our) {_MINE} (?:is|are|was|were|has|have|feels?|felt|looks?|looked|never|got|became"
        rf"|stopped|loves?|asked|noticed|told|says|said|changed)"
    ),
    words(
        r"(?:maine|mene|main ne|मैंने) (?:[^\s-]+ ){0,4}(?:kiya|use|try|dekha|khareeda|liya|paya|kam|किया"
        r"|देखा|खरीदा|लिया|पाया|इस्तेमाल|आजमाया)|(?:mere|meri|मेरे|मेरी) (?:baal|bal|skin|twacha"
        r"|chehra|बाल|त्वचा|स्किन|चेहर[\p{L}\p{M}]*)"
    ),
    words(
        r"(?-i:\p{Lu}\p{Ll}+) (?:from|of) (?-i:\p{Lu}\p{Ll}+) (?:says|said|lost|writes|swears|loves"
        r"|tells|reports)|(?:our |happy )?(?:customers?|buyers?|users?|clients?|people|moms) (?:say"
        r"|says|swear by|rave|can't stop|are raving|keep coming back|are saying)"
    ),
)

# code -> (patterns, whether they only warn); what the present ad may have is told apart in policy_lint.
ALWAYS: Final = MappingProxyType(
    {
        "before_after": (BEFORE_AFTER, False),
        "unlikely_result": (UNLIKELY, False),
        "negative_self_image": (SELF_IMAGE, False),
        "skin_colour": (SKIN_COLOUR, True),
        "profanity": (PROFANITY, False),
        "fake_interface": (FAKE, False),
        "meta_brand": (META_BRAND, False),
    }
)
SOFTLY: Final = MappingProxyType({"unlikely_result": MAYBE_UNLIKELY, "meta_brand": META_MENTION})
