// The purse counts along while one chooses; without script the button "What is left?" does.
"use strict";

const booth = document.querySelector("form[data-booth]");
if (booth) {
  const kind = booth.dataset.booth;
  const all = Number(booth.dataset.budget);
  const told = document.querySelector("[data-left]");
  const bar = document.querySelector("[data-spent]");
  const fr = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en" : "fr", { maximumFractionDigits: 2 });
  const lines = [...booth.querySelectorAll("[data-cost]")];
  const chosen = (line) => line.querySelector("input.tick__box")?.checked;

  const count = () => {
    let spent = 0;
    if (kind === "knapsack") spent = lines.filter(chosen).reduce((sum, line) => sum + Number(line.dataset.cost), 0);
    else if (kind === "points") spent = lines.reduce((sum, line) => sum + (Number(line.querySelector("input").value) || 0), 0);
    else if (kind === "pairs") spent = booth.querySelectorAll("[data-answer]:checked").length;
    else spent = lines.filter(chosen).length;
    const left = all - spent;
    if (kind === "knapsack") told.textContent = booth.dataset.words.replace("{}", `${fr.format(Math.max(left, 0) / 100)}\u00a0${booth.dataset.sign}`);
    else if (kind === "points") told.textContent = booth.dataset.words.replace("{}", fr.format(left));
    else if (all) told.textContent = `${spent} / ${all}`;
    if (all) bar.setAttribute("width", `${Math.min(100, (100 * spent) / all)}%`);
    for (const line of lines) {
      const box = line.querySelector("input.tick__box");
      if (!box || kind === "choose_one") continue;
      const beyond = kind === "knapsack" ? Number(line.dataset.cost) > left : Boolean(all) && left < 1;
      box.disabled = !box.checked && beyond;
      line.querySelector("[data-beyond]").hidden = !(kind === "knapsack" && box.disabled);
    }
  };

  if (!["scores", "ranking"].includes(kind)) {
    booth.addEventListener("input", count);
    count();
  }
  booth.querySelector("[data-recount]")?.setAttribute("hidden", "");
}
