//! `MarketModel`: one world as dense arrays and indices, without names.
//!
//! Every number that can be uncertain is an [`Input`]: an index into the values that a replication
//! draws. Arrays by year start with the base year (index 0).

use super::pricing::{Layout, PriceResponse};

/// Index of a drawn (or fixed) value of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Input(pub usize);

/// A value by year as a weighted sum of inputs: the day-weighted mean of what is in force.
pub type Dated = Vec<Vec<(f64, Input)>>;

/// One world.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketModel {
    pub base_year: i32,
    /// Simulated years, the base year included.
    pub n_years: usize,
    pub response: PriceResponse,
    pub n_powertrains: usize,
    pub regions: Vec<RegionModel>,
    pub makers: Vec<MakerModel>,
    pub components: Vec<ComponentModel>,
    pub currencies: Vec<CurrencyModel>,
    pub alliances: Vec<AllianceModel>,
    pub spillover: Input,
    /// V*, units a year.
    pub scale_saturation: Input,
    pub pass_through: Input,
    /// Log change a year of units and revenue outside the modelled regions.
    pub outside_growth: Input,
    pub knowledge_depreciation: Input,
    pub rnd_growth: Input,
    /// Part of a newcomer's growth that remains from one year to the next.
    pub growth_damping: Input,
    /// Part of the variance of a quality shock that is common to all regions.
    pub common_shock_share: Input,
    /// Degrees of freedom of the draws in the scale of a maker's shocks (Student t).
    pub shock_freedom: f64,
    pub default_operating_margin: Input,
    pub default_rnd_intensity: Input,
    /// Elasticity of fixed cost to what plants and staff are sized for, and how much of the gap closes in a year.
    pub fixed_cost_elasticity: Input,
    pub fixed_cost_adjustment: Input,
}

impl MarketModel {
    /// The model with the alliances and the ownership of `other`; alliances not in force are left out.
    pub fn with_ties_of(&self, other: &MarketModel) -> MarketModel {
        let mut model = self.clone();
        model.alliances = other.alliances.iter().filter(|alliance| alliance.active).cloned().collect();
        for (region, other) in model.regions.iter_mut().zip(&other.regions) {
            region.conduct = other.conduct.clone();
        }
        model
    }

    /// The model without whatever the base year does not depend on: equal ones share their calibration.
    pub fn base_year_only(&self) -> MarketModel {
        let mut base = self.clone();
        base.alliances.clear();
        for region in &mut base.regions {
            region.exits.clear();
            let conduct = &mut region.conduct;
            let in_force = |k: &usize| conduct.weight[0][*k] != 0.0;
            let kept: Vec<usize> = (0..conduct.row.len()).filter(in_force).collect();
            *conduct = ConductModel {
                row: kept.iter().map(|&k| conduct.row[k]).collect(),
                column: kept.iter().map(|&k| conduct.column[k]).collect(),
                weight: vec![kept.iter().map(|&k| conduct.weight[0][k]).collect()],
                ..ConductModel::default()
            };
            let by_nest = region.credit.iter_mut().chain(&mut region.tax);
            by_nest.for_each(|policy| policy.truncate(1));
            for offer in &mut region.offers {
                offer.banned.truncate(1);
                offer.sources.iter_mut().for_each(|source| source.duty.truncate(1));
                if let Some(entry) = &mut offer.entry {
                    entry.time = 0.0;
                }
            }
        }
        base
    }
}

/// One region. Firms of its layout are makers of the model; nests are its own.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionModel {
    pub layout: Layout,
    pub powertrain_of_nest: Vec<usize>,
    pub offers: Vec<OfferModel>,
    /// Makers with an offer here.
    pub sellers: Vec<SellerModel>,
    /// Position of an offer's maker in `sellers`.
    pub seller_of: Vec<usize>,
    pub own_elasticity: Input,
    pub market_elasticity: Input,
    pub rho: Input,
    pub loyalty: Input,
    pub scrappage: Input,
    /// γ per nest.
    pub knowledge_effect: Vec<Input>,
    pub volume: VolumeModel,
    /// Given share of sales per nest and year; `None`: takes the remainder, or keeps its base share
    /// where no path is given at all.
    pub nest_share: Vec<Option<Vec<Input>>>,
    /// Credit per unit and nest, by year.
    pub credit: Vec<Dated>,
    /// Ad valorem tax per nest, by year.
    pub tax: Vec<Dated>,
    pub exits: Vec<ExitModel>,
    /// Between makers that sell here.
    pub conduct: ConductModel,
}

