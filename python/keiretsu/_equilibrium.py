"""One market, no time, no draws: ``keiretsu equilibrium`` from arrays or a data frame."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np

from . import _core


class Equilibrium:
    """The answer: ``baseline`` and ``scenarios`` with numpy arrays by offer, ``screens`` and ``warnings``."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = _arrays(answer)
        self.baseline: Dict[str, Any] = self.answer["baseline"]
        self.screens: Any = self.answer.get("screens")
        self.scenarios: Dict[str, Any] = {one["id"]: one["results"] for one in self.answer["scenarios"]}
        self.warnings: List[str] = list(self.answer.get("warnings", []))

    def __repr__(self) -> str:
        return f"<keiretsu.Equilibrium of {len(self.baseline['ids'])} offers, scenarios: {', '.join(self.scenarios)}>"


def equilibrium(
    offers: Any,
    alpha: float,
    rho: float = 0.0,
    scenarios: Optional[Sequence[Mapping[str, Any]]] = None,
    price_response: str = "log",
    profit_weights: Optional[Any] = None,
    firms: Optional[Sequence[str]] = None,
) -> Equilibrium:
    """Calibrates a (nested) logit market to prices and shares, and solves it under other owners, costs and taxes.

    ``offers``: a data frame, or a mapping of arrays, with ``offer``, ``firm``, ``price`` (what buyers pay), ``share``
    (of potential buyers) and, for a nested logit, ``nest``. ``alpha`` is the price coefficient (negative), of the
    price or, with ``price_response="log"``, of its logarithm; ``rho`` the correlation within nests, from 0 to 1.
    ``scenarios``: counterfactuals as in the JSON layout of ``keiretsu equilibrium`` (``id``; ``firm_ids``, the owners
    by offer; ``costs`` by offer; ``ad_valorem_tax``, ``unit_tax``; ``profit_weights``).

    Raises :class:`keiretsu.ScenarioError` for a market that is not one.
    """
    column = {name: _values(offers[name]) for name in ("offer", "firm", "price", "share")}
    nests = _values(offers["nest"]) if "nest" in offers else ["all"] * len(column["offer"])
    products = {
        "ids": [str(name) for name in column["offer"]],
        "firm_ids": [str(name) for name in column["firm"]],
        "nest_ids": [str(name) for name in nests],
        "prices": column["price"],
        "shares": column["share"],
    }
    market: Dict[str, Any] = {
        "id": "market",
        "price_response": price_response,
        "products": products,
        "demand": {"alpha": float(alpha), "rho": float(rho)},
        "scenarios": [_plain(one) for one in scenarios or []],
    }
    if profit_weights is not None:
        named = list(firms) if firms is not None else list(dict.fromkeys(products["firm_ids"]))
        market["profit_weights"] = {"firms": named, "kappa": _plain(np.asarray(profit_weights))}
    return Equilibrium(json.loads(_core.solve(json.dumps(market))))


def _values(column: Any) -> List[Any]:
    return np.asarray(column).tolist()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


def _arrays(value: Any) -> Any:
    """Lists of numbers become arrays."""
    if isinstance(value, dict):
        return {key: _arrays(one) for key, one in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in value):
            return np.array(value, dtype=float)
        parts = [_arrays(one) for one in value]
        is_matrix = parts and all(isinstance(one, np.ndarray) and one.shape == parts[0].shape for one in parts)
        return np.array(parts) if is_matrix else parts
    return value
