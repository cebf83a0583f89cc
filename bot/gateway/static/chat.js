// The chat page: shows the conversation, sends what is typed (again and again until it is stored), asks for answers.
"use strict";

const scroll = document.getElementById("scroll");
const talk = document.getElementById("talk");
const choices = document.getElementById("choices");
const statusLine = document.getElementById("status");
const form = document.getElementById("write");
const field = document.getElementById("text");
const words = document.getElementById("words").dataset;

const KEEP = "conversation";
const OUTBOX = "outbox";
const shown = new Map(); // message id, or client id of one not yet confirmed → list item
let last = 0; // highest number seen by asking; a reply to a sent message does not move it, a late one could be lower
let told = false;
let sending = false;

const store = {
  // a private window may refuse storage: then the conversation lasts as long as the page
  memory: {},
  get(key) {
    try { return localStorage.getItem(key) ?? this.memory[key] ?? null; } catch { return this.memory[key] ?? null; }
  },
  set(key, value) {
    this.memory[key] = value;
    try { localStorage.setItem(key, value); } catch { /* memory has it */ }
  },
  drop(key) {
    delete this.memory[key];
    try { localStorage.removeItem(key); } catch { /* memory has it */ }
  },
};

const outbox = () => JSON.parse(store.get(OUTBOX) ?? "[]");
const keepOutbox = (list) => store.set(OUTBOX, JSON.stringify(list));
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  if (!response.ok) throw Object.assign(new Error("refused"), { status: response.status });
  return response.json();
}

const address = () => `/api/conversations/${encodeURIComponent(store.get(KEEP))}/messages`;

async function begin() {
  const started = await call("/api/conversations", {});
  store.set(KEEP, started.token);
  talk.replaceChildren();
  shown.clear();
  last = 0;
  started.messages.forEach(show);
}

function show(message) {
  const known = shown.get(message.id) ?? shown.get(message.client_id);
  const item = known ?? document.createElement("li");
  if (!known) {
    item.className = message.from;
    const who = document.createElement("span");
    who.className = "who";
    who.textContent = words[message.from];
    item.append(who, document.createTextNode(message.text));
  }
  if (message.id) shown.set(message.id, item);
  if (message.client_id) shown.set(message.client_id, item);
  item.dataset.seq = message.seq ?? Number.MAX_SAFE_INTEGER;
  const next = [...talk.children].find((other) => Number(other.dataset.seq) > Number(item.dataset.seq));
  if (!known || item.nextElementSibling !== (next ?? null)) talk.insertBefore(item, next ?? null);
  if (!known) {
    if (message.from !== "patient") offer(message.buttons);
    scroll.scrollTop = scroll.scrollHeight;
  }
}

function offer(buttons) {
  choices.replaceChildren(...(buttons ?? []).map((button) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = button.title;
    element.addEventListener("click", () => say(button.payload));
    return element;
  }));
}

function settle(handed) {
  if (handed) told = true;
  statusLine.textContent = told ? words.staffTold : "";
}

function say(text) {
  const entry = { text, client_id: newId() };
  keepOutbox([...outbox(), entry]);
  choices.replaceChildren();
  show({ ...entry, from: "patient" });
  field.focus();
  void deliver();
}

async function deliver() {
  if (sending) return;
  sending = true;
  try {
    while (outbox().length) {
      const [first, ...rest] = outbox();
      statusLine.textContent = words.sending;
      try {
        const receipt = await call(address(), first);
        keepOutbox(rest);
        receipt.replies.forEach(show);
        settle(receipt.handed_to_staff);
        await ask();
      } catch (problem) {
        if (problem.status === 404) {
          await begin();
          outbox().forEach((entry) => show({ ...entry, from: "patient" }));
        } else if (problem.status >= 400 && problem.status < 500) {
          keepOutbox(rest); // it can never be accepted
          shown.get(first.client_id)?.remove();
          field.value ||= first.text;
          statusLine.textContent = words.tooLong;
          return;
        } else {
          throw problem;
        }
      }
    }
  } catch {
    statusLine.textContent = words.notSent;
    setTimeout(() => void deliver(), 5000);
  } finally {
    sending = false;
  }
}

async function ask() {
  const found = await call(`${address()}?after=${last}`);
  found.messages.forEach(show);
  last = Math.max(last, ...found.messages.map((message) => message.seq));
  if (!outbox().length) settle(found.handed_to_staff);
}

async function poll() {
  try {
    if (document.visibilityState === "visible" && !sending) await ask();
  } catch (problem) {
    if (problem.status === 404) await begin().catch(() => {});
  }
  setTimeout(() => void poll(), 4000);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  if (!text) return;
  field.value = "";
  say(text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

(async () => {
  try {
    if (store.get(KEEP) === null) await begin();
    else await ask();
  } catch (problem) {
    if (problem.status === 404) await begin().catch(() => {});
    else statusLine.textContent = words.notSent;
  }
  outbox().forEach((entry) => show({ ...entry, from: "patient" }));
  void deliver();
  setTimeout(() => void poll(), 4000);
})();
