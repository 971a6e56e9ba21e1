// Shows beside a link what it leads to: a term's meaning, an equation, a cited work. See book_previews.py.
(() => {
  "use strict";

  const KINDS = ["term", "equation", "footcite"];
  const LINKS = KINDS.map((kind) => `.bd-article a[href*="#${kind}-"]:not(.headerlink)`).join();
  const [REST, LEAVE] = [150, 250]; // milliseconds that the pointer rests on a link first, and has to reach the preview
  const SPACE = 8;

  const box = document.createElement("div");
  if (!box.showPopover) return;
  box.id = "preview";
  box.popover = "manual";
  box.setAttribute("role", "tooltip");
  let link = null;
  let timer = 0;

  // What a link leads to: on this page, or put into it from another one.
  const found = (href) => {
    const carried = document.querySelector(`template.preview[data-of="${CSS.escape(href)}"]`);
    if (carried) return carried.content.cloneNode(true);
    const target = href.startsWith("#") && document.getElementById(decodeURIComponent(href.slice(1)));
    if (!target) return null;
    if (target.matches("dt")) {
      let meaning = target;
      while (meaning && !meaning.matches("dd")) meaning = meaning.nextElementSibling;
      return meaning && inside(meaning);
    }
    const work = target.matches(".footnote") && target.querySelector("p");
    const shown = work || target.querySelector("math");
    return shown && shown.cloneNode(true);
  };
  const inside = (element) => {
    const kept = document.createDocumentFragment();
    kept.append(...element.cloneNode(true).childNodes);
    return kept;
  };
  // A preview is read, not used: it has no links, and no names that the page has already.
  const plain = (content) => {
    for (const one of content.querySelectorAll?.("a, [id]") ?? []) {
      if (one.matches("a")) one.replaceWith(...one.childNodes);
      else one.removeAttribute("id");
    }
    return content;
  };

  const place = () => {
    const [at, size] = [link.getClientRects()[0], box.getBoundingClientRect()];
    const below = at.bottom + SPACE + size.height <= innerHeight || at.top < size.height + SPACE;
    const left = Math.max(SPACE, Math.min(at.left, document.documentElement.clientWidth - size.width - SPACE));
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(below ? at.bottom + SPACE : at.top - size.height - SPACE) + scrollY}px`;
  };
  const hide = () => {
    clearTimeout(timer);
    if (!link) return;
    link.removeAttribute("aria-describedby");
    link = null;
    box.hidePopover();
  };
  const show = (wanted) => {
    clearTimeout(timer);
    if (wanted === link) return;
    hide();
    const content = found(wanted.getAttribute("href"));
    if (!content) return;
    const holder = document.createElement("div");
    holder.append(content);
    box.replaceChildren(...plain(holder).childNodes);
    // Structure is lost where a formula is read as one string: the source says it better.
    const formula = box.firstElementChild?.matches("math") ? box.firstElementChild.getAttribute("alttext") : "";
    if (formula) box.setAttribute("aria-label", formula);
    else box.removeAttribute("aria-label");
    if (!box.isConnected) document.querySelector(".bd-article").append(box);
    link = wanted;
    link.setAttribute("aria-describedby", box.id);
    box.showPopover();
    place();
  };
  const later = (act, wait) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };

  for (const one of document.querySelectorAll(LINKS)) {
    one.addEventListener("pointerenter", ({ pointerType }) => pointerType === "touch" || later(() => show(one), REST));
    one.addEventListener("pointerleave", () => later(hide, LEAVE));
    one.addEventListener("focus", () => one.matches(":focus-visible") && show(one));
    one.addEventListener("blur", hide);
    one.addEventListener("click", hide);
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", () => later(hide, LEAVE));
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("resize", hide);
})();
