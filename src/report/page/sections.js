// The sections of the page, in order. Each has an id, what it needs, and what it shows for a state:
// `{ world, region, year, condition, maker, outcome }`. A section for another table is one more entry here.

const BANDS = [["p05", "p95"], ["p25", "p75"]];
const OUTER = [["p05", "p95"]];
const CONDITIONS = ["if it goes ahead", "if it goes ahead and lasts", "weighted with the chance that it goes ahead"];
// The smallest change of share that is told: what rounds to a hundredth of a point.
const VISIBLE = 5e-5;
// Most makers in a chart of winners and losers.
const MOST_ROWS = 14;

const worldName = (run, state) => `“${run.worlds[state.world].name}”`;
const conditionOf = (run, state) => run.worlds[state.world].proposes ? CONDITIONS[state.condition] : "";
const regionsOf = (run, state) => state.region ? [state.region] : run.regions.map(region => region[0]);
const colourOf = (run, who) => {
  const known = [run.subject, ...run.interest].indexOf(who);
  return known < 0 || known > 11 ? "k" : `s${known}`;
};
const verb = (run, who, value, up = "gain", down = "lose") => {
  const word = value >= 0 ? up : down;
  return run.members(who).length > 1 ? `${word}` : `${word}s`;
};
// A region's name where a sentence goes on.
const inRegion = (run, region) => {
  const name = run.regionName(region);
  return /^(United |US$|USA$|UK$|EU$|European Union$)/.test(name) ? `the ${name}` : name;
};
const sized = text => text.replace(/^[+\u2212]/, "");

// How an axis writes an outcome's values.
const tickOf = (outcome, kind) => (value, decimals) =>
  isPart(outcome) ? plain(value * 100, Math.max(0, decimals - 2), kind === 1) : plain(value, decimals, kind === 1);

function readOf(outcome, kind) {
  const f = value => figure(outcome, value, kind);
  return e => [
    withUnit(outcome, e.mean, kind),
    Number.isFinite(e.p05) && e.n > 1 ? `median ${f(e.p50)}; 90 of 100 draws ${f(e.p05)} to ${f(e.p95)}` : "",
  ];
}

function lines(run, state, outcome, kind, spec) {
  return lineChart({
    run, year: state.year, pick: year => state.go({ year }), tick: tickOf(outcome, kind), unit: unitLabel(outcome, kind),
    zero: kind === 1, least: leastSpan(outcome, kind), ...spec,
    series: spec.series.filter(series => series.points.length)
      .map(series => ({ read: readOf(outcome, kind), plain: value => withUnit(outcome, value, kind), ...series })),
  });
}

function unitLabel(outcome, kind) {
  const words = { share: "share of units sold", units: "units sold" }[outcome.name] ?? outcome.name.replaceAll("_", " ").replace(":", ", ");
  return kind === 1 ? `change of ${words}, ${unitOf(outcome, 1)}` : `${words}, ${unitOf(outcome, 0)}`;
}

// Axes do not magnify nothing: shares span a point and changes of them a twentieth, at least.
const leastSpan = (outcome, kind) => outcome.name === "share" ? (kind ? 0.0005 : 0.01) : 4 * 10 ** -outcome.decimals[kind];

function changeTable(run, state, outcome, label, keys) {
  const columns = [[keys.length > 1 ? "of" : "", 0], ["year", 1], ["n", 1], ["mean", 1], ["5 %", 1], ["25 %", 1], ["median", 1], ["75 %", 1], ["95 %", 1], ["gains in", 1], ["loses in", 1]];
  const rows = keys.flatMap(([name, key]) => run.path(year => run.change(state.world, state.condition, key, year))
    .map(e => [name, String(e.year), digits(e.n, 0), ...["mean", "p05", "p25", "p50", "p75", "p95"].map(f => figure(outcome, e[f], 1)), draws(e.gain), draws(e.loss)]));
  const shown = columns.map((_, c) => c).filter(c => c > 0 || keys.length > 1);
  return table(label, shown.map(c => columns[c]), rows.map(row => shown.map(c => row[c])), row => row.includes(String(state.year)));
}

