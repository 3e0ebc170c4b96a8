//! Reads the reference markets into the dense description; and numbers for random ones.
use keiretsu::equilibrium::{self, Unanswered};
use keiretsu::market::conduct::Conduct;
use keiretsu::market::pricing::dense::inversion;
use keiretsu::market::pricing::{Market, PriceResponse};
use keiretsu::scenario::{Files, Problem};
use serde_json::Value;

/// splitmix64 (Steele, Lea & Flood 2014): the same markets everywhere.
pub struct Draws(pub u64);

impl Draws {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }
    pub fn up_to(&mut self, n: usize) -> usize {
        1 + self.below(n)
    }
    pub fn chance(&mut self, p: f64) -> bool {
        self.between(0.0, 1.0) < p
    }
}

pub fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference-markets")
}

pub fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every reference market, sorted by name.
pub fn reference_markets() -> Vec<(String, Value)> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") && (name.starts_with('s') || name.starts_with("nevo")))
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

pub fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

/// Index of each name in order of first appearance.
pub fn indices(names: &[String], order: &[String]) -> Vec<usize> {
    names.iter().map(|name| order.iter().position(|known| known == name).unwrap()).collect()
}

pub fn distinct(names: &[String]) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    names.iter().for_each(|name| {
        if !order.contains(name) {
            order.push(name.clone());
        }
    });
    order
}

/// κ for the firms in `order`; each firm its own profit only for null.
pub fn kappa(weights: &Value, order: &[String]) -> Conduct<f64> {
    let mut entries = Vec::new();
    if let Some(matrix) = weights.get("kappa") {
        let at = indices(&words(&weights["firms"]), order);
        for (a, row) in matrix.as_array().unwrap().iter().enumerate() {
            entries.extend(numbers(row).into_iter().enumerate().map(|(b, value)| (at[a], at[b], value)));
        }
    }
    Conduct::of(entries)
}

/// A market from the parts that hazards and reference files share; offers as given.
pub fn dense(
    firm_ids: &[String],
    nest_ids: Option<&Value>,
    rho: &Value,
    demand: &Value,
    x: &Value,
    weights: &Value,
) -> Market<f64> {
    let n = firm_ids.len();
    let order = distinct(firm_ids);
    let (nest, rhos) = match nest_ids.filter(|ids| ids.is_array()) {
        Some(ids) => {
            let ids = words(ids);
            let nests = distinct(&ids);
            let rhos = nests
                .iter()
                .map(|name| rho.as_f64().or_else(|| rho[name.as_str()].as_f64()).unwrap())
                .collect();
            (indices(&ids, &nests), rhos)
        }
        None => (vec![0; n], vec![0.0]),
    };
    let firm = indices(firm_ids, &order);
    let mut market = Market::nested(PriceResponse::Linear, 1.0, rhos, firm, nest, vec![0.0; n], vec![0.0; n]);
    let agents = &demand["agents"];
    if agents.is_object() {
        market.types.weight = numbers(&agents["weights"]);
        market.types.alpha = numbers(&agents["alpha"]).iter().map(|a| -a).collect();
        let characteristics: Vec<Vec<f64>> =
            x.as_array().map_or(vec![], |rows| rows.iter().map(numbers).collect());
        if let Some(beta) = agents["beta"].as_array() {
            for tastes in beta.iter().map(numbers) {
                for x_j in &characteristics {
                    market.types.taste.push(tastes.iter().zip(x_j).map(|(b, x)| b * x).sum());
                }
            }
        }
    } else {
        market.types.alpha = vec![-demand["alpha"].as_f64().unwrap()];
    }
    market.conduct = kappa(weights, &order);
    market
}

/// The baseline of a reference file.
pub fn baseline(file: &Value) -> Market<f64> {
    let products = &file["products"];
    dense(
        &words(&products["firm_ids"]),
        Some(&products["nest_ids"]),
        &file["demand"]["rho"],
        &file["demand"],
        &products["x"],
        &file["profit_weights"],
    )
}

pub fn close(a: f64, b: f64, relative: f64, absolute: f64) -> bool {
    (a - b).abs() <= relative * b.abs() + absolute
}

/// A reference baseline with utilities and costs filled in, its prices and shares.
pub fn prepared(file: &Value) -> (Market<f64>, Vec<f64>, Vec<f64>) {
    let mut market = baseline(file);
    let price = numbers(&file["products"]["prices"]);
    let share = numbers(&file["products"]["shares"]);
    market.utility = inversion::mean_utilities(&market, &price, &share).unwrap();
    market.cost = inversion::marginal_costs(&market, &price).unwrap();
    (market, price, share)
}

pub fn assert_all(name: &str, what: &str, got: &[f64], want: &[f64], relative: f64, absolute: f64) {
    assert_eq!(got.len(), want.len(), "{name} {what}");
    for (j, (a, b)) in got.iter().zip(want).enumerate() {
        assert!(close(*a, *b, relative, absolute), "{name} {what}[{j}]: {a} against {b}");
    }
}

/// The answer to a market file as JSON, its warnings, and whether every equilibrium was found.
pub fn ask(market: &std::path::Path) -> Result<(Value, String, bool), Unanswered> {
    let answer = equilibrium::answer(&Files::Disk, market)?;
    let text = serde_json::to_string(&answer).unwrap();
    Ok((serde_json::from_str(&text).unwrap(), answer.warnings.join("\n"), answer.complete()))
}

/// What is wrong with a market file, problem by problem: what, and what to do.
pub fn refusals(market: &std::path::Path) -> Vec<Problem> {
    match ask(market) {
        Err(Unanswered::Input(problems)) => problems.0,
        Err(Unanswered::Numerics(message)) => panic!("{message}"),
        Ok(_) => Vec::new(),
    }
}

/// The file without anything that is an answer.
pub fn stripped(file: &Value) -> Value {
    let mut file = file.clone();
    let map = file.as_object_mut().unwrap();
    map.remove("baseline");
    map.remove("screens");
    for scenario in map["scenarios"].as_array_mut().unwrap() {
        scenario.as_object_mut().unwrap().remove("results");
    }
    file
}
