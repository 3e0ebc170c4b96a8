//! What is asked, the worlds that answer it, and the way from their draws to the answer.

use std::collections::BTreeMap;

use toml::Table;

use super::partners::{self, Ranking, partner};
use super::structures::{Alliance, Structure};
use super::values::{Draws, groups};
use super::{Coalitions, MOST_MEMBERS, Outsiders, REPLICATIONS};
use crate::analysis;
use crate::games::grand;
use crate::preparation::{self, Market};
use crate::scenario::spelling::suggestion;
use crate::scenario::{Problem, Problems, Scenario};
use crate::simulation::outcomes::{Key, Outcome, Outcomes, Wanted, Who};
use crate::simulation::saved::Unfit;
use crate::simulation::{Kept, Progress, Request, Work};

/// Draws that are kept, bytes.
const MOST_MEMORY: u64 = 4 << 30;

/// What is asked of a scenario.
pub struct Question<'a> {
    pub scenario: &'a Scenario,
    /// The alliance [the report's, else the first].
    pub alliance: Option<&'a str>,
    /// The world that says what it shares [the first one in which it is in force, the reference last].
    pub world: Option<&'a str>,
    pub outsiders: Outsiders,
    /// Whether makers outside are looked at too.
    pub partners: bool,
    /// What to look at beside present values and shares, in words.
    pub outcomes: &'a [String],
    /// A year.
    pub discount_rate: f64,
    pub replications: Option<u64>,
}

/// Every coalition as a world, calibrated.
pub struct PreparedCoalitions {
    /// All but the figures.
    answer: Coalitions,
    market: Market,
    request: Request,
    /// World of each structure that is simulated.
    worlds: BTreeMap<Structure, usize>,
    /// Makers that might join.
    candidates: Vec<String>,
    /// What is kept of each world: present values of the members, of the candidates that sell, then outcomes.
    sums: Vec<Vec<(usize, f64)>>,
}

/// The worlds in the making: each structure once.
struct Worlds {
    index: BTreeMap<Structure, usize>,
    settings: Vec<(Table, String)>,
}

impl Worlds {
    fn add(&mut self, structure: Structure, settings: impl FnOnce(&Structure) -> Table) {
        if self.index.contains_key(&structure) {
            return;
        }
        let groups: Vec<String> = structure.iter().map(|group| group.join(" + ")).collect();
        let name = if groups.is_empty() { "nobody together".to_owned() } else { groups.join(" | ") };
        self.settings.push((settings(&structure), name));
        // The reference is the first world.
        self.index.insert(structure, self.settings.len());
    }
}

/// Builds and calibrates all worlds; refuses alliances, worlds and outcomes that there are not, and too many members.
pub fn prepare(question: &Question) -> Result<PreparedCoalitions, Problems> {
    let scenario = question.scenario;
    let key = alliance(scenario, question.alliance)?;
    let world = world(scenario, &key, question.world)?;
    let members: Vec<String> = scenario.worlds[world].file.alliances[&key].members.keys().cloned().collect();
    if members.len() > MOST_MEMBERS {
        let what =
            format!("the alliance `{key}` has {} members: every subset is a world of its own", members.len());
        let remedy = format!("ask about an alliance of at most {MOST_MEMBERS}");
        let at = format!("alliances.{key}.members");
        return Err(Problem::at_key(&scenario.sources, &at, what, remedy).into());
    }
    let alliance = Alliance::of(scenario, world, &key);
    let mut worlds = Worlds { index: BTreeMap::new(), settings: Vec::new() };
    for coalition in 0..=grand(members.len()) {
        let structure = groups(&members, coalition, question.outsiders == Outsiders::Together);
        worlds.add(structure, |structure| alliance.settings(structure));
    }
    let (mut candidates, mut left_out) = (Vec::new(), Vec::new());
    if question.partners {
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                worlds.add(vec![vec![one.clone(), other.clone()]], |structure| alliance.settings(structure));
            }
        }
        for maker in partners::candidates(&scenario.worlds[world], &members) {
            match partners::structures(scenario, (&alliance, world), &members, &maker) {
                Ok(found) => {
                    found.into_iter().for_each(|(structure, table)| worlds.add(structure, |_| table));
                    candidates.push(maker);
                }
                Err(why) => left_out.push((maker, why)),
            }
        }
    }
    let variants = scenario.with_worlds(worlds.settings)?;
    let market = preparation::market(&variants)?;
    let experiment = &market.experiment;
    let all = Outcomes::of(&experiment.models, &Wanted::All).expect("all that there is");
    let outcomes = outcomes(question, &market, &all, &members)?;

    let names = &market.names;
    let profit = |maker: &String, year: i32| {
        let maker = names.makers.iter().position(|name| name == maker)?;
        let key = Key::total(Outcome::OperatingProfit, year).of(Who::Maker(maker));
        all.column(&key).map(|_| key)
    };
    let sells = |maker: &&String| profit(maker, scenario.base_year).is_some();
    let unseen = members.iter().filter(|maker| !sells(maker)).cloned().collect();
    // Those that sell come first: their values do.
    candidates.sort_by_key(|maker| !sells(&maker));
    let sellers = candidates.iter().filter(sells);
    let years = scenario.base_year + 1..=scenario.last_year;
    let mut keys = outcomes.clone();
    let mut values: Vec<Vec<(Key, f64)>> = Vec::new();
    for maker in members.iter().chain(sellers) {
        let mut factor = 1.0;
        let mut value = Vec::new();
        for year in years.clone() {
            factor /= 1.0 + question.discount_rate;
            value.extend(profit(maker, year).map(|key| (key, factor)));
        }
        keys.extend(value.iter().map(|(key, _)| *key));
        values.push(value);
    }
    let simulated: Vec<usize> = (0..experiment.models.len()).collect();
    let replications = question.replications.unwrap_or(scenario.replications.min(REPLICATIONS));
    let request = Request::new(experiment, &simulated, &Wanted::Only(keys), 0..replications)
        .expect("worlds and outcomes that there are");
    let column = |key: &Key| request.outcomes.column(key).expect("asked for");
    let mut sums: Vec<Vec<(usize, f64)>> = values
        .iter()
        .map(|value| value.iter().map(|(key, factor)| (column(key), *factor)).collect())
        .collect();
    sums.extend(outcomes.iter().map(|key| vec![(column(key), 1.0)]));
    fits_memory(sums.len() * simulated.len(), replications)?;
    let answer = Coalitions {
        alliance: key,
        world,
        members,
        outsiders: question.outsiders,
        discount_rate: question.discount_rate,
        replications,
        failed: 0,
        names: names.clone(),
        outcomes,
        coalitions: Vec::new(),
        division: None,
        partners: Vec::new(),
        unseen,
        left_out,
    };
    Ok(PreparedCoalitions { answer, market, request, worlds: worlds.index, candidates, sums })
}

