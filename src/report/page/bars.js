// Charts of one year, row by row, and stacked columns over years; tables.

// Rows with a mean, the middle half and 90 % of draws, and what was seen.
// `spec`: title, unit, label, tick, zero, rows: [{ name, style, estimate, seen, read }], pick(row).
function rowChart(spec) {
  const values = spec.rows.flatMap(({ estimate: e, seen }) => [e.mean, e.p05, e.p95, seen]).filter(Number.isFinite);
  return chart(spec, (svg, width) => {
    const step = 25, top = 22, height = top + step * spec.rows.length + 6;
    const [low, high] = range(values, spec.zero, spec.least ?? 0);
    const longest = Math.max(...spec.rows.map(row => row.name.length));
    const left = Math.min(longest * 6.9 + 12, width * 0.42), right = width - 10;
    const scale = ticks(low, high, Math.max(2, Math.floor((right - left) / 90)));
    const [start, end] = [scale.values[0], scale.values[scale.values.length - 1]];
    const x = value => near(left + (right - left) * (value - start) / (end - start));
    for (const value of scale.values) {
      const zero = Math.abs(value) < 1e-12 * (end - start);
      svg.append(el("line", { class: zero ? "zero" : "grid", x1: x(value), x2: x(value), y1: top - 6, y2: height }));
      svg.append(el("text", { x: x(value), y: 11, "text-anchor": value === end ? "end" : "middle" }, spec.tick(value, scale.decimals)));
    }
    const band = el("rect", { class: "row-on", x: 0, width, height: step, y: -step });
    svg.prepend(band);
    const most = Math.floor((left - 12) / 6.6);
    const centres = spec.rows.map((row, k) => top + step * (k + 0.5));
    spec.rows.forEach((row, k) => {
      const e = row.estimate, y = centres[k];
      const name = row.name.length > most ? `${row.name.slice(0, most - 1)}…` : row.name;
      const group = el("g", { class: row.style, "data-row": row.name });
      group.append(el("text", { class: "name", x: left - 10, y: y + 4, "text-anchor": "end" }, name));
      if (Number.isFinite(e.p05)) {
        group.append(el("line", { class: "whisker", x1: x(e.p05), x2: x(e.p95), y1: y, y2: y }));
        group.append(el("line", { class: "box", x1: x(e.p25), x2: x(e.p75), y1: y, y2: y }));
      }
      group.append(el("circle", { class: "dot", cx: x(e.mean), cy: y, r: 4.2 }));
      if (Number.isFinite(row.seen)) group.append(el("circle", { class: "hollow", cx: x(row.seen), cy: y, r: 4.6 }));
      svg.append(group);
    });
    svg.append(el("rect", { class: "hit", x: 0, y: 0, width, height }));
    return {
      height, places: centres, vertical: true, start: 0,
      mark: place => band.setAttribute("y", centres[place] - step / 2),
      read: place => {
        const row = spec.rows[place];
        const [value, more] = row.read(row.estimate);
        return [readLine(row.style, "", row.name, value, more)];
      },
    };
  });
}

// Parts that add up, year by year. `spec`: run, year, pick, parts: [{ name, style, points }], tick, outcome.
function stackChart(spec) {
  const { run } = spec;
  const years = run.years.filter(year => year > run.base_year);
  const of = (part, year) => part.points.find(p => p.year === year)?.mean ?? 0;
  const sums = years.map(year => {
    const values = spec.parts.map(part => of(part, year));
    return [values.filter(v => v < 0).reduce((a, b) => a + b, 0), values.filter(v => v > 0).reduce((a, b) => a + b, 0)];
  });
  return chart({ ...spec, pick: place => spec.pick?.(years[place]) }, (svg, width) => {
    const height = Math.round(Math.max(210, Math.min(330, width * 0.5)));
    const [low, high] = range(sums.flat(), true, spec.least ?? 0);
    const scale = ticks(low, high, 5);
    const [bottom, top] = [scale.values[0], scale.values[scale.values.length - 1]];
    const labels = scale.values.map(value => spec.tick(value, scale.decimals));
    const left = Math.max(...labels.map(label => label.length)) * 6.6 + 10, right = width - 8;
    const y = value => near(8 + (height - 34) * (top - value) / (top - bottom));
    scale.values.forEach((value, k) => {
      const zero = Math.abs(value) < 1e-12 * (top - bottom);
      svg.append(el("line", { class: zero ? "zero" : "grid", x1: left, x2: right, y1: y(value), y2: y(value) }));
      svg.append(el("text", { x: left - 7, y: y(value) + 4, "text-anchor": "end" }, labels[k]));
    });
    const step = (right - left) / years.length, wide = step * 0.66;
    const centres = years.map((_, k) => left + step * (k + 0.5));
    const every = Math.ceil(44 / step);
    years.forEach((year, k) => {
      if ((years.length - 1 - k) % every === 0) svg.append(el("text", { x: near(centres[k]), y: height - 6, "text-anchor": "middle" }, String(year)));
      let up = 0, down = 0;
      for (const part of spec.parts) {
        const value = of(part, year);
        if (!value) continue;
        const from = value > 0 ? up : down;
        if (value > 0) up += value; else down += value;
        const [upper, lower] = [y(Math.max(from, from + value)), y(Math.min(from, from + value))];
        svg.append(el("g", { class: part.style }, el("rect", { class: "bar", x: near(centres[k] - wide / 2), width: near(wide), y: upper, height: Math.max(0, near(lower - upper)) })));
      }
    });
    const marks = el("g", {});
    svg.append(marks, el("rect", { class: "hit", x: left, y: 0, width: Math.max(0, right - left), height }));
    return {
      height, places: centres, start: Math.max(0, years.indexOf(spec.year)),
      mark: place => marks.replaceChildren(el("line", { class: "axis", x1: near(centres[place] - wide / 2), x2: near(centres[place] + wide / 2), y1: height - 22, y2: height - 22 })),
      read: place => [
        el("div", { class: "when" }, String(years[place])),
        ...spec.parts.map(part => {
          const found = part.points.find(p => p.year === years[place]);
          return readLine(part.style, "", part.name, ...(found ? spec.read(found) : ["–"]));
        }),
      ],
    };
  });
}

// A table of values under a chart. `columns`: [title, numeric]; `rows`: cells; `on`: rows that stand out.
function table(label, columns, rows, on = () => false) {
  const head = columns.map(([title, number]) => el("th", { scope: "col", class: number ? "n" : null }, title));
  const body = rows.map((row, k) => el("tr", { class: on(row, k) ? "on" : null },
    ...row.map((cell, c) => el("td", { class: columns[c][1] ? "n" : null }, cell))));
  return el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label },
    el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body)));
}

// A table that opens on demand.
function folded(label, make) {
  const details = el("details", {}, el("summary", {}, "Table"));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(make());
  });
  details.dataset.label = label;
  return details;
}
