"use strict";
// Passkeys: what the server asks goes to the browser, and its answer comes back in the form. Nothing is kept here.
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(options) {
    const made = { ...options, challenge: bytes(options.challenge) };
    if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
    if (options.allowCredentials) made.allowCredentials = withBytes(options.allowCredentials);
    if (options.excludeCredentials) made.excludeCredentials = withBytes(options.excludeCredentials);
    return made;
  }

  function answered(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function options(form) {
    if (!form.dataset.optionsAt) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsAt, { cache: "no-store" });
    return answer.json();
  }

  async function use(form) {
    const said = form.querySelector(".wrong");
    try {
      const publicKey = asked(await options(form));
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = JSON.stringify(answered(made));
      HTMLFormElement.prototype.submit.call(form);
    } catch {
      said.hidden = false;
      said.textContent = "The browser gave no passkey. Try again, or use another way.";
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); use(form); });
  }
})();
