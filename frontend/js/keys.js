// “/” goes to the page's search box, “j” and “k” to the next and the previous row; never while somebody is typing.

export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    if (event.key === "/") focusFirst(event, document.querySelector("main [type=search]") ?? document.querySelector("[type=search]"));
    if (event.key === "j") focusFirst(event, nextRow(1));
    if (event.key === "k") focusFirst(event, nextRow(-1));
  });
}

function nextRow(step) {
  const links = [...document.querySelectorAll("[data-row-link]")];
  const here = links.indexOf(document.activeElement);
  return links[here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step];
}

function focusFirst(event, element) {
  if (!element) return;
  event.preventDefault();
  element.focus();
}
