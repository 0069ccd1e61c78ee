"""Personal attributes as data: what people are called or have, in English, Hindi and Hinglish.

Meta's list (advertising standards, privacy violations and personal attributes): race, ethnicity, religion,
age, orientation, disability, health, financial hardship, criminal record, name. `LOOKS` are what
cosmetics are sold for; they are spoken of in most such ads, so they only warn.
"""

from types import MappingProxyType
from typing import Final

# What a person has: "do you have {..}", "your {..}", "{..} se pareshan".
_ILLNESS: Final = """
diabetes|diabetic condition|high blood sugar|high blood pressure|high bp|low bp|hypertension|thyroid
pcos|pcod
infertility|erectile dysfunction|premature ejaculation|low libido|depression|anxiety
anxiety disorder|panic attacks
adhd|autism|bipolar disorder|ptsd|ocd|cancer|hiv|aids|herpes|std|asthma|arthritis|migraine|migraines
epilepsy|piles
hemorrhoids|haemorrhoids|ibs|kidney stones|fatty liver|heart disease|high cholesterol|obesity
insomnia|addiction
alcoholism|drinking problem|eczema|psoriasis|eating disorder|chronic pain|disability|mental illness
weight problem
weight issues|memory loss|hearing loss|gambling problem|menopause|miscarriage
sugar ki bimari|sugar ki beemari|madhumeh|motapa|motape|bawasir|bavasir|gathiya|dama|mirgi|nasha
sharab ki lat|nashe ki lat
मधुमेह|डायबिटीज|शुगर की बीमारी|हाई बीपी|हाई ब्लड प्रेशर|उच्च रक्तचाप|थायराइड|थाइरॉइड|पीसीओएस|पीसीओडी
डिप्रेशन|अवसाद
कैंसर|एड्स|अस्थमा|दमा|गठिया|बवासीर|मोटापा|मोटापे|बांझपन|नपुंसकता|मिर्गी|नशे की लत|शराब की लत
विकलांगता|मानसिक रोग|माइग्रेन
"""
# What a person is: "are you {..}", "aap {..} hain".
_ILL: Final = """
diabetic|depressed|anxious|autistic|obese|overweight|fat|infertile|impotent|hypertensive|asthmatic
disabled|handicapped
bipolar|suicidal|addicted|alcoholic|hiv positive|epileptic|mentally ill|deaf|wheelchair bound
insomniac|cancer survivor
mota|mote|moti|madhumeh rogi|sharabi|viklang
मोटा|मोटे|मोटी|डायबिटिक|मधुमेह रोगी|विकलांग|दिव्यांग|अपंग|शराबी|नशेड़ी|बहरे|अंधे
"""
_LOOKS: Final = """
acne|pimples|hair fall|hairfall|hair loss|hair thinning|dandruff|dark circles|dark spots
pigmentation|wrinkles
stretch marks|cellulite|bad breath|body odour|body odor|grey hair|gray hair|bloating|acidity
constipation|joint pain
back pain|knee pain|period pain|period cramps|baldness|bald spot|bald spots|belly fat|double chin
love handles
baal jhadna|baal jhadne|bal jhadne|jhadte baal|jhadte baalon|muhase|muhaase|daag dhabbe|kabz
ganjapan|safed baal
बाल झड़ना|बाल झड़ने|झड़ते बाल|झड़ते बालों|मुंहासे|मुहांसे|पिंपल|पिंपल्स|रूसी|डार्क सर्कल|झुर्रियां
झुर्रियों|दाग धब्बे|दाग धब्बों|गंजापन|गंजेपन
कब्ज|जोड़ों के दर्द|कमर दर्द|घुटनों के दर्द|सफेद बाल|सफेद बालों
"""
_LOOKING: Final = """
bald|balding|pregnant|going bald|greying|wrinkled|ganje|गंजे|गर्भवती
"""
_FAITH: Final = """
religion|caste|race|ethnicity|ethnic background|skin colour|skin color|gotra|jaati|dharm|धर्म|जाति
गोत्र|मजहब
"""
_FAITHFUL: Final = """
hindu|muslim|christian|catholic|sikh|jain|buddhist|parsi|jewish|brahmin|dalit|rajput|maratha|yadav
obc|scheduled caste
adivasi|atheist|african|black|asian|hispanic|latino|latina|arab|upper caste|lower caste|musalman
हिंदू|हिन्दू|मुस्लिम|मुसलमान|ईसाई|सिख|जैन|बौद्ध|ब्राह्मण|दलित|राजपूत|यादव|आदिवासी
"""
_ORIENTATION: Final = "sexuality|sexual orientation|gender identity|sex life problem"
_ORIENTED: Final = """
gay|lesbian|bisexual|queer|transgender|trans|homosexual|non binary|nonbinary|lgbtq|समलैंगिक|किन्नर
"""
_MONEY: Final = """
debt|debts|bad credit|poor credit|low cibil|low cibil score|bad cibil|bad cibil score|money problems
money trouble
money troubles|financial problems|financial trouble|financial troubles|financial difficulties
low income|unpaid bills
unpaid emis|overdue emis|overdue emi|pending emis|loan rejection
karz|karze|karja|karje|udhari|paise ki tangi|paiso ki tangi|paise ki kami|paise ki dikkat|garibi
gareebi|berozgari
कर्ज|कर्जे|उधारी|पैसों की तंगी|पैसे की तंगी|आर्थिक तंगी|पैसों की कमी|गरीबी|बेरोजगारी
"""
_POOR: Final = """
broke|bankrupt|poor|unemployed|jobless|in debt|drowning in debt|deep in debt|out of work
short of money|short on cash
low on cash|behind on rent|behind on your rent|behind on your emi|behind on your emis
behind on your loan|low income
struggling financially|financially struggling|underpaid|berozgar|berojgar|gareeb|garib|kangaal
karz mein|karze mein
बेरोजगार|गरीब|दिवालिया|कंगाल|कर्ज में|कर्जे में
"""
_RECORD: Final = "criminal record|criminal history|arrest record|union membership|voter registration"
_CONVICTED: Final = "an ex convict|ex convict|a felon|felon|on parole|on bail|a convict|arrested|convicted"


def _terms(listed: str) -> frozenset[str]:
    return frozenset(term for line in listed.splitlines() for term in line.split("|") if term)


# category -> (what a person has, what a person is)
TERMS: Final = MappingProxyType(
    {
        "health or disability": (_terms(_ILLNESS), _terms(_ILL)),
        "looks": (_terms(_LOOKS), _terms(_LOOKING)),
        "religion or origin": (_terms(_FAITH), _terms(_FAITHFUL)),
        "sexual orientation or gender": (_terms(_ORIENTATION), _terms(_ORIENTED)),
        "money troubles": (_terms(_MONEY), _terms(_POOR)),
        "record": (_terms(_RECORD), _terms(_CONVICTED)),
    }
)
SOFT: Final = frozenset({"looks"})
