//! What a difference is made of: Shapley values against closed cases and against worlds written out by hand.

use crate::support::draft::{Draft, Row};
use crate::support::lab::{Lab, assert_near};
use keiretsu::analysis;
use keiretsu::simulation::summary::Estimate;
use keiretsu::variants::Attributed;

/// The only world taken apart.
fn attributed(lab: &Lab) -> &Attributed {
    let worlds = &lab.attribution.as_ref().expect("an attribution").worlds;
    assert_eq!(worlds.len(), 1);
    &worlds[0]
}

/// The parts of an outcome, such as `share A Home 2028`.
fn parts<'a>(lab: &'a Lab, outcome: &str) -> &'a [Estimate] {
    let attributed = attributed(lab);
    let text = |key| analysis::text(&attributed.names, key);
    let at = attributed.outcomes.iter().position(|key| text(key) == outcome);
    &attributed.parts[at.unwrap_or_else(|| panic!("no {outcome}"))]
}

fn part<'a>(lab: &'a Lab, outcome: &str, channel: &str) -> &'a Estimate {
    let at = attributed(lab).channels.iter().position(|name| name == channel);
    &parts(lab, outcome)[at.unwrap_or_else(|| panic!("no {channel} in {:?}", attributed(lab).channels))]
}

/// A and B share purchasing and the experience of their drives, put half of it into R&D and pay for it; C looks on.
fn alliance() -> Draft {
    let offers = [(800_000.0, 30_000.0), (400_000.0, 24_000.0), (600_000.0, 28_000.0)];
    Draft::of(&offers)
        .region_keys("knowledge_effect.all = 0.3")
        .sections("[components.drive]\nlearning_rate = 0.15\nweight.all.all = 0.3\n[components.idle]\nweight.all.all = 0.1")
        .sections("[components.rest]\nremainder = true")
        .sections("[costs]\nscale_elasticity = { dist = \"uniform\", low = 0.02, high = 0.06 }")
        .sections("[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01")
        .sections("realised_fraction = { dist = \"triangular\", low = -0.2, mode = 0.5, high = 1.2 }")
        .sections("reinvested_share = 0.5\nintegration_cost = 0.8\nintegration_years = 2")
        .sections("[alliances.club.pools]\nbuying = { kind = \"purchasing\", start = 2025 }")
        .sections("drives = { kind = \"experience\", components = [\"drive\"], start = 2025 }")
        .sections("idle = { kind = \"experience\", components = [\"idle\"], start = 2025 }")
        .sections("suite = { kind = \"platform\", start = 2025, stand_alone_cost.A = 0.5, stand_alone_cost.B = 0.3 }")
}

const ASKED: &str = "[attribution]\noutcomes = [\"share A Home\", \"share C Home\", \"operating_profit A\"]";

/// Channels add up to the total, which is the world's own difference; what nothing depends on gets exactly nothing.
#[test]
fn parts_add_up_and_a_null_channel_gets_exactly_nothing() {
    let lab = alliance().sections(ASKED).world("allied", "alliances.club.active = true").run(700, 3);
    let channels = ["buying", "drives", "idle", "suite", "reinvestment", "integration cost"];
    assert_eq!(attributed(&lab).channels, channels);
    for (key, parts) in attributed(&lab).outcomes.iter().zip(&attributed(&lab).parts) {
        let outcome = analysis::text(&attributed(&lab).names, key);
        let (total, parts) = parts.split_last().unwrap();
        let sum: f64 = parts.iter().map(|part| part.mean).sum();
        let scale = parts.iter().map(|part| part.mean.abs()).sum::<f64>();
        assert!((sum - total.mean).abs() <= 1e-12 * scale, "{outcome}: {sum} of {}", total.mean);
        let (of, year) = outcome.rsplit_once(' ').unwrap();
        let difference = lab.difference("allied", 0, of, year.parse().unwrap());
        assert_eq!(difference.n, total.n);
        assert_near(difference.mean, total.mean, 1e-9, &outcome);
        let idle = part(&lab, &outcome, "idle");
        assert_eq!((idle.mean, idle.sd, idle.p05, idle.p95), (0.0, 0.0, 0.0, 0.0), "{outcome}");
        // What integration costs moves no share.
        let cost = part(&lab, &outcome, "integration cost");
        assert!(!of.starts_with("share") || (cost.mean == 0.0 && cost.sd == 0.0), "{outcome}");
    }
    assert!(part(&lab, "operating_profit A 2025", "integration cost").mean < 0.0);
    assert!(part(&lab, "share A Home 2028", "buying").mean.abs() > 1e-6);
    assert!(part(&lab, "share A Home 2028", "reinvestment").mean != 0.0);
}

/// Two channels by hand: φ = ½ [v(i) − v(∅) + v(ij) − v(j)], from worlds that state each combination.
#[test]
fn two_channels_equal_the_worlds_written_out() {
    let grouped =
        "[attribution.channels]\nbuying = [\"alliances.club.pools.buying\"]\nrest = [\"alliances.club\"]";
    let on = "alliances.club.active = true";
    let only_buying = "alliances.club.pools.drives.active = false\nalliances.club.pools.idle.active = false\n\
                       alliances.club.pools.suite.active = false\nalliances.club.reinvested_share = 0\nalliances.club.integration_cost = 0";
    let lab = alliance()
        .sections(ASKED)
        .sections("worlds = [\"allied\"]")
        .sections(grouped)
        .world("allied", on)
        .world("buying", &format!("{on}\n{only_buying}"))
        .world("rest", &format!("{on}\nalliances.club.pools.buying.active = false"))
        .run(300, 5);
    assert_eq!(attributed(&lab).channels, ["buying", "rest"]);
    for outcome in ["share A Home", "share C Home", "operating_profit A"] {
        let difference = |world| lab.difference(world, 0, outcome, 2027).mean;
        let (both, buying, rest) = (difference("allied"), difference("buying"), difference("rest"));
        let text = format!("{outcome} 2027");
        assert_near(part(&lab, &text, "buying").mean, 0.5 * (buying + both - rest), 1e-9, &text);
        assert_near(part(&lab, &text, "rest").mean, 0.5 * (rest + both - buying), 1e-9, &text);
    }
}