function levelTable(run, outcome, label, state, entries) {
  const columns = [["", 0], ["year", 1], ["n", 1], ["mean", 1], ["5 %", 1], ["25 %", 1], ["median", 1], ["75 %", 1], ["95 %", 1]];
  const rows = entries.flatMap(([name, world, key]) => run.path(year => run.level(world, key, year))
    .map(e => [name, String(e.year), digits(e.n, 0), ...["mean", "p05", "p25", "p50", "p75", "p95"].map(f => figure(outcome, e[f], 0))]));
  return table(label, columns, rows, row => row[1] === String(state.year));
}

const nothing = text => el("p", { class: "empty" }, text);
const panels = figures => figures.length ? el("div", { class: "panels" }, ...figures) : nothing("Nothing is recorded for this selection.");

// Levels of an outcome with and without what a world changes.
function withAndWithout(run, state, outcome, region, who, powertrain = "") {
  const key = run.key(outcome.name, region, who, powertrain);
  if (key === undefined) return [];
  const series = (world, name, style, more) => ({ name, style, points: run.path(year => run.level(world, key, year)), ...more });
  const reference = series(run.reference, run.worlds[run.reference].name, "k", { dash: true, bands: OUTER });
  return state.world === run.reference ? [{ ...reference, dash: false }] : [reference, series(state.world, run.worlds[state.world].name, "s0", { bands: BANDS })];
}

const levelNote = (run, state) => {
  const goes = run.worlds[state.world].proposes ? ", if it goes ahead" : "";
  return `Line: mean over draws${goes}. Bands: half and 90 of 100 draws.`;
};

// How often such bands held in the past, at the nearest number of years ahead that was scored often enough.
const heldNote = (run, state) => {
  const ahead = state.year - run.base_year, makers = run.members(state.maker);
  const parts = regionsOf(run, state).flatMap(region => {
    const old = run.established.some(([at, maker]) => at === region && makers.includes(maker));
    const [row] = run.held.filter(row => row[0] === region && row[1] === old).sort((a, b) => Math.abs(a[2] - ahead) - Math.abs(b[2] - ahead));
    return row ? [`${Math.round(100 * row[3])} % in ${inRegion(run, region)} (${row[2]} ${row[2] === 1 ? "year" : "years"} ahead)`] : [];
  });
  return parts.length ? ` In the past 90 % bands held ${parts.join(", ")}.` : "";
};

