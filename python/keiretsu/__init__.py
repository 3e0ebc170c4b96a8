"""keiretsu: what happens to market shares, prices and profits when manufacturers share costs, and how sure one can be.

>>> import keiretsu
>>> scenario = keiretsu.load("scenarios/minimal.toml")
>>> results = scenario.run(replications=500)
>>> results.shares.to_pandas()
"""

from ._core import VERSION as __version__
from ._errors import Problem, ScenarioError
from ._equilibrium import Equilibrium, equilibrium
from ._results import Results
from ._scenario import Scenario, load, run
from ._table import Table

__all__ = [
    "Equilibrium",
    "Problem",
    "Results",
    "Scenario",
    "ScenarioError",
    "Table",
    "__version__",
    "equilibrium",
    "load",
    "run",
]
