// A formula that is wider than the screen scrolls in its own box: let the keyboard reach it there.
(() => {
  "use strict";

  const reach = () => {
    for (const box of document.querySelectorAll(".math-display")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };

  addEventListener("resize", reach);
  document.fonts.ready.then(reach);
})();
