"""The ways a case is closed: settled in substance, ended lawfully, or closed by procedure only."""

SUBSTANTIVE = ("问题解决到位", "调解协议", "帮扶救助", "政策解释息诉")
"""实体化解: with a signed record."""

LAWFUL = ("听证终结", "复查复核三级终结", "涉法涉诉终结")
"""依法终结: lawful, not blameworthy; counts as 化解 beside the substantive ones."""

PROCEDURAL = "程序性办结"
"""Closed on paper only: exists in the other streams, refused for petition_backlog."""