/// Refuses to keep more draws than most machines can.
fn fits_memory(n_series: usize, replications: u64) -> Result<(), Problems> {
    let per_replication = (n_series * size_of::<f64>()) as u64;
    let most = MOST_MEMORY / per_replication;
    if replications <= most {
        return Ok(());
    }
    let needed = (per_replication as f64) * (replications as f64) / f64::from(1 << 30);
    let what = format!("{replications} replications of all coalitions would take {needed:.0} GB of memory");
    let remedy = format!("ask for at most {most} (--replications), or leave partners out (--no-partners)");
    Err(Problem::new(what).fix(remedy).into())
}

/// The alliance that is asked about.
fn alliance(scenario: &Scenario, asked: Option<&str>) -> Result<String, Problems> {
    let mut known: Vec<&str> = Vec::new();
    for key in scenario.worlds.iter().flat_map(|world| world.file.alliances.keys()) {
        if !known.contains(&key.as_str()) {
            known.push(key);
        }
    }
    let asked = asked.or(scenario.report.alliance.as_deref()).or(known.first().copied());
    match asked {
        Some(asked) if known.contains(&asked) => Ok(asked.to_owned()),
        Some(asked) => Err(Problem::new(format!("--alliance {asked}: no world has such an alliance"))
            .fix(suggestion(asked, known.iter().copied()))
            .into()),
        None => Err(Problem::new("the scenario states no alliance")
            .fix("state one under [alliances.NAME], with its members and pools")
            .into()),
    }
}

/// The world whose alliance is taken apart.
fn world(scenario: &Scenario, alliance: &str, asked: Option<&str>) -> Result<usize, Problems> {
    let worlds = &scenario.worlds;
    let in_force =
        |world: &usize| worlds[*world].file.alliances.get(alliance).is_some_and(|stated| stated.active);
    let compared = (0..worlds.len()).filter(|world| *world != scenario.reference);
    let fit: Vec<usize> = compared.chain([scenario.reference]).filter(in_force).collect();
    let named: Vec<&str> = fit.iter().map(|&world| worlds[world].key.as_str()).collect();
    match (asked, &fit[..]) {
        (_, []) => Err(Problem::new(format!("the alliance `{alliance}` is in force in no world"))
            .fix(format!("switch it on in one: set.alliances.{alliance}.active = true"))
            .into()),
        (None, [first, ..]) => Ok(*first),
        (Some(asked), _) => fit.iter().copied().find(|&world| worlds[world].key == asked).ok_or_else(|| {
            Problem::new(format!("--world {asked}: the alliance `{alliance}` is not in force there"))
                .fix(format!("it is in {}", named.join(", ")))
                .into()
        }),
    }
}

