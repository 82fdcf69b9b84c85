"use strict";
{
  const form = document.getElementById("form");

  // Ticks are kept while the tab is open, so that they survive the way to other pages.
  const key = form && `lading.chosen.${form.dataset.root}`;

  const load = () => {
    try {
      return new Map(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
    } catch (failure) {
      return new Map();
    }
  };

  // Returns false, and keeps what was kept before, if there is no room for them.
  const save = (chosen) => {
    if (chosen.size > Number(form.dataset.most)) {
      return false;
    }
    try {
      sessionStorage.setItem(key, JSON.stringify([...chosen]));
      return true;
    } catch (failure) {
      // A browser that keeps nothing at all has the ticks of this page only.
      return load().size === 0;
    }
  };

  const boxes = () => [...form.querySelectorAll("input[type=checkbox][value]:not(#all)")];

  const number = (value) => value.toLocaleString(document.documentElement.lang);

  const counted = (text, value) =>
    value === 1 ? form.dataset[`${text}1`] : form.dataset[`${text}2`].replace("2", number(value));

  const size = (bytes) => {
    if (bytes < 1000) {
      return counted("bytes", bytes);
    }
    const units = ["kB", "MB", "GB", "TB", "PB", "EB"];
    let value = bytes / 1000;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    const digits = value >= 99.5 ? 0 : 1;
    const text = value.toLocaleString(document.documentElement.lang, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return `${text} ${units[unit]}`;
  };

  const sum = () => {
    const ticked = boxes().filter((box) => box.checked);
    const files = ticked.filter((box) => box.name === "file");
    const directories = ticked.length - files.length;
    const parts = [];
    if (document.getElementById("all").checked) {
      parts.push(form.dataset.everything);
    } else {
      if (files.length > 0) {
        // Of a file that is not on this page, or whose place tells no sizes, none may be known.
        const sizes = files.map((box) => Number(box.dataset.size ?? -1));
        const total = sizes.some((one) => one < 0) ? "" : ` (${size(sizes.reduce((a, b) => a + b))})`;
        parts.push(counted("files", files.length) + total);
      }
      if (directories > 0) {
        parts.push(counted("directories", directories));
      }
    }
    return parts.join(", ") || form.dataset.none;
  };

  const show = () => {
    const text = sum();
    const place = document.getElementById("sum");
    if (place.textContent !== text) {
      place.textContent = text;
    }
    const list = document.querySelector("#elsewhere ul");
    document.getElementById("elsewhere").hidden = list.children.length === 0;
  };

  // Everything in a directory is kept as that directory: its list may have more pages. Returns
  // whether there was room for what is ticked.
  const keep = () => {
    const path = form.dataset.path;
    const isAll = document.getElementById("all").checked;
    const isBelow = (value) => path === "" || value.startsWith(`${path}/`);
    const chosen = boxes()
      .filter((box) => box.checked && !(isAll && isBelow(box.value)))
      .map((box) => [box.value, [box.name, Number(box.dataset.size ?? -1)]]);
    return save(new Map(isAll ? [[path, ["directory", -1]], ...chosen] : chosen));
  };

  const sayWhetherFull = (isFull) => {
    document.getElementById("full").textContent = isFull ? form.dataset.full : "";
  };

  // Takes a tick back for which there is no room.
  const change = (box) => {
    const all = document.getElementById("all");
    const wasAll = box === all ? !all.checked : all.checked;
    if (box === all && !all.checked) {
      tickAll(false);
    } else if (!box.checked && box.closest("table")) {
      all.checked = false;
    }
    const isKept = keep();
    if (!isKept) {
      box.checked = !box.checked;
      all.checked = wasAll;
    } else if (box === all && all.checked) {
      tickAll(true);
    }
    sayWhetherFull(!isKept);
    show();
  };

  // Turning a page needs no form where ticks are kept here.
  const linkPages = () => {
    document.getElementById("default")?.remove();
    for (const button of form.querySelectorAll("button[data-href]")) {
      const link = document.createElement("a");
      link.href = button.dataset.href;
      link.textContent = button.textContent;
      if (button.dataset.rel) {
        link.rel = button.dataset.rel;
      }
      button.replaceWith(link);
    }
  };

  // Adds a box for what is chosen and is not on this page.
  const addElsewhere = (value, [name, bytes]) => {
    const box = Object.assign(document.createElement("input"), {
      type: "checkbox",
      name,
      value,
      checked: true,
    });
    box.dataset.size = bytes;
    const text = document.createElement("bdi");
    const path = decodeURIComponent(value) || form.dataset.root;
    text.textContent = path + (name === "directory" ? "/" : "");
    const label = document.createElement("label");
    label.append(box, " ", text);
    const item = document.createElement("li");
    item.append(label);
    document.querySelector("#elsewhere ul").append(item);
  };

  const tickAll = (isChecked) => {
    for (const box of form.querySelectorAll("table input[type=checkbox]")) {
      box.checked = isChecked;
    }
  };

  const restore = () => {
    const here = new Map(boxes().map((box) => [box.value, box]));
    for (const [value, chosen] of load()) {
      if (value === form.dataset.path) {
        document.getElementById("all").checked = true;
        tickAll(true);
      } else if (here.has(value)) {
        here.get(value).checked = true;
      } else {
        addElsewhere(value, chosen);
      }
    }
  };

  if (form) {
    linkPages();
    if (form.dataset.posted === "false") {
      restore();
    }
    form.addEventListener("change", (event) => {
      if (event.target.type === "checkbox") {
        change(event.target);
      }
    });
    // What is on its way into an archive is not chosen any more when its reader comes back.
    form.addEventListener("submit", () => save(new Map()));
    addEventListener("pageshow", show);
    if (form.dataset.posted === "true") {
      sayWhetherFull(!keep());
    }
    show();
  }
}
