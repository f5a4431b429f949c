// Zoom: the drawing becomes larger or smaller in a region that scrolls. So it is moved as anything that scrolls, by
// keys, fingers and scroll bars, and with the mouse by dragging too.
import { addButton } from "./button.js";

const STEP = 1.4;
const SMALLEST = 0.2;
const LARGEST = 4;
const ROOM = 20; // for a scroll bar

/** @typedef {{ reset: () => void, fit: () => void }} Zoom */

/**
 * @param {HTMLElement} region
 * @param {SVGSVGElement} svg
 * @param {HTMLElement} controls where the buttons go
 * @param {Record<string, string>} words
 * @returns {Zoom}
 */
export function addZoom(region, svg, controls, words) {
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
  const told = document.createElement("span");
  let scale = 1;
  let whole = svg.getBoundingClientRect();

  /**
   * Zooms so that a point of the region stays where it is.
   *
   * @param {number} wanted
   */
  const zoomTo = (wanted, x = region.clientWidth / 2, y = region.clientHeight / 2) => {
    if (scale === 1) whole = svg.getBoundingClientRect();
    const next = Math.min(Math.max(wanted, SMALLEST), LARGEST);
    const left = ((region.scrollLeft + x) * next) / scale - x;
    const top = ((region.scrollTop + y) * next) / scale - y;
    scale = next;
    svg.style.minWidth = scale === 1 ? "" : "0";
    svg.style.maxWidth = scale === 1 ? "" : "none";
    svg.style.width = scale === 1 ? "" : `${whole.width * scale}px`;
    svg.style.height = scale === 1 ? "" : `${whole.height * scale}px`;
    region.scrollTo(left, top);
    told.textContent = percent.format(scale);
  };
  const reset = () => {
    zoomTo(1);
    region.scrollTo(0, 0);
  };
  const fit = () => {
    const { width, height } = svg.getBoundingClientRect();
    zoomTo(Math.min(1, (scale * region.clientWidth) / width, (scale * region.clientHeight) / height));
  };

  addButton(controls, "+", words.larger, () => zoomTo(scale * STEP));
  addButton(controls, "−", words.smaller, () => zoomTo(scale / STEP));
  addButton(controls, words.reset, words.reset, reset);
  told.setAttribute("role", "status");
  told.textContent = percent.format(scale);
  controls.append(told);
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = words.note;
  controls.after(note);
  region.classList.add("zoomable");
  // A picture that is a little higher than the screen is not cut.
  if (whole.height < 1.3 * innerHeight) region.style.setProperty("--whole", `${whole.height + ROOM}px`);

  // Without Ctrl the wheel scrolls the page, as everywhere; a pinch on a touchpad comes as a wheel with Ctrl.
  region.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 20;
    zoomTo(scale * 2 ** (-Math.max(-50, Math.min(50, pixels)) / 100), ...within(region, event));
  }, { passive: false });
  pinch(region, (factor, x, y) => zoomTo(scale * factor, x, y));
  drag(region, svg);
  return { reset, fit };
}

/**
 * @param {HTMLElement} region
 * @param {{ clientX: number, clientY: number }} point
 * @returns {[number, number]}
 */
function within(region, point) {
  const { left, top } = region.getBoundingClientRect();
  return [point.clientX - left, point.clientY - top];
}

/**
 * @param {HTMLElement} region
 * @param {(factor: number, x: number, y: number) => void} act
 */
function pinch(region, act) {
  let last = 0;
  region.addEventListener("touchstart", () => { last = 0; }, { passive: true });
  region.addEventListener("touchmove", (event) => {
    const [one, other] = event.touches;
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const gap = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    if (last && gap) act(gap / last, ...within(region, middle));
    last = gap;
  }, { passive: false });
}

/**
 * Moves the drawing with the mouse; a click on a link that ends such a move is none.
 *
 * @param {HTMLElement} region
 * @param {SVGSVGElement} svg
 */
function drag(region, svg) {
  let isMoved = false;
  svg.addEventListener("pointerdown", (start) => {
    isMoved = false;
    if (start.pointerType !== "mouse" || start.button) return;
    const { scrollLeft, scrollTop } = region;
    const ends = new AbortController();
    /** @param {PointerEvent} event */
    const move = (event) => {
      const [x, y] = [event.clientX - start.clientX, event.clientY - start.clientY];
      isMoved ||= Math.hypot(x, y) > 4;
      if (isMoved) region.scrollTo(scrollLeft - x, scrollTop - y);
    };
    addEventListener("pointermove", move, { signal: ends.signal });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => ends.abort(), { once: true });
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("click", (event) => {
    if (isMoved) event.preventDefault();
  }, true);
}
