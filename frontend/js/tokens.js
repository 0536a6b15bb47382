// The colours and letters of charts are those of tokens.css, read from the page itself.

export function tokens() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const letter = parseFloat(getComputedStyle(document.body).fontSize);
  return {
    letter,
    small: letter * 0.9,
    font: token("font"),
    text: token("text"),
    soft: token("text-soft"),
    line: token("control-line"),
    grid: token("chart-grid"),
    levels: { 红: token("level-red"), 橙: token("level-orange"), 蓝: token("level-blue") },
    colours: [1, 2, 3, 4, 5, 6].map((at) => token(`chart-${at}`)),
  };
}
