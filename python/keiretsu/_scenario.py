"""Scenarios: read, changed, checked and run."""

from __future__ import annotations

import math
import tempfile
from concurrent.futures import Executor
from os import PathLike, fspath
from pathlib import Path, PurePath
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import _core
from ._errors import Problem, ScenarioError
from ._results import Results

#: The name that a scenario given as text has in messages.
_TEXT = "scenario.toml"
#: How often a shard is tried before its failure is the run's.
_TRIES = 3


class Scenario:
    """A scenario; changes make new ones and leave it as it is."""

    def __init__(self, path: str, files: Sequence[Tuple[str, bytes]] = (), settings: Sequence[str] = ()) -> None:
        self._path, self._files, self._settings = path, list(files), list(settings)

    @property
    def settings(self) -> List[str]:
        """What was changed, as ``--set`` of the command line has it."""
        return list(self._settings)

    def set(self, key: str, value: Any) -> "Scenario":
        """With another value: ``set("regions.US.nest_rho", 0.4)``.

        A value is a number, a text, a truth, a list or a dict (a distribution such as
        ``{"dist": "uniform", "low": 0.2, "high": 0.5}``); units are those of the key.
        """
        return Scenario(self._path, self._files, [*self._settings, f"{key}={_toml(value)}"])

    def world(
        self,
        name: str,
        set: Optional[Mapping[str, Any]] = None,
        title: Optional[str] = None,
        active: bool = True,
    ) -> "Scenario":
        """With a further world, or another version of one: ``set`` has what differs, by key.

        ``world("late", {"alliances.hnm.pools.battery.start": 2030})``
        """
        place = f"worlds.{_key(name)}"
        lines = [f"{place}.active = {_toml(active)}"]
        if title is not None:
            lines.append(f"{place}.name = {_toml(title)}")
        lines += [f"{place}.set.{key} = {_toml(value)}" for key, value in (set or {}).items()]
        # A file of its own, beside the other one, which it extends.
        below = PurePath(self._path)
        number = 1 + sum(1 for known, _ in self._files if known.startswith(str(below.with_suffix(""))))
        path = str(below.with_name(f"{below.stem}-{number}.toml"))
        text = "\n".join([f"extends = {_toml(below.name)}", *lines, ""])
        return Scenario(path, [*self._files, (path, text.encode())], self._settings)

    def check(self) -> List[Problem]:
        """Everything that is wrong or doubtful, with file, line and remedy; nothing is simulated."""
        wrong, doubtful = _core.check(self._files, self._path, self._settings)
        problems = [Problem(*told) for told in wrong]
        return problems + [Problem(*told, severity="warning") for told in doubtful]

    def run(
        self,
        replications: Optional[int] = None,
        seed: Optional[int] = None,
        threads: Optional[int] = None,
        worlds: Optional[Sequence[str]] = None,
        outcomes: Optional[Sequence[str]] = None,
        draws: Optional[Sequence[str]] = None,
        attribution: bool = True,
        progress: Union[bool, Callable[[int], None]] = False,
        shards: Optional[int] = None,
        executor: Optional[Executor] = None,
    ) -> Results:
        """Simulates every world on the same draws and compares them.

        ``replications`` and ``seed`` are the scenario's if not said; results do not depend on ``threads`` (all cores)
        or ``shards``. ``worlds`` and ``outcomes`` (in words: ``"share Honda US 2035"``) leave out the rest, also
        reports. ``draws`` keeps raw draws of outcomes in words, of the usual ones if empty. ``progress`` is called
        with the replications done so far; ``True`` prints them. Ctrl-C stops.

        With an ``executor`` (of ``concurrent.futures``, Dask or MPI) the replications are simulated in ``shards``
        parts, each as one task; a task that fails is tried again.
        """
        asked = {
            "files": self._files,
            "path": self._path,
            "set": self._settings,
            "replications": replications,
            "seed": seed,
            "worlds": None if worlds is None else list(worlds),
            "outcomes": None if outcomes is None else list(outcomes),
            "draws": None if draws is None else list(draws),
            "attribution": attribution,
        }
        if executor is None and shards is None:
            return Results(_core.run(asked, threads, _shown(progress)))
        return _shared(asked, shards or 16, executor, threads)

    def __repr__(self) -> str:
        changed = f", {len(self._settings)} settings changed" if self._settings else ""
        return f"<keiretsu.Scenario {self._path}{changed}>"


