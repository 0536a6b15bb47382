// The county map, drawn as SVG from borders and the table beside it. Borders know five counties; a division without any is
// named below and stands in the table. A county is a link where its row is one.

const SVG = "http://www.w3.org/2000/svg";
const STEPS = 4;
const WIDE = 1000; // of the drawing's own units
const NARROWER = Math.cos((37.6 * Math.PI) / 180); // a degree of longitude at the city's latitude

export async function drawMap(figure, { rows }) {
  const answer = await fetch(figure.dataset.borders);
  if (!answer.ok) return;
  const { features } = await answer.json();
  const known = new Map(features.map((feature) => [feature.id, feature]));
  const shown = rows.filter((row) => known.has(row.code));
  const width = stepWidth(Math.max(1, ...shown.map((row) => row.values[0] ?? 0)));
  const place = projection(features);
  const svg = element("svg", { viewBox: `0 0 ${WIDE} ${place.high}`, class: "map", focusable: "false" });
  for (const row of shown) svg.append(county(row, known.get(row.code), width, place));
  // Names are written last, so that no neighbour lies over them.
  for (const row of shown) svg.append(label(row, known.get(row.code), width, place));
  figure.querySelector("[data-chart-canvas]").append(svg);
  tellBelow(figure, width, rows.filter((row) => !known.has(row.code)));
}

function county({ code, link, name, values: [value] }, { geometry }, width, { at }) {
  const outline = geometry.coordinates.flat().map((ring) => `M${ring.map((point) => at(point).join(" ")).join("L")}Z`).join("");
  const path = element("path", { d: outline, class: `map-county map-step-${stepOf(value, width)}` });
  const says = element("title", {});
  says.textContent = `${name} ${words(value)}`;
  path.append(says);
  if (!link) return path;
  const anchor = element("a", { href: link, tabindex: "-1", "data-code": code }); // the keyboard's way is the table
  anchor.append(path);
  return anchor;
}

function label({ values: [value] }, { properties }, width, { at }) {
  const [x, y] = at(properties.cp);
  const text = element("text", { x, y, class: `map-label map-on-${stepOf(value, width)}` });
  for (const [word, down] of [[properties.title, 0], [words(value), "1.25em"]]) {
    const line = element("tspan", { x, dy: down });
    line.textContent = word;
    text.append(line);
  }
  return text;
}

function projection(features) {
  const points = features.flatMap((feature) => feature.geometry.coordinates.flat(2));
  const [west, east] = ends(points.map(([x]) => x));
  const [south, north] = ends(points.map(([, y]) => y));
  const scale = WIDE / ((east - west) * NARROWER);
  const at = ([x, y]) => [Math.round((x - west) * NARROWER * scale), Math.round((north - y) * scale)];
  return { at, high: Math.round((north - south) * scale) };
}

const ends = (numbers) => [Math.min(...numbers), Math.max(...numbers)];

// 1 to 4 from light to dark; 0 = not known.
function stepOf(value, width) {
  return value === null ? 0 : Math.min(STEPS, Math.floor(value / width) + 1);
}

// A round width of four equal steps from nought, so that the legend reads like a ruler.
function stepWidth(top) {
  const power = 10 ** Math.floor(Math.log10(top / STEPS));
  return Math.max(1, [1, 2, 2.5, 5, 10].map((times) => times * power).find((width) => width * STEPS >= top));
}

function words(value) {
  return value === null ? "—" : value.toLocaleString("zh-CN");
}

function tellBelow(figure, width, rest) {
  const below = figure.querySelector("[data-chart-below]");
  const legend = document.createElement("ul");
  legend.className = "map-legend";
  for (let step = 1; step <= STEPS; step += 1) {
    const item = document.createElement("li");
    const swatch = element("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", class: "map-swatch", "aria-hidden": "true" });
    swatch.append(element("rect", { width: 1, height: 1, class: `map-step-${step}` }));
    item.append(swatch, step === STEPS ? `${words(width * (step - 1))} 以上` : `${words(width * (step - 1))}–${words(width * step)}`);
    legend.append(item);
  }
  below.append(legend);
  if (!rest.length) return;
  const note = document.createElement("p");
  note.className = "chart-off";
  note.textContent = `图上没有边界、只列在表中：${rest.map((row) => row.name).join("、")}。`;
  below.append(note);
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
