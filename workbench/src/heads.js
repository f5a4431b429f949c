// Heads of rows and columns stay in view where a drawing is scrolled.

const MOST = 0.6;

/**
 * @param {HTMLElement} region
 * @param {SVGSVGElement} svg
 */
export function keepHeads(region, svg) {
  const heads = /** @type {SVGGElement[]} */ ([...svg.querySelectorAll("[data-stays]")]);
  const corner = heads.find((head) => head.dataset.stays === "x y");
  if (!corner) return;
  const { width, height } = corner.getBBox();

  const keep = () => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    // Heads that take more than this of the region would hide what they are the heads of.
    const isKept = { x: width * scale < MOST * region.clientWidth, y: height * scale < MOST * region.clientHeight };
    for (const head of heads) {
      const ways = head.dataset.stays ?? "";
      const x = isKept.x && ways.includes("x") ? region.scrollLeft / scale : 0;
      const y = isKept.y && ways.includes("y") ? region.scrollTop / scale : 0;
      if (x || y) head.setAttribute("transform", `translate(${x} ${y})`);
      else head.removeAttribute("transform");
    }
    // What gets the focus is not scrolled below them (WCAG 2.2 SC 2.4.11).
    region.style.scrollPadding = `${isKept.y ? height * scale : 0}px 0 0 ${isKept.x ? width * scale : 0}px`;
  };
  region.addEventListener("scroll", keep, { passive: true });
  new ResizeObserver(keep).observe(svg);
  new ResizeObserver(keep).observe(region);
}
