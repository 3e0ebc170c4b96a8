//! Profit weights κ from ownership stakes and control rights.
//!
//! ```text
//! value of a firm       v_g = π_g + Σ_k S_gk v_k          so v = T π,  T = (I − S)^−1
//! objective of firm f   Σ_o γ_fo (return of owner o)
//! κ_fg = Σ_o γ_fo β_og / Σ_o γ_fo β_of
//! ```
//!
//! S_gk: cash-flow stake of seller g in seller k (fraction of its profit). An owner o of f is a holder
//! of a stake (a seller acts for its own value, β_o = T_o; an owner that sells nothing acts for its
//! stakes, β_o = Σ_k S_ok T_k) or the rest of f's shareholders, who care about f's value alone
//! (β_o = rest · T_f). γ_fo: control right. A stake thus counts through chains of firms: C holds A,
//! A holds B, and C's weight on B includes what reaches it through A.
//!
//! A alone holds β of B: silent κ_AB = β, κ_BA = 0; proportional control κ_BA = β/(β² + (1−β)²) with the
//! rest in one block; total control κ_BA = 1/β. Rows: who sets the price. Source: O'Brien & Salop
//! (2000), Antitrust Law Journal 67; Backus, Conlon & Sinkinson (2021).

use crate::numeric::matrix::{Lu, Matrix};

/// What a holder may decide in the firm it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// Cash flow only.
    Silent,
    /// A control right equal to the cash-flow stake; the rest is held in this many equal blocks
    /// (infinity: dispersed shareholders).
    Proportional { rest_blocks: f64 },
    /// The holder decides alone.
    Total,
    /// Every owner's return counts fully (Coasian joint control of a joint venture).
    Joint,
    /// A stated control right, 0 to 1; the rest of the control is in one block.
    Right(f64),
}

/// What one owner holds of one firm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stake {
    /// A seller (below `n_firms`) or an owner that sells nothing (any index from `n_firms` on).
    pub holder: usize,
    /// The seller that is held.
    pub target: usize,
    /// Part of the target's profit that goes to the holder, 0 to 1.
    pub cash_flow: f64,
    pub control: Control,
}

/// Why stakes make no sense together. Stakes and targets are positions in what was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StakeError {
    /// A cash-flow stake or control right outside [0, 1].
    NotAFraction { stake: usize },
    /// A firm that holds itself, or a target that is not a seller.
    NoSuchTarget { stake: usize },
    /// More than all of a firm's cash flow is given away.
    MoreThanAll { target: usize, sum: f64 },
    /// Control rights in a firm that sum to more than one.
    MoreThanAllControl { target: usize, sum: f64 },
    /// Two holders that each decide alone.
    TwoInControl { first: usize, second: usize },
    /// Firms that own each other entirely, so that nobody is left to be paid; one of their stakes.
    Circular { stake: usize },
}

/// Profit weights κ off the diagonal (the diagonal is 1): firm `row` counts `weight` of firm `column`'s
/// profit, so row = who sets the price. Zeros are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conduct<R> {
    pub row: Vec<usize>,
    pub column: Vec<usize>,
    pub weight: Vec<R>,
}

impl Conduct<f64> {
    /// From (row, column, weight) in any order; what is on the diagonal or 0 is left out.
    pub fn of(mut entries: Vec<(usize, usize, f64)>) -> Conduct<f64> {
        entries.retain(|&(row, column, weight)| row != column && weight != 0.0);
        entries.sort_by_key(|&(row, column, _)| (row, column));
        Conduct {
            row: entries.iter().map(|entry| entry.0).collect(),
            column: entries.iter().map(|entry| entry.1).collect(),
            weight: entries.iter().map(|entry| entry.2).collect(),
        }
    }