/// The members' shares in the last year of the report, and what is asked for by name.
fn outcomes(
    question: &Question,
    market: &Market,
    all: &Outcomes,
    members: &[String],
) -> Result<Vec<Key>, Problems> {
    let (scenario, names) = (question.scenario, &market.names);
    let years = scenario.report.years.iter().copied().filter(|&year| year <= scenario.last_year);
    let year = years.max().unwrap_or(scenario.last_year);
    let is_member = |who: Who| matches!(who, Who::Maker(maker) if members.contains(&names.makers[maker]));
    let share = |key: &&Key| key.outcome == Outcome::Share && key.year == year && is_member(key.who);
    let mut keys: Vec<Key> = all.keys.iter().filter(share).copied().collect();
    let mut problems = Problems::default();
    for line in question.outcomes {
        match analysis::find(names, all, line) {
            Ok(found) if found.iter().any(|key| matches!(key.who, Who::Alliance(_))) => problems.push(
                Problem::new(format!("--outcome {line}: an alliance has other members in every coalition"))
                    .fix(format!("name a maker: {}", members.join(", "))),
            ),
            Ok(found) => keys.extend(found),
            Err(wrong) => problems.push(
                Problem::new(format!("--outcome {line}: {wrong}"))
                    .fix("write an outcome, a maker, a region and a year, as in `share Honda US 2035`"),
            ),
        }
    }
    keys.sort_unstable();
    keys.dedup();
    problems.into_result(keys)
}

impl PreparedCoalitions {
    /// Worlds that are simulated, the reference among them.
    pub fn worlds(&self) -> usize {
        self.market.experiment.models.len()
    }

    /// Replications that are simulated here.
    pub fn replications(&self, work: &Work) -> u64 {
        work.replications(&self.request.replications)
    }

    /// Simulates all worlds; `progress` is called with the replications done so far. Of a shard nothing is said.
    pub fn run(self, work: &mut Work, progress: &dyn Progress) -> Result<Option<Coalitions>, Unfit> {
        let n_makers = self.sums.len() - self.answer.outcomes.len();
        let mut kept = Kept::sums(&self.request, self.sums);
        work.simulate(&self.market.experiment, &self.request, &mut [&mut kept], None, progress)?;
        if !work.is_complete() {
            return Ok(None);
        }
        let mut answer = self.answer;
        let members = &answer.members;
        let together = answer.outsiders == Outsiders::Together;
        let worlds =
            (0..=grand(members.len())).map(|coalition| self.worlds[&groups(members, coalition, together)]);
        let draws = Draws {
            kept: &kept,
            n_members: members.len(),
            worlds: worlds.collect(),
            first_outcome: n_makers,
            n_outcomes: answer.outcomes.len(),
        };
        let (coalitions, division) = draws.coalitions();
        let partners = rankings(&draws, members, &self.candidates, &self.worlds, n_makers);
        answer.replications = kept.replications;
        answer.failed = kept.failed;
        answer.coalitions = coalitions;
        answer.division = division;
        answer.partners = partners;
        Ok(Some(answer))
    }
}

/// Partners of the alliance and of each member; none where nobody was looked at. Candidates that sell come first, and
/// their sums follow the members'.
fn rankings(
    draws: &Draws,
    members: &[String],
    candidates: &[String],
    worlds: &BTreeMap<Structure, usize>,
    n_makers: usize,
) -> Vec<Ranking> {
    let n = members.len();
    let own = |candidate: usize| Some(n + candidate).filter(|sum| *sum < n_makers);
    let pair = |one: &String, other: &String| worlds.get(&vec![vec![one.clone(), other.clone()]]).copied();
    let nobody = draws.worlds[0];
    let whole = draws.worlds[grand(n) as usize];
    let everyone: Vec<usize> = (0..n).collect();
    let of_alliance = candidates.iter().enumerate().filter_map(|(at, name)| {
        let with = worlds.get(&vec![[members, std::slice::from_ref(name)].concat()])?;
        Some(partner(draws, name, (*with, whole), &everyone, own(at)))
    });
    let mut rankings = vec![Ranking { of: None, partners: of_alliance.collect() }];
    for (member, taker) in members.iter().enumerate() {
        let fellows = members.iter().enumerate().filter_map(|(fellow, name)| {
            let with = if fellow > member { pair(taker, name) } else { pair(name, taker) };
            Some(partner(draws, name, (with?, nobody), &[member], Some(fellow)))
        });
        let others = candidates.iter().enumerate().filter_map(|(at, name)| {
            Some(partner(draws, name, (pair(taker, name)?, nobody), &[member], own(at)))
        });
        rankings.push(Ranking { of: Some(member), partners: fellows.chain(others).collect() });
    }
    if candidates.is_empty() {
        rankings.clear();
    }
    for ranking in &mut rankings {
        ranking.partners.sort_by(|a, b| b.gain.mean.total_cmp(&a.gain.mean));
    }
    rankings
}
