"use strict";
// Keys for people who work through a list: j and k move, e, a, d and h jump on an incident page. Pages work without.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const titles = () => [...document.querySelectorAll("[data-rows] a.title, [data-rows] tbody a")];

  function move(step) {
    const rows = titles();
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.focus();
  });

  // A file is large and a second press would send it twice.
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button[data-once]");
    if (button) setTimeout(() => { button.disabled = true; button.textContent = button.dataset.once; });
  });
})();
