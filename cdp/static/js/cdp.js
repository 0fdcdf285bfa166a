// Small comforts; every page works without them.
"use strict";

// j and k: the next and the previous thing of a list that waits.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key];
  const links = step ? [...document.querySelectorAll("[data-keys] > * > a, [data-keys] .item__link")] : [];
  if (step && !links.length) document.querySelector(`[data-step-keys] [rel="${step > 0 ? "next" : "prev"}"]`)?.click();
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
});

// An act that cannot be undone is asked about once more.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
  else if (event.target.matches("[data-unsaved]")) changed = false;
});

// What was written and not kept is not lost by a slip.
let changed = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-unsaved]")) changed = true;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// Buttons that only make sense with script show themselves: print, copy an address.
for (const button of document.querySelectorAll("[data-print], [data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if ("print" in button.dataset) return window.print();
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    if (button.dataset.copied) button.textContent = button.dataset.copied;
  });
}

// One menu open at a time; Escape closes it.
const folds = document.querySelectorAll("details.fold");
for (const fold of folds) {
  fold.addEventListener("toggle", () => {
    if (fold.open) for (const other of folds) if (other !== fold) other.open = false;
  });
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    fold.open = false;
    fold.querySelector("summary").focus();
  });
}
