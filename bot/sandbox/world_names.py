"""The names and the shape of the demo's two accounts, as data."""

from bot.sandbox.world_plans import AccountPlan, AdPlan, CampaignPlan, SetPlan

_SERUM = CampaignPlan(
    "in.serum",
    "TL | Sales | Prospecting | Vitamin C Serum | CBO",
    "https://tulsilane.example/vitamin-c-serum",
    3_200_000,
    (
        SetPlan(
            "broad",
            "Broad 22-45 | All India | 7DC1DV",
            (
                AdPlan("glow", "Reel | 14-day glow | v3", "Glow you can see in 14 days", True),
                AdPlan("lab", "Static | Tested in the lab | 4:5", "Tested, not just trusted"),
                AdPlan("offer", "Static | Flat ₹150 off first order | 1:1", "₹150 off your first order"),
            ),
        ),
        SetPlan(
            "interest",
            "Interest | Skincare + K-beauty | Metro",
            (
                AdPlan("texture", "Reel | Texture close-up | v1", "Sinks in within seconds", True),
                AdPlan(
                    "routine", "Carousel | 3-step morning routine", "Your 3-step morning", form="carousel"
                ),
            ),
        ),
        SetPlan(
            "lookalike",
            "LAL 1-3% | Purchasers 180D",
            (
                AdPlan("stars", "Static | 4.6 stars, 12,000 reviews | 4:5", "4.6 stars from 12,000 buyers"),
                AdPlan("unbox", "Reel | Unboxing | v2", "See what is inside", True),
            ),
        ),
    ),
    crowd=(4.5, 5.5),
)

_RETARGET = CampaignPlan(
    "in.retarget",
    "TL | Sales | Retargeting | Viewers + Cart 14D",
    "https://tulsilane.example/cart",
    1_800_000,
    (
        SetPlan(
            "viewers",
            "Product viewers 14D excl. buyers 30D",
            (
                AdPlan("bundle", "Static | Serum + oil bundle | 1:1", "Better together: save ₹300"),
                AdPlan(
                    "remind",
                    "Carousel | Viewed products (manual)",
                    "Still thinking about it?",
                    form="carousel",
                ),
                AdPlan("stars", "Static | What buyers say | 4:5", "What buyers say"),
            ),
        ),
        SetPlan(
            "cart",
            "Added to cart 7D | 1DC",
            (
                AdPlan("left", "Static | Left in your cart | 1:1", "You left something behind"),
                AdPlan("ship", "Static | Free shipping today | 9:16", "Free shipping ends tonight"),
                AdPlan("cod", "Reel | Pay on delivery | v1", "Pay when it arrives", True),
            ),
            click_days=1,
        ),
    ),
    crowd=(4.0, 5.0),
)

_HAIROIL = CampaignPlan(
    "in.hairoil",
    "TL | Sales | Prospecting | Onion Hair Oil | ABO",
    "https://tulsilane.example/onion-hair-oil",
    0,
    (
        SetPlan(
            "broad",
            "Broad 25-50 | North + West",
            (
                AdPlan("ritual", "Reel | Sunday oiling ritual | v2", "The Sunday ritual, bottled", True),
                AdPlan("less", "Static | Less hair in the drain | 4:5", "Less hair in the drain"),
                AdPlan("pack", "Static | Pack of 2 at ₹899 | 1:1", "Two bottles at ₹899"),
            ),
        ),
        SetPlan(
            "south",
            "Broad 25-50 | South | Tamil + Telugu",
            (
                AdPlan("tamil", "Reel | Tamil voice-over | v1", "Tamil: stronger roots", True),
                AdPlan("telugu", "Reel | Telugu voice-over | v1", "Telugu: stronger roots", True),
            ),
        ),
        SetPlan(
            "grooming",
            "Interest | Grooming 22-40",
            (
                AdPlan("simple", "Static | One oil, no fuss | 1:1", "One oil, no fuss"),
                AdPlan("gym", "Reel | After the gym | v1", "After the gym", True),
            ),
        ),
    ),
)

_BESTSELLERS = CampaignPlan(
    "in.bestsellers",
    "TL | Sales | Advantage+ | Bestsellers",
    "https://tulsilane.example/bestsellers",
    2_900_000,
    (
        SetPlan(
            "auto",
            "Advantage+ audience | All India",
            (
                AdPlan("top", "Carousel | Top 5 of the month", "Top 5 this month"),
                AdPlan("film", "Reel | Brand film 30s | cut 4", "Made in small batches", True),
                AdPlan("offer", "Static | Buy 2 get 1 | 1:1", "Buy 2, get 1 free", form="feed"),
            ),
        ),
        SetPlan(
            "students",
            "Test | 18-22 students | Metro",
            (
                AdPlan("mini", "Static | Minis from ₹99 | 9:16", "Minis from ₹99"),
                AdPlan("hostel", "Reel | Hostel shelf | v1", "Everything for one shelf", True),
            ),
            volume=0.45,
        ),
        SetPlan(
            "refill",
            "Buyers 30-90D | Refill",
            (
                AdPlan("refill", "Static | Time for a refill? | 1:1", "Time for a refill?"),
                AdPlan("combo", "Carousel | Pair it with", "Pairs well with yours", form="template"),
            ),
        ),
    ),
)

