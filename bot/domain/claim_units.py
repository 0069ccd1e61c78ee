"""What stands beside a number in ad copy, as data: currencies, scales, number words and units."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final


def _words(listed: str) -> MappingProxyType[str, str]:
    """Lines of `meaning: word|word` as meanings by word."""
    rows = (line.split(": ", 1) for line in listed.strip().splitlines())
    return MappingProxyType({word: meaning for meaning, row in rows for word in row.split("|")})


CURRENCIES: Final = _words("""
INR: ₹|rs|rs.|inr|rupees|rupee|rupaye|rupay|/-|रु|रुपये|रुपए|रुपया|ரூ
USD: $|usd|dollars
EUR: €|eur|euros
GBP: £|gbp|pounds
AED: aed|dirhams
BDT: ৳
""")
BEHIND_ONLY: Final = ("/-", "rupees")
_SCALES = _words("""
1000: k|thousand|hazaar|hazar|हजार
100000: lakh|lakhs|lac|lacs|लाख
1000000: million|mn|m
10000000: crore|crores|cr|करोड़
""")
SCALES: Final = MappingProxyType({word: Decimal(scale) for word, scale in _SCALES.items()})
# Without a unit behind them these words count nothing ("two friends", "one oil"), so they are no claim.
NUMBER_WORDS: Final = _words("""
1: one
2: two
3: three
4: four
5: five
6: six
7: seven
8: eight
9: nine
10: ten
12: twelve|dozen
14: fourteen
15: fifteen
20: twenty
21: twenty one
25: twenty five
30: thirty
40: forty
50: fifty|pachas|पचास
60: sixty
70: seventy
75: seventy five
80: eighty
90: ninety
99: ninety nine
100: hundred|a hundred
""")
UNITS: Final = _words("""
percent: %|percent|per cent|pct|प्रतिशत|फीसदी|pratishat
day: days|day|din|dino|दिन|दिनों
night: nights|night|raat|रात
hour: hours|hour|hrs|hr|ghante|घंटे|घंटों
minute: minutes|minute|mins|min|मिनट
second: seconds|second|secs|sec|सेकंड
week: weeks|week|hafte|हफ्ते|हफ्तों|सप्ताह
month: months|month|mahine|महीने|महीनों
year: years|year|yrs|yr|saal|साल|सालों|वर्ष
kg: kg|kgs|kilos|kilo|किलो
g: g|gm|gms|grams|gram|ग्राम
mg: mg
ml: ml
l: litre|litres|liter|ltr
cm: cm
mm: mm
inch: inches|inch
km: km|kms
star: stars|star|star rating|star rated|rating|सितारे|स्टार|★|⭐|/5|/ 5|out of 5|on 5
review: reviews|review|ratings|testimonials|रिव्यू
people: customers|customer|buyers|users|people|women|men|families|moms|mothers|students|clients|fans
people: members|indians|orders|sold|log|logon|grahak|लोग|लोगों|ग्राहक|ग्राहकों|महिलाओं|परिवारों
times: x|times|guna|गुना
""")
# The code of a new number by its unit; others are a new number.
CODES: Final = MappingProxyType({"percent": "new_percentage"})
