// Searches the index of the page's language. The index is a script beside the page, so that this works from
// a folder as well; nothing is sent.
"use strict";
(() => {
  const box = document.querySelector(".search");
  if (!box) return;
  const field = box.querySelector("input");
  const list = box.querySelector(".results");
  const found = box.querySelector(".found");
  const root = document.body.dataset.root || "";
  const most = 12;
  let loading = null;

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();

  const load = () => loading ||= new Promise((done) => {
    const script = document.createElement("script");
    script.src = root + "index.js";
    script.onload = () => done(window.wscloseIndex.map(([address, id, name, words]) => ({
      address, id, name, key: plain(id), title: plain(id + " " + name), words,
    })));
    document.head.append(script);
  });

  // How well a page answers: its id first, then its name, then any of its words.
  const weight = (page, asked) => {
    let sum = 0;
    for (const word of asked) {
      if (page.key === word) sum += 100;
      else if (page.key.startsWith(word)) sum += 40;
      else if (page.title.split(/[\s:,.·-]+/).includes(word)) sum += 20;
      else if (page.title.includes(word)) sum += 10;
      else if (page.words.includes(word)) sum += 1;
      else return 0;
    }
    // A protocol's own code before a vendor's.
    return page.address.startsWith("code/") ? sum + 5 : sum;
  };

  const show = async () => {
    const pages = await load();
    const asked = plain(field.value).split(/\s+/).filter(Boolean);
    list.replaceChildren();
    if (asked.length === 0) {
      found.textContent = "";
      return;
    }
    const hits = pages
      .map((page) => [weight(page, asked), page])
      .filter(([weight]) => weight > 0)
      .sort(([one], [other]) => other - one);
    found.textContent = hits.length ? found.dataset.found.replace("{n}", hits.length) : found.dataset.none;
    for (const [, page] of hits.slice(0, most)) {
      const link = document.createElement("a");
      const name = document.createElement("b");
      link.href = root + page.address;
      name.textContent = page.id;
      link.append(name, " " + page.name);
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
  };

  const close = () => {
    list.replaceChildren();
    found.textContent = "";
  };

  const move = (step) => {
    const stops = [field, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
    if (next) next.focus();
  };

  box.hidden = false;
  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Escape") { close(); field.focus(); }
    else if (event.key === "Enter" && document.activeElement === field) {
      const first = list.querySelector("a");
      if (first) first.click();
      return;
    } else return;
    event.preventDefault();
  });
  // `/` goes to the field, as on many sites, where nothing else is being typed into.
  document.addEventListener("keydown", (event) => {
    const is_typing = event.target.matches && event.target.matches("input, textarea, select");
    if (event.key === "/" && !is_typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
})();
