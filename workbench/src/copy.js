// Buttons that copy the text of the element they name.

/** Shows every copy button, where the browser lets a page write to the clipboard (only over HTTPS or locally). */
export function offerCopies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const source = document.getElementById(button.dataset.copy ?? "");
    const status = button.parentElement?.querySelector("[role=status]");
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source instanceof HTMLAnchorElement ? source.href : source.textContent ?? "");
      if (status) status.textContent = button.dataset.done ?? "";
    });
  }
}
