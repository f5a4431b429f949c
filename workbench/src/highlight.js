// The thing under the pointer or with the focus stands out, with what it is joined with.

/** @param {SVGSVGElement} svg */
export function addHighlight(svg) {
  const nodes = /** @type {SVGElement[]} */ ([...svg.querySelectorAll(".node")]);
  const curves = /** @type {SVGElement[]} */ ([...svg.querySelectorAll("[data-from]")]);

  /** @param {EventTarget | null} target */
  const show = (target) => {
    const node = target instanceof Element ? target.closest(".node") : null;
    const name = node instanceof SVGElement && svg.contains(node) ? node.dataset.node : undefined;
    const near = new Set([name]);
    for (const curve of curves) {
      const { from, to } = curve.dataset;
      const isNear = from === name || to === name;
      curve.classList.toggle("near", isNear);
      if (isNear) near.add(from).add(to);
    }
    for (const one of nodes) one.classList.toggle("near", near.has(one.dataset.node));
    svg.classList.toggle("lit", name !== undefined);
  };

  svg.addEventListener("pointerover", ({ target }) => {
    const isOnNode = target instanceof Element && target.closest(".node");
    show(isOnNode ? target : document.activeElement);
  });
  svg.addEventListener("pointerleave", () => show(document.activeElement));
  svg.addEventListener("focusin", (event) => show(event.target));
  svg.addEventListener("focusout", (event) => show(event.relatedTarget));
}
