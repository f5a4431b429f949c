// A network laid out by force: what is joined lies near, and no name covers another.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { addButton } from "./button.js";

const MARGIN = 16;
const GAP = 6;

/**
 * @typedef {object} Place where a thing stands in both layouts
 * @property {string} id
 * @property {SVGGElement} element the dot and the name
 * @property {number} homeX
 * @property {number} homeY
 * @property {DOMRect} box of dot and name, seen from the dot
 */
/** @typedef {Place & import("d3-force").SimulationNodeDatum & { x: number, y: number }} Node */

/**
 * Adds the button that changes between columns and layout by force, if the drawing is a network.
 *
 * @param {SVGSVGElement} svg
 * @param {HTMLElement} controls
 * @param {Record<string, string>} words
 * @param {import("./zoom.js").Zoom} zoom
 */
export function addLayout(svg, controls, words, zoom) {
  const curves = /** @type {SVGPathElement[]} */ ([...svg.querySelectorAll("path[data-from]")]);
  if (!curves.length) return;
  const groups = /** @type {SVGGElement[]} */ ([...svg.querySelectorAll(".node")]);
  const [width, height] = [svg.width.baseVal.value, svg.height.baseVal.value];
  const columns = curves.map((curve) => curve.getAttribute("d") ?? "");
  const button = addButton(controls, words.force, words.force, () => {
    const isFree = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isFree));
    zoom.reset();
    if (isFree) {
      spread(svg, groups, curves);
      zoom.fit();
      return;
    }
    for (const group of groups) {
      group.removeAttribute("transform");
      group.style.display = "";
    }
    curves.forEach((curve, number) => curve.setAttribute("d", columns[number]));
    resize(svg, width, height);
  });
  button.setAttribute("aria-pressed", "false");
}

/**
 * @param {SVGSVGElement} svg
 * @param {SVGGElement[]} groups
 * @param {SVGPathElement[]} curves
 */
function spread(svg, groups, curves) {
  /** @type {Map<string, Node>} */
  const nodes = new Map();
  for (const element of groups) {
    const id = element.dataset.node ?? "";
    // A thing that stands in both columns has one place here.
    if (nodes.has(id)) element.style.display = "none";
    else nodes.set(id, /** @type {Node} */ (placeOf(id, element)));
  }
  const links = curves.map((curve) => ({ source: curve.dataset.from ?? "", target: curve.dataset.to ?? "" }));
  const every = [...nodes.values()];
  // All at once: nothing moves before the eyes, and it comes out the same each time.
  forceSimulation(every)
    .force("links", forceLink(links).id((node) => /** @type {Node} */ (node).id).distance(90))
    .force("charge", forceManyBody().strength(-400).distanceMax(700))
    .force("apart", forceCollide(40))
    .force("x", forceX().strength(0.04))
    .force("y", forceY().strength(0.07))
    .stop()
    .tick(300);
  keepApart(every);
  place(svg, nodes, curves);
}

/**
 * @param {string} id
 * @param {SVGGElement} element
 * @returns {Place}
 */
function placeOf(id, element) {
  const dot = element.querySelector("circle");
  const [homeX, homeY] = [dot?.cx.baseVal.value ?? 0, dot?.cy.baseVal.value ?? 0];
  const { x, y, width, height } = element.getBBox();
  return { id, element, homeX, homeY, box: new DOMRect(x - homeX - GAP, y - homeY - GAP / 2, width + 2 * GAP, height + GAP) };
}

/**
 * Moves names that would cover another up or down to the nearest free place, those in the middle first.
 *
 * @param {Node[]} nodes
 */
function keepApart(nodes) {
  /** @type {Node[]} */
  const settled = [];
  for (const node of [...nodes].sort((one, other) => Math.hypot(one.x, one.y) - Math.hypot(other.x, other.y))) {
    const beside = settled.filter(({ x, box }) => x + box.left < node.x + node.box.right && node.x + node.box.left < x + box.right);
    const places = [node.y, ...beside.flatMap(({ y, box }) => [y + box.top - node.box.bottom, y + box.bottom - node.box.top])];
    // A little less than touching: sums of fractions are not exact.
    const free = places.filter((at) => beside.every(({ y, box }) => y + box.bottom < at + node.box.top + 0.1 || at + node.box.bottom < y + box.top + 0.1));
    node.y = free.reduce((best, at) => (Math.abs(at - node.y) < Math.abs(best - node.y) ? at : best));
    settled.push(node);
  }
}

/**
 * Moves dots, names and curves, below the legend if there is one.
 *
 * @param {SVGSVGElement} svg
 * @param {Map<string, Node>} nodes
 * @param {SVGPathElement[]} curves
 */
function place(svg, nodes, curves) {
  const every = [...nodes.values()];
  const legend = [...svg.querySelectorAll(":scope > path, :scope > text")].map((one) => /** @type {SVGGraphicsElement} */ (one).getBBox());
  const left = MARGIN - Math.min(...every.map(({ x, box }) => x + box.left));
  const top = Math.max(0, ...legend.map((box) => box.y + box.height)) + MARGIN - Math.min(...every.map(({ y, box }) => y + box.top));
  for (const { element, x, y, homeX, homeY } of every) {
    element.setAttribute("transform", `translate(${x + left - homeX} ${y + top - homeY})`);
  }
  for (const curve of curves) {
    const [from, to] = [curve.dataset.from, curve.dataset.to].map((id) => nodes.get(id ?? ""));
    if (from && to) curve.setAttribute("d", `M${from.x + left} ${from.y + top}L${to.x + left} ${to.y + top}`);
  }
  const right = Math.max(...every.map(({ x, box }) => x + box.right), ...legend.map((box) => box.x + box.width - left));
  resize(svg, right + left + MARGIN, Math.max(...every.map(({ y, box }) => y + box.bottom)) + top + MARGIN);
}

/**
 * @param {SVGSVGElement} svg
 * @param {number} width
 * @param {number} height
 */
function resize(svg, width, height) {
  svg.setAttribute("width", width.toFixed(0));
  svg.setAttribute("height", height.toFixed(0));
  svg.setAttribute("viewBox", `0 0 ${width.toFixed(0)} ${height.toFixed(0)}`);
}
