//! Which outcomes there are, and which of them are recorded where: an outcome of a region, maker,
//! powertrain and year is one key and one column. Keys are in the order of the output files.

use crate::market::model::MarketModel;

/// What is measured (model section 9), in the order of the output files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Cars sold.
    Units,
    /// What the maker receives per unit; units-weighted where offers are summed.
    Price,
    MarginalCost,
    /// (price − marginal cost) / price.
    Margin,
    /// Fraction of all units sold in the region.
    Share,
    VariableProfit,
    OperatingProfit,
    /// Operating profit of all years after the base year, added up without interest.
    CumulatedProfit,
    Rnd,
    /// Knowledge stock, base year = 1.
    Knowledge,
    /// Fraction of the region's units in a powertrain.
    PowertrainShare(usize),
    /// Herfindahl–Hirschman index of makers' shares, 0 to 10,000.
    Hhi,
    /// Change against the base year.
    ConsumerSurplus,
    /// What a member saves through one pool, or through all.
    Saving(Option<usize>),
    SavingPerCar(Option<usize>),
}

/// Whose outcome it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    Everyone,
    Maker(usize),
    /// All members summed, whatever the date.
    Alliance(usize),
}

/// One outcome in one year. `None` sorts first: totals stand above their parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub outcome: Outcome,
    /// `None`: all modelled regions together.
    pub region: Option<usize>,
    pub who: Who,
    /// `None`: all powertrains together.
    pub powertrain: Option<usize>,
    /// Calendar year.
    pub year: i32,
}

impl Key {
    /// An outcome of everyone, everywhere.
    pub fn total(outcome: Outcome, year: i32) -> Key {
        Key { outcome, region: None, who: Who::Everyone, powertrain: None, year }
    }

    pub fn of(self, who: Who) -> Key {
        Key { who, ..self }
    }

    pub fn in_region(self, region: usize) -> Key {
        Key { region: Some(region), ..self }
    }

    pub fn with_powertrain(self, powertrain: usize) -> Key {
        Key { powertrain: Some(powertrain), ..self }
    }

    pub fn in_year(self, year: i32) -> Key {
        Key { year, ..self }
    }
}

/// Which outcomes are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    All,
    Only(Vec<Key>),
}

/// The outcomes that are recorded, and the kernel's way to them.
#[derive(Clone, Debug)]
pub struct Outcomes {
    /// Rising; the position of a key is its column.
    pub keys: Vec<Key>,
    pub n_years: usize,
    /// Per world: worlds may differ in alliances, members and pools.
    pub(super) slots: Vec<Slots>,
    /// Column of `slot · years + year`; [`UNASKED`] where it is not recorded.
    columns: Vec<u32>,
}

/// Stands for no column.
const UNASKED: u32 = u32::MAX;

