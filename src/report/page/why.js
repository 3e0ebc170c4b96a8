// Why, and on what it depends: what `attribution.csv`, `sources.csv` and `sensitivity.csv` say.

const MOST_INPUTS = 12;
const NO_PURCHASE = "people who would not have bought";

// Whom such a section is about: the selection, or whom the world is about where nothing is known of that.
const toldOf = (run, state, known) => known(state.maker) ? state.maker : run.worlds[state.world].subject;

// What a list of rows has for a world, region and maker; the last year there is.
function found(run, list, state, region, who) {
  return (list ?? []).filter(row => row.world === state.world && row.region === region && row.who === who)
    .sort((a, b) => Math.abs(a.year - state.year) - Math.abs(b.year - state.year))[0];
}

const estimateOf = ([mean, p05, p25, p50, p75, p95]) => ({ n: 2, mean, p05, p25, p50, p75, p95 });

// Where the units of a gain come from: makers' losses and the change of all sales.
function givers(run, state, region, who) {
  const change = (maker) => run.change(state.world, state.condition, run.key("units", region, maker), state.year);
  const turned = e => ({ n: e.n, mean: -e.mean, p05: -e.p95, p25: -e.p75, p50: -e.p50, p75: -e.p25, p95: -e.p05 });
  const others = run.makers.filter(maker => !run.members(who).includes(maker)).map(maker => [maker, change(maker)]).filter(([, e]) => e);
  const rows = others.map(([name, e]) => ({ name, style: colourOf(run, name), estimate: turned(e) }));
  const all = change("");
  if (all) rows.push({ name: NO_PURCHASE, style: "k", estimate: all });
  return rows.sort((a, b) => Math.abs(b.estimate.mean) - Math.abs(a.estimate.mean));
}

