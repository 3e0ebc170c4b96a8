// What does not depend on a world, the selectors, and the state in the address.

const FIXED = [
  {
    id: "check",
    needs: run => run.observed.length > 0,
    title: run => {
      const rows = observedRows(run);
      const inside = rows.filter(row => row.seen >= row.estimate.p05 && row.seen <= row.estimate.p95).length;
      return `${inside} of ${rows.length} shares seen since lie in their 90 % band`;
    },
    sub: run => `Rings: shares in ${[...new Set(run.observed.map(row => row[2]))].join(", ")}, which nothing was fitted to. Dots and bars: what the reference world says.`,
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const figures = regionsOf(run, state).flatMap(region => {
        const rows = observedRows(run).filter(row => row.region === region);
        return rows.length ? [rowChart({
          title: run.regionName(region), unit: "share of units sold, %", zero: true, label: `Shares seen in ${run.regionName(region)} against the reference world.`, tick: tickOf(outcome, 0),
          rows: rows.map(row => ({ ...row, name: row.name, read: e => [`${withUnit(outcome, row.seen, 0)} seen`, `${figure(outcome, e.mean, 0)} on average; 90 of 100 draws ${figure(outcome, e.p05, 0)} to ${figure(outcome, e.p95, 0)}`] })),
        })] : [];
      });
      const columns = [["region", 0], ["maker", 0], ["year", 1], ["seen", 1], ["mean", 1], ["5 %", 1], ["95 %", 1], ["", 0]];
      const rows = () => observedRows(run).map(({ region, name, seen, estimate: e }) => [run.regionName(region), name, String(e.year), figure(outcome, seen, 0), figure(outcome, e.mean, 0), figure(outcome, e.p05, 0), figure(outcome, e.p95, 0), seen < e.p05 ? "below" : seen > e.p95 ? "above" : ""]);
      return [panels(figures), folded("check", () => table("Shares seen since the base year", columns, rows()))];
    },
  },
  {
    id: "fit",
    needs: run => run.fit.length > 0,
    title: run => `What ${run.base_year} implies: costs, margins, elasticities`,
    sub: run => `The base year's prices and sales, explained by costs and tastes with every uncertain number at its median. ${run.fit.some(row => row[9] !== null) ? "Published margins stand beside them, and were not used." : ""}`,
    draw: (run, state) => {
      const columns = [["region", 0], ["maker", 0], ["powertrain", 0], ["units", 1], ["share, %", 1], ["price", 1], ["cost", 1], ["margin, %", 1], ["published, %", 1], ["elasticity", 1]];
      const rows = run.fit.filter(row => !state.region || run.regions[row[0]][0] === state.region).map(([region, maker, powertrain, units, share, price, cost, margin, elasticity, published]) =>
        [run.regions[region][1], run.makers[maker], run.powertrains[powertrain][1], digits(units, 0), plain(share * 100, 3), digits(price, 0), digits(cost, 0), plain(margin * 100, 1), published === null ? "" : plain(published * 100, 1), plain(elasticity, 2)]);
      const shown = table(`The base year by offer`, columns, rows, row => row[1] === state.maker);
      shown.classList.add("scroll");
      return [shown];
    },
  },
  {
    id: "any",
    title: () => "Any number of the run",
    sub: () => "Everything that the tables of the run folder hold, for the world, region, maker and condition chosen above.",
    draw: (run, state) => {
      const outcome = run.outcome(state.outcome) ?? run.outcome("share");
      const fits = run.keys.map((key, at) => ({ key, at })).filter(({ key }) => key.outcome === outcome);
      const suits = ({ key }) => (!state.region || !key.region || key.region === state.region) && (!key.who || key.who === state.maker);
      const shown = (fits.some(suits) ? fits.filter(suits) : fits).slice(0, 8);
      const select = el("select", { id: "outcome", "aria-label": "Outcome" }, ...run.outcomes.map(known => el("option", { value: known.name, selected: known === outcome }, `${known.name.replaceAll("_", " ").replace(":", ": ")} (${known.unit})`)));
      select.addEventListener("change", () => state.go({ outcome: select.value }, "outcome"));
      const nameOf = key => [run.regionName(key.region), key.who && run.nameOf(key.who), key.powertrain && run.powertrainName(key.powertrain)].filter(Boolean).join(", ");
      const figures = shown.flatMap(({ key }) => {
        const series = withAndWithout(run, state, outcome, key.region, key.who, key.powertrain);
        return series.length ? [lines(run, state, outcome, 0, { title: nameOf(key), series, label: `${outcome.name} of ${nameOf(key)} by year.` })] : [];
      });
      const entries = shown.map(({ key, at }) => [nameOf(key), at]);
      const makeTable = () => el("div", {}, levelTable(run, outcome, "Levels", state, entries.flatMap(([name, at]) => [...new Set([run.reference, state.world])].map(world => [`${name}, ${run.worlds[world].name}`, world, at]))),
        ...(state.world === run.reference ? [] : [el("p", { class: "note" }, "Changes"), changeTable(run, state, outcome, "Changes", entries)]));
      return [el("div", { class: "tools" }, el("label", {}, "outcome", select)), panels(figures), folded("any", makeTable)];
    },
  },
  {
    id: "assumptions",
    once: true,
    title: run => `All ${run.assumptions.length} assumptions`,
    sub: () => "Low / most likely / high where a number is uncertain. Judgement is marked ⚠: change it and see.",
    draw: run => {
      const search = el("input", { type: "search", id: "search", placeholder: "nest_rho, Honda, judgement …" });
      const qualities = ["sourced", "derived", "estimated"];
      const quality = el("select", { id: "quality" }, el("option", { value: "" }, "any"), ...qualities.map(q => el("option", { value: q }, q)));
      const count = el("p", { class: "note", "aria-live": "polite" });
      const texts = run.assumptions.map(row => Object.values(row).flat().join(" ").toLowerCase());
      const body = el("tbody", {}, ...run.assumptions.map(row => {
        const worlds = row.world ? `in “${row.world}”` : row.changed_by.length ? `other in ${row.changed_by.map(name => `“${name}”`).join(", ")}` : "";
        const judged = row.quality.startsWith("estimated");
        return el("tr", {}, el("td", {}, el("code", {}, row.key), worlds ? el("span", { class: "tag" }, worlds) : null), el("td", {}, row.value), el("td", {}, row.unit),
          el("td", { class: judged ? "judged" : null }, judged ? `⚠ ${row.quality}` : row.quality), el("td", {}, row.source));
      }));
      const filter = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        run.assumptions.forEach((row, k) => {
          const fits = words.every(word => texts[k].includes(word)) && row.quality.startsWith(quality.value);
          body.children[k].hidden = !fits;
          shown += fits;
        });
        count.textContent = `${shown} of ${run.assumptions.length} shown`;
      };
      search.addEventListener("input", filter);
      quality.addEventListener("change", filter);
      filter();
      const head = ["name", "value or range", "unit", "quality", "where it comes from"].map(title => el("th", { scope: "col" }, title));
      return [
        el("div", { class: "tools" }, el("label", {}, "search", search), el("label", {}, "quality", quality)), count,
        el("div", { class: "wide scroll", tabindex: 0, role: "region", "aria-label": "Assumptions" }, el("table", {}, el("thead", {}, el("tr", {}, ...head)), body)),
      ];
    },
  },
];

