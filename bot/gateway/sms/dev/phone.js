// The developer's telephone: shows the texts of one number and writes as its owner.
const [number, talk, form, text, problem] = ["number", "talk", "write", "text", "problem"].map((id) =>
  document.getElementById(id));

async function ask(path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`/dev/sms/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function bubble({ sender, text: words, at, state }) {
  const item = document.createElement("li");
  item.className = sender;
  item.textContent = words;
  const note = document.createElement("small");
  note.textContent = [new Date(at).toLocaleTimeString(), state].filter(Boolean).join(" · ");
  item.append(note);
  return item;
}

let shown = "";
async function refresh() {
  try {
    const { messages } = await ask("talk", { number: number.value });
    const news = JSON.stringify(messages);
    if (news !== shown) talk.replaceChildren(...messages.map(bubble));
    shown = news;
    problem.textContent = "";
  } catch (error) {
    problem.textContent = String(error);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await ask("send", { number: number.value, text: text.value });
    text.value = "";
  } catch (error) {
    problem.textContent = String(error);
    return;
  }
  await refresh();
});
number.addEventListener("change", refresh);
setInterval(refresh, 1000);
refresh();
