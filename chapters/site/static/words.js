// The words that scripts put on a page: English, or what another edition's `words-table.js` has for it.
globalThis.translate = (english, values = {}) =>
  (globalThis.bookWords?.[english] ?? english).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
// Words that are translated later, where they are shown.
globalThis.message = (text) => text;
