// Bulk selection: [data-pick-all] marks every [data-pick] of its form or table, [data-picked] says how many are marked.

export function pickMany() {
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-pick-all], [data-pick]")) return;
    const area = box.closest("form") ?? box.closest("table");
    const boxes = [...area.querySelectorAll("[data-pick]")];
    if (box.matches("[data-pick-all]")) for (const each of boxes) each.checked = box.checked;
    tell(area, boxes);
  });
  for (const all of document.querySelectorAll("[data-pick-all]")) all.closest("label").hidden = false;
}

function tell(area, boxes) {
  const marked = boxes.filter((each) => each.checked).length;
  const all = area.querySelector("[data-pick-all]");
  if (all) {
    all.checked = marked > 0 && marked === boxes.length;
    all.indeterminate = marked > 0 && marked < boxes.length;
  }
  for (const place of area.querySelectorAll("[data-picked]")) place.textContent = `已选 ${marked} 条`;
}
