"""薄弱环节: what is wrong, precisely where, since when, whose it is, and in which order to take it up."""

from analysis.weak_links.kinds import KIND_WORDS, WEAK_LINKS, WEIGHTS, Kind, Severity
from analysis.weak_links.order import chosen, foremost, ranked

__all__ = ["KIND_WORDS", "WEAK_LINKS", "WEIGHTS", "Kind", "Severity", "chosen", "foremost", "ranked"]