    /// (row, column, weight), sorted.
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.row
            .iter()
            .zip(&self.column)
            .zip(&self.weight)
            .map(|((&row, &column), &weight)| (row, column, weight))
    }

    /// κ among the firms in `kept`, numbered by their position there.
    pub fn among(&self, kept: &[usize]) -> Conduct<f64> {
        let position = |firm| kept.iter().position(|&known| known == firm);
        Conduct::of(
            self.entries().filter_map(|(f, g, weight)| Some((position(f)?, position(g)?, weight))).collect(),
        )
    }

    /// All of κ, row by row, the diagonal included.
    pub fn dense(&self, n: usize) -> Vec<f64> {
        let mut kappa = vec![0.0; n * n];
        (0..n).for_each(|f| kappa[f * n + f] = 1.0);
        self.entries().for_each(|(f, g, weight)| kappa[f * n + g] = weight);
        kappa
    }

    /// κ_fg.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        let found = self.entries().find(|&(f, g, _)| (f, g) == (row, column));
        if row == column { 1.0 } else { found.map_or(0.0, |entry| entry.2) }
    }
}

/// κ from stakes and control rights. Only firms that stakes connect are looked at, each group by itself.
pub fn profit_weights(n_firms: usize, stakes: &[Stake]) -> Result<Conduct<f64>, StakeError> {
    if let Some(&fault) = faults(n_firms, stakes).first() {
        return Err(fault);
    }
    let mut entries = Vec::new();
    for group in connected(stakes) {
        let position = |owner: usize| group.partition_point(|&known| known < owner);
        let firms = position(n_firms);
        let among: Vec<Stake> = stakes
            .iter()
            .filter(|stake| group.binary_search(&stake.target).is_ok())
            .map(|stake| Stake { holder: position(stake.holder), target: position(stake.target), ..*stake })
            .collect();
        for (f, row) in group_weights(firms, group.len(), &among).into_iter().enumerate() {
            entries.extend(row.into_iter().enumerate().map(|(g, weight)| (group[f], group[g], weight)));
        }
    }
    Ok(Conduct::of(entries))
}

/// Owners and firms that stakes connect, group by group, each sorted.
fn connected(stakes: &[Stake]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for stake in stakes {
        let mut joined = vec![stake.holder, stake.target];
        groups.retain_mut(|group| {
            let apart = !group.contains(&stake.holder) && !group.contains(&stake.target);
            if !apart {
                joined.append(group);
            }
            apart
        });
        groups.push(joined);
    }
    for group in &mut groups {
        group.sort_unstable();
        group.dedup();
    }
    groups
}

/// κ within one group of connected firms, as a dense matrix; owners from `n_firms` on sell nothing.
fn group_weights(n_firms: usize, n_owners: usize, stakes: &[Stake]) -> Vec<Vec<f64>> {
    let claims = claims(n_firms, stakes);
    // β_o: what each holder's return counts of every seller's operating profit.
    let mut returns: Vec<Vec<f64>> = claims.clone();
    returns.resize(n_owners, vec![0.0; n_firms]);
    for stake in stakes.iter().filter(|s| s.holder >= n_firms) {
        for g in 0..n_firms {
            returns[stake.holder][g] += stake.cash_flow * claims[stake.target][g];
        }
    }
    (0..n_firms).map(|f| row(f, stakes, &claims[f], &returns)).collect()
}

/// One firm's objective, normalised so that its own profit has weight 1.
fn row(firm: usize, stakes: &[Stake], own: &[f64], returns: &[Vec<f64>]) -> Vec<f64> {
    let held: Vec<&Stake> = stakes.iter().filter(|s| s.target == firm && s.cash_flow > 0.0).collect();
    let rest = 1.0 - held.iter().map(|s| s.cash_flow).sum::<f64>();
    let joint = held.iter().any(|s| s.control == Control::Joint);
    let total = held.iter().any(|s| s.control == Control::Total);
    let right = |stake: &Stake| match stake.control {
        Control::Silent => 0.0,
        Control::Proportional { .. } => stake.cash_flow,
        Control::Total | Control::Joint => 1.0,
        Control::Right(right) => right,
    };
    let blocks = held.iter().fold(1.0, |most: f64, s| match s.control {
        Control::Proportional { rest_blocks } => most.max(rest_blocks),
        _ => most,
    });
    let rest_right = if total {
        0.0
    } else if joint {
        1.0
    } else {
        (1.0 - held.iter().map(|s| right(s)).sum::<f64>()).max(0.0)
    };
    let mut objective: Vec<f64> =
        own.iter().map(|claim| rest_right * rest.max(0.0) / blocks * claim).collect();
    for stake in held {
        let control = if total && stake.control != Control::Total { 0.0 } else { right(stake) };
        for (sum, value) in objective.iter_mut().zip(&returns[stake.holder]) {
            *sum += control * value;
        }
    }
    // A firm whose owners all are silent is run for its own value.
    let weight = objective[firm];
    let source = if weight > 0.0 { &objective } else { own };
    (0..own.len()).map(|g| if g == firm { 1.0 } else { source[g] / source[firm] }).collect()
}

