/** Paste or grab, and review: for pages that hide their text. */
const { api, ask } = OkrCoach;
const at = (id) => document.getElementById(id);
const element = (name, words) => Object.assign(document.createElement(name), { textContent: words });
const make = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};
let number = 0;

at("grab").addEventListener("click", async () => {
  const [tab] = await api.tabs.query({ active: true, currentWindow: true });
  try {
    const results = await api.scripting.executeScript({ target: { tabId: tab.id, allFrames: true }, func: () => String(getSelection() ?? "") });
    const text = results.map((each) => each.result).find((each) => each?.trim());
    if (text) at("text").value = text;
    at("said").textContent = text ? "" : "The page gives no selection out: copy the text and paste it here.";
  } catch {
    at("said").textContent = "This page can't be read from here: click the OKR Coach button on it first, or paste the text.";
  }
});

at("review").addEventListener("click", async () => {
  at("said").textContent = "Asking …";
  const text = at("text").value;
  const asked = (number += 1);
  const answer = await ask({ kind: "review", id: `panel-${asked}`, text });
  if (asked !== number) return;
  at("found").replaceChildren();
  at("said").textContent = answer.ok ? "" : answer.message;
  if (!answer.ok) return;
  const { grade, findings, notes } = answer.review;
  if (grade !== null) at("found").append(element("h2", `Grade ${grade} of 100`));
  const list = document.createElement("ul");
  for (const finding of findings) {
    const item = document.createElement("li");
    item.append(element("blockquote", finding.quote), element("div", finding.message), element("em", finding.question));
    list.append(item);
  }
  at("found").append(list, ...notes.map((note) => Object.assign(element("p", note.message), { className: "soft" })));
  const section = OkrCoach.related.section(await ask({ kind: "overlaps", text }), make);
  if (section && asked === number) at("found").append(section);
});
