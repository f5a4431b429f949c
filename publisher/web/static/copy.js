// Puts a button at each [data-copy] that copies the text of the element of that id. Without script there is none.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // Only there in secure contexts.
  const button = document.createElement("button");
  const told = document.createElement("span");
  button.type = "button";
  button.className = "copy";
  button.textContent = place.dataset.label;
  button.setAttribute("aria-describedby", place.dataset.copy);
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(place.dataset.copy).textContent.trim());
    told.textContent = place.dataset.done;
    setTimeout(() => { told.textContent = ""; }, 3000);
  });
  place.append(button, " ", told);
}
