/** The service counts code points, the DOM counts UTF-16 code units: converted here and nowhere else. */
globalThis.OkrCoach ??= {};

OkrCoach.Units = class {
  /** @param {string} text */
  constructor(text) {
    this.astral = [];
    for (let at = 0, points = 0; at < text.length; at += 1, points += 1) {
      const unit = text.charCodeAt(at);
      if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
        this.astral.push(points);
        at += 1;
      }
    }
  }

  /** UTF-16 place of a place in code points. */
  at(points) {
    let low = 0;
    let high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.astral[middle] < points) low = middle + 1;
      else high = middle;
    }
    return points + low;
  }
};
