/** Which elements a person writes in, and their text. */
globalThis.OkrCoach ??= {};

OkrCoach.fields = (() => {
  const OPT_OUT = '[data-okr-coach="off"],[data-okr-coach="false"],[data-gramm="false"],[data-lt-active="false"],[data-enable-grammarly="false"]';
  const INPUTS = new Set(["text", "search", ""]);
  const BLOCKS = new Set(
    "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION TABLE TBODY TD TH THEAD TR UL".split(" "),
  );

  /** The shadow root of an element, a closed one too where the browser lets extensions see it. */
  function shadow(element) {
    if (element.shadowRoot) return element.shadowRoot;
    try {
      return element.openOrClosedShadowRoot ?? OkrCoach.api.dom?.openOrClosedShadowRoot(element) ?? null;
    } catch {
      return null;
    }
  }

  function focused() {
    let element = document.activeElement;
    for (let inner = element && shadow(element)?.activeElement; inner; inner = shadow(element)?.activeElement) element = inner;
    return element;
  }

  function optedOut(element) {
    for (let at = element; at; at = at.getRootNode().host ?? null) if (at.closest(OPT_OUT)) return true;
    return false;
  }

  /** The field that an element is or lies in: never a password, a hidden or a read-only one. */
  function fieldOf(element) {
    if (!(element instanceof Element)) return null;
    const name = element.localName;
    if (name === "textarea" || name === "input") {
      if (name === "input" && !INPUTS.has((element.getAttribute("type") ?? "").toLowerCase())) return null;
      if (element.readOnly || element.disabled || optedOut(element)) return null;
      return visible(element) ? element : null;
    }
    if (!element.isContentEditable) return null;
    let root = element;
    while (root.parentElement?.isContentEditable) root = root.parentElement;
    if (root.getAttribute("aria-readonly") === "true" || optedOut(root)) return null;
    return visible(root) ? root : null;
  }

  function visible(element) {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0;
  }

  const isValue = (field) => field.localName === "textarea" || field.localName === "input";

  /**
   * The text of a field, and for rich text the pieces of it that stand in text nodes.
   * Line breaks, bullets and hash signs that only the layout shows are added, so that it reads as people see it.
   */
  function read(field) {
    if (isValue(field)) return { text: field.value, pieces: null };
    const parts = [];
    const pieces = [];
    let length = 0;
    let fresh = true;
    const add = (text) => {
      parts.push(text);
      length += text.length;
    };
    const line = () => {
      if (!fresh) add("\n");
      fresh = true;
    };
    const walk = (node) => {
      for (let child = node.firstChild; child; child = child.nextSibling) {
        if (child.nodeType === Node.TEXT_NODE) {
          if (!child.data || (fresh && child.data.trim() === "" && child.data.includes("\n") && node !== field && BLOCKS.has(node.tagName) && node.tagName !== "PRE" && !/pre/u.test(getComputedStyle(node).whiteSpace))) continue;
          pieces.push({ node: child, start: length, length: child.data.length });
          add(child.data);
          fresh = false;
        } else if (child.nodeType === Node.ELEMENT_NODE) {
          const name = child.tagName;
          if (name === "BR") {
            if (child.nextSibling || !BLOCKS.has(node.tagName)) {
              add("\n");
              fresh = true;
            }
          } else if (name !== "SCRIPT" && name !== "STYLE" && child.contentEditable !== "false") {
            const block = BLOCKS.has(name);
            if (block) line();
            if (name === "LI") add("- ");
            else if (/^H[1-6]$/u.test(name)) add(`${"#".repeat(Number(name[1]))} `);
            walk(child);
            if (block) {
              if (fresh && (name === "P" || name === "DIV")) add("\n");
              else line();
            }
          }
        }
      }
    };
    walk(field);
    return { text: parts.join(""), pieces };
  }

  /** The range of `start` to `end` of rich text; null where no words of it stand. */
  function rangeOf(pieces, start, end) {
    const place = (at, isEnd) => {
      let low = 0;
      let high = pieces.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const { start: from, length } = pieces[middle];
        if (isEnd ? from + length < at : from + length <= at) low = middle + 1;
        else high = middle;
      }
      const piece = pieces[low];
      if (!piece || at < piece.start) return null;
      return [piece.node, at - piece.start];
    };
    const first = place(start, false);
    const last = place(end, true);
    if (!first || !last) return null;
    const range = document.createRange();
    try {
      range.setStart(...first);
      range.setEnd(...last);
    } catch {
      return null;
    }
    return range.collapsed ? null : range;
  }

  return { fieldOf, focused, shadow, isValue, read, rangeOf };
})();
