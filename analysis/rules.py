"""The county's own thresholds, each in one place; the application prints them as 县定规则.

Source: DOMAIN "Lights", METHODS section 2.
"""

BEHIND_POINTS = 10.0
"""Behind plan by this many points or more is 严重滞后, by less 滞后."""

DUE_SOON_DAYS = 15
"""A task due by the month's end plus so many days is 临期."""

REPORT_DUE_DAY = 25
"""Reports for a month are due by this day of it."""

SUMMARY_UNREPORTED_SHARE = 0.5
"""A task as a whole is 未报送 when more than this share of its cells has no report."""

MIN_DENOMINATOR = 5
"""Fewer than this in the pooled denominator: 基数小, not judged."""

MIN_COVERAGE = 0.8
"""Less than this share of the weight judged: 暂不排名."""

POOLED_MONTHS = 12
"""Months pooled for flow indicators, and looked back over for implied goalposts."""

DRAWS = 20_000
"""Draws behind a rank interval."""

WEIGHT_DRAWS = 1_000
"""Draws behind the stability of a rank under other weights."""

WEIGHT_SWING = 0.25
"""Weights are moved by up to this share of themselves in each of those draws."""

AGE_LIMITS = (30, 60, 90, 180)
"""Upper ends, in days, of the ageing bands; the last band is open."""

STALE_DAYS = 40
"""A newest as-of day longer ago than this is stale: a month, and the days it takes to report it."""

SILENT_DAYS = 92
"""A stream without a new case for so long before the as-of day is asked about: a quarter."""

NEAR_GOAL = 80.0
"""An indicator's score from which it is 接近目标; from 60 it is 过底线."""

WHOLE_SHARE = 1 / 3
"""A task behind in this share of its townships or more is a weak link as a whole, and so is a township in its tasks."""

WHOLE_LEAST = 3
"""And in no fewer cells than this."""

LONG_BEHIND_MONTHS = 3
"""A yellow cell that has missed its plan for so many months running is a weak link."""

STALLED_MONTHS = 2
"""A cell without progress for so many months, while its plan went on, has stalled."""

AGED_DAYS = 90
"""A backlog case open for more days than this is a weak link; one of AGE_LIMITS."""

LONG_AGED_DAYS = 180
"""Open for more days than this it is a grave one; one of AGE_LIMITS."""

MANY_OVERDUE = 3
"""So many overdue cases of one township outside the backlog weigh more than one or two."""

MEETING_ITEMS = 10
"""A meeting discusses no more weak links than this."""

MEETING_OF_ONE_KIND = 2
"""Of these no more than so many are of one kind, as long as there are others."""

OVERVIEW_ITEMS = 5
"""The overview shows the first so many of them."""

MAKE_UP_DAYS = 5
"""Who has not reported is asked in the bulletin to do so within so many days after the as-of date."""

FOCUS_TOWNSHIPS = 6
"""So many townships get a slide of their own where none are chosen: those with the most grave weak links."""