/// One offer. `units` is 0 for a maker that enters later.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferModel {
    pub units: f64,
    pub price: f64,
    /// Share of base-year marginal cost per component; `None`: the remainder, or no part of it.
    pub weights: Vec<Option<Input>>,
    pub sources: Vec<SourceModel>,
    pub overhang: Option<OverhangModel>,
    /// Part of the maker's lag in this powertrain that closes in a year.
    pub catch_up: Input,
    pub entry: Option<EntryModel>,
    /// Part of each year in which the offer may not be sold.
    pub banned: Dated,
}

/// Where part of an offer's units are built.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceModel {
    pub share: Input,
    /// Part of the cost that pays duty.
    pub dutiable: Input,
    /// Ad valorem duty by year.
    pub duty: Dated,
    pub currency: Option<usize>,
}

/// A maker that gives away part of its price in the base year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverhangModel {
    pub share: Input,
    pub fade_years: Input,
}

/// A maker that starts to sell here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryModel {
    /// Calendar time of the start; infinite where the entry does not happen in this world.
    pub time: f64,
    /// The offer (same nest) it is measured by.
    pub like: usize,
    /// Log points of within-powertrain share relative to that offer.
    pub quality: Input,
    /// Marginal cost before duty relative to that offer's.
    pub cost: Input,
    pub ramp_years: Input,
}

/// A maker in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct SellerModel {
    pub maker: usize,
    /// A newcomer's growth in the first year, log points of share; `None` for an established maker.
    pub growth: Option<Input>,
    /// Log points of quality that move the maker's share by one log point more than its rivals': above 1 where it
    /// has much of a powertrain whose share is given.
    pub lever: f64,
    /// What goes on in the first year of the surprise of the base year, log points of share.
    pub carry: f64,
    /// Yearly scale of log share here at a share of 5 %.
    pub volatility: Input,
    /// The maker's own scale against it, by year: by size, and larger for a newcomer.
    pub spread: Vec<f64>,
    /// Standard normal draw of the scale of all its shocks here.
    pub tail: Input,
    /// Standard normal draws of the regional part, by year (none for the base year).
    pub shocks: Vec<Input>,
    /// Units of past years by age at the start of the base year: index 0 is the year before.
    pub past_units: Vec<f64>,
    /// Whether sales before the oldest past year went on at its level (an established maker).
    pub established: bool,
}

/// Industry volume of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeModel {
    /// Volumes known by year; such years carry no shock.
    pub given: Vec<Option<Input>>,
    pub growth: Input,
    pub shock_sd: Input,
    pub persistence: Input,
    /// Standard normal shocks by year.
    pub shocks: Vec<Input>,
}

/// When a maker leaves a region.
#[derive(Clone, Debug, PartialEq)]
pub struct ExitModel {
    /// Position in the region's sellers.
    pub seller: usize,
    /// First year (index) in which it can happen.
    pub from: usize,
    pub after_loss_years: Option<u32>,
    pub avoidable_fixed_share: Input,
    pub yearly_chance: Input,
    /// Uniform draws by year.
    pub draws: Vec<Input>,
}

/// A maker, worldwide.
#[derive(Clone, Debug, PartialEq)]
pub struct MakerModel {
    /// Units in the base year outside the modelled regions.
    pub outside_units: f64,
    /// Part of them per powertrain; `None`: the remainder.
    pub outside_share: Vec<Option<Input>>,
    /// Cumulative units at the start of the base year in multiples of its units, per powertrain;
    /// `None`: as the component says.
    pub experience_years: Vec<Option<Input>>,
    /// Revenue outside the modelled regions in the base year, USD.
    pub outside_revenue: f64,
    /// Operating profit in the base year, USD bn; `None`: the default margin on revenue.
    pub operating_profit: Option<Input>,
    /// R&D in the base year, USD bn a year; `None`: the default intensity on revenue.
    pub rnd: Option<Input>,
    /// Makers it already buys with in the base year, itself left out, per component.
    pub base_pool: Vec<Vec<usize>>,
    /// Standard normal draws of the part of the quality shock common to all regions, by year.
    pub shocks: Vec<Input>,
    /// Whether it has an offer in any modelled region.
    pub sells: bool,
}

