// Charts as SVG: axes, lines with bands; a cursor that mouse, finger and arrow keys move.

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes and children; text where a child is a string.
function el(name, attributes = {}, ...children) {
  const svg = ["svg", "g", "line", "path", "circle", "rect", "text"].includes(name);
  const node = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

// Round steps that cover [low, high].
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(step => step >= rough * 0.999);
  const found = [];
  for (let k = Math.floor(low / step); k <= Math.ceil(high / step); k++) found.push(k * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (/^2[.]?5/.test((step / power).toString()) ? 1 : 0));
  return { values: found, decimals: Math.min(decimals, 12) };
}

// A range that shows what there is, and does not magnify nothing.
function range(values, zero, least) {
  let low = Math.min(...values), high = Math.max(...values);
  if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  if (high - low < least) {
    const middle = (high + low) / 2;
    const lifted = low >= 0 ? Math.max(least / 2, middle) : middle;
    [low, high] = [lifted - least / 2, lifted + least / 2];
    if (zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  }
  return [low, high];
}

// The frame of a chart: figure, caption, drawing, readout, keyboard.
// `spec`: title, unit, label; `draw(svg, width)` draws and returns { places, read(place), mark(place) }.
function chart(spec, draw) {
  const svg = el("svg", { role: "img", "aria-label": spec.label });
  const readout = el("div", { class: "readout", "aria-live": "polite" });
  const caption = el("figcaption", {}, el("b", {}, spec.title), el("span", {}, spec.unit));
  const figure = el("figure", { tabindex: 0, role: "group", "aria-label": `${spec.label} Arrow keys read values.` }, caption, svg, readout);
  let drawn, at, width = 0;
  const show = place => {
    at = Math.max(0, Math.min(drawn.places.length - 1, place));
    drawn.mark(at);
    readout.replaceChildren(...drawn.read(at));
  };
  const redraw = () => {
    width = figure.clientWidth;
    if (!width) return;
    svg.replaceChildren();
    drawn = draw(svg, width);
    svg.setAttribute("viewBox", `0 0 ${width} ${drawn.height}`);
    svg.setAttribute("height", drawn.height);
    if (drawn.places.length) show(at ?? drawn.start);
  };
  const nearest = event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * width / box.width, y = (event.clientY - box.top) * width / box.width;
    const along = drawn.vertical ? y : x;
    let best = 0;
    drawn.places.forEach((place, k) => { if (Math.abs(place - along) < Math.abs(drawn.places[best] - along)) best = k; });
    return best;
  };
  svg.addEventListener("pointermove", event => show(nearest(event)));
  svg.addEventListener("pointerleave", () => show(drawn.start));
  svg.addEventListener("click", event => spec.pick?.(nearest(event)));
  figure.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -1e9, End: 1e9 }[event.key];
    if (event.key === "Enter") spec.pick?.(at);
    if (step === undefined) return;
    event.preventDefault();
    show(at + step);
  });
  figure.redraw = redraw;
  return figure;
}

// One line of a readout: a mark in the series' colour, what it is, its value.
function readLine(kind, mark, name, value, more) {
  return el("div", {}, el("i", { class: `${kind} ${mark}` }), el("span", {}, name), value, more ? el("span", {}, more) : null);
}

function scaleX(years, left, right) {
  const [first, last] = [years[0], years[years.length - 1]];
  return year => first === last ? (left + right) / 2 : left + (right - left) * (year - first) / (last - first);
}

const closed = (upper, lower) => `M${upper.map(p => p.join(" ")).join("L")}L${[...lower].reverse().map(p => p.join(" ")).join("L")}Z`;
const open = points => points.length ? `M${points.map(p => p.join(" ")).join("L")}` : "";
const near = value => Math.round(value * 10) / 10;

