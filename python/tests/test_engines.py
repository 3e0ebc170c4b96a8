"""Real engines on this machine: Dask and Ray, a worker killed in the middle included."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import keiretsu

SCENARIO = Path(__file__).parents[2] / "scenarios" / "honda-nissan-mitsubishi.toml"
#: Long enough that a worker dies while it works.
OPTIONS = {"replications": 6000, "attribution": False}


@pytest.fixture(scope="module")
def whole():
    return keiretsu.run(SCENARIO, **OPTIONS)


def same(one, other):
    for name in ("shares", "comparison", "sensitivity"):
        a, b = one.table(name), other.table(name)
        for column in a.columns:
            np.testing.assert_array_equal(a[column], b[column], err_msg=f"{name} {column}")


def kill_one_of(find, after):
    """Kills a process that `find` names, some seconds from now."""
    killed = []

    def kill():
        deadline = time.time() + 60
        while time.time() < deadline and not killed:
            time.sleep(after)
            for process in find():
                os.kill(process, signal.SIGKILL)
                killed.append(process)
                break

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    return killed


def test_dask(whole):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            killed = kill_one_of(lambda: [worker.pid for worker in cluster.workers.values()], 1.0)
            same(whole, keiretsu.run(SCENARIO, shards=8, executor=client.get_executor(retries=3), **OPTIONS))
            assert killed


def test_ray(whole):
    ray = pytest.importorskip("ray")
    import keiretsu.ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:

        @ray.remote
        def process():
            return os.getpid()

        worker = ray.get(process.remote())
        killed = kill_one_of(lambda: [worker], 1.0)
        same(whole, keiretsu.ray.run(SCENARIO, shards=8, **OPTIONS))
        assert killed
    finally:
        ray.shutdown()