function observedRows(run) {
  return run.observed.map(([region, maker, year, seen]) => {
    const key = run.key("share", run.regions[region][0], run.makers[maker]);
    const several = new Set(run.observed.map(row => row[2])).size > 1;
    return { region: run.regions[region][0], name: several ? `${run.makers[maker]}, ${year}` : run.makers[maker], style: colourOf(run, run.makers[maker]), seen, estimate: run.level(run.reference, key, year) };
  }).filter(row => row.estimate).sort((a, b) => b.seen - a.seen);
}

// The state: what is selected, read from the address and written to it.
function stateOf(run) {
  const given = new URLSearchParams(location.hash.slice(1));
  const among = (name, values, otherwise) => values.includes(given.get(name)) ? given.get(name) : otherwise;
  const worlds = run.worlds.map(world => world.key);
  const world = worlds.indexOf(among("world", worlds, worlds[run.compared[0] ?? run.reference]));
  const year = Number(among("year", run.years.map(String), String(run.quoted[run.quoted.length - 1])));
  const condition = run.worlds[world].proposes ? Math.max(0, run.condition_names.indexOf(given.get("condition"))) : 0;
  run.subject = run.worlds[world].subject;
  const recorded = run.who.filter(who => who && run.keys.some(key => key.who === who));
  return {
    world, year, condition, region: among("region", run.regions.map(region => region[0]), ""),
    maker: among("maker", recorded, run.subject), outcome: among("outcome", run.outcomes.map(known => known.name), "units"),
  };
}

