"""The Python package: the same figures as the command line, and Python's own manners."""

import math
import os
import pickle
import signal
import subprocess
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import keiretsu

ROOT = Path(__file__).parents[2]
MINIMAL = ROOT / "scenarios" / "minimal.toml"
MAIN = ROOT / "scenarios" / "honda-nissan-mitsubishi.toml"
#: The command, where it was built.
PROGRAM = os.environ.get("KEIRETSU_PROGRAM")


@pytest.fixture(scope="module")
def results():
    return keiretsu.load(MINIMAL).run(replications=600, draws=[])


def test_tables_are_numpy(results):
    shares = results.shares
    assert shares["mean"].dtype == np.float64 and shares["year"].dtype == np.int64
    assert shares.n_rows == len(shares["mean"]) > 50
    of_year = shares.where(world="apart", region="Home", year=2030)
    of_makers = [not name.startswith("alliance:") for name in of_year["manufacturer"]]
    assert math.isclose(of_year["mean"][of_makers].sum(), 1.0, rel_tol=1e-9)
    assert set(results.worlds) == {"apart", "together"} and results.reference == "apart"
    with pytest.raises(KeyError, match="no column 'median'"):
        shares["median"]
    with pytest.raises(LookupError, match="draws=\\[\\]"):
        keiretsu.run(MINIMAL, replications=10).draws
    assert results.draws.n_rows == 2 * 600
    assert results.sensitivity.n_rows > 0


def test_pandas_polars_and_arrow_have_the_same_figures(results):
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    arrow = pytest.importorskip("pyarrow")
    table = results.comparison
    frame, lazy, columns = table.to_pandas(), table.to_polars(), arrow.table(table)
    assert isinstance(frame, pandas.DataFrame) and isinstance(lazy, polars.DataFrame)
    for name in ("mean", "prob_gain"):
        expected = table[name]
        np.testing.assert_array_equal(frame[name].to_numpy(), expected)
        np.testing.assert_array_equal(lazy[name].to_numpy(), expected)
        np.testing.assert_array_equal(columns[name].to_numpy(), expected)
    words = list(table["outcome"])
    assert list(frame["outcome"]) == words == lazy["outcome"].to_list() == columns["outcome"].to_pylist()


@pytest.mark.skipif(PROGRAM is None, reason="no program")
@pytest.mark.parametrize("scenario, draws", [(MINIMAL, 600), (MAIN, 300)])
def test_the_run_folder_is_that_of_the_command(tmp_path, scenario, draws):
    run = [PROGRAM, "run", scenario, "--replications", str(draws), "--quiet", "--out", tmp_path / "command"]
    subprocess.run(run, check=True)
    keiretsu.run(scenario, replications=draws).save(tmp_path / "python")
    made = sorted(path.relative_to(tmp_path / "python") for path in (tmp_path / "python").rglob("*.*"))
    assert len(made) > 10
    for name in made:
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name


def test_what_is_set_is_what_the_command_sets():
    scenario = keiretsu.load(MINIMAL)
    changed = scenario.set("costs.scale_elasticity", {"dist": "uniform", "low": 0.04, "high": 0.05})
    assert scenario.settings == [] and len(changed.settings) == 1
    mean = lambda of: of.run(replications=300).comparison.where(
        condition="proceeds", outcome="share", region="Home", manufacturer="Tsuki", year=2030
    )["mean"][0]
    assert mean(changed) > mean(scenario)
    late = scenario.world("late", {"alliances.asahi-tsuki.pools.purchasing.start": 2028}, title="Later")
    found = late.run(replications=300)
    assert found.worlds == ["apart", "together", "late"] and found.title == scenario.run(replications=10).title
    only = {"condition": "proceeds", "outcome": "share", "region": "Home", "manufacturer": "Tsuki", "year": 2027}
    gain = {world: found.comparison.where(world=world, **only)["mean"][0] for world in ("together", "late")}
    assert abs(gain["late"]) < 1e-4 < gain["together"]
    with pytest.raises(ValueError, match="finite"):
        scenario.set("costs.scale_elasticity", float("nan"))


def test_a_scenario_can_be_text():
    scenario = keiretsu.load(MINIMAL.read_text())
    few = scenario.run(replications=40)
    whole = keiretsu.load(MINIMAL).run(replications=40)
    np.testing.assert_array_equal(few.shares["mean"], whole.shares["mean"])


