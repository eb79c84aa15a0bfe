/** Whether a text holds OKRs at all: the same evidence, weighed in the same way, as in the service's gate.py. */
globalThis.OkrCoach ??= {};

OkrCoach.gate = (() => {
  let rules = null;

  function compiled() {
    if (rules) return rules;
    const data = OkrCoach.gateData;
    const evidence = (rows, flags) => rows.map((row) => ({ ...row, regex: new RegExp(row.pattern, flags) }));
    rules = {
      ...data,
      indent: new RegExp(data.indent, "u"),
      lineBreak: new RegExp(data.line_break, "u"),
      drop: new RegExp(data.drop, "gu"),
      kinds: evidence(data.kinds, "u"),
      lines: evidence(data.lines, "u"),
      shapes: evidence(data.shapes, "gu"),
    };
    return rules;
  }

  /** The first `count` code points. */
  function head(text, count) {
    return text.length <= count ? text : [...text.slice(0, 2 * count)].slice(0, count).join("");
  }

  function weigh(text) {
    const gate = compiled();
    const counts = new Map();
    const shape = [];
    for (const raw of head(text, gate.max_lines * gate.max_columns).split(gate.lineBreak).slice(0, gate.max_lines)) {
      const line = head(raw, gate.max_columns).toLowerCase().replace(gate.drop, " ").replace(/^[ \t]+|[ \t]+$/gu, "");
      const kind = gate.kinds.find((row) => row.regex.test(line))?.kind ?? "s";
      shape.push((kind === "b" || kind === "m") && gate.indent.test(raw) ? kind.toUpperCase() : kind);
      if (!line) continue;
      for (const sign of gate.lines) {
        const count = counts.get(sign) ?? 0;
        if (count < sign.limit && sign.regex.test(line)) counts.set(sign, count + 1);
      }
    }
    const kinds = shape.join("");
    for (const sign of gate.shapes) counts.set(sign, [...kinds.matchAll(sign.regex)].length);
    let score = 0;
    for (const [sign, count] of counts) score += sign.weight * Math.min(count, sign.limit);
    return { score, shape: kinds };
  }

  return { weigh, holds: (text) => weigh(text).score >= compiled().threshold };
})();
