// What every page loads. Each module adds to elements that work without it: nothing here is the only way to do a thing.

import htmx from "htmx.org";
import { openDialogs } from "./dialog.js";
import { pickMany } from "./pick.js";
import { dropFiles } from "./upload.js";
import { shortcuts } from "./keys.js";

// The policy of content forbids what htmx would otherwise evaluate or write inline.
Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages with personal data are not kept in the browser's store
  refreshOnHistoryMiss: true,
});
window.htmx = htmx;

document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// An answer that failed is told to whoever listens by ear as well.
document.body.addEventListener("htmx:responseError", () => say("没有办成：服务没有给出结果，请稍后再试。"));
document.body.addEventListener("htmx:sendError", () => say("没有办成：与服务器的连接断了，请检查网络后再试。"));

function say(sentence) {
  const place = document.querySelector("[data-says]");
  if (place) place.textContent = sentence;
}

openDialogs();
pickMany();
dropFiles();
shortcuts();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
