/** Underlines by the CSS Custom Highlight API: on the text itself, or for text boxes on a transparent copy over them. */
globalThis.OkrCoach ??= {};

OkrCoach.drawing = (() => {
  const SEVERITIES = ["error", "warning", "suggestion"];
  const COPIED = [
    "direction", "fontFamily", "fontSize", "fontStyle", "fontVariant", "fontWeight", "fontStretch", "fontKerning", "fontFeatureSettings",
    "letterSpacing", "lineHeight", "tabSize", "textAlign", "textIndent", "textTransform", "wordSpacing", "wordBreak", "overflowWrap", "textRendering",
  ];
  const STYLE = `
    :host { all: initial; }
    .box { position: fixed; overflow: hidden; pointer-events: none; margin: 0; padding: 0; border: 0; background: none; transform-origin: 0 0; }
    .text { position: absolute; color: transparent; margin: 0; border: 0; box-sizing: border-box; white-space: pre-wrap; overflow-wrap: break-word; }
    .text.one { white-space: pre; }
    .text > div { min-height: 1lh; }
    ::highlight(okr-coach-error) { text-decoration: underline wavy #e5484d 1.5px; }
    ::highlight(okr-coach-warning) { text-decoration: underline dashed #b97700 2px; }
    ::highlight(okr-coach-suggestion) { text-decoration: underline dotted #3b82f6 2px; }`;
  const highlights = new Map();

  function highlight(severity) {
    const name = `okr-coach-${SEVERITIES.includes(severity) ? severity : "suggestion"}`;
    if (!highlights.has(name)) {
      const made = new Highlight();
      // Errors are drawn over what is milder.
      made.priority = SEVERITIES.length - SEVERITIES.indexOf(severity);
      CSS.highlights.set(name, made);
      highlights.set(name, made);
    }
    return highlights.get(name);
  }

  /** A closed shadow root with its style; where constructed sheets don't work, a style element. */
  function closed(host, style) {
    const root = host.attachShadow({ mode: "closed" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet];
    } catch {
      const element = document.createElement("style");
      element.textContent = style;
      root.append(element);
    }
    return root;
  }

  let layer = null;
  function layerRoot() {
    if (!layer?.host.isConnected) {
      const host = document.createElement("okr-coach-layer");
      host.setAttribute("aria-hidden", "true");
      host.style.cssText = "position:fixed;inset:0 auto auto 0;width:0;height:0;z-index:2147483646;pointer-events:none";
      layer = { host, root: closed(host, STYLE) };
      document.documentElement.append(host);
    }
    return layer.root;
  }

  /** The part of a rectangle that no scrolling or clipping ancestor hides. */
  function clipped(field, rect) {
    let { left, top, right, bottom } = rect;
    for (let at = field.parentElement ?? field.getRootNode().host; at; at = at.parentElement ?? at.getRootNode().host) {
      const style = getComputedStyle(at);
      if (at === document.body || at === document.documentElement || /^visible|^visible$/u.test(`${style.overflowX}`)) continue;
      const box = at.getBoundingClientRect();
      left = Math.max(left, box.left);
      top = Math.max(top, box.top);
      right = Math.min(right, box.right);
      bottom = Math.min(bottom, box.bottom);
    }
    return { left, top, right, bottom };
  }

  /** A transparent copy of a text box, one block a line, of which only the lines that changed are laid out again. */
  class Mirror {
    constructor(field) {
      this.field = field;
      this.box = document.createElement("div");
      this.box.className = "box";
      this.copy = document.createElement("div");
      this.copy.className = field.localName === "input" ? "text one" : "text";
      this.box.append(this.copy);
      layerRoot().append(this.box);
      this.lines = [];
      this.observer = new ResizeObserver(() => this.restyle());
      this.observer.observe(field);
      this.restyle();
    }

    restyle() {
      const style = getComputedStyle(this.field);
      for (const name of COPIED) this.copy.style[name] = style[name];
      for (const side of ["Top", "Right", "Bottom", "Left"]) this.copy.style[`padding${side}`] = style[`padding${side}`];
      this.border = { left: parseFloat(style.borderLeftWidth) || 0, top: parseFloat(style.borderTopWidth) || 0 };
      if (this.field.localName === "input") {
        const inner = this.field.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
        this.copy.style.lineHeight = `${inner}px`;
        this.copy.style.width = "max-content";
        this.copy.style.minWidth = `${this.field.clientWidth}px`;
      } else this.copy.style.width = `${this.field.clientWidth}px`;
      this.place();
    }

    write(text) {
      const next = text.split("\n");
      let start = 0;
      while (start < next.length && start < this.lines.length && this.lines[start].text === next[start]) start += 1;
      let tail = 0;
      while (tail < next.length - start && tail < this.lines.length - start && this.lines[this.lines.length - 1 - tail].text === next[next.length - 1 - tail]) tail += 1;
      const after = this.lines[this.lines.length - tail]?.block ?? null;
      for (const line of this.lines.slice(start, this.lines.length - tail)) line.block.remove();
      const fresh = next.slice(start, next.length - tail).map((words) => {
        const block = document.createElement("div");
        const node = document.createTextNode(words);
        block.append(node);
        return { text: words, block, node };
      });
      const some = document.createDocumentFragment();
      for (const line of fresh) some.append(line.block);
      this.copy.insertBefore(some, after);
      this.lines.splice(start, this.lines.length - tail - start, ...fresh);
      let at = 0;
      for (const line of this.lines) {
        line.start = at;
        at += line.text.length + 1;
      }
    }

    rangeOf(start, end) {
      let low = 0;
      let high = this.lines.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.lines[middle].start <= start) low = middle;
        else high = middle - 1;
      }
      const last = this.lines.findLastIndex((line) => line.start < end);
      const first = this.lines[low];
      const range = document.createRange();
      try {
        range.setStart(first.node, start - first.start);
        range.setEnd(this.lines[last].node, end - this.lines[last].start);
      } catch {
        return null;
      }
      return range;
    }

    /** Where the field is now: position, scroll, scale and what is hidden of it. */
    place() {
      if (!this.box.isConnected) layerRoot().append(this.box);
      const rect = this.field.getBoundingClientRect();
      const scale = this.field.offsetWidth ? rect.width / this.field.offsetWidth : 1;
      const left = rect.left + this.border.left * scale;
      const top = rect.top + this.border.top * scale;
      const { style } = this.box;
      style.left = `${left}px`;
      style.top = `${top}px`;
      style.width = `${this.field.clientWidth}px`;
      style.height = `${this.field.clientHeight}px`;
      style.transform = scale === 1 ? "" : `scale(${scale})`;
      this.copy.style.transform = `translate(${-this.field.scrollLeft}px, ${-this.field.scrollTop}px)`;
      const seen = clipped(this.field, { left, top, right: left + this.field.clientWidth * scale, bottom: top + this.field.clientHeight * scale });
      const inset = [seen.top - top, left + this.field.clientWidth * scale - seen.right, top + this.field.clientHeight * scale - seen.bottom, seen.left - left];
      style.clipPath = inset.some((side) => side > 0) ? `inset(${inset.map((side) => `${Math.max(0, side / scale)}px`).join(" ")})` : "";
    }

    remove() {
      this.observer.disconnect();
      this.box.remove();
    }
  }

  function remove() {
    layer?.host.remove();
    layer = null;
    for (const name of highlights.keys()) CSS.highlights.delete(name);
    highlights.clear();
  }

  return { highlight, closed, layerRoot, Mirror, remove };
})();
