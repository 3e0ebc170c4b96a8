"""What :mod:`keiretsu.ray` needs of Ray: tasks as futures."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from typing import Any, Callable

import ray


class RayExecutor(Executor):
    """Submits calls as Ray tasks."""

    def __init__(self, cores: int) -> None:
        self._cores = cores

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        task = ray.remote(call).options(num_cpus=self._cores, max_retries=3)
        return task.remote(*arguments, **named).future()
