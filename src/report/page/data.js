// The numbers of the run: unpacked, and found by name.

// A number's place: fields of an estimate in the order in which they are packed.
const LEVEL = ["n", "mean", "p05", "p25", "p50", "p75", "p95"];
const CHANGE = [...LEVEL, "gain", "loss"];

async function unpack() {
  const text = atob(document.getElementById("data").textContent);
  const bytes = Uint8Array.from(text, letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const plain = await new Response(stream).arrayBuffer();
  const length = new DataView(plain).getUint32(0, true);
  const data = JSON.parse(new TextDecoder().decode(new Uint8Array(plain, 4, length)));
  return new Run(data, new Uint8Array(plain, 4 + length));
}

class Run {
  constructor(data, bytes) {
    Object.assign(this, data);
    const { numbers } = data;
    this.span = data.last_year - data.base_year + 1;
    this.years = Array.from({ length: this.span }, (_, year) => data.base_year + year);
    this.quoted = data.years;
    this.outcomes = numbers.outcomes.map(([name, unit, level, change]) => ({ name, unit, decimals: [level, change] }));
    this.compared = numbers.compared;
    // Everyone, then makers, then alliances, under the names of the CSV files.
    this.who = ["", ...data.makers, ...data.alliances.map(alliance => alliance[0])];
    this.at = new Map();
    this.keys = [];
    for (let k = 0; k < numbers.keys.length; k += 4) {
      const [outcome, region, who, powertrain] = numbers.keys.slice(k, k + 4);
      const key = {
        outcome: this.outcomes[outcome], region: region < 0 ? "" : data.regions[region][0],
        who: this.who[who + 1], powertrain: powertrain < 0 ? "" : data.powertrains[powertrain][0],
      };
      this.at.set([key.outcome.name, key.region, key.who, key.powertrain].join("|"), this.keys.length);
      this.keys.push(key);
    }
    const read = reader(bytes);
    const block = (fields, kind) => fields.map((field, f) => this.column(read, field === "n" || f > 6 ? field : kind));
    this.levels = data.worlds.map(() => block(LEVEL, 0));
    this.changes = numbers.conditions.map(count => Array.from({ length: count }, () => block(CHANGE, 1)));
    this.partDecimals = numbers.part_decimals;
  }

  // One field of all keys and years; `kind` 0 for levels, 1 for changes, else a count or a part of draws.
  column(read, kind) {
    const values = new Float64Array(this.keys.length * this.span);
    let before = 0;
    for (let k = 0; k < this.keys.length; k++) {
      const decimals = kind === "n" ? 0 : typeof kind === "string" ? this.numbers.part_decimals : this.keys[k].outcome.decimals[kind];
      const factor = 10 ** decimals;
      before = 0;
      for (let year = 0; year < this.span; year++) {
        const step = read();
        if (step !== null) before += step;
        values[k * this.span + year] = step === null ? NaN : before / factor;
      }
    }
    return values;
  }

  key(outcome, region, who, powertrain = "") {
    return this.at.get([outcome, region, who, powertrain].join("|"));
  }

  // Worlds and conditions by position; null where nothing is recorded.
  level(world, key, year) {
    return this.estimate(this.levels[world], LEVEL, key, year);
  }

  change(world, condition, key, year) {
    const found = this.changes[this.compared.indexOf(world)];
    return found ? this.estimate(found[Math.min(condition, found.length - 1)], CHANGE, key, year) : null;
  }

  estimate(columns, fields, key, year) {
    const place = key * this.span + year - this.base_year;
    if (key === undefined || Number.isNaN(columns[1][place])) return null;
    const found = { year };
    fields.forEach((field, f) => { found[field] = columns[f][place]; });
    return found;
  }

  path(of) {
    return this.years.map(of).filter(estimate => estimate !== null);
  }

  outcome(name) {
    return this.outcomes.find(outcome => outcome.name === name);
  }

  members(who) {
    const alliance = this.alliances.find(known => known[0] === who);
    return alliance ? alliance[2] : [who];
  }

  nameOf(who) {
    const alliance = this.alliances.find(known => known[0] === who);
    return alliance ? alliance[1] : who || "all makers";
  }

  regionName(key) {
    return key ? this.regions.find(region => region[0] === key)[1] : "Worldwide";
  }

  powertrainName(key) {
    return key ? this.powertrains.find(powertrain => powertrain[0] === key)[1] : "all powertrains";
  }
}

// Reads steps in zigzag, groups of seven bits; null for none.
function reader(bytes) {
  let place = 0;
  return () => {
    let value = 0, factor = 1, byte;
    do {
      byte = bytes[place++];
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    if (value === 0) return null;
    value -= 1;
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
}

// ── Numbers as text ──

const MINUS = "\u2212";

function digits(value, decimals) {
  const text = Math.abs(value).toFixed(Math.max(0, Math.min(decimals, 20)));
  const [whole, part] = text.split(".");
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return part ? `${spaced}.${part}` : spaced;
}

// A signed number; no sign on what rounds to zero.
function plain(value, decimals, sign) {
  const text = digits(value, decimals);
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? MINUS : sign ? "+" : "") + text;
}

const isPart = outcome => outcome.unit === "fraction";

// An outcome's level or change without its unit, with all decimals that the page has.
function figure(outcome, value, kind, decimals = outcome.decimals[kind]) {
  if (value === undefined || Number.isNaN(value)) return "–";
  return isPart(outcome) ? plain(value * 100, Math.max(decimals - 2, 0), kind === 1) : plain(value, decimals, kind === 1);
}

function unitOf(outcome, kind) {
  if (isPart(outcome)) return kind === 1 ? "points" : "%";
  return { "0-10000": "points of 10,000", index: "times the base year" }[outcome.unit] ?? outcome.unit;
}

const withUnit = (outcome, value, kind) => `${figure(outcome, value, kind)} ${unitOf(outcome, kind)}`;

function draws(part) {
  if (Number.isNaN(part)) return "–";
  return part > 0 && part < 0.005 ? "fewer than 1" : part < 1 && part > 0.995 ? "more than 99" : (part * 100).toFixed(0);
}
