/** What other teams plan beside a draft, as the panels show it. */
globalThis.OkrCoach ??= {};

OkrCoach.related = (() => {
  const TYPES = { duplicate: "Duplicate", overlap: "Overlap", conflict: "Conflict", dependency: "Dependency" };
  const WAITS = { draft: "you wait for them", other: "they wait for you" };

  /** @returns {{said: string, pairs: {team: string, kind: string, why: string, yours: string, theirs: string}[]} | null} */
  function related(answer) {
    if (!answer.ok) return { said: `Other teams' OKRs couldn't be looked at: ${answer.message}`, pairs: [] };
    if (!answer.workspace) return null;
    if (answer.overlaps === null) {
      const said = "To see what other teams plan, name your team (in the settings, or in a line “Team: …”) and the cycle.";
      return { said, pairs: [] };
    }
    const pairs = answer.overlaps.map((each) => ({
      team: each.other.team,
      kind: [TYPES[each.type] ?? each.type, WAITS[each.needs]].filter(Boolean).join(": "),
      why: each.why,
      yours: each.quote,
      theirs: each.other.text,
    }));
    return { said: pairs.length ? "Other teams plan for the same cycle:" : "No other team plans anything near this for the cycle.", pairs };
  }

  /** The same as elements; `make(name, properties, ...children)` builds one. Null without a workspace. */
  function section(answer, make) {
    const found = related(answer);
    if (!found) return null;
    const quoted = (who, words) => make("blockquote", {}, make("span", { className: "small", textContent: `${who}: ` }), make("span", { textContent: words }));
    const shown = found.pairs.map((pair) =>
      make("li", {}, make("strong", { textContent: pair.team }), make("span", { textContent: ` · ${pair.kind}` }), quoted("You", pair.yours), quoted(pair.team, pair.theirs), make("div", { className: "small", textContent: pair.why })),
    );
    return make("section", {}, make("p", { textContent: found.said }), make("ul", {}, ...shown));
  }

  return { section };
})();
