/** Spans over one edit: what lies outside of it moves along, what it touches is gone. */
globalThis.OkrCoach ??= {};

OkrCoach.spans = (() => {
  const WORD = /[\p{L}\p{N}]/u;

  /** The one stretch in which two texts differ: `[start, endBefore, endAfter]`. */
  function edit(before, after) {
    const most = Math.min(before.length, after.length);
    let start = 0;
    while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
    let tail = 0;
    while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1;
    return [start, before.length - tail, after.length - tail];
  }

  /** The spans (`{start, end}`) that still hold, moved. */
  function shifted(spans, before, after) {
    if (before === after) return spans;
    const [start, old, now] = edit(before, after);
    const grown = now - old;
    const kept = [];
    for (const span of spans) {
      let moved = null;
      if (span.end <= start) moved = { ...span };
      else if (span.start >= old) moved = { ...span, start: span.start + grown, end: span.end + grown };
      if (moved && whole(after, moved.start) && whole(after, moved.end) && after.slice(moved.start, moved.end) === span.quote) kept.push(moved);
    }
    return kept;
  }

  /** Whether a place isn't in the middle of a word. */
  function whole(text, at) {
    return !(at > 0 && at < text.length && WORD.test(text[at - 1]) && WORD.test(text[at]));
  }

  return { edit, shifted };
})();