const SECTIONS = [
  {
    id: "shares",
    title: (run, state) => {
      const region = regionsOf(run, state)[0], key = run.key("share", region, state.maker);
      const [without, within] = [run.level(run.reference, key, state.year), run.level(state.world, key, state.year)];
      const share = run.outcome("share"), name = run.nameOf(state.maker);
      if (!without || !within) return `${name}: market share`;
      if (state.world === run.reference) return `${name}: ${withUnit(share, without.mean, 0)} of ${inRegion(run, region)} in ${state.year}`;
      return `${name}: ${withUnit(share, within.mean, 0)} of ${inRegion(run, region)} in ${state.year} with ${worldName(run, state)}, ${withUnit(share, without.mean, 0)} without`;
    },
    sub: (run, state) => `${levelNote(run, state)} Thin line: history. Rings: what has been seen since, and was not used.${heldNote(run, state)}`,
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const figures = regionsOf(run, state).flatMap(region => {
        const series = withAndWithout(run, state, outcome, region, state.maker);
        if (!series.length) return [];
        series[0].past = pastOf(run, region, state.maker);
        series[0].dots = seenOf(run, region, state.maker);
        return [lines(run, state, outcome, 0, {
          title: run.regionName(region), series,
          label: `Share of ${run.nameOf(state.maker)} in ${run.regionName(region)} by year, with and without ${worldName(run, state)}.`,
        })];
      });
      const entries = regionsOf(run, state).flatMap(region => [...new Set([run.reference, state.world])]
        .map(world => [`${run.regionName(region)}, ${run.worlds[world].name}`, world, run.key("share", region, state.maker)]));
      return [panels(figures), folded("shares", () => levelTable(run, outcome, "Shares with and without", state, entries))];
    },
  },
  {
    id: "difference",
    needs: (run, state) => state.world !== run.reference,
    title: (run, state) => {
      const outcome = run.outcome("share"), name = run.nameOf(state.maker);
      const found = regionsOf(run, state).map(region => [region, run.change(state.world, state.condition, run.key("share", region, state.maker), state.year)]).filter(([, e]) => e);
      if (!found.length) return `What ${worldName(run, state)} does to the share of ${name}`;
      const seen = found.filter(([, e]) => Math.abs(e.mean) >= VISIBLE);
      if (!seen.length) return `${name} ${run.members(state.maker).length > 1 ? "see" : "sees"} no visible change in ${state.year}`;
      const parts = seen.slice(0, 2).map(([region, e], k) => `${k && e.mean * seen[0][1].mean > 0 ? "" : `${verb(run, state.maker, e.mean)} `}${sized(figure(outcome, e.mean, 1))} ${k ? "" : "points "}in ${inRegion(run, region)}`);
      return `${name} ${parts.join(" and ")} in ${state.year}`;
    },
    sub: (run, state) => {
      const more = run.worlds[state.world].proposes && state.condition === 0 ? " Dashed: mean where it also lasts." : "";
      return `${worldName(run, state)} minus “${run.worlds[run.reference].name}”, draw by draw${conditionOf(run, state) ? `, ${conditionOf(run, state)}` : ""}. Line: mean. Bands: half and 90 of 100 draws.${more}`;
    },
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const figures = regionsOf(run, state).flatMap(region => {
        const key = run.key("share", region, state.maker);
        if (key === undefined) return [];
        const path = condition => run.path(year => run.change(state.world, condition, key, year));
        const series = [{ name: conditionOf(run, state) || "change", style: "s0", points: path(state.condition), bands: BANDS }];
        if (run.worlds[state.world].proposes && state.condition === 0) series.push({ name: "… and lasts", style: "k", dash: true, points: path(1) });
        return [lines(run, state, outcome, 1, {
          title: run.regionName(region), series,
          label: `Change of the share of ${run.nameOf(state.maker)} in ${run.regionName(region)} by year, ${worldName(run, state)} minus the reference.`,
        })];
      });
      const keys = regionsOf(run, state).map(region => [run.regionName(region), run.key("share", region, state.maker)]);
      return [panels(figures), folded("difference", () => changeTable(run, state, outcome, "Change of share", keys))];
    },
  },
  {
    id: "winners",
    needs: (run, state) => state.world !== run.reference,
    title: (run, state) => {
      const rows = moves(run, state, regionsOf(run, state)[0]);
      const [best, worst] = [rows[0], rows[rows.length - 1]];
      const up = best && best.estimate.mean >= VISIBLE, down = worst && worst.estimate.mean <= -VISIBLE;
      if (!up && !down) return `Nobody's share moves visibly in ${state.year}`;
      const where = ` in ${inRegion(run, regionsOf(run, state)[0])}`;
      return up && down ? `${best.name} gains most${where}, ${worst.name} loses most` : up ? `${best.name} gains most${where}` : `${worst.name} loses most${where}`;
    },
    sub: (run, state) => `Every maker's change of share in ${state.year}, ${worldName(run, state)} minus “${run.worlds[run.reference].name}”${conditionOf(run, state) ? `, ${conditionOf(run, state)}` : ""}. Dot: mean. Thick and thin bars: half and 90 of 100 draws.`,
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const figures = regionsOf(run, state).flatMap(region => {
        const all = moves(run, state, region);
        if (!all.length) return [];
        // The largest in either direction; the smallest are in the table.
        const size = row => Math.max(Math.abs(row.estimate.mean), Math.abs(row.estimate.p05), Math.abs(row.estimate.p95));
        const largest = new Set([...all].sort((a, b) => size(b) - size(a)).slice(0, MOST_ROWS));
        const rows = all.filter(row => largest.has(row));
        return [rowChart({
          title: run.regionName(region), unit: `change of share in ${state.year}, points`, zero: true, least: leastSpan(outcome, 1),
          label: `Changes of makers' shares in ${run.regionName(region)} in ${state.year}.`, tick: tickOf(outcome, 1),
          rows: rows.map(row => ({ ...row, read: readOf(outcome, 1) })), pick: row => state.go({ maker: rows[row].name }),
        })];
      });
      const makeTable = () => {
        const columns = [["region", 0], ["maker", 0], ["mean", 1], ["5 %", 1], ["median", 1], ["95 %", 1], ["gains in", 1], ["loses in", 1]];
        const rows = regionsOf(run, state).flatMap(region => moves(run, state, region).map(({ name, estimate: e }) =>
          [run.regionName(region), name, ...["mean", "p05", "p50", "p95"].map(f => figure(outcome, e[f], 1)), draws(e.gain), draws(e.loss)]));
        return table(`Changes of share in ${state.year}`, columns, rows, row => row[1] === run.nameOf(state.maker));
      };
      return [panels(figures), folded("winners", makeTable)];
    },
  },
  ...WHY,
  {
    id: "market",
    title: (run, state) => {
      const region = regionsOf(run, state)[0];
      const moved = run.interest.map(who => {
        const key = run.key("share", region, who);
        const [then, now] = [run.level(state.world, key, run.base_year), run.level(state.world, key, run.last_year)];
        return then && now ? { who, change: now.mean - then.mean } : null;
      }).filter(Boolean).sort((a, b) => b.change - a.change);
      if (moved.length < 2) return "Where the market is heading";
      return `With or without: ${moved[0].who} rises most in ${inRegion(run, region)} by ${run.last_year}, ${moved[moved.length - 1].who} falls most`;
    },
    sub: (run, state) => `Mean shares in the world ${worldName(run, state)}, with history; rings: what has been seen since.`,
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const drawn = region => run.interest.filter(who => run.key("share", region, who) !== undefined);
      const figures = regionsOf(run, state).map(region => lines(run, state, outcome, 0, {
        title: run.regionName(region), label: `Shares of makers in ${run.regionName(region)} by year.`,
        series: drawn(region).map(who => ({
          name: who, style: colourOf(run, who), points: run.path(year => run.level(state.world, run.key("share", region, who), year)),
          past: pastOf(run, region, who), dots: seenOf(run, region, who),
        })),
      }));
      const entries = regionsOf(run, state).flatMap(region => drawn(region).map(who => [`${run.regionName(region)}, ${who}`, state.world, run.key("share", region, who)]));
      return [panels(figures), folded("market", () => levelTable(run, outcome, "Shares of makers", state, entries))];
    },
  },
  {
    id: "prices",
    title: (run, state) => `${run.nameOf(priced(run, state))}: what a unit sells for, and what it costs to make`,
    sub: (run, state) => `${levelNote(run, state)} Price and marginal cost by powertrain${priced(run, state) === state.maker ? "" : "; choose a maker above for another one"}.`,
    draw: (run, state) => {
      const who = priced(run, state), [price, cost] = [run.outcome("price"), run.outcome("marginal_cost")];
      const figures = [], rows = [];
      for (const region of regionsOf(run, state)) {
        for (const [powertrain] of run.powertrains) {
          const of = (outcome, world) => run.path(year => run.level(world, run.key(outcome.name, region, who, powertrain), year));
          const label = (what, world) => `${what}, ${run.worlds[world].name}`;
          const pair = (what, outcome, style) => [...new Set([state.world, run.reference])].map(world => ({
            name: label(what, world), style, dash: world === run.reference && world !== state.world, points: of(outcome, world), bands: world === state.world ? OUTER : [],
          }));
          const series = [...pair("price", price, "s0"), ...(cost ? pair("cost", cost, "s1") : [])];
          if (!series.some(s => s.points.length)) continue;
          const name = run.powertrains.length > 1 ? `${run.regionName(region)}, ${run.powertrainName(powertrain)}` : run.regionName(region);
          figures.push(lines(run, state, price, 0, { title: name, unit: price.unit, series, label: `Price and marginal cost of ${run.nameOf(who)} in ${name} by year.` }));
          for (const outcome of [price, cost, run.outcome("margin")].filter(Boolean)) {
            const key = run.key(outcome.name, region, who, powertrain);
            const [without, within, change] = [run.level(run.reference, key, state.year), run.level(state.world, key, state.year), run.change(state.world, state.condition, key, state.year)];
            if (without) rows.push([name, outcome.name.replaceAll("_", " "), withUnit(outcome, without.mean, 0), within ? withUnit(outcome, within.mean, 0) : "–", change ? withUnit(outcome, change.mean, 1) : "–", change ? `${figure(outcome, change.p05, 1)} to ${figure(outcome, change.p95, 1)}` : "–"]);
          }
        }
      }
      const columns = [["offer", 0], ["", 0], ["without", 1], ["with", 1], ["change", 1], ["90 of 100 draws", 1]];
      return [panels(figures), folded("prices", () => table(`Prices, costs and margins in ${state.year}`, columns, rows))];
    },
  },
  {
    id: "profits",
    title: (run, state) => {
      const outcome = run.outcome("operating_profit"), key = run.key("operating_profit", "", state.maker);
      const change = run.change(state.world, state.condition, key, state.year), level = run.level(state.world, key, state.year);
      const name = run.nameOf(state.maker);
      if (change) return `${name}: operating profit ${withUnit(outcome, change.mean, 1)} in ${state.year}`;
      return level ? `${name}: operating profit ${withUnit(outcome, level.mean, 0)} in ${state.year}` : `${name}: operating profit`;
    },
    sub: (run, state) => `Worldwide, a year. ${levelNote(run, state)} The change is draw by draw${conditionOf(run, state) ? `, ${conditionOf(run, state)}` : ""}.`,
    draw: (run, state) => {
      const outcome = run.outcome("operating_profit"), key = run.key("operating_profit", "", state.maker);
      if (key === undefined) return [nothing("This maker's profit is not recorded.")];
      const name = run.nameOf(state.maker);
      const figures = [lines(run, state, outcome, 0, { title: "With and without", label: `Operating profit of ${name} by year, with and without.`, series: withAndWithout(run, state, outcome, "", state.maker), zero: true })];
      const points = run.path(year => run.change(state.world, state.condition, key, year));
      if (points.length) figures.push(lines(run, state, outcome, 1, { title: "Change", label: `Change of the operating profit of ${name} by year.`, series: [{ name: "change", style: "s0", points, bands: BANDS }] }));
      return [panels(figures), folded("profits", () => points.length ? changeTable(run, state, outcome, "Change of operating profit", [[name, key]])
        : levelTable(run, outcome, "Operating profit", state, [[name, state.world, key]]))];
    },
  },
  {
    id: "savings",
    needs: (run, state) => pools(run, state).length > 0,
    title: (run, state) => {
      const best = pools(run, state).map(pool => ({ ...pool, now: pool.points.find(p => p.year === state.year)?.mean ?? 0 })).sort((a, b) => b.now - a.now)[0];
      return best.now > 0 ? `Most is saved by sharing ${best.name.replaceAll("-", " ")}` : `Nothing is saved yet in ${state.year}`;
    },
    sub: (run, state) => `Savings of ${run.nameOf(savers(run, state))} through each pool, worldwide, a year; mean over draws if it goes ahead, draws in which it has broken up included. Costs of setting up count as negative.`,
    draw: (run, state) => {
      const parts = pools(run, state), outcome = parts[0].outcome, who = savers(run, state);
      const chart = stackChart({
        run, year: state.year, pick: year => state.go({ year }), parts, tick: tickOf(outcome, 0), title: run.nameOf(who), unit: unitLabel(run.outcome("saving") ?? outcome, 0),
        label: `Savings of ${run.nameOf(who)} by pool and year.`, read: readOf(outcome, 0), least: leastSpan(outcome, 0),
      });
      const members = run.members(who).length > 1 ? [...run.members(who), who] : [who];
      const each = run.outcomes.filter(known => known.name.startsWith("saving_per_car"));
      const makeTable = () => {
        const columns = [["", 0], ...each.map(known => [known.name.split(":")[1] ?? "all pools", 1])];
        const rows = members.map(member => [run.nameOf(member), ...each.map(known => {
          const e = run.level(state.world, run.key(known.name, "", member), state.year);
          return e ? figure(known, e.mean, 0) : "–";
        })]);
        return el("div", {}, el("p", { class: "note" }, `Saved on each unit sold worldwide in ${state.year}, ${each[0]?.unit ?? ""}, mean over draws`), table("Savings per unit", columns, rows));
      };
      return [panels([chart]), folded("savings", makeTable)];
    },
  },
  {
    id: "buyers",
    needs: (run, state) => state.world !== run.reference && run.outcome("consumer_surplus") !== undefined,
    title: (run, state) => {
      const outcome = run.outcome("consumer_surplus"), region = regionsOf(run, state)[0];
      const e = run.change(state.world, state.condition, run.key("consumer_surplus", region, ""), state.year);
      if (!e) return "What buyers gain or lose";
      const tiny = Math.abs(e.mean) < 10 ** -outcome.decimals[1];
      return tiny ? `Buyers in ${inRegion(run, region)} neither gain nor lose visibly in ${state.year}`
        : `Buyers in ${inRegion(run, region)} ${e.mean > 0 ? "gain" : "lose"} ${sized(withUnit(outcome, e.mean, 1))} in ${state.year}`;
    },
    sub: (run, state) => `Change of consumer surplus a year: what buyers would pay for the difference${conditionOf(run, state) ? `, ${conditionOf(run, state)}` : ""}. Line: mean. Bands: half and 90 of 100 draws.`,
    draw: (run, state) => {
      const outcome = run.outcome("consumer_surplus");
      const figures = regionsOf(run, state).map(region => lines(run, state, outcome, 1, {
        title: run.regionName(region), label: `Change of consumer surplus in ${run.regionName(region)} by year.`,
        series: [{ name: "change", style: "s2", bands: BANDS, points: run.path(year => run.change(state.world, state.condition, run.key("consumer_surplus", region, ""), year)) }],
      }));
      const keys = regionsOf(run, state).map(region => [run.regionName(region), run.key("consumer_surplus", region, "")]);
      return [panels(figures), folded("buyers", () => changeTable(run, state, outcome, "Change of consumer surplus", keys))];
    },
  },
];

