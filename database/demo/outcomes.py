"""How cases end and what people say of it: the closing method, the mark of satisfaction."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.closing_methods import LAWFUL, PROCEDURAL, SUBSTANTIVE
from database.demo.days import Numbers
from database.demo.streams import Choices, Stream

METHODS = {
    "petition_backlog": ((SUBSTANTIVE[0], 0.34), (SUBSTANTIVE[1], 0.2), (SUBSTANTIVE[2], 0.1), (SUBSTANTIVE[3], 0.13),
                         (LAWFUL[0], 0.09), (LAWFUL[1], 0.06), (LAWFUL[2], 0.08)),
    "petition": ((SUBSTANTIVE[0], 0.62), (SUBSTANTIVE[3], 0.26), (PROCEDURAL, 0.12)),
}  # fmt: skip
"""How cases of a stream are closed; disputes end by their township's skill, other streams name no method."""

FAILED_MEDIATION = "调解不成"


def words(codes: npt.NDArray[np.integer], names: Sequence[str]) -> pd.Categorical:
    """Return the names at `codes`, -1 for none, without a copy of each word."""
    kind: Any = pd.CategoricalDtype(list(names))
    named: pd.Categorical = pd.Categorical.from_codes(codes, dtype=kind)
    return named


def choose(choices: Choices, size: int, rng: np.random.Generator) -> pd.Categorical:
    """Draw `size` words by their shares."""
    share = np.array([share for _, share in choices])
    codes = np.searchsorted(np.cumsum(share) / share.sum(), rng.random(size), side="right")
    return words(np.minimum(codes, len(share) - 1), tuple(name for name, _ in choices))


def methods(stream: str, is_closed: npt.NDArray[np.bool_], skill: Numbers, rng: np.random.Generator) -> pd.Categorical:
    """Draw the closing method of each closed case; the skill of its township decides whether mediation succeeds."""
    if stream == "dispute":
        has_failed = rng.random(len(skill)) > 0.90 + 0.08 * np.clip(skill, 0, 1.1)
        codes = np.where(has_failed, 2, rng.random(len(skill)) < 0.3)
        names = (SUBSTANTIVE[1], SUBSTANTIVE[0], FAILED_MEDIATION)
        return words(np.where(is_closed, codes, -1), names)
    if stream not in METHODS:
        return words(np.full(len(skill), -1), ())
    chosen = choose(METHODS[stream], len(skill), rng)
    return words(np.where(is_closed, chosen.codes, -1), tuple(name for name, _ in METHODS[stream]))


def satisfaction(
    stream: Stream, is_closed: npt.NDArray[np.bool_], skill: Numbers, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Return 1, 2 or 3 for the cases that were rated, NaN for the rest."""
    is_rated = is_closed & (rng.random(len(skill)) < stream.rated_share)
    content = rng.random(len(skill)) < 0.80 + 0.15 * np.clip(skill, 0, 1.2)
    mark = np.where(content, np.where(rng.random(len(skill)) < 0.65, 1.0, 2.0), 3.0)
    return np.where(is_rated, mark, np.nan)
