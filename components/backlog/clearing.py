"""化解用时和清零 on screen: the tables of both."""

from components.tables import Column

AFTER = (
    Column("within", "交办后"),
    Column("closed", "已化解", is_number=True, figure="median_days"),
    Column("range", "95%范围", is_number=True),
)
CLEARING = (
    Column("sure", "把握"),
    Column("weeks", "还要几周", is_number=True),
    Column("by", "清零日期不晚于", figure="clearing_forecast"),
)
