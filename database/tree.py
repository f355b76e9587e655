"""The tree of regions from the township up, with what indicators need to know of a township."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import Connection

from database.tables import regions


@dataclass(frozen=True)
class Tree:
    """Every region but the villages: its parent, level, residents, and how many villages lie in it."""

    parents: dict[str, str | None]
    levels: dict[str, str]
    residents: dict[str, int | None]
    villages: Counter[str]

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Each region's children, in the order of their codes."""
        found: dict[str, list[str]] = {code: [] for code in self.parents}
        for code, parent in sorted(self.parents.items()):
            if parent in found:
                found[parent].append(code)
        return found

    def below(self, code: str) -> list[str]:
        """Return the region and all that lies in it, parents before children."""
        found = [code]
        for region in found:
            found.extend(self.children.get(region, ()))
        return found

    def upwards_from(self, code: str) -> list[str]:
        """Return the region and all above it."""
        found = [code]
        while (parent := self.parents.get(found[-1])) is not None and parent in self.parents:
            found.append(parent)
        return found

    def upwards(self) -> list[str]:
        """Return every region, children before parents."""
        roots = sorted(code for code, parent in self.parents.items() if parent not in self.parents)
        return [code for root in roots for code in reversed(self.below(root))]

    def counties(self) -> list[str]:
        """Return the regions that have townships, whose townships are ranked among each other."""
        return sorted({parent for code, parent in self.parents.items() if parent and self.levels[code] == "township"})

    def summed(self) -> list[str]:
        """Return the regions whose indicators and tasks are stored added up, children before parents.

        They are those above the townships, where any is compared with another: a county alone is not.
        """
        above = [code for code in self.upwards() if self.levels[code] != "township"]
        return [code for code in above if self.parents[code] in self.parents or self.parts(code)]

    def parts(self, code: str) -> list[str]:
        """Return the children of a region that are no townships, in the order of their codes."""
        return [child for child in self.children[code] if self.levels[child] != "township"]

    def townships(self, county: str) -> list[str]:
        """Return the county's townships, in the order of their codes."""
        return [code for code in self.children[county] if self.levels[code] == "township"]


def region_tree(connection: Connection) -> Tree:
    """Read the tree.

    Source: table regions; parent_code alone makes the tree.
    """
    r = regions.c
    rows = connection.execute(sa.select(r.code, r.parent_code, r.level, r.population).where(r.level != "village")).all()
    villages = sa.select(r.parent_code, sa.func.count()).where(r.level == "village").group_by(r.parent_code)
    return Tree(
        parents={row.code: row.parent_code for row in rows},
        levels={row.code: row.level for row in rows},
        residents={row.code: row.population for row in rows},
        villages=Counter({code: int(count) for code, count in connection.execute(villages)}),
    )