const WHY = [
  {
    id: "sources",
    needs: (run, state) => state.world !== run.reference && run.outcome("units") !== undefined,
    title: (run, state) => {
      const region = regionsOf(run, state)[0], total = run.change(state.world, state.condition, run.key("units", region, state.maker), state.year);
      const from = givers(run, state, region, state.maker).find(row => total && row.estimate.mean * total.mean > 0);
      if (!from) return "Where the units come from";
      return `${inRegion(run, region)[0].toUpperCase()}${inRegion(run, region).slice(1)}: the units ${total.mean > 0 ? "come above all from" : "go above all to"} ${from.name}`;
    },
    sub: (run, state) => `Units a year that ${run.nameOf(state.maker)} ${run.members(state.maker).length > 1 ? "gain" : "gains"} from each maker in ${state.year}, under ${worldName(run, state)}${conditionOf(run, state) ? `, ${conditionOf(run, state)}` : ""}; left of zero they are given up. Dot: mean. Thick and thin bars: half and 90 of 100 draws.`,
    draw: (run, state) => {
      const outcome = run.outcome("units");
      const figures = regionsOf(run, state).flatMap(region => {
        const rows = givers(run, state, region, state.maker).slice(0, MOST_ROWS);
        return rows.length && run.key("units", region, state.maker) !== undefined ? [rowChart({
          title: run.regionName(region), unit: `units in ${state.year}`, zero: true, least: leastSpan(outcome, 1), tick: tickOf(outcome, 1),
          label: `Where the units come from in ${run.regionName(region)} in ${state.year}.`,
          rows: rows.map(row => ({ ...row, read: readOf(outcome, 1) })),
        })] : [];
      });
      const makeTable = () => {
        const columns = [["region", 0], ["from", 0], ["mean", 1], ["5 %", 1], ["95 %", 1]];
        const rows = regionsOf(run, state).flatMap(region => givers(run, state, region, state.maker)
          .map(({ name, estimate: e }) => [run.regionName(region), name, ...["mean", "p05", "p95"].map(f => figure(outcome, e[f], 1))]));
        return table(`Where the units come from in ${state.year}`, columns, rows);
      };
      return [panels(figures), folded("sources", makeTable)];
    },
  },
  {
    id: "attribution",
    needs: (run, state) => (run.attribution ?? []).some(row => row.world === state.world),
    title: (run, state) => {
      const [row, region] = attributed(run, state)[0] ?? [];
      if (!row) return "Which channel moves the share";
      const most = [...row.parts].sort((a, b) => Math.abs(b[1][0]) - Math.abs(a[1][0]))[0];
      return `${most[0][0].toUpperCase()}${most[0].slice(1)} moves the share of ${run.nameOf(row.who)} most in ${inRegion(run, region)}`;
    },
    sub: (run, state) => {
      const [row] = attributed(run, state)[0] ?? [];
      return `What each channel adds to the change of share in ${row ? row.year : state.year} under ${worldName(run, state)}, if it goes ahead: Shapley values; the parts add up. Dot: mean. Thick and thin bars: half and 90 of 100 draws.`;
    },
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const figures = attributed(run, state).map(([row, region]) => rowChart({
        title: run.regionName(region), unit: `change of share in ${row.year}, points`, zero: true, least: leastSpan(outcome, 1), tick: tickOf(outcome, 1),
        label: `What moves the share of ${run.nameOf(row.who)} in ${run.regionName(region)}.`,
        rows: [...row.parts, ["all together", row.total]].map(([name, e]) => ({ name, style: name === "all together" ? "k" : "s0", estimate: estimateOf(e), read: readOf(outcome, 1) })),
      }));
      const makeTable = () => {
        const columns = [["region", 0], ["channel", 0], ["mean", 1], ["5 %", 1], ["median", 1], ["95 %", 1]];
        const rows = attributed(run, state).flatMap(([row, region]) => [...row.parts, ["all together", row.total]]
          .map(([name, e]) => [run.regionName(region), name, ...[e[0], e[1], e[3], e[5]].map(value => figure(outcome, value, 1, 6))]));
        return table("Channels of the change of share", columns, rows);
      };
      return [panels(figures), folded("attribution", makeTable)];
    },
  },
  {
    id: "sensitivity",
    needs: (run, state) => (run.sensitivity ?? []).some(row => row.world === state.world),
    title: (run, state) => {
      const [row] = driven(run, state)[0] ?? [];
      return row && row.drivers.length ? `The change depends most on ${row.drivers[0][0]}` : "What the change depends on";
    },
    sub: (run, state) => {
      const [row] = driven(run, state)[0] ?? [];
      return `Mean change of share in ${row ? row.year : run.last_year} under ${worldName(run, state)}, if it goes ahead, where an input is in its lowest and in its highest fifth; between the two, the mean of all draws. The table says how much of the variance goes when the input is known.`;
    },
    draw: (run, state) => {
      const outcome = run.outcome("share");
      const name = ([input, low, high]) => `${input} ${low < high ? "\u2197" : "\u2198"}`;
      const figures = driven(run, state).map(([row, region]) => rowChart({
        title: run.regionName(region), unit: `change of share in ${row.year}, points`, zero: true, least: leastSpan(outcome, 1), tick: tickOf(outcome, 1),
        label: `What the change of share of ${run.nameOf(row.who)} in ${run.regionName(region)} depends on.`,
        rows: row.drivers.slice(0, MOST_INPUTS).map(driver => {
          const [, low, high, part] = driver, [from, to] = [Math.min(low, high), Math.max(low, high)];
          return {
            name: name(driver), style: "s0", estimate: { n: 2, mean: row.mean, p05: from, p25: from, p50: row.mean, p75: to, p95: to },
            read: () => [`${figure(outcome, low, 1)} points where it is low, ${figure(outcome, high, 1)} where it is high`, `${(100 * part).toFixed(0)} % of the variance`],
          };
        }),
      }));
      const makeTable = () => {
        const columns = [["region", 0], ["input", 0], ["if low", 1], ["if high", 1], ["% of variance", 1], ["from", 1], ["to", 1], ["rank correlation", 1]];
        const rows = driven(run, state).flatMap(([row, region]) => row.drivers.map(([input, low, high, part, from, to, rank]) =>
          [run.regionName(region), input, figure(outcome, low, 1, 6), figure(outcome, high, 1, 6), ...[part, from, to].map(value => plain(100 * value, 1)), plain(rank, 3, true)]));
        return table("What the change of share depends on", columns, rows);
      };
      return [panels(figures), folded("sensitivity", makeTable)];
    },
  },
];

function about(run, state, list) {
  const who = toldOf(run, state, who => (list ?? []).some(row => row.world === state.world && row.who === who));
  return regionsOf(run, state).map(region => [found(run, list, state, region, who), region]).filter(([row]) => row);
}

const attributed = (run, state) => about(run, state, run.attribution);
const driven = (run, state) => about(run, state, run.sensitivity);
