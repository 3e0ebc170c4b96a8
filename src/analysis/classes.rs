//! Draws by their order: ranks, and classes of equal probability.

/// Classes of an input for its first-order index: five divide them.
pub const CLASSES: usize = 60;
/// Coarser classes, of input and outcome, for δ: two divide them.
pub const TIERS: usize = 20;

/// The ranks of some numbers, from 0; equal numbers by their place.
pub struct Ranked {
    pub ranks: Vec<u32>,
}

impl Ranked {
    pub fn new(values: &[f64]) -> Ranked {
        let mut order: Vec<u32> = (0..values.len() as u32).collect();
        order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
        let mut ranks = vec![0; values.len()];
        for (rank, &at) in order.iter().enumerate() {
            ranks[at as usize] = rank as u32;
        }
        Ranked { ranks }
    }

    pub(super) fn class(&self, rank: u32) -> usize {
        rank as usize * CLASSES / self.ranks.len()
    }

    pub(super) fn tier(&self, rank: u32) -> usize {
        rank as usize * TIERS / self.ranks.len()
    }
}
