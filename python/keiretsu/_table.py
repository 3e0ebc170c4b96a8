"""Tables of results: numpy columns, and Arrow for everything else."""

from __future__ import annotations

from html import escape
from typing import Any, Dict, Iterator, List, Mapping

import numpy as np

#: Rows that a notebook shows.
_SHOWN = 10


class Table(Mapping[str, np.ndarray]):
    """Columns by name, as numpy arrays: ``table["mean"]``.

    Text is an array of objects, years and counts are ``int64``, figures ``float64`` with NaN where there is nothing
    to report. Units stand in a column ``unit`` where a table has several; shares are fractions (0.01 is 1 %).

    Whatever reads Arrow (polars, pyarrow, DuckDB, pandas 3) takes a table as it is.
    """

    def __init__(self, columns: Any) -> None:
        self._core = columns
        self._arrays: Dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._arrays:
            if name not in self.columns:
                raise KeyError(f"no column {name!r}; there are {', '.join(self.columns)}")
            self._arrays[name] = self._array(name)
        return self._arrays[name]

    def _array(self, name: str) -> np.ndarray:
        kind, buffer, words = self._core.column(self.columns.index(name))
        values = np.frombuffer(buffer, dtype=kind)
        return values if words is None else np.array(words, dtype=object)[values] if words else values.astype(object)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        """How many columns there are; ``n_rows`` are the rows."""
        return len(self.columns)

    @property
    def columns(self) -> List[str]:
        return list(self._core.names)

    @property
    def n_rows(self) -> int:
        return len(self._core)

    def where(self, **values: Any) -> Dict[str, np.ndarray]:
        """The columns of the rows that have these values: ``table.where(region="US", year=2035)["mean"]``."""
        chosen = np.ones(self.n_rows, dtype=bool)
        for name, value in values.items():
            chosen &= np.asarray(self[name] == value, dtype=bool)
        return {name: self[name][chosen] for name in self.columns}

    def to_pandas(self):
        """A ``pandas.DataFrame``; text columns are categorical."""
        import pandas

        def column(place: int):
            kind, buffer, words = self._core.column(place)
            values = np.frombuffer(buffer, dtype=kind)
            return values if words is None else pandas.Categorical.from_codes(values, words)

        return pandas.DataFrame({name: column(place) for place, name in enumerate(self.columns)})

    def to_polars(self):
        """A ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._core.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<keiretsu.Table of {self.n_rows:,} rows: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        shown = min(self.n_rows, _SHOWN)
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        cells = {name: self[name][:shown] for name in self.columns}
        rows = "".join(
            "<tr>" + "".join(f"<td>{_cell(cells[name][row])}</td>" for name in self.columns) + "</tr>"
            for row in range(shown)
        )
        more = f"<p>{self.n_rows:,} rows</p>" if self.n_rows > shown else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _cell(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        return "" if np.isnan(value) else f"{value:.5g}"
    return escape(str(value))
