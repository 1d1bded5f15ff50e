"use strict";
// The bell: asks once a minute how many notices are unread, and shows the system's own pop-up while a page is open.
// Nothing of what they are about is asked for or shown. Pages work without.
(() => {
  const bell = document.querySelector("a.bell[data-poll]");
  if (!bell) return;
  const FIRST = 8000, EACH = 60000;
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private windows keep nothing */ } };
  let tag = "";

  function show(unread) {
    const count = bell.querySelector(".count");
    count.hidden = !unread;
    count.textContent = unread ? ` (${unread})` : "";
  }

  function pop(newest) {
    if (!newest || newest === kept("upstream-newest")) return;
    keep("upstream-newest", newest);
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification("Upstream", { body: "There is something new for you.", tag: "upstream" });
    shown.onclick = () => { window.focus(); window.location.assign(bell.href); };
  }

  async function ask() {
    if (document.visibilityState === "hidden" && !("Notification" in window && Notification.permission === "granted")) return true;
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(`${bell.dataset.poll}?poll=1`, { headers, redirect: "manual", cache: "no-store" });
    if (answer.status === 304) return true;
    if (!answer.ok) return false;
    tag = answer.headers.get("ETag") || "";
    const told = await answer.json();
    show(told.unread);
    pop(told.newest);
    return true;
  }

  const again = () => ask().then((going) => { if (going) setTimeout(again, EACH); }, () => setTimeout(again, EACH));
  setTimeout(again, FIRST);

  const allow = document.querySelector("button[data-allow-notices]");
  if (allow && "Notification" in window && Notification.permission === "default") {
    allow.hidden = false;
    allow.addEventListener("click", () => Notification.requestPermission().then(() => { allow.hidden = true; }));
  }
})();
