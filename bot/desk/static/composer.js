// The box to answer in: how long a text message gets, ready replies, Ctrl+Enter.
"use strict";
(() => {
  const form = document.getElementById("reply"), box = document.getElementById("text");
  const noteBox = document.getElementById("note-text");
  for (const field of [box, noteBox]) {
    field?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector("button.main") ?? field.form.querySelector("button"));
    });
  }
  if (!form) return;

  // GSM 03.38: what fits 160 to a text message; one other character makes it 70
  const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    + "abcdefghijklmnopqrstuvwxyzäöñüà");
  const EXTENDED = new Set("^{}\\[~]|€\f");
  function measured(text) {
    const signs = [...text];
    const other = signs.find((sign) => !BASIC.has(sign) && !EXTENDED.has(sign));
    if (other !== undefined) return { parts: text.length <= 70 ? 1 : Math.ceil(text.length / 67), other };
    const length = signs.length + signs.filter((sign) => EXTENDED.has(sign)).length;
    return { parts: length <= 160 ? 1 : Math.ceil(length / 153), other };
  }
  const output = form.querySelector("[data-length]"), said = output.textContent;
  function count() {
    const text = box.value.trim();
    if (!text) output.textContent = said;
    else if (form.dataset.channel !== "sms") output.textContent = `${[...text].length} characters`;
    else {
      const { parts, other } = measured(text);
      const because = other !== undefined && parts > 1 ? `, because of “${other}”` : "";
      output.textContent = `${[...text].length} characters, ${parts} text message${parts > 1 ? "s" : ""}${because}`;
    }
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight * 0.4)}px`;
  }
  box.addEventListener("input", count);
  count();

  const canned = document.getElementById("canned");
  canned.addEventListener("click", (event) => {
    const link = event.target.closest("[data-canned]");
    if (!link) return;
    event.preventDefault();
    const before = box.value.trimEnd();
    box.value = before ? `${before} ${link.dataset.canned}` : link.dataset.canned;
    canned.open = false;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  canned.addEventListener("keydown", (event) => {
    const links = [...canned.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || at < 0) return;
    event.preventDefault();
    links[(at + by + links.length) % links.length].focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "/" || box.value !== "" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    canned.open = true;
  });
})();
