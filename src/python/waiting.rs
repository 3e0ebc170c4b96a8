//! Long work in a thread of its own, while Python's thread looks for Ctrl-C and shows progress.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::simulation::Progress;

/// Between two looks.
const SLEEP: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Watched {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Progress for Watched {
    fn done(&self, replications: u64) {
        self.done.store(replications, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Does the work without Python's lock. `shown` is called with the replications done so far.
pub fn wait<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    shown: Option<Py<PyAny>>,
    work: impl FnOnce(&dyn Progress) -> T + Send,
) -> PyResult<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    let pool = pool.map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
    let watched = Watched::default();
    let (finished, is_finished) = channel();
    // Only this thread looks, but Python's lock may not be let go with what others could not share.
    let is_finished = Mutex::new(is_finished);
    std::thread::scope(|scope| {
        let (watched, pool) = (&watched, &pool);
        let worker = scope.spawn(move || {
            let found = pool.install(|| work(watched));
            let _ = finished.send(());
            found
        });
        let mut told = 0;
        let mut looked = Ok(());
        // `finished` is dropped if the work panics.
        while py.detach(|| is_finished.lock().expect("no other looks").recv_timeout(SLEEP))
            == Err(RecvTimeoutError::Timeout)
        {
            looked = py.check_signals();
            let done = watched.done.load(Ordering::Relaxed);
            if let (Ok(()), Some(shown)) = (&looked, shown.as_ref().filter(|_| done > told)) {
                looked = shown.call1(py, (done,)).map(drop);
                told = done;
            }
            if looked.is_err() {
                watched.stop.store(true, Ordering::Relaxed);
                break;
            }
        }
        let found = py.detach(|| worker.join());
        looked?;
        if let Some(shown) = shown {
            shown.call1(py, (watched.done.load(Ordering::Relaxed),))?;
        }
        found.map_err(|_| {
            PyRuntimeError::new_err("the engine failed; please report this with the message above")
        })
    })
}
