// The county map. Its borders know five counties; a division without borders is named below the map and stands in the table.

export async function mapOptions(echarts, figure, { rows, series }, look) {
  const address = figure.dataset.borders;
  if (!address) return null;
  const answer = await fetch(address);
  if (!answer.ok) return null;
  const borders = await answer.json();
  echarts.registerMap("counties", borders);
  const known = new Set(borders.features.map((feature) => feature.id));
  const title = new Map(borders.features.map((feature) => [feature.id, feature.properties.title]));
  nameTheRest(figure, rows.filter((row) => !known.has(row.code)));

  const values = rows.filter((row) => known.has(row.code) && row.values[0] !== null).map((row) => row.values[0]);
  const top = Math.max(1, ...values);
  const shown = (value) => (Number.isFinite(value) ? value.toLocaleString() : "—");
  return {
    tooltip: { renderMode: "richText", confine: true, formatter: ({ name, value }) => `${title.get(name) ?? name}\n${series[0]} ${shown(value)} ${figure.dataset.unit}` },
    visualMap: {
      min: 0, max: top, inRange: { color: [look.low, look.high] }, left: 0, bottom: 0, itemWidth: look.letter, itemHeight: look.letter * 6,
      text: [shown(top), "0"], textStyle: { color: look.text, fontSize: look.small }, hoverLink: false,
    },
    series: [{
      type: "map", map: "counties", aspectScale: 0.79, left: look.letter * 4, right: look.letter, top: look.letter, bottom: look.letter, selectedMode: false,
      itemStyle: { borderColor: look.mapLine, borderWidth: 1.5, areaColor: look.grid },
      emphasis: { itemStyle: { borderColor: look.text, borderWidth: 2, areaColor: undefined }, label: { show: true } },
      data: rows.filter((row) => known.has(row.code)).map((row) => ({
        name: row.code, value: row.values[0] ?? NaN,
        label: { show: true, fontSize: look.small, color: (row.values[0] ?? 0) * 2 > top ? look.onStrong : look.text, formatter: () => `${title.get(row.code)}\n${shown(row.values[0] ?? NaN)}` },
        emphasis: { label: { color: (row.values[0] ?? 0) * 2 > top ? look.onStrong : look.text } },
      })),
    }],
  };
}

function nameTheRest(figure, rows) {
  if (!rows.length) return;
  const note = document.createElement("p");
  note.className = "chart-off";
  note.textContent = `图上没有边界、只列在表中：${rows.map((row) => row.name).join("、")}。`;
  figure.querySelector("[data-chart-canvas]").after(note);
}
