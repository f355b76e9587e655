"""What every region's derived figures are computed from, read once for all of them."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.extent import Extent
from database.kpi_values import computed_kpis, known_campaigns, township_basis
from database.kpis.basis import Basis
from database.ledger import first_repeats, township_ledger
from database.tables import cases
from database.tree import Tree


class Given:
    """The tree, the extent, the indicators and campaigns; ledgers and bases are read region by region."""

    def __init__(self, connection: Connection, tree: Tree, scope: Extent) -> None:
        self.tree, self.scope = tree, scope
        self.computed, self._running = computed_kpis(connection), known_campaigns(connection)
        self._repeats = first_repeats(connection, until=scope.last)
        orphans = set(connection.scalars(sa.select(cases.c.township_code).distinct())) - tree.parents.keys()
        self.regions = [*sorted(orphans), *tree.upwards()]
        """Every region with figures, children before parents; cases of an unknown region keep rows of their own."""

    def ledger(self, connection: Connection, region: str) -> pd.DataFrame:
        """Read the cases that carry the region's own code."""
        return township_ledger(connection, region, until=self.scope.last, repeats=self._repeats)

    def basis(self, connection: Connection, township: str, ledger: pd.DataFrame, months: Sequence[date]) -> Basis:
        """Gather what a township's indicators are computed from."""
        return township_basis(
            connection,
            township,
            ledger=ledger,
            months=months,
            as_of=self.scope.last,
            tree=self.tree,
            running=self._running,
        )
