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

use super::pricing::dense::linear::{Lu, Matrix};

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

/// Why stakes make no sense.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StakeError {
    /// A cash-flow stake or control right outside [0, 1].
    NotAFraction { stake: usize },
    /// A firm that holds itself, or a target that is not a seller.
    NoSuchTarget { stake: usize },
    /// More than all of a firm's cash flow, or of its control rights, is given away.
    MoreThanAll { target: usize },
    /// Firms that own each other entirely.
    Circular,
}

/// κ as a dense matrix, rows = who sets the price, diagonal 1.
pub fn profit_weights(n_firms: usize, stakes: &[Stake]) -> Result<Vec<Vec<f64>>, StakeError> {
    check(n_firms, stakes)?;
    let claims = claims(n_firms, stakes)?;
    let n_owners = stakes.iter().map(|s| s.holder + 1).fold(n_firms, usize::max);
    // β_o: what each holder's return counts of every seller's operating profit.
    let mut returns: Vec<Vec<f64>> = claims.clone();
    returns.resize(n_owners, vec![0.0; n_firms]);
    for stake in stakes.iter().filter(|s| s.holder >= n_firms) {
        for g in 0..n_firms {
            returns[stake.holder][g] += stake.cash_flow * claims[stake.target][g];
        }
    }
    Ok((0..n_firms).map(|f| row(f, stakes, &claims[f], &returns)).collect())
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

/// T = (I − S)^−1: what each seller's value counts of every seller's operating profit.
fn claims(n_firms: usize, stakes: &[Stake]) -> Result<Vec<Vec<f64>>, StakeError> {
    let mut system = Matrix::identity(n_firms);
    for stake in stakes.iter().filter(|s| s.holder < n_firms) {
        system[(stake.holder, stake.target)] -= stake.cash_flow;
    }
    let lu = Lu::new(system).ok_or(StakeError::Circular)?;
    let mut claims = vec![vec![0.0; n_firms]; n_firms];
    for g in 0..n_firms {
        let mut column = vec![0.0; n_firms];
        column[g] = 1.0;
        lu.solve(&mut column);
        for (row, value) in claims.iter_mut().zip(column) {
            row[g] = value;
        }
    }
    let sound = claims.iter().flatten().all(|c| (0.0..1e12).contains(c));
    if sound { Ok(claims) } else { Err(StakeError::Circular) }
}

fn check(n_firms: usize, stakes: &[Stake]) -> Result<(), StakeError> {
    for (number, stake) in stakes.iter().enumerate() {
        let right = if let Control::Right(right) = stake.control { right } else { 0.0 };
        let blocks =
            if let Control::Proportional { rest_blocks } = stake.control { rest_blocks } else { 1.0 };
        if !(0.0..=1.0).contains(&stake.cash_flow)
            || !(0.0..=1.0).contains(&right)
            || blocks.is_nan()
            || blocks < 1.0
        {
            return Err(StakeError::NotAFraction { stake: number });
        }
        if stake.holder == stake.target || stake.target >= n_firms {
            return Err(StakeError::NoSuchTarget { stake: number });
        }
    }
    for target in 0..n_firms {
        let held = || stakes.iter().filter(move |s| s.target == target);
        let cash: f64 = held().map(|s| s.cash_flow).sum();
        let total = held().filter(|s| s.control == Control::Total).count();
        let rights: f64 = held()
            .map(|s| match s.control {
                Control::Right(right) => right,
                Control::Proportional { .. } => s.cash_flow,
                _ => 0.0,
            })
            .sum();
        if cash > 1.0 + 1e-12 || rights > 1.0 + 1e-12 || total > 1 {
            return Err(StakeError::MoreThanAll { target });
        }
    }
    Ok(())
}

/// κ after the firms in `members` merge: full weight on each other, the members' weights on outsiders
/// add up, and outsiders' weights on members end (they are bought out).
pub fn merge(kappa: &[Vec<f64>], members: &[usize]) -> Vec<Vec<f64>> {
    let n = kappa.len();
    let inside = |f: usize| members.contains(&f);
    (0..n)
        .map(|f| {
            (0..n)
                .map(|g| match (inside(f), inside(g)) {
                    (true, true) => 1.0,
                    (true, false) => members.iter().map(|&m| kappa[m][g]).sum(),
                    (false, true) => 0.0,
                    (false, false) => kappa[f][g],
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(control: Control) -> Vec<Vec<f64>> {
        profit_weights(2, &[Stake { holder: 0, target: 1, cash_flow: 0.34, control }]).unwrap()
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
        assert_eq!(none.unwrap(), [[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(merge(&[vec![1.0, 0.2], vec![0.0, 1.0]], &[0, 1]), [[1.0, 1.0], [1.0, 1.0]]);
    }

    #[test]
    fn an_owner_that_sells_nothing_joins_the_firms_it_holds() {
        let half = |target| Stake { holder: 2, target, cash_flow: 0.5, control: Control::Total };
        let kappa = profit_weights(2, &[half(0), half(1)]).unwrap();
        assert_eq!(kappa, [[1.0, 1.0], [1.0, 1.0]]);
    }

    #[test]
    fn silent_stakes_count_through_a_chain() {
        let stake = |holder, target, cash_flow| Stake { holder, target, cash_flow, control: Control::Silent };
        let kappa = profit_weights(3, &[stake(0, 1, 0.4), stake(1, 2, 0.5)]).unwrap();
        assert_eq!(kappa[0], [1.0, 0.4, 0.2]);
        assert_eq!(kappa[2], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_joint_venture_under_joint_control() {
        let stake = |holder| Stake { holder, target: 2, cash_flow: 0.5, control: Control::Joint };
        let kappa = profit_weights(3, &[stake(0), stake(1)]).unwrap();
        assert_eq!(kappa[2], [1.0, 1.0, 1.0]);
        assert_eq!(kappa[0], [1.0, 0.0, 0.5]);
    }

    #[test]
    fn nonsense_is_refused() {
        let stake = |holder, target, cash_flow| Stake { holder, target, cash_flow, control: Control::Silent };
        assert!(profit_weights(2, &[stake(0, 1, 1.2)]).is_err());
        assert!(profit_weights(2, &[stake(0, 0, 0.2)]).is_err());
        assert!(profit_weights(3, &[stake(0, 1, 0.6), stake(2, 1, 0.6)]).is_err());
        assert_eq!(profit_weights(2, &[stake(0, 1, 1.0), stake(1, 0, 1.0)]), Err(StakeError::Circular));
    }
}
