//! All integration tests as one program: linked once.

mod support;

mod architecture;
mod contract_charts;
mod contract_commands;
mod contract_kept_files;
mod contract_run_folder;
mod equilibrium_command;
mod equilibrium_dense;
mod equilibrium_deviation;
mod equilibrium_equations;
mod equilibrium_inputs;
mod equilibrium_random;
mod equilibrium_refusals;
mod equilibrium_screens;
mod equilibrium_shares;
mod golden;
mod laws_base_year;
mod laws_costs;
mod laws_events;
mod laws_feedback;
mod laws_invariance;
mod laws_no_effect;
mod laws_ownership;
mod laws_pools;
mod laws_quality;
mod laws_scenarios;
mod mutations;
mod notation;
mod readme;
mod scenario_extends;
mod scenario_files;
mod scenario_never_panics;
mod scenario_problems;
mod scenario_reader;
mod scenario_tables;
