/** What is shown beside the text: the mark at a field, the card of a finding, the panel of the whole OKR. */
globalThis.OkrCoach ??= {};

OkrCoach.card = (() => {
  const WORDS = { error: "Send back", warning: "Worth fixing", suggestion: "Consider" };
  const REASONS = ["It is meant like this", "It isn't true here", "Not now"];
  const LARGEST = 420;
  const VERDICTS = { good: "good", activity: "activity → roadmap", kpi: "KPI → dashboard", individual: "individual → performance talk", unmeasurable: "unmeasurable → say how you will know" };
  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    * { box-sizing: border-box; font: 14px/1.45 system-ui, sans-serif; }
    [hidden] { display: none !important; }
    .card, .mark { position: fixed; pointer-events: auto; color: light-dark(#1c2227, #e8ecef); background: light-dark(#fff, #22292e);
      border: 1px solid light-dark(#b9c3ca, #55626b); box-shadow: 0 6px 24px rgb(0 0 0 / 25%); border-radius: 8px; }
    .card { width: min(360px, calc(100vw - 16px)); overflow: auto; padding: 12px 14px; }
    .card:focus-visible, button:focus-visible, select:focus-visible { outline: 2px solid light-dark(#0b63b6, #7fbdf5); outline-offset: 1px; }
    .head { display: flex; gap: 8px; align-items: baseline; margin: 0 0 6px; }
    .head strong { font-weight: 650; flex: 1; }
    .tag { font-size: 12px; padding: 1px 7px; border-radius: 9px; border: 1.5px solid currentColor; white-space: nowrap; }
    .tag.error { color: light-dark(#b3161d, #ff9ea1); border-style: double; border-width: 3px; }
    .tag.warning { color: light-dark(#8a5200, #f3b95f); border-style: dashed; }
    .tag.suggestion { color: light-dark(#1d5fbf, #8fc0ff); border-style: dotted; }
    p { margin: 0 0 8px; }
    .ask { font-style: italic; }
    .small { font-size: 12px; color: light-dark(#56626b, #aab5bd); }
    .rewrite { border-top: 1px solid light-dark(#dde3e7, #3c474e); padding-top: 8px; margin-top: 8px; }
    del { color: light-dark(#9a1c22, #ffb0b2); } ins { color: light-dark(#12693a, #8fdcae); text-decoration: underline; font-weight: 600; } del + ins { margin-left: .3em; }
    .row { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
    button, select { padding: 4px 10px; border-radius: 6px; border: 1px solid light-dark(#95a2ab, #6d7c86); background: light-dark(#f3f6f8, #2f383f); color: inherit; cursor: pointer; min-height: 28px; }
    button.main { background: light-dark(#14506e, #9fd4ef); color: light-dark(#fff, #06222f); border-color: transparent; font-weight: 600; }
    .close { border: 0; background: none; padding: 0 6px; }
    .mark { padding: 1px 8px; font-size: 12px; min-height: 22px; border-radius: 11px; opacity: .92; box-shadow: 0 1px 4px rgb(0 0 0 / 20%); }
    ul { margin: 0 0 8px; padding-left: 18px; }
    blockquote { margin: 2px 0; padding-left: 8px; border-left: 3px solid light-dark(#b9c3ca, #55626b); }`;

  let held = null;
  function root(near) {
    const parent = near?.closest?.(":modal") ?? document.documentElement;
    if (!held) {
      const host = document.createElement("okr-coach-card");
      host.style.cssText = "position:fixed;inset:0 auto auto 0;width:0;height:0;z-index:2147483647";
      held = { host, root: OkrCoach.drawing.closed(host, STYLE) };
    }
    if (held.host.parentNode !== parent) parent.append(held.host);
    return held.root;
  }

  function make(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  let open = null;
  function close(back = true) {
    if (!open) return;
    const { element, field, byKey } = open;
    open = null;
    element.remove();
    if (back && byKey) field.focus();
  }

  /** Below the words, or above where there is more room; never over them, however much the card has to say. */
  function beside(element, rect) {
    const below = innerHeight - rect.bottom - 16;
    const above = rect.top - 16;
    element.style.maxHeight = "";
    const wanted = Math.min(element.scrollHeight + 2, LARGEST);
    const under = below >= Math.min(wanted, 240) || below >= above;
    element.style.maxHeight = `${Math.max(120, Math.min(LARGEST, under ? below : above))}px`;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - width - 8))}px`;
    element.style.top = `${Math.max(8, under ? rect.bottom + 8 : rect.top - height - 8)}px`;
  }

  function put(field, what, label, rect, byKey, children) {
    close(false);
    const element = make("div", { className: "card", tabIndex: -1, role: "dialog" }, ...children);
    element.setAttribute("aria-label", label);
    element.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") close();
    });
    for (const kind of ["keyup", "keypress", "input", "beforeinput", "focusin", "pointerdown", "mousedown", "click", "paste", "copy"])
      element.addEventListener(kind, (event) => event.stopPropagation());
    root(field).append(element);
    open = { element, field, what, byKey };
    beside(element, rect);
    if (byKey) element.focus();
    return element;
  }

  function button(words, act, className = "") {
    const made = make("button", { type: "button", textContent: words, className });
    made.addEventListener("click", act);
    return made;
  }

  /** A reason without the rule's name before it, which the card has in its title. */
  function plainly(why) {
    const words = why.replace(/^[a-z]+(?:-[a-z]+)*: /u, "");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  function difference(changes) {
    const names = { out: "del", in: "ins", same: "span" };
    return make("p", {}, ...changes.map((change) => make(names[change.op] ?? "span", { textContent: change.text })));
  }

  /** The card of one finding. `actions`: accept, dismiss, learn, leave, panel, rewrites. */
  function finding(field, issue, rect, byKey, actions) {
    if (open?.what === issue) return;
    const severity = issue.severity in WORDS ? issue.severity : "suggestion";
    const said = make("p", { className: "small", textContent: "" });
    const rewrites = make("div", {});
    const reason = make("select", {}, make("option", { value: "", textContent: "Dismiss…" }), ...REASONS.map((why) => make("option", { value: why, textContent: why })));
    reason.setAttribute("aria-label", "Dismiss, and why");
    reason.addEventListener("change", () => {
      if (reason.value) actions.dismiss(issue, reason.value);
      close();
    });
    const element = put(field, issue, issue.title, rect, byKey, [
      make("div", { className: "head" }, make("strong", { textContent: issue.title }), make("span", { className: `tag ${severity}`, textContent: WORDS[severity] }), button("×", () => close(), "close")),
      make("p", { textContent: issue.message }),
      make("p", { className: "ask", textContent: issue.question }),
      rewrites,
      said,
      make("div", { className: "row" }, reason, button("Learn more", () => actions.learn(issue)), button("Whole OKR", () => actions.panel(rect, byKey)), button("Not on this site", () => actions.leave())),
    ]);
    element.querySelector(".close").setAttribute("aria-label", "Close");
    actions.rewrites(issue).then((found) => {
      if (open?.what !== issue) return;
      for (const rewrite of found) {
        const accept = button("Accept", async () => {
          const done = await actions.accept(issue, rewrite);
          if (done) close(false);
          else said.textContent = "The text has changed since, so nothing was replaced.";
        }, "main");
        rewrites.append(make("div", { className: "rewrite" }, difference(rewrite.diff), rewrite.guess ? make("p", { className: "small", textContent: "A guess: only you know what it is for." }) : null, make("p", { className: "small", textContent: plainly(rewrite.why) }), accept));
      }
      beside(element, rect);
    });
  }

  /** The whole OKR: grade, verdicts, what was said about it all; `asking` is the answer to come about other teams. */
  function panel(field, review, rect, byKey, asking) {
    const parts = [];
    for (const okr of review.objectives) {
      parts.push(make("p", {}, make("strong", { textContent: okr.text ?? "Key results" }), okr.grade === null ? null : make("span", { textContent: ` · grade ${okr.grade} of 100` })));
      parts.push(make("ul", {}, ...okr.key_results.map((line) => make("li", { textContent: `${line.text}: ${VERDICTS[line.verdict] ?? line.verdict}` }))));
    }
    const others = make("div", {});
    others.setAttribute("aria-live", "polite");
    parts.push(others);
    for (const note of review.notes ?? []) parts.push(make("p", { className: "small", textContent: note.message }));
    const element = put(field, review, "Whole OKR", rect, byKey, [
      make("div", { className: "head" }, make("strong", { textContent: `OKR Coach${review.grade === null ? "" : ` · grade ${review.grade} of 100`}` }), button("×", () => close(), "close")),
      ...parts,
    ]);
    element.querySelector(".close").setAttribute("aria-label", "Close");
    asking.then((answer) => {
      const section = open?.element === element && OkrCoach.related.section(answer, make);
      if (!section) return;
      others.append(section);
      beside(element, rect);
    });
  }

  /** The mark at a field's lower right corner; clicking it opens the panel. */
  function mark(field, act) {
    const element = button("", act, "mark");
    element.tabIndex = -1;
    element.hidden = true;
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    return {
      say(words, title) {
        element.hidden = !words;
        element.textContent = words;
        element.title = title;
        if (words && !element.isConnected) root(field).append(element);
      },
      place(rect) {
        element.style.left = `${Math.max(0, Math.min(rect.right, innerWidth) - element.offsetWidth - 6)}px`;
        element.style.top = `${Math.min(rect.bottom, innerHeight) - 28}px`;
      },
      get rect() {
        return element.getBoundingClientRect();
      },
      remove: () => element.remove(),
    };
  }

  const isOpen = () => open !== null;
  const isFor = (issue) => open?.what === issue;
  const holds = (event) => Boolean(held && event.composedPath().includes(held.host));
  function remove() {
    close(false);
    held?.host.remove();
  }
  return { finding, panel, mark, close, isOpen, isFor, holds, remove };
})();
