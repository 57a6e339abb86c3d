// Facts, notes and the names of files are changed in place. [data-inline-edit] leads to a page whose form (form[data-inline-form]) takes the place of the fact
// here, or of what is marked with [data-inline-place]; in a list the pencil in a cell, or F2 on a row, opens it over the cell. Enter saves, Escape leaves it as
// it was.

import { begin, end } from "./sending.js";
import { upload } from "./upload.js";

export function inlineEdit(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-inline-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(link.closest("[data-inline-place], dd") ?? link.closest("li").querySelector("[data-inline-place]"), link.href, link);
  });
  // The link of a row lies over all its cells, so the cell is the one below the pointer.
  root.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || !event.target.closest("[data-rows]")) return;
    const cell = document.elementsFromPoint(event.clientX, event.clientY).find((element) => element.matches("[data-rows] td"));
    if (cell && editing(cell)) offer(cell);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "F2") return;
    const row = root.activeElement?.closest("[data-rows] tr");
    const cell = row && [...row.cells].find(editing);
    if (cell) {
      event.preventDefault();
      openCell(cell);
    }
  });
}

const heading = (cell) => cell.closest("table").tHead.rows[0].cells[cell.cellIndex];

/** What the button says, where a cell's field can be changed. */
const editing = (cell) => heading(cell)?.dataset.editable;

const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet only-icon cell-edit" });
button.addEventListener("click", () => openCell(button.closest("td")));

function offer(cell) {
  if (cell.contains(button) || cell.querySelector("form")) return;
  button.setAttribute("aria-label", editing(cell));
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#pencil"></use></svg>`;
  (cell.querySelector(".person") ?? cell).append(button);
}

function openCell(cell) {
  const link = cell.closest("tr").querySelector(".row-link");
  button.remove();
  if (link) open(cell, `${link.getAttribute("href")}/fields/${heading(cell).dataset.column}`, link);
}

async function open(place, address, origin) {
  if (!place || place.querySelector("form[data-inline-form]")) return;
  const page = await load(address);
  const form = page?.querySelector("form[data-inline-form]");
  // No field of the record, or no right to change it: on a record's page the link says why.
  if (!form) return origin.matches("[data-inline-edit]") && location.assign(address);
  const over = place.matches("td") ? overCell(place) : null;
  const former = [...place.childNodes];
  const leave = () => {
    if (over) over.remove();
    else place.replaceChildren(...former);
    // A link inside a closed menu can't take the focus.
    (origin.closest("details")?.querySelector("summary") ?? origin).focus();
  };
  show(over ?? place, form, leave);
  over?.reveal();
}

/** A box over a cell, in the page's top layer, where the table's edges don't cut it off: below the cell's upper edge, or above its lower one. */
function overCell(cell) {
  const box = Object.assign(document.createElement("div"), { className: "cell-form", popover: "manual" });
  cell.append(box);
  box.reveal = () => {
    const { left, top, bottom } = cell.getBoundingClientRect();
    box.showPopover();
    const { clientWidth, clientHeight } = document.documentElement;
    const isBelow = top + box.offsetHeight <= clientHeight || bottom < box.offsetHeight;
    box.style.left = `${scrollX + Math.max(8, Math.min(left, clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${scrollY + (isBelow ? top : bottom - box.offsetHeight)}px`;
    box.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  };
  return box;
}

function show(place, form, leave) {
  place.replaceChildren(form);
  upload(form);
  form.dispatchEvent(new CustomEvent("roost:row", { bubbles: true }));
  const input = form.querySelector("[aria-invalid]") ?? form.querySelector("input:not([type=hidden]), select, textarea");
  input?.focus();
  select(input);
  form.querySelector("[data-inline-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || isWritten(form)) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  form.addEventListener("submit", async (event) => {
    // Files that are still on their way are waited for.
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    const fields = new FormData(form);
    begin(form);
    const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
    // Sent in the usual way, the answer is a page that says what is wrong.
    if (!response) return end(form), form.submit();
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const again = page.querySelector("form[data-inline-form]");
    if (again) return show(place, again, leave);
    if (!response.redirected) return form.submit();
    await renew(page, place.closest("[data-swap][id]"));
  });
}

/** Marks what is likely to be replaced: all of a fact, a file's name without its ending, nothing of a longer text. */
function select(input) {
  if (input?.matches("textarea")) return input.setSelectionRange(input.value.length, input.value.length);
  const dot = input?.dataset.stem === undefined ? -1 : input.value.lastIndexOf(".");
  if (dot > 0) input.setSelectionRange(0, dot);
  else input?.select?.();
}

/** A longer text that has been changed isn't lost by one key. */
const isWritten = (form) => [...form.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);

/** Shows the record's parts from the answer, or reloads the list's rows, and shows the answer's notice, whose Undo does the same. */
async function renew(page, region) {
  if (region) {
    const fresh = page.getElementById(region.id) ?? (await load(location.href))?.getElementById(region.id);
    if (fresh) region.replaceWith(fresh);
  } else {
    // The answer has the first page of a feed.
    const source = location.search && document.querySelector("[data-live-feed]") ? ((await load(location.href)) ?? page) : page;
    for (const part of document.querySelectorAll("[data-live-part][id], [data-live-feed][id]")) {
      const fresh = source.getElementById(part.id);
      if (fresh) part.replaceWith(fresh);
    }
  }
  const notice = page.querySelector("[data-flash]");
  document.querySelector("[data-flash]")?.remove();
  if (notice) document.querySelector("main").before(notice);
  notice?.querySelector("form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    form.elements.return_to.value = location.pathname + location.search;
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!response?.redirected) return form.submit();
    await renew(new DOMParser().parseFromString(await response.text(), "text/html"), region && document.getElementById(region.id));
  });
  document.dispatchEvent(new CustomEvent("roost:swapped"));
}

async function load(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  return response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
}
