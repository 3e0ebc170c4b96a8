"""What a run found."""

from __future__ import annotations

import json
from html import escape
from os import PathLike
from typing import Any, Dict, List, Optional, Union

from . import _core
from ._table import Table


class Results:
    """The results of a run; the same figures, to the bit, as those of the command line."""

    def __init__(self, study: Any) -> None:
        self._study = study
        self._tables: Dict[str, Optional[Table]] = {}

    @property
    def title(self) -> str:
        return self._study.title

    @property
    def replications(self) -> int:
        """How often everything uncertain was drawn; failed draws are among them."""
        return self._study.replications[0]

    @property
    def failed(self) -> int:
        """Draws in which a market had no solution; they are in no statistic."""
        return self._study.replications[1]

    @property
    def seed(self) -> int:
        return self._study.seed

    @property
    def worlds(self) -> List[str]:
        return list(self._study.worlds[0])

    @property
    def reference(self) -> str:
        """The world that the others are compared with."""
        return self._study.worlds[1]

    def table(self, name: str) -> Table:
        """A table by name: one of ``keiretsu.Results.TABLES``."""
        if name not in self._tables:
            columns = self._study.table(name)
            self._tables[name] = None if columns is None else Table(columns)
        found = self._tables[name]
        if found is None:
            raise LookupError(f"this run has no {name}: {_WHY.get(name, 'it was not asked for')}")
        return found

    #: Names of the tables that a run may have.
    TABLES = list(_core.TABLES)

    @property
    def shares(self) -> Table:
        """Share of sales by world, region, maker and year (fractions)."""
        return self.table("shares")

    @property
    def outcomes(self) -> Table:
        """Every outcome by world, with its unit: units, prices, costs, margins, profits, savings, surplus, …"""
        return self.table("outcomes")

    @property
    def comparison(self) -> Table:
        """Every outcome's difference to the reference, draw by draw, with ``prob_gain`` and ``prob_loss``."""
        return self.table("comparison")

    @property
    def calibration(self) -> Table:
        """Cost, margin and elasticity of every offer that the base year implies."""
        return self.table("calibration")

    @property
    def sources(self) -> Table:
        """Whom the units of a difference are taken from."""
        return self.table("sources")

    @property
    def attribution(self) -> Table:
        """What each channel adds to a difference (Shapley values); needs ``[attribution]`` in the scenario."""
        return self.table("attribution")

    @property
    def sensitivity(self) -> Table:
        """How much a difference depends on each uncertain input; needs 256 draws or more."""
        return self.table("sensitivity")

    @property
    def draws(self) -> Table:
        """What was drawn and what came out, a row per replication and world; needs ``run(draws=...)``."""
        return self.table("draws")

    def answer(self, verbose: bool = False) -> str:
        """The answer in words, as the command line prints it."""
        return self._study.answer(verbose)[0]

    def to_dict(self) -> Dict[str, Any]:
        """The answer for programs."""
        return json.loads(self._study.answer(False)[1])

    def charts(self) -> Dict[str, "Chart"]:
        """All charts as SVG, by name; :class:`Chart` shows itself in a notebook."""
        return {name: Chart(svg) for name, svg in self._study.charts()}

    def chart(self, name: str) -> "Chart":
        """A chart by name, such as ``"difference-partnership"`` or ``"shares-US"``."""
        charts = self.charts()
        if name not in charts:
            raise KeyError(f"no chart {name!r}; there are {', '.join(charts)}")
        return charts[name]

    def save(
        self, folder: Union[str, PathLike], xlsx: bool = False, parquet: bool = False, force: bool = False
    ) -> None:
        """Writes the run folder, as ``keiretsu run --out`` does (but for ``timing.json``)."""
        self._study.save(folder, xlsx, parquet, force)

    def __repr__(self) -> str:
        return f"<keiretsu.Results of {self.title!r}: {self.replications:,} draws of {len(self.worlds)} worlds>"

    def _repr_html_(self) -> str:
        try:
            charts = self.charts()
            text = f"<pre>{escape(self.answer())}</pre>"
        except ValueError:
            return f"<p>{escape(repr(self))}</p>"
        first = next((svg for name, svg in charts.items() if name.startswith("difference")), "")
        return text + first


class Chart(str):
    """A chart as SVG text that a notebook shows."""

    def _repr_svg_(self) -> str:
        return str(self)


_WHY = {
    "attribution": "its scenario has no [attribution], or it was run with attribution=False",
    "sensitivity": "nothing is compared or uncertain, or it has fewer than 256 draws",
    "draws": "run it with draws=[] for the usual outcomes, or name some",
}
