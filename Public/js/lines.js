// The lines of a document: [data-lines data-preview] asks the server, as one types, what each line and the document come to, and shows it. Nothing is
// added up here. Lines move by their buttons, by Alt+arrows and by dragging their handle; headings and notes have no amounts.

import { sorting } from "./sorting.js";

const PAUSE = 250;

export function lines(root) {
  root.querySelectorAll("[data-lines]").forEach((field) => start(field, field.closest("form")));
}

function start(field, form) {
  const list = field.querySelector("[data-rows-of]");
  const sums = field.querySelector("[data-lines-sums]");
  let timer, request, isDragging;

  const all = () => [...list.querySelectorAll(":scope > [data-line]")];

  const show = (row) => {
    const isPriced = row.querySelector("[data-line-kind]").value === "item";
    row.classList.toggle("is-text", !isPriced);
    row.querySelector("[data-picker]").toggleAttribute("data-picker-off", !isPriced);
  };

  const preview = async () => {
    request?.abort();
    const { signal } = (request = new AbortController());
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const response = await fetch(field.dataset.preview, { method: "POST", body, signal, headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const answer = await response.json();
      if (!signal.aborted) fill(answer);
    } catch (error) {
      if (error.name !== "AbortError") console.error(error);
    }
  };

  const fill = ({ lines: answers, sums: found, error }) => {
    all().forEach((row, index) => {
      const answer = answers[index];
      row.querySelector("[data-line-total]").textContent = answer?.total ?? "";
      const note = row.querySelector("[data-line-error]") ?? row.appendChild(Object.assign(document.createElement("p"), { className: "field-error" }));
      note.dataset.lineError = "";
      note.textContent = answer?.error ?? "";
      // What the page says already isn't said twice.
      const said = row.querySelector(".field-error:not([data-line-error])")?.textContent.trim();
      note.hidden = !answer?.error || answer.error === said;
      // What is still empty shows what the product says; that counts when the form is saved, too.
      for (const part of ["quantity", "price"]) {
        const input = row.querySelector(`[name=line_${part}]`);
        if (answer && !input.value && document.activeElement !== input) input.placeholder = answer[part];
      }
      for (const part of ["unit", "vat"]) {
        const select = row.querySelector(`[name=line_${part}]`);
        if (answer?.[part] && !select.value) select.value = answer[part];
      }
    });
    const table = document.createElement("dl");
    table.className = "lines-sums";
    for (const { label, detail, amount } of found) {
      const name = document.createElement("dt");
      name.textContent = label;
      if (detail) name.append(Object.assign(document.createElement("span"), { className: "muted", textContent: ` ${detail}` }));
      table.append(name, Object.assign(document.createElement("dd"), { textContent: amount }));
    }
    sums.replaceChildren(error ? Object.assign(document.createElement("p"), { className: "field-error", textContent: error }) : table);
  };

  const later = () => {
    clearTimeout(timer);
    if (!isDragging) timer = setTimeout(preview, PAUSE);
  };

  // What was asked before is about the old order.
  const hold = () => {
    request?.abort();
    clearTimeout(timer);
  };

  const moved = () => {
    hold();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    later();
  };

  const move = (row, by) => {
    const rows = all();
    const place = rows.indexOf(row) + by;
    if (place < 0 || place >= rows.length) return;
    if (by < 0) rows[place].before(row);
    else rows[place].after(row);
    moved();
  };

  field.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move-row]");
    if (!button) {
      if (event.target.closest("[data-remove-row]")) later();
      return;
    }
    event.preventDefault();
    move(button.closest("[data-line]"), button.dataset.moveRow === "up" ? -1 : 1);
    button.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const row = event.target.closest("[data-line]");
    if (!row) return;
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  });
  field.addEventListener("change", (event) => {
    if (event.target.matches("[data-line-kind]")) show(event.target.closest("[data-line]"));
    if (event.target.matches("[name=line_product_id]") && event.target.value) {
      // Another product has a price of its own.
      const row = event.target.closest("[data-line]");
      for (const part of ["price", "unit", "vat"]) row.querySelector(`[name=line_${part}]`).value = "";
    }
  });
  field.addEventListener("roost:row", (event) => show(event.target));
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  sorting(list, {
    draggable: "[data-line]",
    onStart() {
      isDragging = true;
      hold();
    },
    onEnd({ oldIndex, newIndex }) {
      isDragging = false;
      if (oldIndex === newIndex) later();
      else moved();
    },
  }).then((isThere) => list.classList.toggle("is-sortable", isThere));
  all().forEach(show);
  if (all().length) preview();
}