/// T = (I − S)^−1: what each seller's value counts of every seller's operating profit. The inverse exists
/// and has no negative entry where no firms own each other entirely.
fn claims(n_firms: usize, stakes: &[Stake]) -> Vec<Vec<f64>> {
    let mut system = Matrix::identity(n_firms);
    for stake in stakes.iter().filter(|s| s.holder < n_firms) {
        system[(stake.holder, stake.target)] -= stake.cash_flow;
    }
    let mut claims = vec![vec![0.0; n_firms]; n_firms];
    let Some(lu) = Lu::new(system) else { return claims };
    for g in 0..n_firms {
        let mut column = vec![0.0; n_firms];
        column[g] = 1.0;
        lu.solve(&mut column);
        for (row, value) in claims.iter_mut().zip(column) {
            row[g] = value;
        }
    }
    claims
}

/// Everything about stakes in force at one time that cannot be, as the one judge for all commands.
pub fn faults(n_firms: usize, stakes: &[Stake]) -> Vec<StakeError> {
    let mut faults: Vec<StakeError> =
        (0..stakes.len()).filter_map(|number| fault_of_one(n_firms, stakes, number)).collect();
    if !faults.is_empty() {
        return faults;
    }
    let mut targets: Vec<usize> = stakes.iter().map(|stake| stake.target).collect();
    targets.sort_unstable();
    targets.dedup();
    for target in targets {
        let held = || stakes.iter().enumerate().filter(move |(_, stake)| stake.target == target);
        let sum: f64 = held().map(|(_, stake)| stake.cash_flow).sum();
        if sum > 1.0 + ROUNDING {
            faults.push(StakeError::MoreThanAll { target, sum });
        }
        let right = |stake: &Stake| match stake.control {
            Control::Right(right) => right,
            Control::Proportional { .. } => stake.cash_flow,
            _ => 0.0,
        };
        let sum: f64 = held().map(|(_, stake)| right(stake)).sum();
        if sum > 1.0 + ROUNDING {
            faults.push(StakeError::MoreThanAllControl { target, sum });
        }
        let mut alone = held().filter(|(_, stake)| stake.control == Control::Total && stake.cash_flow > 0.0);
        if let Some((first, one)) = alone.next()
            && let Some((second, _)) = alone.find(|(_, other)| other.holder != one.holder)
        {
            faults.push(StakeError::TwoInControl { first, second });
        }
    }
    if faults.is_empty() {
        faults.extend(circle(n_firms, stakes).map(|stake| StakeError::Circular { stake }));
    }
    faults
}

/// More than this above one is not rounding.
const ROUNDING: f64 = 1e-9;

fn fault_of_one(n_firms: usize, stakes: &[Stake], number: usize) -> Option<StakeError> {
    let stake = &stakes[number];
    let (right, blocks) = match stake.control {
        Control::Right(right) => (right, 1.0),
        Control::Proportional { rest_blocks } => (0.0, rest_blocks),
        _ => (0.0, 1.0),
    };
    let fractions = (0.0..=1.0).contains(&stake.cash_flow) && (0.0..=1.0).contains(&right) && blocks >= 1.0;
    if !fractions {
        return Some(StakeError::NotAFraction { stake: number });
    }
    let sells = stake.holder != stake.target && stake.target < n_firms;
    (!sells).then_some(StakeError::NoSuchTarget { stake: number })
}

