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
