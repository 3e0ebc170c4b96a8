//! Which outcomes a simulation records, and where: every outcome of every region, maker, powertrain and
//! year is one column. Column = position of its key · years + year, and keys are in the order of the
//! output files.

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

/// One outcome of one scope. `None` sorts first: totals stand above their parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub outcome: Outcome,
    pub region: Option<usize>,
    pub who: Who,
    pub powertrain: Option<usize>,
}

/// All keys of a study, sorted, and the kernel's way to them.
#[derive(Clone, Debug)]
pub struct Outcomes {
    pub keys: Vec<Key>,
    pub n_years: usize,
    /// Per world: worlds may differ in alliances, members and pools.
    pub(super) slots: Vec<Slots>,
}

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
    /// The outcomes of all worlds' models, which share regions, offers and makers.
    pub fn of(models: &[MarketModel]) -> Outcomes {
        let mut keys = Vec::new();
        // The first walk lists the keys, the second, over the sorted list, finds their positions.
        for model in models {
            walk(model, &mut |key| {
                keys.push(key);
                0
            });
        }
        keys.sort_unstable();
        keys.dedup();
        let find = |key| keys.binary_search(&key).expect("listed by the first walk");
        let slots = models.iter().map(|model| walk(model, &mut |key| find(key))).collect();
        Outcomes { n_years: models[0].n_years, keys, slots }
    }

    pub fn n_columns(&self) -> usize {
        self.keys.len() * self.n_years
    }

    /// The column of a key and year index, if it is recorded.
    pub fn column(&self, key: &Key, year: usize) -> Option<usize> {
        self.keys.binary_search(key).ok().map(|position| position * self.n_years + year)
    }
}

fn walk(model: &MarketModel, slot: &mut dyn FnMut(Key) -> usize) -> Slots {
    let key = |outcome, region, who, powertrain| Key { outcome, region, who, powertrain };
    let seller = |slot: &mut dyn FnMut(Key) -> usize, region, who| SellerSlots {
        units: slot(key(Outcome::Units, Some(region), who, None)),
        price: slot(key(Outcome::Price, Some(region), who, None)),
        share: slot(key(Outcome::Share, Some(region), who, None)),
        variable_profit: slot(key(Outcome::VariableProfit, Some(region), who, None)),
    };
    let firm = |slot: &mut dyn FnMut(Key) -> usize, who| FirmSlots {
        units: slot(key(Outcome::Units, None, who, None)),
        operating_profit: slot(key(Outcome::OperatingProfit, None, who, None)),
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
        makers: (0..makers.len()).map(|f| makers[f].sells.then(|| firm(slot, Who::Maker(f)))).collect(),
        alliances: (0..model.alliances.len()).map(|a| firm(slot, Who::Alliance(a))).collect(),
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
