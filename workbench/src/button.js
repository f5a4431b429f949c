// Buttons that a script adds.

/**
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {string} name what it does, if the text is only a sign
 * @param {() => void} act
 */
export function addButton(parent, text, name, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = text;
  if (name !== text) {
    button.title = name;
    button.setAttribute("aria-label", name);
  }
  button.addEventListener("click", act);
  parent.append(button);
  return button;
}