function addressOf(run, state) {
  const given = new URLSearchParams({ world: run.worlds[state.world].key });
  if (state.region) given.set("region", state.region);
  given.set("year", state.year);
  if (state.condition) given.set("condition", run.condition_names[state.condition]);
  if (state.maker !== run.worlds[state.world].subject) given.set("maker", state.maker);
  if (state.outcome !== "units") given.set("outcome", state.outcome);
  return `#${given}`;
}

// The selectors, with what is selected.
function controls(run, state) {
  const choose = (id, label, options, value) => {
    const select = el("select", { id }, ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
    select.addEventListener("change", () => state.go({ [id]: select.value }, id));
    return el("label", {}, label, select);
  };
  const worlds = (run.compared.length ? run.compared : [run.reference]).map(at => [String(at), run.worlds[at].name]);
  const alliances = run.alliances.map(alliance => [alliance[0], alliance[1]]);
  const recorded = name => run.keys.some(key => key.who === name);
  const makers = [...run.interest, ...run.makers.filter(maker => !run.interest.includes(maker))].filter(recorded).map(maker => [maker, maker]);
  const year = el("input", { id: "year", type: "range", min: run.base_year, max: run.last_year, step: 1, value: state.year });
  const output = el("output", { for: "year" }, String(state.year));
  year.addEventListener("input", () => { output.textContent = year.value; });
  year.addEventListener("change", () => state.go({ year: Number(year.value) }, "year"));
  return [
    worlds.length > 1 ? choose("world", "world", worlds, String(state.world)) : null,
    run.regions.length > 1 ? choose("region", "region", [["", "all regions"], ...run.regions], state.region) : null,
    choose("maker", "maker", [...alliances, ...makers], state.maker),
    run.worlds[state.world].proposes ? choose("condition", "condition", CONDITIONS.map((text, k) => [String(k), text]), String(state.condition)) : null,
    el("label", {}, el("span", {}, "year ", output), year),
  ].filter(Boolean);
}

function show(run, state, focus) {
  const place = document.getElementById("sections");
  const opened = new Set([...place.querySelectorAll("details[open]")].map(details => details.dataset.label));
  const bar = document.getElementById("controls");
  bar.replaceChildren(...controls(run, state));
  bar.hidden = false;
  const shown = [...SECTIONS, ...FIXED].filter(section => section.needs?.(run, state) ?? true);
  const kept = new Map([...place.children].map(section => [section.id, section]));
  place.replaceChildren(...shown.map(section => section.once && kept.get(section.id) || el("section", { id: section.id, "aria-labelledby": `h-${section.id}` },
    el("h2", { id: `h-${section.id}` }, section.title(run, state)), el("p", { class: "sub" }, section.sub(run, state)), ...section.draw(run, state))));
  place.querySelectorAll("figure").forEach(figure => figure.redraw());
  place.querySelectorAll("details").forEach(details => { details.open = opened.has(details.dataset.label); });
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

async function start() {
  const run = await unpack();
  let state;
  const update = (change, focus) => {
    const next = { ...state, ...change };
    for (const name of ["world", "condition"]) next[name] = Number(next[name]);
    if (next.world !== state.world) {
      const subjects = [state.world, next.world].map(world => run.worlds[world].subject);
      if (next.maker === subjects[0]) next.maker = subjects[1];
      if (!run.worlds[next.world].proposes) next.condition = 0;
    }
    history.replaceState(null, "", addressOf(run, next));
    read(focus);
  };
  const read = focus => {
    state = { ...stateOf(run), go: update };
    show(run, state, focus);
  };
  read();
  addEventListener("hashchange", () => read());
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) document.querySelectorAll("figure").forEach(figure => figure.redraw());
    width = innerWidth;
  });
  addEventListener("beforeprint", () => document.querySelectorAll("figure").forEach(figure => figure.redraw()));
  document.documentElement.dataset.ready = "yes";
}

start().catch(error => {
  const place = document.getElementById("failure");
  place.hidden = false;
  place.textContent = `The charts cannot be drawn in this browser (${error.message}). The words on this page and the CSV files beside it do not need it.`;
});