def test_what_is_wrong_is_said_with_place_and_remedy():
    with pytest.raises(keiretsu.ScenarioError) as caught:
        keiretsu.load(MINIMAL).set("costs.scale_elasticty", 0.1).run(replications=10)
    problem = caught.value.problems[0]
    assert problem.severity == "error" and "scale_elasticty" in problem.what and problem.remedy
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems and str(again) == str(caught.value)
    text = MINIMAL.read_text().replace("mode = -4.0", "mode = 4.0")
    with pytest.raises(keiretsu.ScenarioError) as caught:
        keiretsu.load(text)
    problem = caught.value.problems[0]
    assert problem.file == "scenario.toml"
    assert "4.0" in text.splitlines()[problem.line - 1]
    with pytest.raises(keiretsu.ScenarioError, match="does not exist"):
        keiretsu.load("nowhere.toml")
    with pytest.raises(ValueError, match="no world `merged`"):
        keiretsu.load(MINIMAL).run(worlds=["merged"])
    with pytest.raises(ValueError):
        keiretsu.load(MINIMAL).run(outcomes=["share Asahy Home 2030"])


def test_worlds_and_outcomes_can_be_few(results):
    few = keiretsu.load(MINIMAL).run(replications=600, outcomes=["share Asahi Home 2030"])
    assert few.shares.n_rows == 2
    whole = results.shares.where(manufacturer="Asahi", region="Home", year=2030)
    np.testing.assert_array_equal(few.shares["mean"], whole["mean"])
    with pytest.raises(ValueError, match="reports need all"):
        few.answer()
    assert "draws" in few._repr_html_()


def test_a_notebook_shows_results(results):
    shown = results._repr_html_()
    assert "<svg" in shown and "Asahi" in shown
    chart = results.chart("difference-together")
    assert chart._repr_svg_().startswith("<svg")
    assert results.shares._repr_html_().count("<tr>") == 11
    assert results.to_dict()["replications"] == 600
    assert "points" in results.answer()


def test_progress_is_told():
    told = []
    keiretsu.load(MINIMAL).run(replications=20000, progress=told.append)
    assert told and told == sorted(told) and told[-1] >= 20000
    with pytest.raises(ZeroDivisionError):
        keiretsu.load(MINIMAL).run(replications=3_000_000, progress=lambda done: 1 / 0)


def test_ctrl_c_stops_soon():
    """Within 0.2 s on an idle machine; other work may take this one's time."""
    # A shell's background job starts with it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    scenario = keiretsu.load(MAIN)
    pressed = []

    def press():
        pressed.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(2.0, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        scenario.run(replications=10_000_000, attribution=False)
    took = time.perf_counter() - pressed[0]
    print(f"Ctrl-C took {took:.2f} s")
    assert took < 1.0


def test_the_lock_is_let_go():
    scenario = keiretsu.load(MAIN)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(scenario.run, replications=2000, attribution=False, threads=1)
        counted = 0
        while not running.done():
            counted += 1
            time.sleep(0.001)
    assert counted > 50


def same(a, b):
    for name in ("shares", "comparison", "sensitivity", "draws"):
        one, other = a.table(name), b.table(name)
        for column in one.columns:
            np.testing.assert_array_equal(one[column], other[column], err_msg=f"{name} {column}")


def test_shards_are_the_run():
    scenario = keiretsu.load(MINIMAL)
    whole = scenario.run(replications=1500, draws=[])
    same(whole, scenario.run(replications=1500, draws=[], shards=3))
    with ProcessPoolExecutor(2) as pool:
        same(whole, scenario.run(replications=1500, draws=[], shards=5, executor=pool))


def test_what_a_task_refuses_is_no_reason_to_try_again():
    with ProcessPoolExecutor(1) as pool, pytest.raises(keiretsu.ScenarioError):
        keiretsu.load(MINIMAL).set("costs.nothing", 1).run(shards=2, executor=pool)


def test_a_market_from_arrays():
    offers = {
        "offer": ["a", "b", "c"],
        "firm": ["A", "B", "C"],
        "price": np.array([1.0, 1.2, 0.9]),
        "share": np.array([0.3, 0.2, 0.25]),
    }
    merger = {"id": "merger", "firm_ids": ["A", "A", "C"]}
    answer = keiretsu.equilibrium(offers, alpha=-4.0, scenarios=[merger], price_response="linear")
    base, merged = answer.baseline, answer.scenarios["merger"]
    # Logit with linear price: p − c = 1 / (α (1 − s)) for a firm of one offer.
    np.testing.assert_allclose(base["prices"] - base["costs"], 1 / (4.0 * (1 - base["shares"])), rtol=1e-9)
    assert (merged["prices"] > base["prices"] - 1e-12).all()
    assert base["diversion"].shape == (3, 3)
    pandas = pytest.importorskip("pandas")
    again = keiretsu.equilibrium(pandas.DataFrame(offers), alpha=-4.0, price_response="linear")
    np.testing.assert_array_equal(again.baseline["costs"], base["costs"])
    with pytest.raises(keiretsu.ScenarioError):
        keiretsu.equilibrium({**offers, "share": [0.5, 0.5, 0.5]}, alpha=-4.0)
