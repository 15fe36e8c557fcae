"use strict";
(() => {
  const sites = JSON.parse(document.getElementById("index").textContent);
  const form = document.querySelector(".filters");
  const count = document.getElementById("count");
  const field = name => document.getElementById(name);
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const number = new Intl.NumberFormat("en");
  let shown = null; // ids of the sites that match; null for all of them

  const isShown = element => shown === null || element.dataset.s.split(" ").some(site => shown.has(site));

  class Sheet {
    constructor(holder) {
      this.body = holder.querySelector("tbody");
      this.heads = [...holder.querySelectorAll("thead th")];
      const more = holder.querySelector("template");
      this.rows = [...this.body.rows, ...(more ? more.content.querySelectorAll("tr") : [])];
      this.order = this.rows;
      this.hasSites = this.rows.some(row => row.dataset.s !== undefined);
      this.sites = this.rows.map(row => row.dataset.s === undefined ? null : row.dataset.s.split(" "));
      this.place = new Map(this.rows.map((row, at) => [row, at]));
      this.size = Number(holder.dataset.page);
      this.page = 0;
      this.heads.forEach((head, column) => this.sortable(head, column));
      this.pager = document.createElement("p");
      this.pager.className = "pager";
      this.said = document.createElement("span");
      this.said.setAttribute("role", "status");
      this.back = this.button("Earlier rows", -1);
      this.next = this.button("Later rows", 1);
      this.pager.append(this.back, this.said, this.next);
      holder.querySelector(".scroll").after(this.pager);
      this.show();
    }

    button(text, by) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", () => { this.page += by; this.show(); });
      return made;
    }

    sortable(head, column) {
      if (this.rows.length < 2 || this.rows.some(row => row.cells[column]?.classList.contains("drawn"))) return;
      const made = document.createElement("button");
      made.type = "button";
      made.className = "sort";
      made.append(...head.childNodes);
      head.append(made);
      made.addEventListener("click", () => this.sort(head, column));
    }

    sort(head, column) {
      const falling = head.getAttribute("aria-sort") === "ascending";
      this.heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const keys = new Map(this.rows.map(row => {
        const cell = row.cells[column];
        const text = cell === undefined ? "" : cell.dataset.v ?? cell.textContent.trim();
        const value = text === "" ? NaN : Number(text.replaceAll(",", ""));
        return [row, { text, value }];
      }));
      const numbers = [...keys.values()].every(key => key.text === "" || !Number.isNaN(key.value));
      const compare = numbers
        ? (one, other) => (one.text === "" ? -Infinity : one.value) - (other.text === "" ? -Infinity : other.value) || 0
        : (one, other) => collator.compare(one.text, other.text);
      const sign = falling ? -1 : 1;
      this.order = [...this.rows].sort((one, other) =>
        sign * compare(keys.get(one), keys.get(other)) || this.place.get(one) - this.place.get(other));
      this.page = 0;
      this.show();
    }

    matching() {
      if (shown === null || !this.hasSites) return this.order;
      return this.order.filter(row => {
        const own = this.sites[this.place.get(row)];
        return own === null || own.some(site => shown.has(site));
      });
    }

    show(everything = false) {
      const rows = this.matching();
      const pages = everything ? 1 : Math.max(1, Math.ceil(rows.length / this.size));
      this.page = Math.min(Math.max(this.page, 0), pages - 1);
      const first = everything ? 0 : this.page * this.size;
      const some = everything ? rows : rows.slice(first, first + this.size);
      this.body.replaceChildren(...some);
      const cut = rows.length < this.rows.length ? `, of ${number.format(this.rows.length)} in all` : "";
      this.said.textContent = rows.length
        ? `Rows ${number.format(first + 1)} to ${number.format(first + some.length)} of ${number.format(rows.length)}${cut}`
        : "No row matches";
      this.back.hidden = this.next.hidden = pages === 1;
      this.back.disabled = this.page === 0;
      this.next.disabled = this.page === pages - 1;
      this.pager.hidden = pages === 1 && rows.length === this.rows.length;
    }
  }

  // The months stand above the bars: the head of that column is theirs.
  const axis = document.getElementById("axis");
  const column = document.querySelector(".gantt thead th:last-child");
  if (axis && column) {
    const word = document.createElement("span");
    word.className = "unseen";
    word.append(...column.childNodes);
    column.classList.add("drawn");
    column.append(word, axis);
    axis.removeAttribute("hidden");
  }

  const sheets = [...document.querySelectorAll(".table")].map(holder => new Sheet(holder));
  const others = [...document.querySelectorAll("li[data-s], svg [data-s]")];

  const filter = () => {
    const words = field("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const [wave, region, colour] = ["wave", "region", "colour"].map(name => field(name)?.value ?? "");
    if (words.length || wave || region || colour) {
      shown = new Set();
      for (const [id, text, itsWave, itsRegion, itsColour] of sites) {
        if ((!wave || wave === itsWave) && (!region || region === itsRegion) && (!colour || colour === itsColour)
          && words.every(word => text.includes(word))) shown.add(id);
      }
    } else shown = null;
    for (const sheet of sheets) if (sheet.hasSites) { sheet.page = 0; sheet.show(); }
    for (const element of others) element.classList.toggle("faded", !isShown(element));
    count.textContent = shown === null
      ? `${number.format(sites.length)} sites`
      : `${number.format(shown.size)} of ${number.format(sites.length)} sites`;
    form.classList.toggle("active", shown !== null);
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  filter();

  // Paper has no pages to turn and nothing to unfold.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    sheets.forEach(sheet => sheet.show(true));
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(one => { one.open = true; });
  });
  window.addEventListener("afterprint", () => {
    sheets.forEach(sheet => sheet.show());
    folded.forEach(one => { one.open = false; });
  });

  // Which section is being read.
  const links = new Map([...document.querySelectorAll("nav a")].map(link => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      links.forEach(link => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("main > section").forEach(section => seen.observe(section));
})();