_GIFTING = CampaignPlan(
    "in.gifting",
    "TL | Sales | Gifting | Winter Skin Kit | own store",
    "https://gifts.tulsilane.example/winter-kit",
    2_600_000,
    (
        SetPlan(
            "metro",
            "Broad 25-55 | Top 8 cities",
            (
                AdPlan("box", "Static | The winter box | 4:5", "The winter box"),
                AdPlan("open", "Reel | Opening the box | v2", "Wait for the last layer", True),
                AdPlan("bulk", "Static | 10 boxes or more | 1:1", "For teams of 10 or more"),
            ),
        ),
        SetPlan(
            "tier2",
            "Broad 25-55 | Tier 2 | Hindi",
            (
                AdPlan("hindi", "Reel | Hindi voice-over | v1", "Hindi: a warm gift", True),
                AdPlan("cod", "Static | Pay on delivery | 1:1", "Pay on delivery"),
            ),
        ),
        SetPlan(
            "lookalike",
            "LAL 1% | Gift buyers last winter",
            (
                AdPlan("again", "Static | Gift it again | 4:5", "They loved it last year"),
                AdPlan("new", "Carousel | What is new in the kit", "New in this year's kit"),
            ),
        ),
    ),
)

_NIGHTOIL = CampaignPlan(
    "in.nightoil",
    "TL | Sales | Prospecting | Kumkumadi Night Oil | CBO",
    "https://tulsilane.example/kumkumadi-night-oil",
    2_100_000,
    (
        SetPlan(
            "lookalike",
            "LAL 1-5% | High value buyers",
            (
                AdPlan("before", "Static | Before and after 21 nights | 1:1", "21 nights later"),
                AdPlan("saffron", "Reel | Saffron from Pampore | v1", "Saffron from Pampore", True),
                AdPlan("night", "Static | Three drops a night | 4:5", "Three drops a night"),
            ),
        ),
        SetPlan(
            "broad",
            "Broad 30-55 | All India",
            (AdPlan("sleep", "Reel | While you sleep | v2", "It works while you sleep", True),),
        ),
        SetPlan(
            "test",
            "Test | Cost cap ₹300 | paused",
            (
                AdPlan("gold", "Static | Gold label | 1:1", "The gold label"),
                AdPlan("mini", "Static | 10 ml trial | 4:5", "Try 10 ml first"),
            ),
        ),
    ),
)

_COLD_BREW = CampaignPlan(
    "us.coldbrew",
    "Sales - Prospecting - Cold Brew Packs",
    "https://harborroast.example/cold-brew",
    42_000,
    (
        SetPlan(
            "broad",
            "Broad 24-54 US",
            (
                AdPlan("pour", "Video - The pour - 15s", "Cold brew in one minute", True),
                AdPlan("pack", "Image - 12 pack $29", "12 packs for $29"),
                AdPlan("quiz", "Image - Find your roast", "Find your roast"),
            ),
        ),
        SetPlan(
            "lookalike",
            "LAL 2% subscribers",
            (
                AdPlan("desk", "Video - Desk to porch - 20s", "From desk to porch", True),
                AdPlan("save", "Image - Subscribe and save 15%", "Subscribe, save 15%"),
            ),
        ),
    ),
)

_WIN_BACK = CampaignPlan(
    "us.winback",
    "Sales - Win back 60-180 days",
    "https://harborroast.example/welcome-back",
    18_000,
    (
        SetPlan(
            "lapsed",
            "Buyers 60-180 days",
            (
                AdPlan("miss", "Image - It has been a while", "It has been a while"),
                AdPlan("new", "Video - Two new roasts - 15s", "Two new roasts", True),
                AdPlan("gift", "Image - Free mug", "A mug on us"),
            ),
        ),
    ),
    crowd=(4.0, 6.0),
)

INDIA = AccountPlan(
    "in",
    0,
    "Tulsi Lane India",
    "Tulsi Lane Naturals",
    "INR",
    "Asia/Kolkata",
    evenings=True,
    cpm=(15_000, 20_500),
    link_ctr=(0.0105, 0.0165),
    cost_per_purchase=(23_000, 28_500),
    order_value=(105_000, 145_000),
    impressions=(14_000, 30_000),
    campaigns=(_SERUM, _RETARGET, _HAIROIL, _BESTSELLERS, _GIFTING, _NIGHTOIL),
)

AMERICA = AccountPlan(
    "us",
    1,
    "Harbor Roast US",
    "Harbor Roast Coffee",
    "USD",
    "America/New_York",
    evenings=False,
    cpm=(1_200, 1_700),
    link_ctr=(0.010, 0.015),
    cost_per_purchase=(2_400, 3_100),
    order_value=(3_600, 5_200),
    impressions=(4_500, 9_000),
    campaigns=(_COLD_BREW, _WIN_BACK),
)
