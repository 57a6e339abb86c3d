// The columns of a list: <form data-customizer> on its page, or in a dialog over the list.
// Buttons act without reload; a handle is dragged, or lifted by Space and moved by the arrow keys. Apply is a plain form post.

import { sorting } from "./sorting.js";

export function customizer(root) {
  root.querySelectorAll("form[data-customizer]").forEach(arrange);
  root.addEventListener("roost:dialog", (event) => event.target.querySelectorAll("form[data-customizer]").forEach(arrange));
}

function arrange(form) {
  const shown = form.querySelector("[data-shown]");
  const available = form.querySelector("[data-available]");
  const status = form.querySelector("[data-customizer-status]");

  const rows = () => [...shown.children];
  const say = (row) => {
    const words = form.dataset.moved ?? "";
    if (status) status.textContent = words.replace("{name}", () => name(row)).replace("{n}", rows().indexOf(row) + 1).replace("{of}", rows().length);
  };
  const refresh = () => {
    const all = rows();
    all.forEach((row, i) => {
      row.querySelector("[name=move_up]").disabled = i === 0;
      row.querySelector("[name=move_down]").disabled = i === all.length - 1;
    });
    form.querySelector("[data-none-available]")?.toggleAttribute("hidden", available.children.length > 0);
  };
  const move = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    by < 0 ? other.before(row) : other.after(row);
    refresh();
    say(row);
  };
  const exchange = (row, list) => {
    const fresh = form.querySelector(list === shown ? "template[data-shown-row]" : "template[data-available-row]").content.firstElementChild.cloneNode(true);
    fill(fresh, { id: id(row), name: name(row) });
    row.remove();
    list.append(fresh);
    refresh();
    fresh.querySelector(list === shown ? "[data-handle]" : "button").focus();
    if (list === shown) say(fresh);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    const row = button?.closest("[data-column]");
    if (!row) return;
    event.preventDefault();
    if (button.name === "add") return exchange(row, shown);
    if (button.name === "remove") return exchange(row, available);
    move(row, button.name === "move_up" ? -1 : 1);
    (button.disabled ? row.querySelector("[data-handle]") : button).focus();
  });

  const lift = (handle, isUp) => handle.setAttribute("aria-pressed", String(isUp));
  form.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle) return;
    const isLifted = handle.getAttribute("aria-pressed") === "true";
    if (event.key === " " || event.key === "Enter") lift(handle, !isLifted);
    else if (event.key === "Escape" && isLifted) lift(handle, false);
    else if (isLifted && event.key === "ArrowUp") move(handle.closest("[data-column]"), -1);
    else if (isLifted && event.key === "ArrowDown") move(handle.closest("[data-column]"), 1);
    else return;
    event.preventDefault();
    handle.focus();
  });
  form.addEventListener("focusout", (event) => {
    // Moving a row in the page takes the focus for a moment; only leaving for somewhere else puts it down.
    const handle = event.target.closest("[data-handle]");
    if (handle && event.relatedTarget) lift(handle, false);
  });

  sorting(shown, { onEnd: refresh });
  refresh();
}

const id = (row) => row.dataset.column;
const name = (row) => row.querySelector(".column-name").textContent.trim();

/** The template's rows say {id} and {name}, in attributes and in text. */
function fill(row, values) {
  const put = (text) => text.replace(/\{(id|name)\}/g, (_, key) => values[key]);
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) attribute.value = put(attribute.value);
    if (element.childElementCount === 0) element.textContent = put(element.textContent);
  }
}
