"""The demo county: 常山县's published figures and real regions, everything else invented (演示数据)."""

from database.demo.county import DEMO_SOURCE, ForeignData, create_demo, demo_frames
from database.demo.days import DEMO_AS_OF
from database.demo.embedded import ensure_demo

__all__ = ["DEMO_AS_OF", "DEMO_SOURCE", "ForeignData", "create_demo", "demo_frames", "ensure_demo"]