def load(source: Union[str, PathLike]) -> Scenario:
    """A scenario from a file, or from its text (whose tables then lie in the current folder).

    Raises :class:`ScenarioError` if something is wrong with it.
    """
    if isinstance(source, str) and "\n" in source:
        scenario = Scenario(_TEXT, [(_TEXT, source.encode())])
    else:
        scenario = Scenario(fspath(source))
    wrong = [problem for problem in scenario.check() if problem.severity == "error"]
    if wrong:
        raise ScenarioError("\n".join(map(str, wrong)), wrong)
    return scenario


def run(source: Union[str, PathLike, Scenario], **options: Any) -> Results:
    """Loads a scenario, if it is none yet, and runs it; options are those of :meth:`Scenario.run`."""
    scenario = source if isinstance(source, Scenario) else load(source)
    return scenario.run(**options)


def simulate_shard(asked: Dict[str, Any], shard: str, threads: Optional[int]) -> bytes:
    """One part of a run, in whichever process: what executors call."""
    return _core.shard(asked, threads, shard)


def merge_parts(asked: Dict[str, Any], parts: Sequence[bytes], threads: Optional[int]) -> Results:
    """Results from all parts of a run."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.kpart" for number in range(len(parts))]
        for path, part in zip(paths, parts):
            path.write_bytes(part)
        return Results(_core.merge(asked, threads, paths))


def with_files(asked: Dict[str, Any]) -> Dict[str, Any]:
    """The same question with every file in it, so that another machine needs none."""
    return {**asked, "files": _core.files(asked["files"], asked["path"], asked["set"])}


def _shared(
    asked: Dict[str, Any], shards: int, executor: Optional[Executor], threads: Optional[int]
) -> Results:
    names = [f"{number}/{shards}" for number in range(1, shards + 1)]
    if executor is None:
        return merge_parts(asked, [simulate_shard(asked, name, threads) for name in names], threads)
    sent = with_files(asked)
    parts: Dict[str, bytes] = {}
    for tries in range(1, _TRIES + 1):
        futures = {
            name: executor.submit(simulate_shard, sent, name, threads or 1) for name in names if name not in parts
        }
        try:
            wait_for(futures.values())
        except BaseException:
            for future in futures.values():
                future.cancel()
            raise
        failures = []
        for name, future in futures.items():
            try:
                parts[name] = future.result()
            except (ScenarioError, ValueError):
                raise
            except Exception as failure:  # noqa: BLE001: a worker may be lost in many ways
                failures.append(failure)
        if not failures:
            break
        if tries == _TRIES:
            raise failures[0]
    return merge_parts(asked, [parts[name] for name in names], None)


def wait_for(futures) -> None:
    """Until all are done, whichever engine they are of."""
    for future in futures:
        try:
            future.exception()
        except Exception:  # noqa: BLE001: looked at later
            pass


def _shown(progress: Union[bool, Callable[[int], None]]) -> Optional[Callable[[int], None]]:
    if progress is True:
        return lambda done: print(f"\r{done:,} replications", end="", flush=True)
    return progress or None


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if plain else _toml(name)


def _toml(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_escaped(letter) for letter in value) + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {_toml(one)}" for key, one in value.items()) + " }"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return _toml(value.tolist())
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no value of a scenario; give a finite number")
        return repr(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    raise TypeError(f"{type(value).__name__} is no value of a scenario; give a number, text, truth, list, dict or date")


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    return letter if letter >= " " and letter != "\x7f" else f"\\u{ord(letter):04x}"
