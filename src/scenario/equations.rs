//! Where each number of the format enters: the equation, and the section of docs/model.md that has it. A test holds
//! that every number has one.

/// An equation of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Equation {
    /// In the symbols of docs/notation.md.
    pub text: &'static str,
    /// Of docs/model.md.
    pub section: u8,
}

/// Keys, names in them as `*`; the section of docs/model.md; the equation that they enter.
const EQUATIONS: [(&[&str], u8, &str); 39] = [
    (
        &["regions.*.own_price_elasticity"],
        4,
        "|η| = α [A − (1−s_0) B]: with the market's elasticity it gives α and s_0, again in every replication",
    ),
    (&["regions.*.market_price_elasticity"], 4, "|ε| = α s_0 C"),
    (&["regions.*.nest_rho"], 2, "s(j|g) = exp(V_j/(1−ρ)) / D_g,  s(g) = D_g^(1−ρ) / (1 + Σ_h D_h^(1−ρ))"),
    (&["regions.*.loyalty"], 7, "δ_jt = δ_j0 + (1−ρ) [… + λ ln(B_ft/B*_ft) + …]"),
    (&["regions.*.scrappage"], 7, "B_f(t+1) = (1 − scrappage) B_ft + units_ft"),
    (
        &["regions.*.knowledge_effect.*"],
        7,
        "δ_jt = δ_j0 + (1−ρ) [… + γ_g (ln(K_ft/K_f0) − regional mean) + …]",
    ),
    (
        &["regions.*.volume.given.*", "regions.*.volume.growth"],
        8,
        "N_t = volume_t/(1 − s_0); after the last given year volume_t = volume_(t−1) exp(growth)",
    ),
    (
        &["regions.*.volume.shock_sd", "regions.*.volume.persistence"],
        8,
        "deviation_t = persistence · deviation_(t−1) + shock_sd · z_t, of log volume",
    ),
    (
        &["regions.*.powertrain_share.*.*"],
        8,
        "s(g)_t is given in the reference world; the shift of each nest that meets it holds in all worlds",
    ),
    (
        &["regions.*.volatility"],
        7,
        "walk = sum over years of L · spread_ft · k_fr · [√c · maker's draw + √(1−c) · region's draw]",
    ),
    (
        &["powertrains.*.catch_up"],
        7,
        "each year adds catch_up · ln(base-year share in the region / share within the powertrain), where positive",
    ),
    (&["components.*.weight.*.*"], 5, "made_jt = c_j0/(1 + duty_j0) · Σ_k w_jk I_fkt"),
    (&["components.*.learning_rate"], 5, "I_fkt = (E_fkt/E_fk0)^(−b_k) · …,  b = −log₂(1 − learning rate)"),
    (&["components.*.experience_years"], 5, "E_fk0 = experience_years · base-year units"),
    (
        &["components.*.scale_elasticity", "costs.scale_elasticity"],
        5,
        "I_fkt = … · exp(−e_k [S(V_fkt) − S(V_fk0)]) · …",
    ),
    (&["components.*.trend"], 5, "I_fkt = … · exp(trend_k · t) · …"),
    (&["costs.spillover"], 5, "E_fk = own_fk + spillover · Σ_(h≠f) own_hk"),
    (&["costs.scale_saturation"], 5, "S(V) = ln(V/(1 + V/V*))"),
    (
        &["costs.pass_through"],
        5,
        "c_jt = made_jt (1 + duty_j0) + made_jt [duty_jt − duty_j0 + Δfx_jt] · pass_through",
    ),
    (&["costs.outside_growth"], 5, "units outside the modelled regions grow by exp(outside_growth) a year"),
    (
        &["quality.knowledge_depreciation", "quality.rnd_growth"],
        7,
        "K' = (1−d) K + R + shared research,  K_0 = R_0/(d+g)",
    ),
    (&["trends.damping"], 7, "step_t = step_(t−1) · damping"),
    (&["shocks.common_share"], 7, "walk: [√c · maker's draw + √(1−c) · region's draw]"),
    (
        &["accounts.default_operating_margin", "accounts.default_rnd_intensity"],
        9,
        "fixed cost is what makes the base-year operating profit the stated one: variable profit − R&D − fixed cost",
    ),
    (
        &["accounts.fixed_cost_elasticity", "accounts.fixed_cost_adjustment"],
        9,
        "F_t = F_0 exp(elasticity · k_t),  k_(t+1) = k_t + adjustment · (ln(units_t/units_0) − k_t)",
    ),
    (&["origins.*.dutiable"], 5, "duty_j = Σ over origins of share × dutiable part × rate"),
    (
        &["currencies.*.shock_sd", "currencies.*.persistence"],
        8,
        "rate_t = persistence · rate_(t−1) + shock_sd · z_t, in logs; Δfx = Σ over origins of share × (e^rate − 1)",
    ),
    (&["stakes.*.share"], 3, "κ_fg = Σ_o γ_fo β_og / Σ_o γ_fo β_of over the owners o of f"),
    (&["alliances.*.proceeds"], 10, "unconditional = proceeds · with + (1 − proceeds) · without"),
    (
        &["alliances.*.breakup_hazard"],
        6,
        "time to break-up is exponential with the yearly chance, from the start of the first pool",
    ),
    (
        &["alliances.*.fade_years", "alliances.*.pools.*.start", "alliances.*.pools.*.ramp_years"],
        6,
        "strength = ramp × what remains; ramp: mean over the year of 3x² − 2x³, x = (time − start)/ramp_years",
    ),
    (
        &[
            "alliances.*.realised_fraction",
            "alliances.*.pools.*.realised_fraction",
            "alliances.*.pools.*.compatibility",
        ],
        6,
        "log effect on cost = planned log effect · strength · compatibility · φ",
    ),
    (
        &["alliances.*.reinvested_share"],
        6,
        "R&D rises by reinvested_share × what a platform saves; the rest is profit",
    ),
    (
        &["alliances.*.integration_cost", "alliances.*.integration_years"],
        6,
        "integration_cost × the yearly saving at full effect, paid evenly over integration_years",
    ),
    (
        &[
            "alliances.*.pools.*.overhead",
            "alliances.*.pools.*.parts.*",
            "alliances.*.pools.*.stand_alone_cost.*",
        ],
        6,
        "joint programme J = F_max + overhead · Σ of the other F; saving F · (1 − (charge/F)^x)",
    ),
    (
        &["alliances.*.pools.*.duplication", "alliances.*.pools.*.field_share"],
        6,
        "adds per partner R_partner · field_share · (1 − duplication) · min(1, R_own,0/R_partner,0) · compatibility · φ",
    ),
    (&["overhangs.*.share", "overhangs.*.fade_years"], 3, "p = (1−o)(c + ζ(p)), o fading on a straight line"),
    (
        &["entries.*.quality", "entries.*.cost", "entries.*.ramp_years"],
        8,
        "utility = like's + (1−ρ) · quality, cost before duty = like's × cost, availability along the ramp",
    ),
    (
        &["exits.*.avoidable_fixed_share", "exits.*.yearly_chance"],
        8,
        "leaves by chance, or after years with less than avoidable_fixed_share × its part of R&D and fixed cost",
    ),
];

/// The equation that a key enters, with the names in it as `*`.
pub fn equation(key: &str) -> Option<Equation> {
    let found = EQUATIONS.iter().find(|(keys, ..)| keys.contains(&key));
    found.map(|(_, section, text)| Equation { text, section: *section })
}
