"""What is wrong with a scenario or a market: exceptions with file, line and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or doubtful."""

    file: Optional[str]
    line: Optional[int]
    what: str
    cause: Optional[str]
    remedy: Optional[str]
    #: ``"error"``, or ``"warning"`` for what is accepted but hardly meant.
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        cause = f" ({self.cause})" if self.cause else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{cause}{remedy}"


class ScenarioError(ValueError):
    """A scenario or a market that cannot be run; ``problems`` has everything that is wrong with it."""

    problems: List[Problem]

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)

    @classmethod
    def _of(cls, message: str, told: Iterable[Tuple]) -> "ScenarioError":
        return cls(message, [Problem(*one) for one in told])

    def __reduce__(self):
        # Executors send exceptions between processes.
        return (ScenarioError, (self.args[0], self.problems))
