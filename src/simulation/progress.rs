//! `Progress`: who is told how far a simulation has come, and may stop it.

/// Told of progress; asked, block by block, whether to go on.
pub trait Progress: Sync {
    /// So many replications are done.
    fn done(&self, replications: u64);

    /// Whether the rest is not wanted any more.
    fn is_stopped(&self) -> bool {
        false
    }
}

impl<F: Fn(u64) + Sync> Progress for F {
    fn done(&self, replications: u64) {
        self(replications);
    }
}

/// The progress of a simulation that comes after others with so many replications.
pub struct After<'a>(pub u64, pub &'a dyn Progress);

impl Progress for After<'_> {
    fn done(&self, replications: u64) {
        self.1.done(self.0 + replications);
    }

    fn is_stopped(&self) -> bool {
        self.1.is_stopped()
    }
}
