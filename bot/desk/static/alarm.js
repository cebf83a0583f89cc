// The alarm: a sound and the title while a case that nobody has looked at is overdue. Browsers want a press first.
"use strict";
(() => {
  const AGAIN = 20_000, KEY = "desk-sound";
  const button = document.getElementById("sound");
  if (!button) return;
  const sound = new Audio(button.dataset.sound);
  const title = document.title;
  let on = localStorage.getItem(KEY) === "on";
  let newest = document.getElementById("alarm")?.dataset.newest ?? "";
  let rang = 0;

  function shown(blocked = false) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on && !blocked));
    button.textContent = !on ? "Sound is off" : blocked ? "Press for sound" : "Sound is on";
    button.classList.toggle("wanted", !on || blocked);
  }
  function ring() {
    if (!on) return;
    rang = Date.now();
    sound.currentTime = 0;
    sound.play().then(() => shown(), () => shown(true));
  }
  function look() {
    const alarm = document.getElementById("alarm");
    if (!alarm) return;
    const { unseen, overdue, waiting } = alarm.dataset;
    document.title = Number(overdue) ? `(${overdue} overdue) ${title}` : Number(waiting) ? `(${waiting}) ${title}` : title;
    const fresh = alarm.dataset.newest > newest;
    if (fresh) newest = alarm.dataset.newest;
    if (fresh || (Number(unseen) && Date.now() - rang >= AGAIN)) ring();
  }
  button.addEventListener("click", () => {
    // pressed while the browser holds the sound back: that press lets it through
    const blocked = on && button.classList.contains("wanted");
    on = blocked || !on;
    localStorage.setItem(KEY, on ? "on" : "off");
    if (on) ring();
    else sound.pause();
    shown();
  });
  document.addEventListener("htmx:afterSettle", look);
  setInterval(look, 1_000);
  shown();
  look();
})();
