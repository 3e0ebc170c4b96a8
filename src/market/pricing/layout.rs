//! Who owns which offer and in which nest it competes; the same in every replication.

use std::ops::Range;

/// The offers of one firm in one nest; in nested logit they share one markup term.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub firm: usize,
    pub nest: usize,
    pub offers: Range<usize>,
}

/// The fixed structure of one region's market. Offers are sorted by nest, then firm, so that every
/// nest and every group is a contiguous range.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub firm_of: Vec<usize>,
    pub nest_of: Vec<usize>,
    /// Sorted by nest, then firm.
    pub groups: Vec<Group>,
    pub group_of: Vec<usize>,
    /// The groups of each nest, a range of `groups`.
    pub nests: Vec<Range<usize>>,
    /// The groups of each firm, indices into `groups`.
    pub firms: Vec<Vec<usize>>,
    /// Firm by firm, nest by nest.
    group_at: Vec<Option<usize>>,
    /// Firms that stand for many small makers: their own markup term A is 0.
    pub fringe: Vec<bool>,
}

impl Layout {
    /// The order that sorts offers by nest, then firm, keeping ties as they are.
    pub fn order(firm_of: &[usize], nest_of: &[usize]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..firm_of.len()).collect();
        order.sort_by_key(|&j| (nest_of[j], firm_of[j]));
        order
    }

    /// Builds the structure from offers already in [`Layout::order`].
    ///
    /// # Panics
    /// If the offers are not sorted by nest, then firm.
    pub fn new(firm_of: Vec<usize>, nest_of: Vec<usize>, fringe: Vec<bool>) -> Layout {
        assert_eq!(firm_of.len(), nest_of.len());
        let keys: Vec<_> = nest_of.iter().zip(&firm_of).collect();
        assert!(keys.is_sorted(), "offers must be sorted by nest, then firm");
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = Vec::with_capacity(firm_of.len());
        for (j, (&nest, &firm)) in nest_of.iter().zip(&firm_of).enumerate() {
            match groups.last_mut() {
                Some(last) if last.firm == firm && last.nest == nest => last.offers.end = j + 1,
                _ => groups.push(Group { firm, nest, offers: j..j + 1 }),
            }
            group_of.push(groups.len() - 1);
        }
        let n_nests = nest_of.iter().max().map_or(0, |g| g + 1);
        let nests = (0..n_nests)
            .map(|nest| {
                let start = groups.partition_point(|a| a.nest < nest);
                start..groups.partition_point(|a| a.nest <= nest)
            })
            .collect();
        let mut firms = vec![Vec::new(); fringe.len()];
        let mut group_at = vec![None; fringe.len() * n_nests];
        for (a, group) in groups.iter().enumerate() {
            firms[group.firm].push(a);
            group_at[group.firm * n_nests + group.nest] = Some(a);
        }
        Layout { firm_of, nest_of, groups, group_of, nests, firms, group_at, fringe }
    }

    /// The group of a firm's offers in a nest; none if it sells nothing there.
    pub fn group_at(&self, firm: usize, nest: usize) -> Option<usize> {
        self.group_at[firm * self.nests.len() + nest]
    }

    pub fn n_offers(&self) -> usize {
        self.firm_of.len()
    }
}
