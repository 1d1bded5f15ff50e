"use strict";
// Keys for people who work through a list, and the search that opens over any page. Pages work without.
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const titles = () => [...document.querySelectorAll("[data-rows] a.title, [data-rows] tbody a")];
  const picks = () => [...document.querySelectorAll("input[name=pick], [data-rows] input[type=checkbox]")];
  let row = null;

  function move(step) {
    const rows = titles();
    if (!rows.length) return;
    const at = rows.indexOf(row && row.isConnected ? row : document.activeElement);
    row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    row.focus();
  }

  const pickOf = (link) => link?.closest("li, tr")?.querySelector("input[type=checkbox]");

  function tick() {
    const box = pickOf(row);
    if (box) box.checked = !box.checked;
  }

  // What a key does to ticked rows, it does to the row at hand where none is ticked.
  function go(key) {
    const goal = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!goal) {
      if (key === "e" && row?.href) window.location.assign(`${row.href}#real`);
      return;
    }
    const boxes = picks();
    const box = pickOf(row);
    if (box && !boxes.some((one) => one.checked)) box.checked = true;
    goal.focus();
  }

  document.addEventListener("focusin", (event) => {
    if (titles().includes(event.target)) row = event.target;
  });

  const palette = document.getElementById("palette");
  const found = document.getElementById("palette-found");

  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal();
    palette.querySelector("input[type=search]").select();
  }

  palette?.addEventListener("close", () => {
    palette.querySelector("form").reset();
    found.replaceChildren();
  });
  palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  palette?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [palette.querySelector("input[type=search]"), ...found.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[(at + stops.length) % stops.length].focus();
    event.preventDefault();
  });
  document.querySelector("a[data-palette]")?.addEventListener("click", (event) => {
    if (!palette || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    openPalette();
  });

  // One menu of the areas at a time, closed by Escape or a press anywhere else.
  const menus = [...document.querySelectorAll(".areas details")];
  const closeMenus = (but) => menus.forEach((menu) => { if (menu !== but) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".areas details")));

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.key === "Escape") {
      const open = menus.find((menu) => menu.open);
      closeMenus(null);
      open?.querySelector("summary").focus();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target) || palette?.open) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x") tick();
    else if (event.key === "/") { event.preventDefault(); openPalette(); }
    else if (/^[a-z]$/.test(event.key)) go(event.key);
  });

  // A part of the page that is put in anew takes over the focus of the one that goes: at the same link or button, or itself.
  const nameOf = (one) => one.href || one.outerHTML;
  let left = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const at = document.activeElement;
    left = event.detail.target.contains(at) ? nameOf(at) : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (left === null || !part.isConnected || document.activeElement !== document.body) return;
    const same = [...part.querySelectorAll("a, button, input, select, textarea, summary")].find((one) => nameOf(one) === left);
    if (!same) part.tabIndex = -1;
    (same || part).focus({ preventScroll: true });
    left = null;
  });

  // A file is large and a second press would send it twice.
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("button[data-once]");
    if (button) setTimeout(() => { button.disabled = true; button.textContent = button.dataset.once; });
  });
})();