/// A cost component.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentModel {
    pub learning_rate: Input,
    /// Cumulative units at the start of the base year in multiples of its units.
    pub experience_years: Input,
    pub scale_elasticity: Input,
    /// Exogenous log change of cost a year.
    pub trend: Input,
    /// Which powertrains carry it.
    pub carried_by: Vec<bool>,
    /// Takes whatever weight the others leave.
    pub remainder: bool,
}

/// An exchange rate against the scenario's money: AR(1) in log level.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrencyModel {
    pub shock_sd: Input,
    pub persistence: Input,
    /// Standard normal shocks by year.
    pub shocks: Vec<Input>,
}

/// Profit weights κ off the diagonal, by year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConductModel {
    pub row: Vec<usize>,
    pub column: Vec<usize>,
    /// `[year][entry]`, while all alliances last.
    pub weight: Vec<Vec<f64>>,
    /// Alliances whose break-up ends some control.
    pub tied: Vec<usize>,
    /// `[year]`: the weights that break-ups choose from; empty where nothing is tied.
    pub stretches: Vec<Vec<ConductStretch>>,
}

/// Days between two dated changes of ownership.
#[derive(Clone, Debug, PartialEq)]
pub struct ConductStretch {
    /// Calendar time.
    pub from: f64,
    pub until: f64,
    /// `[broken][entry]`: bit *i* of `broken` is set once alliance `tied[i]` has broken up.
    pub weight: Vec<Vec<f64>>,
}

/// Members that share cost.
#[derive(Clone, Debug, PartialEq)]
pub struct AllianceModel {
    /// In force in this world.
    pub active: bool,
    pub members: Vec<MemberModel>,
    /// Calendar time from which two makers are in it.
    pub start: f64,
    /// Calendar time of the first merger or stake that ends with it; infinite without one.
    pub control: f64,
    pub proceeds: Input,
    /// Uniform draw: goes ahead if below `proceeds`.
    pub proceeds_draw: Input,
    pub breakup_hazard: Input,
    /// Uniform draw of the time of break-up.
    pub breakup_draw: Input,
    pub fade_years: Input,
    pub reinvested_share: Input,
    pub integration_cost: Input,
    pub integration_years: Input,
    pub pools: Vec<PoolModel>,
}

/// A maker's membership, in calendar time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemberModel {
    pub maker: usize,
    pub from: f64,
    /// Infinite while it stays.
    pub until: f64,
}

/// What members share.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolModel {
    /// Position among the pools of all alliances and worlds.
    pub index: usize,
    pub active: bool,
    pub kind: PoolKind,
    pub components: Vec<usize>,
    /// Positions in the alliance's members.
    pub members: Vec<usize>,
    /// Calendar time.
    pub start: Input,
    pub ramp_years: Input,
    pub compatibility: Input,
    pub realised_fraction: Input,
}

/// What kind of cost a pool shares, with what only that kind needs.
#[derive(Clone, Debug, PartialEq)]
pub enum PoolKind {
    Experience,
    Purchasing,
    Platform {
        overhead: Input,
        split: Split,
        /// Per pool member, USD bn a year.
        stand_alone: Vec<Input>,
    },
    Technology {
        duplication: Input,
        field_share: Input,
    },
}

/// How a joint programme's cost is split.
#[derive(Clone, Debug, PartialEq)]
pub enum Split {
    StandAlone,
    Volume,
    Stated(Vec<Input>),
}

/// The drawn values of one block of replications.
#[derive(Clone, Copy)]
pub struct Values<'a, R>(pub &'a [R]);

impl<R: Copy> Values<'_, R> {
    #[inline(always)]
    pub fn at(&self, input: Input) -> R {
        self.0[input.0]
    }
}
