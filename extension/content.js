/** Watches what is written, asks the service worker, and draws what comes back. Runs only on sites that were allowed. */
(() => {
  const { fields, drawing, card, spans, gate, ask, dismissal, Units } = OkrCoach;
  if (OkrCoach.stop) OkrCoach.stop();

  const DEBOUNCE = 400;
  const LONGEST = 100_000;
  const HOVER = 120;
  const AWAKE = 20_000;
  const watched = new Map();
  const ended = new AbortController();
  const { signal } = ended;
  let dismissed = new Set();
  let numbers = 0;

  /** Browsers stop a worker that nobody has asked for half a minute, and starting it takes as long as a review. */
  let spoken = 0;
  function wake() {
    const now = Date.now();
    if (now - spoken < AWAKE) return;
    spoken = now;
    ask({ kind: "wake" });
  }

  const title = (rule) => {
    const words = rule.replaceAll("-", " ").replace(/\bkpi\b/gu, "KPI").replace(/\bokr\b/gu, "OKR");
    return words[0].toUpperCase() + words.slice(1);
  };

  class Watch {
    constructor(field) {
      this.field = field;
      this.issues = [];
      this.review = null;
      this.judged = null;
      this.text = "";
      this.mark = card.mark(field, () => this.panel(this.mark.rect, false));
      this.observer = null;
      if (!fields.isValue(field)) {
        this.observer = new MutationObserver(() => this.changed());
        this.observer.observe(field, { childList: true, characterData: true, subtree: true });
      }
      field.addEventListener("scroll", () => this.place(), { signal, passive: true });
      // What happens inside a shadow root is told to nobody outside of it.
      const root = field.getRootNode();
      if (root !== document) {
        this.around = new MutationObserver(placeAll);
        this.around.observe(root, { childList: true, subtree: true, attributeFilter: ["style", "class"] });
        root.addEventListener("scroll", onScroll, { signal, capture: true, passive: true });
      }
      this.changed();
    }

    /** After a key, as little as possible: spans follow in the next frame, the question waits for a pause. */
    changed() {
      wake();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), DEBOUNCE);
      if (this.issues.length && !this.frame) {
        this.frame = requestAnimationFrame(() => {
          this.frame = 0;
          this.follow();
        });
      }
    }

    follow() {
      const { text, pieces } = fields.read(this.field);
      if (text !== this.text) {
        this.issues = spans.shifted(this.issues, this.text, text);
        this.text = text;
      }
      this.draw(pieces);
    }

    async ask() {
      if (!this.field.isConnected || fields.fieldOf(this.field) !== this.field) return forget(this.field);
      const { text, pieces } = fields.read(this.field);
      if (text === this.judged) return;
      if (this.id) ask({ kind: "cancel", id: this.id });
      this.id = null;
      if (text.length > LONGEST || !gate.holds(text)) {
        this.judged = text;
        this.text = text;
        this.review = null;
        this.issues = [];
        this.mark.say("", "");
        this.draw(pieces);
        return;
      }
      const id = `${(numbers += 1)}`;
      this.id = id;
      const answer = await ask({ kind: "review", id, text });
      if (this.id !== id || signal.aborted) return;
      this.id = null;
      if (!answer.ok) {
        if (answer.reason === "cancelled") return;
        this.mark.say(answer.reason === "refused" ? "OKR Coach was turned away" : "OKR Coach is offline", answer.message);
        this.place();
        clearTimeout(this.timer);
        if (answer.retryIn > 0) this.timer = setTimeout(() => this.ask(), answer.retryIn + 50);
        return;
      }
      this.take(answer.review, text);
    }

    take(review, judged) {
      const units = new Units(judged);
      const found = [];
      for (const each of review.findings) {
        const start = units.at(each.start);
        const end = units.at(each.end);
        if (end <= start || dismissed.has(dismissal(each.rule, each.quote))) continue;
        const okr = review.objectives[each.target.objective];
        const line = each.target.key_result === null ? okr : okr?.key_results[each.target.key_result];
        const at = line?.start === null || line?.start === undefined ? null : units.at(line.start);
        found.push({
          rule: each.rule, severity: each.severity, message: each.message, question: each.question, path: each.help_url, title: title(each.rule),
          target: each.target, quote: judged.slice(start, end), start, end,
          line: at === null ? null : { before: start - at, text: judged.slice(at, units.at(line.end)) }, judged,
        });
      }
      this.review = review;
      this.judged = judged;
      const { text, pieces } = fields.read(this.field);
      this.issues = spans.shifted(found, judged, text);
      this.text = text;
      this.draw(pieces);
    }

    draw(pieces) {
      this.clear();
      if (fields.isValue(this.field) && this.issues.length) {
        this.mirror ??= new drawing.Mirror(this.field);
        this.mirror.write(this.text);
      }
      this.ranges = [];
      for (const issue of this.issues) {
        issue.range = fields.isValue(this.field) ? this.mirror.rangeOf(issue.start, issue.end) : fields.rangeOf(pieces, issue.start, issue.end);
        if (!issue.range) continue;
        drawing.highlight(issue.severity).add(issue.range);
        this.ranges.push([issue.severity, issue.range]);
      }
      if (this.mirror && !this.issues.length) {
        this.mirror.remove();
        this.mirror = null;
      }
      if (this.review) {
        const grade = this.review.grade === null ? "" : ` · ${Math.round(this.review.grade)}`;
        this.mark.say(`OKR ${this.issues.length}${grade}`, `OKR Coach: ${this.issues.length} findings. Click for the whole OKR.`);
      }
      this.place();
    }

    clear() {
      for (const [severity, range] of this.ranges ?? []) drawing.highlight(severity).delete(range);
      this.ranges = [];
    }

    place() {
      if (!this.mirror && !this.review && !this.mark.rect.width) return;
      this.mirror?.place();
      this.mark.place(this.field.getBoundingClientRect());
    }

    at(x, y) {
      return this.issues.findLast((issue) => issue.range && [...issue.range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top - 1 && y <= box.bottom + 3));
    }

    /** The issue at the caret, or the next one after it. */
    nearCaret() {
      let caret = 0;
      if (fields.isValue(this.field)) caret = this.field.selectionStart ?? 0;
      else {
        const selection = this.field.getRootNode().getSelection?.() ?? document.getSelection();
        const piece = fields.read(this.field).pieces.find((each) => each.node === selection?.anchorNode);
        if (piece) caret = piece.start + selection.anchorOffset;
      }
      const sorted = this.issues.filter((issue) => issue.range).sort((one, other) => one.start - other.start);
      return sorted.find((issue) => issue.end >= caret) ?? sorted[0];
    }

    show(issue, byKey) {
      card.finding(this.field, issue, issue.range.getBoundingClientRect(), byKey, {
        accept: (which, rewrite) => this.accept(which, rewrite),
        dismiss: (which, reason) => this.dismiss(which, reason),
        learn: (which) => ask({ kind: "open", path: which.path }),
        leave: () => ask({ kind: "leave" }),
        panel: (rect, key) => this.panel(rect, key),
        rewrites: (which) => this.rewrites(which),
      });
    }

    panel(rect, byKey) {
      if (this.review) card.panel(this.field, this.review, rect, byKey, ask({ kind: "overlaps", text: this.judged }));
    }

    async rewrites(issue) {
      if (!issue.line) return [];
      const answer = await ask({ kind: "rewrites", text: issue.judged, target: issue.target });
      if (!answer.ok) return [];
      const same = (target) => target.objective === issue.target.objective && target.key_result === issue.target.key_result;
      return answer.review.rewrites.filter((each) => each.kind === "line" && same(each.target) && !each.text.includes("\n"));
    }

    /** Puts a rewrite in the place of its line, by the editor's own means, and only over the words that were judged. */
    async accept(issue, rewrite) {
      const { text, pieces } = fields.read(this.field);
      this.issues = spans.shifted(this.issues, this.text, text);
      this.text = text;
      const now = this.issues.find((each) => each.rule === issue.rule && each.start - issue.line.before >= 0 && each.quote === issue.quote && text.startsWith(issue.line.text, each.start - issue.line.before));
      if (!now) return false;
      const start = now.start - issue.line.before;
      const end = start + issue.line.text.length;
      this.field.focus();
      if (fields.isValue(this.field)) this.field.setSelectionRange(start, end);
      else {
        const range = fields.rangeOf(pieces, start, end);
        if (!range || range.toString().replace(/\s+/gu, " ") !== issue.line.text.replace(/\s+/gu, " ")) return false;
        const selection = document.getSelection();
        selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
      }
      // Editors that keep a selection of their own hear of this one a moment later.
      await new Promise((resolve) => setTimeout(resolve, 30));
      if (fields.read(this.field).text !== text) return false;
      return document.execCommand("insertText", false, rewrite.text);
    }

    dismiss(issue, reason) {
      dismissed.add(dismissal(issue.rule, issue.quote));
      ask({ kind: "dismiss", rule: issue.rule, quote: issue.quote, reason });
      this.issues = this.issues.filter((each) => !dismissed.has(dismissal(each.rule, each.quote)));
      this.draw(fields.read(this.field).pieces);
    }

    end() {
      clearTimeout(this.timer);
      cancelAnimationFrame(this.frame);
      if (this.id) ask({ kind: "cancel", id: this.id });
      this.id = null;
      this.observer?.disconnect();
      this.around?.disconnect();
      this.clear();
      this.mirror?.remove();
      this.mark.remove();
    }
  }

  function watch(element) {
    const field = fields.fieldOf(element);
    if (!field) return null;
    if (!watched.has(field)) watched.set(field, new Watch(field));
    return watched.get(field);
  }

  function forget(field) {
    watched.get(field)?.end();
    watched.delete(field);
  }

  let placing = 0;
  function placeAll() {
    placing ||= requestAnimationFrame(() => {
      placing = 0;
      for (const [field, each] of watched) {
        if (field.isConnected) each.place();
        else {
          forget(field);
          card.close(false);
        }
      }
    });
  }

  function onScroll() {
    card.close(false);
    placeAll();
  }

  function over(event) {
    for (const each of watched.values()) {
      const issue = each.issues.length && each.at(event.clientX, event.clientY);
      if (issue) return [each, issue];
    }
    return null;
  }

  let hover = 0;
  function onMove(event) {
    clearTimeout(hover);
    if (!watched.size || card.isOpen() || event.buttons) return;
    hover = setTimeout(() => {
      const found = over(event);
      if (found && !card.isOpen()) found[0].show(found[1], false);
    }, HOVER);
  }

  function onClick(event) {
    if (card.holds(event)) return;
    const found = over(event);
    if (found) found[0].show(found[1], false);
    else card.close(false);
  }

  function onKey(event) {
    if (event.key === "Escape" && card.isOpen()) return card.close();
    if (!(event.altKey && event.shiftKey && event.code === "KeyO")) return;
    const each = watched.get(fields.fieldOf(fields.focused()));
    const issue = each?.nearCaret();
    if (!issue) return;
    event.preventDefault();
    each.show(issue, true);
  }

  function start() {
    const listen = (kind, act, options = {}) => document.addEventListener(kind, act, { capture: true, passive: true, ...options, signal });
    // An event from a closed shadow root names its host only: what has the focus is asked then.
    const written = (event) => watch(event.composedPath()[0]) ?? watch(fields.focused());
    listen("focusin", written);
    listen("input", (event) => written(event)?.changed());
    listen("mousemove", onMove);
    listen("click", onClick);
    listen("keydown", onKey, { passive: false });
    listen("scroll", onScroll);
    addEventListener("resize", placeAll, { signal, passive: true });
    visualViewport?.addEventListener("resize", placeAll, { signal });
    const observer = new MutationObserver(() => watched.size && placeAll());
    observer.observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["style", "class"] });
    signal.addEventListener("abort", () => observer.disconnect());
    watch(fields.focused());
  }

  function stop() {
    ended.abort();
    for (const field of [...watched.keys()]) forget(field);
    card.remove();
    drawing.remove();
    OkrCoach.stop = null;
  }

  OkrCoach.stop = stop;
  OkrCoach.api.runtime.onMessage.addListener((message) => {
    if (message?.kind === "left" && !signal.aborted) stop();
  });
  ask({ kind: "site" }).then((answer) => {
    if (!answer.ok || !answer.on || signal.aborted) return;
    dismissed = new Set(answer.dismissed);
    start();
  });
})();