/// A stake among firms that own each other entirely. Firms of which somebody else has a part are struck
/// off until none is left to strike: what remains owns itself.
fn circle(n_firms: usize, stakes: &[Stake]) -> Option<usize> {
    let held_entirely = |target: usize, among: &[usize]| {
        let held = stakes.iter().filter(|stake| stake.target == target && among.contains(&stake.holder));
        held.map(|stake| stake.cash_flow).sum::<f64>() > 1.0 - ROUNDING
    };
    let mut firms: Vec<usize> = stakes.iter().map(|stake| stake.target).filter(|&f| f < n_firms).collect();
    firms.sort_unstable();
    firms.dedup();
    loop {
        let kept: Vec<usize> = firms.iter().copied().filter(|&firm| held_entirely(firm, &firms)).collect();
        if kept.len() == firms.len() {
            break;
        }
        firms = kept;
    }
    stakes.iter().position(|stake| firms.contains(&stake.target) && firms.contains(&stake.holder))
}

/// κ after the firms in `members` merge: full weight on each other, and the members' weights on outsiders
/// add up. Outsiders go on as they did.
pub fn merge(kappa: &Conduct<f64>, members: &[usize]) -> Conduct<f64> {
    let inside = |firm: &usize| members.contains(firm);
    let mut outward: Vec<(usize, f64)> = Vec::new();
    for (_, column, weight) in kappa.entries().filter(|(row, column, _)| inside(row) && !inside(column)) {
        match outward.iter_mut().find(|(known, _)| *known == column) {
            Some((_, sum)) => *sum += weight,
            None => outward.push((column, weight)),
        }
    }
    let mut entries: Vec<_> = kappa.entries().filter(|(row, ..)| !inside(row)).collect();
    for &member in members {
        entries.extend(members.iter().map(|&other| (member, other, 1.0)));
        entries.extend(outward.iter().map(|&(column, weight)| (member, column, weight)));
    }
    Conduct::of(entries)
}