/// Regions without common costs do not interact: each channel's part is its effect alone, and nothing elsewhere.
#[test]
fn channels_that_do_not_interact_have_their_effects_alone() {
    let mut draft = Draft::of(&[]);
    for region in ["Here", "There"] {
        for (maker, units, price) in [("A", 8e5, 30_000.0), ("B", 5e5, 22_000.0)] {
            draft.offers.push(Row { region, maker: maker.into(), powertrain: "all", units, price });
        }
    }
    let lab = draft
        .sections("[attribution]\nworlds = [\"both\"]\noutcomes = [\"marginal_cost A Here all\", \"marginal_cost A There all\"]")
        .sections("[attribution.channels]\nhere = [\"regions.Here\"]\nthere = [\"regions.There\"]")
        .world("both", "regions.Here.own_price_elasticity = -5\nregions.There.own_price_elasticity = -3.5")
        .world("here", "regions.Here.own_price_elasticity = -5")
        .world("there", "regions.There.own_price_elasticity = -3.5")
        .run(1, 1);
    assert_eq!(attributed(&lab).channels, ["here", "there"]);
    for (channel, region, other) in [("here", "Here", "There"), ("there", "There", "Here")] {
        let alone = lab.difference(channel, 0, &format!("marginal_cost A {region} all"), 2028).mean;
        assert!(alone.abs() > 1.0);
        assert_near(
            part(&lab, &format!("marginal_cost A {region} all 2028"), channel).mean,
            alone,
            1e-9,
            channel,
        );
        assert_eq!(part(&lab, &format!("marginal_cost A {other} all 2028"), channel).mean, 0.0);
    }
}

/// Components that are alike in all but name matter alike.
#[test]
fn symmetric_channels_get_equal_parts() {
    let lab = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0)])
        .sections("[components.left]\nlearning_rate = 0.1\nweight.all.all = 0.3")
        .sections("[components.right]\nlearning_rate = 0.1\nweight.all.all = 0.3")
        .sections("[components.rest]\nremainder = true")
        .sections(
            "[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01",
        )
        .sections("pools.left = { kind = \"experience\", components = [\"left\"], start = 2025 }")
        .sections("pools.right = { kind = \"experience\", components = [\"right\"], start = 2025 }")
        .sections("[attribution]\noutcomes = [\"share B Home\"]")
        .world("allied", "alliances.club.active = true")
        .run(1, 1);
    let (left, right) = (part(&lab, "share B Home 2028", "left"), part(&lab, "share B Home 2028", "right"));
    assert!(left.mean.abs() > 1e-6);
    assert_near(left.mean, right.mean, 1e-9, "left and right");
}

/// More than ten channels: sampled orders add up too, and say how far off they may be.
#[test]
fn many_channels_are_sampled_and_add_up() {
    let mut draft = Draft::of(&[(800_000.0, 30_000.0), (400_000.0, 24_000.0)]);
    let mut pools = String::new();
    for k in 0..11 {
        draft = draft.sections(&format!(
            "[components.c{k}]\nlearning_rate = {:?}\nweight.all.all = 0.05",
            0.05 + 0.01 * f64::from(k)
        ));
        pools +=
            &format!("pools.p{k} = {{ kind = \"experience\", components = [\"c{k}\"], start = 2025 }}\n");
    }
    let lab = draft
        .sections("[components.rest]\nremainder = true")
        .sections(
            "[alliances.club]\nactive = false\nmembers.A.from = 2025-01-01\nmembers.B.from = 2025-01-01",
        )
        .sections(&pools)
        .sections("[attribution]\norders = 4\noutcomes = [\"share B Home 2028\"]")
        .world("allied", "alliances.club.active = true")
        .run(1, 1);
    assert_eq!(attributed(&lab).channels.len(), 11);
    let (total, parts) = parts(&lab, "share B Home 2028").split_last().unwrap();
    assert_near(parts.iter().map(|part| part.mean).sum(), total.mean, 1e-9, "sum");
    assert!(parts.iter().all(|part| part.mean != 0.0));
}

/// What cannot be taken apart is refused with place and remedy.
#[test]
fn a_wrong_attribution_is_refused() {
    let refusals = |sections: &str| {
        let folder = tempfile::tempdir().unwrap();
        let draft = alliance().sections(sections).world("allied", "alliances.club.active = true");
        let path = draft.write(folder.path());
        Lab::try_run(&path, &[], 10, 1).err().expect("refused").to_string()
    };
    let world = refusals("[attribution]\nworlds = [\"alied\"]");
    assert!(world.contains("did you mean `allied`"), "{world}");
    assert!(refusals("[attribution]\nworlds = [\"base\"]").contains("is the reference"));
    let outcome = refusals("[attribution]\noutcomes = [\"shar A Home\"]");
    assert!(outcome.contains("no outcome `shar A Home`") && outcome.contains("share A Home"), "{outcome}");
    let channel = refusals("[attribution.channels]\nbuying = [\"alliances.club.pools.bying\"]");
    assert!(channel.contains("bying"), "{channel}");
}
