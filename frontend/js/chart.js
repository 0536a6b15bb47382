// <figure data-chart="bar|column|line|map"> draws the table that stands in it: nothing is said in the page a second time.
// The first cell of a row is its name (and its link); the heads marked `data-series` are the series, or else all with class
// "number"; `data-code` of a row names a division.

import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { tokens } from "./tokens.js";
import { drawMap } from "./map.js";

echarts.use([BarChart, LineChart, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer]);

const ROW = 2.6; // heights of a letter that a bar and its gap take
const NAMES = 0.45; // of a lying chart's width at most: a longer name ends in dots, the table beside it has it whole
const SYMBOLS = ["circle", "rect", "triangle", "diamond"]; // series differ by shape too

export function drawAll() {
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
}

function draw(figure) {
  const read = readTable(figure.querySelector("table"));
  if (!read.rows.length) return;
  if (figure.dataset.chart === "map") drawMap(figure, read);
  else drawAxes(figure, read, tokens());
}

function drawAxes(figure, read, look) {
  const canvas = figure.querySelector("[data-chart-canvas]");
  const { chart: kind } = figure.dataset;
  const box = document.createElement("div");
  box.className = "chart-box";
  const bars = figure.dataset.stacked === undefined ? read.series.length : 1;
  if (kind === "bar") box.style.height = `${(read.rows.length * bars * ROW + 4) * look.letter}px`;
  canvas.append(box);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const letters = { fontFamily: look.font, fontSize: look.letter, color: look.text };
  chart.setOption({ animation: !still, animationDuration: 300, textStyle: letters, ...axes(kind, read, look, figure.dataset) });
  chart.on("click", ({ name }) => {
    const link = read.rows.find((row) => row.name === name)?.link;
    if (link) location.assign(link);
  });
  new ResizeObserver(() => {
    chart.resize();
    if (kind === "bar") chart.setOption({ yAxis: { axisLabel: { width: box.clientWidth * NAMES, overflow: "truncate" } } });
  }).observe(box);
}

function readTable(table) {
  const heads = [...table.querySelectorAll("thead th")];
  const told = heads.map((head, at) => [head, at]);
  const marked = told.filter(([head]) => "series" in head.dataset);
  const columns = marked.length ? marked : told.filter(([head]) => head.classList.contains("number"));
  const rows = [...table.querySelectorAll("tbody tr")].map((row) => ({
    name: row.cells[0].textContent.trim(),
    code: row.dataset.code ?? "",
    link: row.querySelector("a")?.href ?? "",
    values: columns.map(([, at]) => number(row.cells[at].textContent)),
  }));
  return { rows, series: columns.map(([head]) => head.textContent.trim()) };
}

// "1,204" → 1204; what is not known stays a gap and is never drawn as zero.
function number(text) {
  const plain = text.replaceAll(",", "").trim();
  return plain === "" || Number.isNaN(Number(plain)) ? null : Number(plain);
}

function axes(kind, { rows, series }, look, { unit, stacked }) {
  const lying = kind === "bar";
  const names = {
    type: "category", data: rows.map((row) => row.name), inverse: lying,
    axisTick: { show: false }, axisLine: { lineStyle: { color: look.line } },
    axisLabel: { color: look.text, fontSize: look.letter, interval: lying ? 0 : "auto", hideOverlap: true },
  };
  const figures = {
    type: "value", minInterval: 1, axisLabel: { color: look.soft, fontSize: look.small, hideOverlap: true },
    splitLine: { lineStyle: { color: look.grid } }, name: lying ? "" : unit, nameTextStyle: { color: look.soft, align: "left" },
  };
  return {
    // A series that is a level of alerts has the level's own colour.
    color: series.map((name, at) => look.levels[name[0]] ?? look.colours[at % look.colours.length]),
    grid: { left: 4, right: lying ? look.letter * 4 : 12, top: series.length > 1 ? look.letter * 4 : look.letter * 2, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: series.length > 1 ? { top: 0, left: 0, textStyle: { color: look.text, fontSize: look.letter } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: kind === "line" ? "line" : "shadow" } },
    [lying ? "yAxis" : "xAxis"]: names,
    [lying ? "xAxis" : "yAxis"]: figures,
    series: series.map((name, at) => ({
      name, type: kind === "line" ? "line" : "bar", data: rows.map((row) => row.values[at]),
      barMaxWidth: look.letter * 1.5, symbol: SYMBOLS[at % SYMBOLS.length], symbolSize: look.letter * 0.6, connectNulls: false,
      stack: stacked === undefined ? undefined : "all", cursor: rows.some((row) => row.link) ? "pointer" : "default",
      label: { show: stacked === undefined && kind !== "line" && series.length === 1, position: lying ? "right" : "top", color: look.text, fontSize: look.small, formatter: ({ value }) => (value ?? "").toLocaleString() },
    })),
  };
}
