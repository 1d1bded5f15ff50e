"use strict";
// Two minutes before the session ends for want of use (or halfway, where it is shorter) a dialog says so; what was typed is kept on the server, sealed.
// Without this script the server ends the session all the same, and keeps the form that comes too late.
(() => {
  const place = document.querySelector("[data-idle]");
  if (!place) return;
  const idle = Number(place.dataset.idle) * 1000, before = Math.min(120000, idle / 2);
  let since = Date.now(), timer = 0, kept = false;
  const dialog = document.createElement("dialog");
  const words = document.createElement("p"), stay = document.createElement("button");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "Still there?");
  words.textContent = `You are signed out in ${before < 120000 ? "a minute" : "two minutes"}, unless you go on. What you have typed is kept.`;
  stay.textContent = "Stay signed in";
  stay.type = "button";
  stay.className = "main";
  dialog.append(words, stay);
  document.body.append(dialog);

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";

  async function keep() {
    const form = [...document.forms].find((one) =>
      one.method === "post" && [...one.querySelectorAll("textarea, input[type=text], input:not([type])")].some((field) => field.value !== field.defaultValue));
    if (!form) return;
    const body = new URLSearchParams();
    for (const field of form.querySelectorAll("textarea, input[type=text], input:not([type])")) {
      if (field.name && field.value !== field.defaultValue) body.append(field.name, field.value);
    }
    body.append("drafted_on", window.location.pathname);
    const headers = { "X-CSRFToken": token() };
    const answer = await fetch(`${place.dataset.drafts}?poll=1`, { method: "POST", headers, body });
    kept = answer.status === 201;
  }

  function warn() {
    if (!dialog.open) dialog.showModal();
    keep().catch(() => { /* the session ends with or without a draft */ });
    timer = setTimeout(leave, Math.max(0, since + idle + 2000 - Date.now()));
  }

  function leave() {
    if (kept) window.location.assign(place.dataset.drafts);
    else window.location.reload();
  }

  function begin() {
    clearTimeout(timer);
    since = Date.now();
    timer = setTimeout(warn, idle - before);
  }

  stay.addEventListener("click", async () => {
    const answer = await fetch(place.dataset.stillHere, { redirect: "manual", cache: "no-store" });
    if (answer.status !== 204) { leave(); return; }
    dialog.close();
    begin();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!new URL(event.detail.xhr.responseURL || window.location.href).searchParams.has("poll")) begin();
  });
  begin();
})();