/// κ once outsiders have sold what they held of `members`.
pub fn bought_out(kappa: &Conduct<f64>, members: &[usize]) -> Conduct<f64> {
    let inside = |firm: &usize| members.contains(firm);
    Conduct::of(kappa.entries().filter(|(row, column, _)| inside(row) || !inside(column)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of κ, zeros and diagonal included.
    fn dense(n: usize, kappa: &Conduct<f64>) -> Vec<Vec<f64>> {
        (0..n).map(|f| (0..n).map(|g| kappa.at(f, g)).collect()).collect()
    }

    fn held(control: Control) -> Vec<Vec<f64>> {
        dense(2, &profit_weights(2, &[Stake { holder: 0, target: 1, cash_flow: 0.34, control }]).unwrap())
    }

    #[test]
    fn one_stake_in_every_form_of_control() {
        assert_eq!(held(Control::Silent), [[1.0, 0.34], [0.0, 1.0]]);
        let proportional = held(Control::Proportional { rest_blocks: 1.0 });
        assert!((proportional[1][0] - 0.616_835_994_194_485).abs() < 1e-14);
        assert_eq!(proportional[0][1], 0.34);
        assert!((held(Control::Total)[1][0] - 1.0 / 0.34).abs() < 1e-14);
        let dispersed = held(Control::Proportional { rest_blocks: f64::INFINITY });
        assert!((dispersed[1][0] - 1.0 / 0.34).abs() < 1e-14);
        assert_eq!(held(Control::Right(0.0)), held(Control::Silent));
    }

    #[test]
    fn no_stake_and_full_mutual_weight() {
        let none =
            profit_weights(2, &[Stake { holder: 0, target: 1, cash_flow: 0.0, control: Control::Total }]);
        assert_eq!(none, Ok(Conduct::default()));
        let silent = Conduct::of(vec![(0, 1, 0.2), (0, 2, 0.1), (1, 2, 0.3), (2, 0, 0.4)]);
        let merged = merge(&silent, &[0, 1]);
        assert_eq!(dense(3, &merged), [[1.0, 1.0, 0.4], [1.0, 1.0, 0.4], [0.4, 0.0, 1.0]]);
        assert_eq!(dense(3, &bought_out(&merged, &[0, 1]))[2], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn an_owner_that_sells_nothing_joins_the_firms_it_holds() {
        let half = |target| Stake { holder: 2, target, cash_flow: 0.5, control: Control::Total };
        let kappa = profit_weights(2, &[half(0), half(1)]).unwrap();
        assert_eq!(dense(2, &kappa), [[1.0, 1.0], [1.0, 1.0]]);
    }

    #[test]
    fn silent_stakes_count_through_a_chain() {
        let stake = |holder, target, cash_flow| Stake { holder, target, cash_flow, control: Control::Silent };
        let kappa = dense(3, &profit_weights(3, &[stake(0, 1, 0.4), stake(1, 2, 0.5)]).unwrap());
        assert_eq!(kappa[0], [1.0, 0.4, 0.2]);
        assert_eq!(kappa[2], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_joint_venture_under_joint_control() {
        let stake = |holder| Stake { holder, target: 2, cash_flow: 0.5, control: Control::Joint };
        let kappa = dense(3, &profit_weights(3, &[stake(0), stake(1)]).unwrap());
        assert_eq!(kappa[2], [1.0, 1.0, 1.0]);
        assert_eq!(kappa[0], [1.0, 0.0, 0.5]);
    }

    /// Firms that no stake connects change nothing in each other's weights.
    #[test]
    fn groups_are_worked_out_by_themselves() {
        let stake = |holder, target, control| Stake { holder, target, cash_flow: 0.3, control };
        let proportional = Control::Proportional { rest_blocks: 1.0 };
        let one = [stake(5, 2, proportional), stake(2, 0, Control::Silent), stake(9, 5, Control::Right(0.4))];
        let other = [stake(6, 1, Control::Total), stake(9, 8, proportional)];
        let alone = profit_weights(7, &one).unwrap();
        let mut both: Vec<_> = alone.entries().collect();
        both.extend(profit_weights(7, &other[..1]).unwrap().entries());
        let all: Vec<Stake> = one.iter().chain(&other[..1]).copied().collect();
        assert_eq!(profit_weights(7, &all).unwrap(), Conduct::of(both));
        assert_eq!(faults(7, &other), [StakeError::NoSuchTarget { stake: 1 }]);
    }

    #[test]
    fn nonsense_is_refused() {
        let stake = |holder, target, cash_flow| Stake { holder, target, cash_flow, control: Control::Silent };
        let total = |holder, target| Stake { control: Control::Total, ..stake(holder, target, 0.4) };
        let fault = |n, stakes: &[Stake]| profit_weights(n, stakes).unwrap_err();
        assert_eq!(fault(2, &[stake(0, 1, 1.2)]), StakeError::NotAFraction { stake: 0 });
        assert_eq!(fault(2, &[stake(0, 0, 0.2)]), StakeError::NoSuchTarget { stake: 0 });
        assert!(matches!(
            fault(3, &[stake(0, 1, 0.6), stake(2, 1, 0.6)]),
            StakeError::MoreThanAll { target: 1, .. }
        ));
        // Two makers, or two owners that sell nothing, cannot both decide alone; one with two stakes can.
        let two = StakeError::TwoInControl { first: 0, second: 1 };
        assert_eq!(fault(3, &[total(0, 1), total(2, 1)]), two);
        assert_eq!(fault(3, &[total(4, 1), total(3, 1)]), two);
        assert!(profit_weights(3, &[total(4, 1), total(4, 1)]).is_ok());
        // Rings of any length, also with several holders; not a ring of which somebody else has a part.
        assert_eq!(fault(2, &[stake(0, 1, 1.0), stake(1, 0, 1.0)]), StakeError::Circular { stake: 0 });
        let ring = |last| {
            vec![stake(3, 0, 0.1), stake(0, 1, 1.0), stake(1, 2, 0.6), stake(0, 2, 0.4), stake(2, 0, last)]
        };
        let closed = |last: f64| profit_weights(4, &ring(last)[1..]);
        assert_eq!(closed(1.0), Err(StakeError::Circular { stake: 0 }));
        assert!(closed(0.9).is_ok() && profit_weights(4, &ring(0.9)).is_ok());
    }
}
