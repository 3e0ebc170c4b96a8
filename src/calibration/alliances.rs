//! Alliances: members and pools as indices and inputs.

use super::Builder;
use super::draws::Luck;
use super::names::position;
use crate::market::model::{AllianceModel, MemberModel, PoolKind, PoolModel, Split};
use crate::scenario::Date;
use crate::scenario::alliance::{Alliance, Pool, PoolKind as Kind, Split as StatedSplit};
use crate::scenario::file::{Named, ScenarioFile};
use crate::scenario::quantity::Quantity;

impl Builder<'_> {
    pub(super) fn alliances(&mut self, file: &ScenarioFile) -> Vec<AllianceModel> {
        let names = self.names;
        let stated = names.alliances.iter().map(|name| (name, file.alliances.get(name)));
        // An alliance that only another world states keeps its place here.
        stated
            .map(|(name, alliance)| match alliance {
                Some(alliance) => self.alliance(file, name, alliance),
                None => self.no_alliance(),
            })
            .collect()
    }

    fn no_alliance(&mut self) -> AllianceModel {
        let zero = self.fixed(0.0);
        AllianceModel {
            active: false,
            members: Vec::new(),
            start: f64::INFINITY,
            control: f64::INFINITY,
            proceeds: zero,
            proceeds_draw: zero,
            breakup_hazard: zero,
            breakup_draw: zero,
            fade_years: zero,
            reinvested_share: zero,
            integration_cost: zero,
            integration_years: zero,
            pools: Vec::new(),
        }
    }

    fn alliance(&mut self, file: &ScenarioFile, name: &str, alliance: &Alliance) -> AllianceModel {
        let members: Vec<MemberModel> = alliance
            .members
            .iter()
            .map(|(maker, membership)| MemberModel {
                maker: self.names.maker(maker),
                from: membership.from.as_year(),
                until: membership.until.map_or(f64::INFINITY, Date::as_year),
            })
            .collect();
        let mut starts: Vec<f64> = members.iter().map(|member| member.from).collect();
        starts.sort_by(f64::total_cmp);
        AllianceModel {
            active: alliance.active,
            // In force as soon as two are in it.
            start: starts.get(1).copied().unwrap_or(f64::INFINITY),
            control: self.first_control(file, name),
            members,
            proceeds: self.quantity(&alliance.proceeds),
            proceeds_draw: self.chance(Luck::GoesAhead { alliance: name }),
            breakup_hazard: self.quantity(&alliance.breakup_hazard),
            breakup_draw: self.chance(Luck::BreakUp { alliance: name }),
            fade_years: self.quantity(&alliance.fade_years),
            reinvested_share: self.quantity(&alliance.reinvested_share),
            integration_cost: self.quantity(&alliance.integration_cost),
            integration_years: self.quantity(&alliance.integration_years),
            pools: alliance
                .pools
                .iter()
                .map(|(pool, terms)| self.pool(name, alliance, pool, terms))
                .collect(),
        }
    }

    fn pool(&mut self, alliance_name: &str, alliance: &Alliance, name: &str, pool: &Pool) -> PoolModel {
        let member_names: Vec<&String> = match pool.members.is_empty() {
            true => alliance.members.keys().collect(),
            false => pool.members.iter().collect(),
        };
        let members = member_names
            .iter()
            .map(|maker| alliance.members.get_index_of(*maker).expect("checked: a member of the alliance"))
            .collect();
        let components = match pool.components.is_empty() {
            true => (0..self.names.components.len()).collect(),
            false => pool.components.iter().map(|c| position(&self.names.components, c)).collect(),
        };
        let per_member = |builder: &mut Self, stated: &Named<Quantity>| {
            member_names
                .iter()
                .map(|maker| match stated.get(*maker) {
                    Some(quantity) => builder.quantity(quantity),
                    None => builder.fixed(0.0),
                })
                .collect::<Vec<_>>()
        };
        let kind = match pool.kind {
            Kind::Experience => PoolKind::Experience,
            Kind::Purchasing => PoolKind::Purchasing,
            Kind::Platform => PoolKind::Platform {
                stand_alone: per_member(self, &pool.stand_alone_cost),
                split: match pool.split {
                    StatedSplit::StandAlone => Split::StandAlone,
                    StatedSplit::Volume => Split::Volume,
                    StatedSplit::Stated => Split::Stated(per_member(self, &pool.parts)),
                },
                overhead: self.quantity(&pool.overhead),
            },
            Kind::Technology => PoolKind::Technology {
                duplication: self.quantity(&pool.duplication),
                field_share: self.quantity(&pool.field_share),
            },
        };
        let realised_fraction = pool.realised_fraction.as_ref().unwrap_or(&alliance.realised_fraction);
        PoolModel {
            index: self.names.pool(alliance_name, name),
            active: pool.active,
            kind,
            components,
            members,
            start: self.quantity(&pool.start),
            ramp_years: self.quantity(&pool.ramp_years),
            compatibility: self.quantity(&pool.compatibility),
            realised_fraction: self.quantity(realised_fraction),
        }
    }
}
