//! Who owns which offer and in which nest it competes; the same in every replication.

use std::ops::Range;

/// The offers of one firm in one nest; in nested logit they share one markup term.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub firm: usize,
    pub nest: usize,
    /// Positions in [`Layout::order`]; the offers themselves where they are sorted.
    pub offers: Range<usize>,
}

/// The fixed structure of one region's market. Sorted by nest, then firm, every nest and every group is a
/// contiguous range of offers: the block solver wants them so.
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
    /// Firms that stand for many small makers: their own markup term A is 0.
    pub fringe: Vec<bool>,
    order: Vec<usize>,
}

impl Layout {
    /// The order that sorts offers by nest, then firm, keeping ties as they are.
    pub fn sorting(firm_of: &[usize], nest_of: &[usize]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..firm_of.len()).collect();
        order.sort_by_key(|&j| (nest_of[j], firm_of[j]));
        order
    }

    /// The structure of offers in any order.
    pub fn new(firm_of: Vec<usize>, nest_of: Vec<usize>, fringe: Vec<bool>) -> Layout {
        let n_nests = nest_of.iter().max().map_or(0, |g| g + 1);
        Layout::of_nests(firm_of, nest_of, fringe, n_nests)
    }

    /// The same with a stated number of nests, some of which may be empty.
    pub fn of_nests(firm_of: Vec<usize>, nest_of: Vec<usize>, fringe: Vec<bool>, n_nests: usize) -> Layout {
        let order = Layout::sorting(&firm_of, &nest_of);
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = vec![0; order.len()];
        for (position, &j) in order.iter().enumerate() {
            let (firm, nest) = (firm_of[j], nest_of[j]);
            match groups.last_mut() {
                Some(last) if last.firm == firm && last.nest == nest => last.offers.end = position + 1,
                _ => groups.push(Group { firm, nest, offers: position..position + 1 }),
            }
            group_of[j] = groups.len() - 1;
        }
        let nests = (0..n_nests)
            .map(|nest| {
                let start = groups.partition_point(|a| a.nest < nest);
                start..groups.partition_point(|a| a.nest <= nest)
            })
            .collect();
        let mut firms = vec![Vec::new(); fringe.len()];
        for (a, group) in groups.iter().enumerate() {
            firms[group.firm].push(a);
        }
        Layout { firm_of, nest_of, groups, group_of, nests, firms, fringe, order }
    }

    /// The group of a firm's offers in a nest; none if it sells nothing there.
    pub fn group_at(&self, firm: usize, nest: usize) -> Option<usize> {
        self.firms[firm].iter().copied().find(|&a| self.groups[a].nest == nest)
    }

    /// The offers sorted by nest, then firm.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Whether the offers stand in [`Layout::order`].
    pub fn is_sorted(&self) -> bool {
        self.order.is_sorted()
    }

    /// The offers of a group.
    pub fn offers_of(&self, group: usize) -> &[usize] {
        &self.order[self.groups[group].offers.clone()]
    }

    pub fn n_offers(&self) -> usize {
        self.firm_of.len()
    }
}
