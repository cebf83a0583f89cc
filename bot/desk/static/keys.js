// Single keys for those who want them; they can be switched off, for they get in the way of speech input.
"use strict";
(() => {
  const KEY = "desk-keys";
  const help = document.getElementById("help"), opener = document.getElementById("keys"), use = document.getElementById("use-keys");
  if (!help) return;
  opener.hidden = false;
  use.checked = localStorage.getItem(KEY) !== "off";
  use.addEventListener("change", () => localStorage.setItem(KEY, use.checked ? "on" : "off"));
  opener.addEventListener("click", () => help.showModal());

  function step(by) {
    const links = [...document.querySelectorAll("#list .line a")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const current = links.findIndex((one) => one.hasAttribute("aria-current"));
    const from = at >= 0 ? at : current;
    const next = links[Math.min(Math.max(from + by, 0), links.length - 1)];
    next.focus();
    // beside an open conversation the next one is opened at once
    if (document.getElementById("talk") && !next.hasAttribute("aria-current")) next.click();
  }
  function choose(id, field) {
    const kind = document.getElementById(id);
    if (kind) kind.checked = true;
    document.getElementById(field)?.focus();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.getElementById("q")?.focus(),
    r: () => choose("kind-reply", "text"),
    n: () => choose("kind-note", "note-text"),
    i: () => document.querySelector(".top .brand").click(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, dialog");
    if (writes || event.ctrlKey || event.metaKey || event.altKey || !use.checked || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
