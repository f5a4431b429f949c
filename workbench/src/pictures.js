// Pictures with JavaScript: zoom, what a thing is joined with, and networks laid out by force. Everything here adds to
// drawings that are complete without it.
import { addLayout } from "./force.js";
import { keepHeads } from "./heads.js";
import { addHighlight } from "./highlight.js";
import { addZoom } from "./zoom.js";

for (const region of document.querySelectorAll("[data-picture]")) {
  const svg = region.querySelector("svg");
  if (!(region instanceof HTMLElement) || !svg) continue;
  /** @type {Record<string, string>} */
  const words = JSON.parse(region.dataset.picture ?? "{}");
  const controls = document.createElement("div");
  controls.className = "controls zooming";
  controls.setAttribute("role", "group");
  controls.setAttribute("aria-label", words.picture);
  region.before(controls);
  const zoom = addZoom(region, svg, controls, words);
  keepHeads(region, svg);
  addHighlight(svg);
  addLayout(svg, controls, words, zoom);
}
