//! The answer in sentences: three that stand for it, and those that tell the rest.

use super::words::{self, VISIBLE, about, counted, in_region, joined, percent, points, unsigned_points};
use super::{Answer, WORLDS_IN_WORDS};
use crate::analysis::Headline;
use crate::report::backtest::sentence;
use crate::report::subject::{proposed_alliances, region_name};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;

/// Makers named as those that gain or lose most.
const MAKERS_NAMED: usize = 3;

impl Answer<'_> {
    /// Three sentences: what happens to shares and profits, world by world, and how sure that is.
    pub fn sentences(&self) -> Vec<String> {
        let worlds = self.worlds();
        if worlds.is_empty() {
            return vec![
                "There is one world only, so nothing is compared: state a second one under [worlds] to see a \
                 difference."
                    .into(),
            ];
        }
        let mut sentences = match worlds.as_slice() {
            [world] => {
                let profit = self.profit(*world, self.their(*world), true);
                let profit = profit.map(|text| format!("Worldwide in {}, {text}.", self.last_year));
                [Some(self.shares(*world) + "."), profit].into_iter().flatten().collect()
            }
            worlds if worlds.len() <= WORLDS_IN_WORDS => {
                let of = |world: &usize| match self.profit(*world, self.their(*world), false) {
                    Some(profit) => format!("{}; {profit}.", self.shares(*world)),
                    None => format!("{}.", self.shares(*world)),
                };
                worlds.iter().map(of).collect::<Vec<_>>()
            }
            worlds => self.extremes(worlds),
        };
        sentences.push(self.how_sure(&worlds));
        sentences
    }

    /// How such forecasts have done: the share process in the past, and this run where something has been seen since.
    pub fn score(&self) -> Option<String> {
        let named = |key: &str| in_region(region_name(self.scenario, key));
        let mut text = sentence(&self.record.rows, self.record.origins?, &named)?;
        if let Some(year) = self.coverage.iter().map(|row| row.year).min() {
            let of_year = || self.coverage.iter().filter(|row| row.year == year);
            let (inside, makers) =
                of_year().fold((0, 0), |sum, row| (sum.0 + row.inside, sum.1 + row.makers));
            text += &format!(
                " Of the shares of {year}, which this run does not use, {inside} of {makers} lie inside its bands."
            );
        }
        Some(text)
    }

    /// The worlds that are compared.
    pub(super) fn worlds(&self) -> Vec<usize> {
        self.findings.ensemble.comparisons.iter().map(|comparison| comparison.world).collect()
    }

    /// A world's headlines in the last year quoted, the largest change first.
    fn last(&self, world: usize) -> Vec<&Headline> {
        let of_world = self.headlines.iter().filter(|h| h.world == world && h.year == self.last_year);
        let mut found: Vec<&Headline> = of_world.filter(|headline| headline.change.n > 0).collect();
        found.sort_by(|a, b| b.change.mean.abs().total_cmp(&a.change.mean.abs()));
        found
    }

    /// “Partnership”: if it goes ahead, Honda + Nissan together gain … by 2035 …
    fn shares(&self, world: usize) -> String {
        let headlines = self.last(world);
        let start = format!("{}{}", self.label(world), self.condition(world));
        let Some(first) = headlines.first() else {
            return format!("{start}nothing can be said: no replication was solved");
        };
        let whose = self.whose(first.who);
        let visible: Vec<&Headline> =
            headlines.iter().filter(|headline| !is_invisible(&headline.change)).take(3).copied().collect();
        let Some(largest) = visible.first() else {
            return format!("{start}the market share of {whose} does not visibly change");
        };
        let gains = |h: &Headline| h.change.mean >= 0.0;
        let clause = |up: bool| {
            let moved = visible.iter().enumerate().filter(|(_, headline)| gains(headline) == up);
            let parts: Vec<String> =
                moved.map(|(at, headline)| self.change_in_region(headline, at == 0)).collect();
            let verb = self.verb(first.who, if up { "gain" } else { "lose" });
            (!parts.is_empty()).then(|| format!("{verb} {}", joined(&parts)))
        };
        let clauses: Vec<String> =
            [clause(gains(largest)), clause(!gains(largest))].into_iter().flatten().collect();
        format!("{start}{whose} {} by {}, on average over draws", clauses.join(" but "), self.last_year)
    }

    /// 0.09 percentage points of the market in China (7,000 cars a year), or shorter after the first.
    fn change_in_region(&self, headline: &Headline, in_full: bool) -> String {
        let change = headline.change.mean;
        let key = Key::total(Outcome::Units, headline.year).of(headline.who).in_region(headline.region);
        let units = self.findings.difference(headline.world, Condition::Proceeds, &key);
        // In a market that shrinks or grows a share may rise while fewer are sold.
        let goods = match units.filter(|units| units.n > 0 && units.mean * change > 0.0) {
            Some(units) if units.mean.abs() >= 0.5 && in_full => {
                format!(" ({} {} a year)", about(units.mean), self.goods())
            }
            Some(units) if units.mean.abs() >= 0.5 => format!(" ({})", about(units.mean)),
            _ => String::new(),
        };
        let of_market = if in_full { " percentage points of the market" } else { "" };
        let region = in_region(self.region(headline.region));
        format!("{}{of_market} in {region}{goods}", unsigned_points(change))
    }

    /// Their operating profit is USD 0.32 bn a year higher on average, but lower on the way.
    fn profit(&self, world: usize, whose: &str, with_interval: bool) -> Option<String> {
        let who = self.subject(world);
        let profit = self.firm_change(world, who, Outcome::OperatingProfit, self.last_year)?;
        let interval = self.interval(profit).filter(|_| with_interval);
        let change = words::change_of_profit(profit.mean, interval, self.money());
        Some(format!("{whose} operating profit {change}{}", self.losses_on_the_way(world, who, profit.mean)))
    }

    /// What the years before cost, where the end is a gain.
    fn losses_on_the_way(&self, world: usize, who: Who, last: f64) -> String {
        let years = self.findings.base_year + 1..self.last_year;
        let path = years.filter_map(|year| {
            Some((year, self.firm_change(world, who, Outcome::OperatingProfit, year)?.mean))
        });
        let losses: Vec<(i32, f64)> = path.filter(|(_, mean)| *mean < -0.02 * last.abs()).collect();
        let Some(worst) = losses.iter().min_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| last > 0.0) else {
            return String::new();
        };
        let (first, until) = (losses[0].0, losses[losses.len() - 1].0);
        let when = if first == until { format!("in {first}") } else { format!("from {first} to {until}") };
        format!(", but lower {when} (by {} in {})", words::sum(worst.1, self.money()), worst.0)
    }

    fn firm_change(&self, world: usize, who: Who, outcome: Outcome, year: i32) -> Option<&Estimate> {
        let key = Key::total(outcome, year).of(who);
        self.findings.difference(world, Condition::Proceeds, &key).filter(|change| change.n > 0)
    }

    /// Of many worlds, the one that gains the subject most and the one that costs it most.
    fn extremes(&self, worlds: &[usize]) -> Vec<String> {
        let mut ranked: Vec<(f64, usize)> =
            worlds.iter().filter_map(|&world| Some((self.last(world).first()?.change.mean, world))).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (Some(best), Some(worst)) = (ranked.first(), ranked.last()) else {
            return vec!["Nothing can be said: no replication was solved.".into()];
        };
        let worlds = counted(worlds.len() as u64, "world", "worlds");
        vec![
            format!("Of {worlds} compared, most is gained in {}.", self.shares(best.1)),
            format!("Least is gained or most is lost in {}.", self.shares(worst.1)),
        ]
    }

    /// How wide the draws lie, how likely it is, and how long it lasts.
    fn how_sure(&self, worlds: &[usize]) -> String {
        let worlds = if worlds.len() <= WORLDS_IN_WORDS { worlds } else { &worlds[..0] };
        let named = worlds.len() > 1;
        let parts: Vec<String> = worlds.iter().filter_map(|&world| self.how_sure_of(world, named)).collect();
        match parts.is_empty() {
            true => "How sure this is stands in the table: 90 of 100 draws lie in the interval shown.".into(),
            false => format!("How sure: {}.", parts.join("; ")),
        }
    }

    fn how_sure_of(&self, world: usize, named: bool) -> Option<String> {
        let headline = *self.last(world).first()?;
        let name = if named { format!(" for “{}”", self.world(world)) } else { String::new() };
        let Some((low, high)) = self.interval(&headline.change) else {
            let draws = counted(headline.change.n, "draw says", "draws say");
            return Some(format!("{draws} nothing about the spread{name}"));
        };
        let region = in_region(self.region(headline.region));
        let mut text = format!(
            "in 90 of 100 draws the change in {region} is {} to {} points{name}",
            points(low),
            points(high)
        );
        if let Some(chance) = self.chance(world) {
            text += &format!(", the chance that it goes ahead is put at {chance}");
        }
        if let Some((broken, lasting)) = self.lasting(headline) {
            text += &format!(
                ", and by {} it has broken up in {} ({} on average where it lasts)",
                headline.year,
                words::of_100_draws(broken),
                points(lasting.mean)
            );
        }
        Some(text)
    }

    /// The chance that what a world proposes goes ahead, as the scenario states it.
    fn chance(&self, world: usize) -> Option<String> {
        let proposed = proposed_alliances(self.scenario, self.findings, world);
        let name = &self.findings.names.alliances[*proposed.first()?];
        let range = self.scenario.worlds[world].file.alliances.get(name)?.proceeds.range();
        (range != (1.0, 1.0)).then(|| words::chance(range))
    }

    /// In what part of draws it has broken up by a headline's year, and the change where it has not.
    pub(super) fn lasting(&self, headline: &Headline) -> Option<(f64, &Estimate)> {
        let key = Key::total(Outcome::Share, headline.year).of(headline.who).in_region(headline.region);
        let lasting = self.findings.difference(headline.world, Condition::Survives, &key)?;
        let broken = 1.0 - lasting.n as f64 / headline.change.n as f64;
        (broken > 0.0 && lasting.n > 0).then_some((broken, lasting))
    }

    /// Everything else that is worth a sentence, for `--verbose`.
    pub fn details(&self) -> Vec<String> {
        let mut details: Vec<String> =
            self.headlines.iter().map(|headline| self.sentence(headline)).collect();
        details.extend(self.worlds().into_iter().filter_map(|world| self.money_of(world)));
        details.extend(self.foundations());
        details
    }

    /// One headline in full.
    pub(super) fn sentence(&self, headline: &Headline) -> String {
        let change = &headline.change;
        let start = format!("{}, {}: ", self.region(headline.region), headline.year);
        let whose = self.whose(headline.who);
        let condition = format!("{}{}", self.label(headline.world), self.condition(headline.world));
        if change.n == 0 {
            return format!("{start}{condition}nothing can be said: no replication was solved.");
        }
        if is_invisible(change) {
            return format!("{start}{condition}the market share of {whose} does not visibly change.");
        }
        let verb = self.verb(headline.who, if change.mean >= 0.0 { "gain" } else { "lose" });
        let mut text = format!(
            "{start}{condition}{whose} {verb} {} on average, {} instead of {}",
            self.change_in_region(headline, true),
            percent(headline.share),
            percent(headline.reference_share),
        );
        if let Some((low, high)) = self.interval(change) {
            text += &format!("; 90 of 100 draws lie between {} and {}", points(low), points(high));
        }
        if let Some((_, lasting)) = self.lasting(headline) {
            text += &format!("; if it lasts, {}", points(lasting.mean));
        }
        text.push('.');
        let named = |m: &crate::analysis::Move| {
            format!("{} ({} points)", self.findings.names.makers[m.maker], points(m.change.mean))
        };
        let moves = &headline.moves;
        let winners: Vec<String> =
            moves.iter().filter(|m| m.change.mean > VISIBLE).take(MAKERS_NAMED).map(named).collect();
        let losers: Vec<String> =
            moves.iter().rev().filter(|m| m.change.mean < -VISIBLE).take(MAKERS_NAMED).map(named).collect();
        if !winners.is_empty() {
            text += &format!(" Most gained: {}.", winners.join(", "));
        }
        if !losers.is_empty() {
            text += &format!(" Most lost: {}.", losers.join(", "));
        }
        text
    }

    /// Profit and savings of a world's subject.
    fn money_of(&self, world: usize) -> Option<String> {
        let (who, year) = (self.subject(world), self.last_year);
        let mut text = format!(
            "Worldwide, {year}: {}{}{}",
            self.label(world),
            self.condition(world),
            self.profit(world, &format!("for {} the", self.name(who)), true)?
        );
        let saved = |outcome| self.firm_change(world, who, outcome, year);
        if let (Some(total), Some(each)) = (saved(Outcome::Saving(None)), saved(Outcome::SavingPerCar(None)))
            && total.mean != 0.0
        {
            let verb = match total.mean > 0.0 {
                true => "its pools save",
                false => "its pools cost more than they save, by",
            };
            let decimals = if each.mean.abs() < 10.0 { 2 } else { 0 };
            text += &format!(
                "; {verb} {}, {} {:.decimals$} on each of its {}",
                words::sum(total.mean, self.money()),
                self.money(),
                each.mean.abs(),
                self.goods(),
            );
            if self.last(world).first().is_some_and(|headline| self.lasting(headline).is_some()) {
                text += ", draws in which it has broken up by then included";
            }
        }
        Some(text + ".")
    }

    /// What the answer rests on: draws, checks, judgement, numerics.
    pub fn foundations(&self) -> Vec<String> {
        let mut text: Vec<String> = self
            .coverage
            .iter()
            .map(|row| {
                format!(
                    "Check against {}: {} of {} in {} lie inside the 90 % band of the reference world; \
                     the mean quantile loss is {:.2} points, and {:.2} for “the {} share stays”.",
                    row.year,
                    row.inside,
                    counted(row.makers as u64, "maker", "makers"),
                    in_region(self.region(row.region)),
                    row.loss * 100.0,
                    row.loss_of_no_change * 100.0,
                    self.findings.base_year,
                )
            })
            .collect();
        let ensemble = &self.findings.ensemble;
        let found = ensemble.solved.equilibria - ensemble.solved.failed;
        text.push(format!(
            "{} of {} on the same luck; {} solved, {} not found ({} left out); worst residual {:.0e}.",
            counted(ensemble.replications, "draw", "draws"),
            counted(ensemble.levels.len() as u64, "world", "worlds"),
            counted(found, "equilibrium", "equilibria"),
            words::thousands(ensemble.solved.failed as f64),
            counted(ensemble.failed, "draw", "draws"),
            ensemble.solved.worst_residual,
        ));
        text
    }
}

/// Whether hardly any draw moves the share by what a reader would see.
pub(super) fn is_invisible(change: &Estimate) -> bool {
    change.p05.abs().max(change.p95.abs()).max(change.mean.abs()) < VISIBLE
}
