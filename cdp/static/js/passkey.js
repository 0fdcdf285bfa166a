// Passkeys: hands the server's question to the device, and its answer back with the form.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list) => (list || []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function create(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  const { attestationObject, clientDataJSON } = made.response;
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: {
      attestationObject: toText(attestationObject),
      clientDataJSON: toText(clientDataJSON),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    },
    extensions: JSON.stringify(made.getClientExtensionResults()),
  };
}

async function get(options) {
  const given = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: known(options.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = given.response;
  return {
    id: given.id,
    rawId: toText(given.rawId),
    type: given.type,
    response: {
      authenticatorData: toText(authenticatorData),
      clientDataJSON: toText(clientDataJSON),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

async function ask(form) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  try {
    const answer = await { create, get }[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch {
    trouble.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
  ask(form);
}