// Lines over years.
// `spec`: title, unit, label, run, year, pick(year), zero, least (the smallest span worth an axis), tick(value, decimals),
// series: [{ name, style, dash, points (estimates), bands, past: [[year, value]], dots: [[year, value]], read(estimate) }].
function lineChart(spec) {
  const { run } = spec;
  const past = spec.series.flatMap(series => series.past ?? []).map(point => point[0]);
  const first = Math.min(run.base_year, ...past);
  const years = Array.from({ length: run.last_year - first + 1 }, (_, k) => first + k);
  const values = spec.series.flatMap(series => [
    ...series.points.flatMap(p => series.bands ? [p.mean, p.p05, p.p95] : [p.mean]),
    ...(series.past ?? []).map(p => p[1]), ...(series.dots ?? []).map(p => p[1]),
  ]).filter(Number.isFinite);
  const pick = place => spec.pick?.(years[place]);
  return chart({ ...spec, pick }, (svg, width) => {
    const height = Math.round(Math.max(210, Math.min(330, width * 0.58)));
    const [low, high] = range(values, spec.zero, spec.least ?? 0);
    const scale = ticks(low, high, height < 240 ? 4 : 5);
    const [bottom, top] = [scale.values[0], scale.values[scale.values.length - 1]];
    const labels = scale.values.map(value => spec.tick(value, scale.decimals));
    const left = Math.max(...labels.map(label => label.length)) * 6.6 + 10, right = width - 8;
    const x = scaleX(years, left, right);
    const y = value => near(8 + (height - 34) * (top - value) / (top - bottom));
    scale.values.forEach((value, k) => {
      const zero = spec.zero && Math.abs(value) < 1e-12 * (top - bottom);
      svg.append(el("line", { class: zero ? "zero" : "grid", x1: left, x2: right, y1: y(value), y2: y(value) }));
      svg.append(el("text", { x: left - 7, y: y(value) + 4, "text-anchor": "end" }, labels[k]));
    });
    const every = Math.max(1, Math.ceil(years.length * 44 / (right - left)));
    years.forEach((year, k) => {
      const isBase = year === run.base_year;
      if ((years.length - 1 - k) % every && !isBase) return;
      if (!isBase && Math.abs(x(year) - x(run.base_year)) < 42) return;
      const anchor = k === years.length - 1 ? "end" : k === 0 && left < 20 ? "start" : "middle";
      svg.append(el("text", { x: near(x(year)) + (anchor === "end" ? 6 : 0), y: height - 6, "text-anchor": anchor, class: isBase ? "strong" : null }, String(year)));
    });
    if (first < run.base_year) {
      const at = near(x(run.base_year));
      svg.append(el("line", { class: "axis", x1: at, x2: at, y1: 8, y2: height - 24 }));
    }
    const point = field => p => [near(x(p.year)), y(p[field])];
    for (const series of spec.series) {
      const group = el("g", { class: series.style });
      const bands = series.bands && series.points.length > 1 ? series.bands : [];
      for (const [lower, upper] of bands) {
        group.append(el("path", { class: lower === "p25" ? "band inner" : "band", d: closed(series.points.map(point(upper)), series.points.map(point(lower))) }));
      }
      svg.append(group);
    }
    for (const series of spec.series) {
      const group = el("g", { class: series.style, "data-series": series.name });
      const at = ([year, value]) => [near(x(year)), y(value)];
      if (series.past) group.append(el("path", { class: "stroke thin", d: open(series.past.map(at)) }));
      group.append(el("path", { class: series.dash ? "stroke dash" : "stroke", d: open(series.points.map(point("mean"))) }));
      for (const dot of series.dots ?? []) group.append(el("circle", { class: "hollow", cx: at(dot)[0], cy: at(dot)[1], r: 4 }));
      svg.append(group);
    }
    const marks = el("g", {});
    svg.append(marks, el("rect", { class: "hit", x: left, y: 0, width: Math.max(0, right - left), height }));
    return {
      height, places: years.map(x), start: Math.max(0, years.indexOf(spec.year)),
      mark: place => {
        const at = near(x(years[place]));
        marks.replaceChildren(el("line", { class: "cursor", x1: at, x2: at, y1: 8, y2: height - 24 }));
        for (const series of spec.series) {
          const found = series.points.find(p => p.year === years[place]);
          if (found) marks.append(el("g", { class: series.style }, el("circle", { class: "dot", cx: at, cy: y(found.mean), r: 3.6 })));
        }
      },
      read: place => {
        const year = years[place];
        const lines = [el("div", { class: "when" }, String(year))];
        for (const series of spec.series) {
          const found = series.points.find(p => p.year === year);
          const was = (series.past ?? []).find(p => p[0] === year && year < run.base_year);
          const seen = (series.dots ?? []).find(p => p[0] === year);
          if (found) lines.push(readLine(series.style, series.dash ? "dash" : "", series.name, ...series.read(found)));
          if (was) lines.push(readLine(series.style, "", `${series.name}, history`, series.plain(was[1])));
          if (seen) lines.push(readLine(series.style, "ring", `${series.name}, observed`, series.plain(seen[1])));
        }
        return lines;
      },
    };
  });
}
