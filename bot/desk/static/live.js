// An open page: times that go on, pieces that are put in anew without losing what somebody does, signs of life.
"use strict";
(() => {
  const MINUTE = 60, HOUR = 3600, DAY = 86400, NEAR = 80;
  const SIGN_OF_LIFE = 15_000, TICK = 15_000, WRITES = 8_000;

  // the same words as bot/desk/clock.py
  function relative(seconds) {
    const amount = Math.abs(seconds);
    if (amount < MINUTE) return "now";
    const days = Math.floor(amount / DAY);
    const words = amount < HOUR ? `${Math.floor(amount / MINUTE)} min`
      : amount < DAY ? `${Math.floor(amount / HOUR)} h` : `${days} day${days > 1 ? "s" : ""}`;
    return seconds > 0 ? `in ${words}` : `${words} ago`;
  }
  function tick() {
    for (const ago of document.querySelectorAll("time [data-ago]")) {
      const at = Date.parse(ago.closest("time").dateTime);
      const words = relative((at - Date.now()) / 1000);
      if (ago.textContent !== words) ago.textContent = words;
    }
  }

  // what somebody opened, chose or stands on outlives the piece it is in
  let kept = null;
  function keep() {
    const fields = new Map();
    for (const one of document.querySelectorAll("details[open] :is(input[id], select[id])")) {
      fields.set(one, one.type === "radio" || one.type === "checkbox" ? one.checked : one.value);
    }
    const open = new Set(document.querySelectorAll("details[id][open]"));
    // another piece may come before the first was settled: of the first only what is gone already still counts
    for (const one of kept?.open ?? []) if (!one.isConnected) open.add(one);
    for (const [one, value] of kept?.fields ?? []) if (!one.isConnected) fields.set(one, value);
    const thread = document.getElementById("thread");
    kept = {
      open,
      fields,
      focus: document.activeElement?.id || kept?.focus || null,
      last: kept?.last || (thread && thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR),
    };
  }
  function restore() {
    if (!kept) return;
    // only what was put in anew: what is still there may have been closed or changed meanwhile
    for (const before of kept.open) {
      const now = document.getElementById(before.id);
      if (now && now !== before) now.open = true;
    }
    for (const [before, value] of kept.fields) {
      const one = document.getElementById(before.id);
      if (!one || one === before) continue;
      if (typeof value === "boolean") one.checked = value;
      else one.value = value;
    }
    if (kept.focus && document.activeElement === document.body) document.getElementById(kept.focus)?.focus();
    if (kept.last) toLatest();
    kept = null;
    tick();
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    keep();
    // an action that was done closes the box it was asked in
    if (event.detail.requestConfig?.verb === "post" && event.detail.xhr.status < 400) {
      const form = event.detail.requestConfig.elt.closest("form");
      const box = form.closest("details.pop")?.id;
      for (const one of kept.open) if (one.id === box) kept.open.delete(one);
      for (const one of kept.fields.keys()) if (one.closest("details").id === box) kept.fields.delete(one);
      if (form.hasAttribute("data-clear")) {
        form.reset();
        form.querySelector("textarea").value = "";
        form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
        kept.last = true;
      }
    }
  });
  document.addEventListener("htmx:afterSettle", restore);
  document.addEventListener("htmx:oobAfterSwap", () => queueMicrotask(restore));

  function toLatest() {
    const thread = document.getElementById("thread");
    if (thread) thread.scrollTop = thread.scrollHeight;
  }

  // only one of these is open at a time, and Escape or a press elsewhere closes it
  document.addEventListener("toggle", (event) => {
    const one = event.target;
    if (!(one instanceof HTMLDetailsElement) || !one.open || !one.classList.contains("pop")) return;
    for (const other of document.querySelectorAll("details.pop[open]")) if (other !== one) other.open = false;
    one.querySelector("input:not([type=hidden]), select, a")?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.pop[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", (event) => {
    for (const open of document.querySelectorAll("details.pop[open]")) if (!open.contains(event.target)) open.open = false;
  });

  // colleagues see who is here, and who writes
  const talk = document.getElementById("talk");
  let wrote = 0, told = null;
  function alive(extra = {}) {
    if (!talk || (document.hidden && !extra.gone)) return;
    const seen = document.querySelector("#send [name=seen]")?.value ?? "0";
    const answering = Date.now() - wrote < WRITES;
    const body = new URLSearchParams({ csrf: talk.dataset.csrf, seen, answering: String(answering), ...extra });
    told = answering;
    if (extra.gone) navigator.sendBeacon(talk.dataset.here, body);
    else fetch(talk.dataset.here, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  }
  if (talk) {
    setInterval(alive, SIGN_OF_LIFE);
    addEventListener("pagehide", () => alive({ gone: "true" }));
    document.addEventListener("visibilitychange", () => alive());
    document.getElementById("text")?.addEventListener("input", () => {
      wrote = Date.now();
      if (!told) alive();
      setTimeout(() => { if (told && Date.now() - wrote >= WRITES) alive(); }, WRITES + 100);
    });
    document.addEventListener("htmx:oobAfterSwap", (event) => {
      if (event.detail.target?.id === "thread") alive();
    });
    for (const one of document.querySelectorAll("#about details.source")) one.open = false;
  }

  // the session is over: the page that asks to sign in, instead of one that hears nothing
  document.addEventListener("htmx:sseOpen", (event) => {
    event.detail.source.addEventListener("over", () => location.reload());
    document.documentElement.classList.remove("cut-off");
  });
  document.addEventListener("htmx:sseError", () => document.documentElement.classList.add("cut-off"));

  setInterval(tick, TICK);
  tick();
  if (!location.hash || location.hash === "#latest") toLatest();
})();
