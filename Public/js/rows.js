// Rows that repeat: [data-add-row="id"] adds a copy of the <template> in #id, [data-remove-row] takes its [data-row] away.
// A <select data-primary> becomes a star, one a kind. Without scripts the same buttons are submits and the select is a select.

export function rows(root) {
  let added = 0;
  root.querySelectorAll("[data-row]").forEach(star);

  root.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) {
      event.preventDefault();
      addRow(root.getElementById(add.dataset.addRow), `n${++added}`);
    }
    const remove = event.target.closest("[data-remove-row]");
    if (remove) {
      event.preventDefault();
      removeRow(remove.closest("[data-row]"));
    }
  });
}

function addRow(list, number) {
  const template = list.querySelector("template");
  const copy = template.content.cloneNode(true);
  // Ids are the template's with "-new" in them; each copy gets its own.
  for (const element of copy.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(/-new\b/g, `-${number}`));
    }
  }
  const row = copy.querySelector("[data-row]");
  template.before(copy);
  star(row);
  row.classList.add("entering");
  row.dispatchEvent(new CustomEvent("roost:row", { bubbles: true }));
  row.querySelector("input:not([type=hidden]), select")?.focus();
}

function removeRow(row) {
  const list = row.parentElement;
  const next = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  const target = next?.querySelector("[data-remove-row]") ?? list.parentElement.querySelector(`[data-add-row="${list.id}"]`);
  target?.focus();
}

/** Puts a star in the place of "Primary: yes, no". */
function star(row) {
  const select = row.querySelector("select[data-primary]");
  if (!select) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet only-icon star";
  button.setAttribute("aria-label", select.dataset.primary);
  button.title = select.dataset.primary;
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use></use></svg>`;
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
  const show = () => {
    button.setAttribute("aria-pressed", String(select.value !== ""));
    button.querySelector("use").setAttribute("href", `${sprite}#${select.value ? "star-fill" : "star"}`);
  };
  select.addEventListener("change", show);
  button.addEventListener("click", () => {
    const isOn = select.value === "";
    if (isOn) clearOthers(row);
    set(select, isOn);
  });
  const field = select.closest(".field");
  field.hidden = true;
  field.after(button);
  show();
}

/** One primary a kind: of the e-mail addresses, of the phone numbers; of the companies. */
function clearOthers(row) {
  const kind = (other) => other.querySelector('select[name$="_type"]')?.value;
  for (const other of row.parentElement.querySelectorAll("[data-row]")) {
    const select = other.querySelector("select[data-primary]");
    if (other !== row && select?.value && kind(other) === kind(row)) set(select, false);
  }
}

function set(select, isOn) {
  select.selectedIndex = isOn ? 1 : 0;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
