"""A run on a Ray cluster: ``keiretsu.ray.run(scenario, shards=64)``."""

from __future__ import annotations

from os import PathLike
from typing import Any, Union

from ._results import Results
from ._scenario import Scenario, load


def run(source: Union[str, PathLike, Scenario], shards: int = 16, threads: int = 1, **options: Any) -> Results:
    """Runs a scenario in parts, each as a Ray task of ``threads`` cores; Ray tries a lost task again.

    Other options are those of :meth:`keiretsu.Scenario.run`.
    """
    from ._ray import RayExecutor

    scenario = source if isinstance(source, Scenario) else load(source)
    return scenario.run(shards=shards, threads=threads, executor=RayExecutor(threads), **options)