/// Positions of keys, by the kernel's own indices.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    pub regions: Vec<RegionSlots>,
    /// Per maker; makers that sell nowhere have none.
    pub makers: Vec<Option<FirmSlots>>,
    pub alliances: Vec<FirmSlots>,
    /// Alliance by alliance, pool by pool.
    pub pools: Vec<Vec<PoolSlots>>,
    /// Saving through all pools: per maker, then per alliance.
    pub maker_saving: Vec<Option<SavingSlots>>,
    pub alliance_saving: Vec<SavingSlots>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct RegionSlots {
    pub units: usize,
    pub price: usize,
    pub hhi: usize,
    pub consumer_surplus: usize,
    /// Per nest; none for the region's first.
    pub nest_share: Vec<Option<usize>>,
    pub offers: Vec<OfferSlots>,
    pub sellers: Vec<SellerSlots>,
    /// Per alliance.
    pub alliances: Vec<SellerSlots>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct OfferSlots {
    pub units: usize,
    pub price: usize,
    pub marginal_cost: usize,
    pub margin: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SellerSlots {
    pub units: usize,
    pub price: usize,
    pub share: usize,
    pub variable_profit: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct FirmSlots {
    pub units: usize,
    pub operating_profit: usize,
    /// Of alliances and their members.
    pub cumulated_profit: Option<usize>,
    pub rnd: usize,
    pub knowledge: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct SavingSlots {
    pub total: usize,
    pub per_car: usize,
}

/// A pool's savings: its members', and their sum.
#[derive(Clone, Debug)]
pub(super) struct PoolSlots {
    pub members: Vec<Option<SavingSlots>>,
    pub alliance: SavingSlots,
}

impl Outcomes {
    /// Those of the worlds' models (which share regions, offers and makers) that are wanted; the keys that no
    /// world has are the error.
    pub fn of(models: &[MarketModel], wanted: &Wanted) -> Result<Outcomes, Vec<Key>> {
        let (base_year, n_years) = (models[0].base_year, models[0].n_years);
        // The first round lists all outcomes (by their base year), the second finds their positions.
        let mut series = Vec::new();
        for model in models {
            slots(model, &mut |key| {
                series.push(key);
                0
            });
        }
        series.sort_unstable();
        series.dedup();
        let find = |key: &Key| series.binary_search(&key.in_year(base_year)).ok();
        let listed = |key| find(&key).expect("listed in the first round");
        let slots = models.iter().map(|model| slots(model, &mut |key| listed(key))).collect();
        let years = base_year..base_year + n_years as i32;
        let mut keys: Vec<Key> = match wanted {
            Wanted::All => {
                series.iter().flat_map(|key| years.clone().map(|year| key.in_year(year))).collect()
            }
            Wanted::Only(keys) => keys.clone(),
        };
        keys.sort_unstable();
        keys.dedup();
        let mut columns = vec![UNASKED; series.len() * n_years];
        let mut unknown = Vec::new();
        for (column, key) in keys.iter().enumerate() {
            match find(key).filter(|_| years.contains(&key.year)) {
                Some(slot) => columns[slot * n_years + (key.year - base_year) as usize] = column as u32,
                None => unknown.push(*key),
            }
        }
        match unknown.is_empty() {
            true => Ok(Outcomes { keys, n_years, slots, columns }),
            false => Err(unknown),
        }
    }

    pub fn n_columns(&self) -> usize {
        self.keys.len()
    }

    /// The column of a key, if it is recorded.
    pub fn column(&self, key: &Key) -> Option<usize> {
        self.keys.binary_search(key).ok()
    }

    /// The column of a slot in a year, if it is recorded.
    #[inline(always)]
    pub(super) fn place(&self, slot: usize, year: usize) -> Option<usize> {
        let column = self.columns[slot * self.n_years + year];
        (column != UNASKED).then_some(column as usize)
    }
}

/// The slots of a world, each from the key that `slot` is asked with (in the base year).
fn slots(model: &MarketModel, slot: &mut dyn FnMut(Key) -> usize) -> Slots {
    let year = model.base_year;
    let key = |outcome, region, who, powertrain| Key { outcome, region, who, powertrain, year };
    let seller = |slot: &mut dyn FnMut(Key) -> usize, region, who| SellerSlots {
        units: slot(key(Outcome::Units, Some(region), who, None)),
        price: slot(key(Outcome::Price, Some(region), who, None)),
        share: slot(key(Outcome::Share, Some(region), who, None)),
        variable_profit: slot(key(Outcome::VariableProfit, Some(region), who, None)),
    };
    let firm = |slot: &mut dyn FnMut(Key) -> usize, who, is_allied: bool| FirmSlots {
        units: slot(key(Outcome::Units, None, who, None)),
        operating_profit: slot(key(Outcome::OperatingProfit, None, who, None)),
        cumulated_profit: is_allied.then(|| slot(key(Outcome::CumulatedProfit, None, who, None))),
        rnd: slot(key(Outcome::Rnd, None, who, None)),
        knowledge: slot(key(Outcome::Knowledge, None, who, None)),
    };
    let saving = |slot: &mut dyn FnMut(Key) -> usize, pool, who| SavingSlots {
        total: slot(key(Outcome::Saving(pool), None, who, None)),
        per_car: slot(key(Outcome::SavingPerCar(pool), None, who, None)),
    };
    let regions = model.regions.iter().enumerate().map(|(r, region)| {
        let of_region =
            |slot: &mut dyn FnMut(Key) -> usize, outcome| slot(key(outcome, Some(r), Who::Everyone, None));
        RegionSlots {
            units: of_region(slot, Outcome::Units),
            price: of_region(slot, Outcome::Price),
            hhi: of_region(slot, Outcome::Hhi),
            consumer_surplus: of_region(slot, Outcome::ConsumerSurplus),
            nest_share: region
                .powertrain_of_nest
                .iter()
                .enumerate()
                .map(|(nest, &p)| (nest > 0).then(|| of_region(slot, Outcome::PowertrainShare(p))))
                .collect(),
            offers: (0..region.offers.len())
                .map(|j| {
                    let who = Who::Maker(region.layout.firm_of[j]);
                    let powertrain = Some(region.powertrain_of_nest[region.layout.nest_of[j]]);
                    let mut of = |outcome| slot(key(outcome, Some(r), who, powertrain));
                    OfferSlots {
                        units: of(Outcome::Units),
                        price: of(Outcome::Price),
                        marginal_cost: of(Outcome::MarginalCost),
                        margin: of(Outcome::Margin),
                    }
                })
                .collect(),
            sellers: region.sellers.iter().map(|s| seller(slot, r, Who::Maker(s.maker))).collect(),
            alliances: (0..model.alliances.len()).map(|a| seller(slot, r, Who::Alliance(a))).collect(),
        }
    });
    let regions = regions.collect();
    let makers = &model.makers;
    let in_alliance = |maker: usize| {
        model.alliances.iter().any(|alliance| alliance.members.iter().any(|member| member.maker == maker))
    };
    Slots {
        regions,
        makers: (0..makers.len())
            .map(|f| makers[f].sells.then(|| firm(slot, Who::Maker(f), in_alliance(f))))
            .collect(),
        alliances: (0..model.alliances.len()).map(|a| firm(slot, Who::Alliance(a), true)).collect(),
        pools: model
            .alliances
            .iter()
            .enumerate()
            .map(|(a, alliance)| {
                let mut pools = Vec::new();
                for pool in &alliance.pools {
                    let this = Some(pool.index);
                    let of_member = |slot: &mut dyn FnMut(Key) -> usize, member: &usize| {
                        let maker = alliance.members[*member].maker;
                        makers[maker].sells.then(|| saving(slot, this, Who::Maker(maker)))
                    };
                    pools.push(PoolSlots {
                        members: pool.members.iter().map(|member| of_member(slot, member)).collect(),
                        alliance: saving(slot, this, Who::Alliance(a)),
                    });
                }
                pools
            })
            .collect(),
        maker_saving: (0..makers.len())
            .map(|f| (makers[f].sells && in_alliance(f)).then(|| saving(slot, None, Who::Maker(f))))
            .collect(),
        alliance_saving: (0..model.alliances.len()).map(|a| saving(slot, None, Who::Alliance(a))).collect(),
    }
}