// Every maker's change of share, largest first.
function moves(run, state, region) {
  return run.makers.map(name => ({ name, style: colourOf(run, name), estimate: run.change(state.world, state.condition, run.key("share", region, name), state.year) }))
    .filter(row => row.estimate !== null).sort((a, b) => b.estimate.mean - a.estimate.mean);
}

// Shares up to the base year; an alliance's where all members have them.
function pastOf(run, region, who) {
  const place = run.regions.findIndex(known => known[0] === region);
  return rowsOf(run, run.history.filter(row => row[0] === place), who);
}

function seenOf(run, region, who) {
  const place = run.regions.findIndex(known => known[0] === region);
  return rowsOf(run, run.observed.filter(row => row[0] === place), who);
}

function rowsOf(run, rows, who) {
  if (run.members(who).length > 1) return [];
  const maker = run.makers.indexOf(who);
  return rows.filter(row => row[1] === maker).map(row => [row[2], row[3]]).sort((a, b) => a[0] - b[0]);
}

// Whose prices are shown: the maker chosen, or an alliance's first member that sells.
function priced(run, state) {
  const region = regionsOf(run, state);
  const sells = who => region.some(r => run.powertrains.some(([p]) => run.key("price", r, who, p) !== undefined));
  return run.members(state.maker).find(sells) ?? run.interest.find(sells) ?? run.makers[0];
}

// Whose savings are shown: those of the selection if it saves, else of the world's alliance.
function savers(run, state) {
  return run.key("saving", "", state.maker) === undefined ? run.worlds[state.world].subject : state.maker;
}

function pools(run, state) {
  const who = savers(run, state);
  return run.outcomes.filter(known => known.name.startsWith("saving:")).map((outcome, k) => ({
    outcome, name: outcome.name.slice(7), style: `s${k % 12}`,
    points: run.path(year => run.level(state.world, run.key(outcome.name, "", who), year)),
  })).filter(pool => pool.points.some(p => p.mean !== 0));
}
