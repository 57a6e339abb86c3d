// [data-picker data-url]: a combobox after WAI-ARIA 1.2. It holds an input (what is typed) and a hidden input (the id picked).
// The server answers ?q= with {items: [{id, name, detail}]}. "Create" puts the typed name into a hidden field named by data-create-name.

const PAUSE = 150;
let pickers = 0;

export function picker(root) {
  root.querySelectorAll("[data-picker]").forEach(start);
  root.addEventListener("roost:row", (event) => event.target.querySelectorAll("[data-picker]").forEach(start));
}

function start(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const hiddenID = box.querySelector("input[type=hidden]");
  const { url, create, createName, none, countOne, countMany } = box.dataset;
  const list = make("ul", { className: "picker-list", id: `picker-${++pickers}`, role: "listbox", hidden: true });
  const state = make("span", { className: "picker-state", role: "status" });
  const creation = make("input", { type: "hidden", name: createName ?? "", disabled: true });
  list.setAttribute("aria-label", box.querySelector("label")?.textContent.trim() ?? "");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  box.append(list, state, creation);
  let options = [], active = -1, timer, request;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = list.children[index];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const choose = ({ id, name, isNew }) => {
    input.value = name;
    setID(id ?? "");
    creation.disabled = !isNew;
    creation.value = isNew ? name : "";
    state.textContent = isNew ? create.replace("{name}", name) : "";
    // A box that offered to create what was typed before has been answered.
    for (const old of box.closest("[data-row]")?.querySelectorAll(`input[type=checkbox][name="${createName}"]`) ?? []) old.checked = false;
    close();
  };

  const setID = (id) => {
    hiddenID.value = id;
    hiddenID.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (items, typed) => {
    const isThere = items.some((item) => item.name.localeCompare(typed, undefined, { sensitivity: "base" }) === 0);
    options = [...items, ...(create && typed && !isThere ? [{ name: typed, isNew: true }] : [])];
    list.replaceChildren(...options.map((option, i) => optionElement(option, `${list.id}-${i}`)));
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    state.textContent = items.length === 0 ? (typed ? none ?? "" : "") : items.length === 1 ? countOne ?? "" : (countMany ?? "").replace("{n}", items.length);
    mark(-1);
  };

  const optionElement = (option, id) => {
    const element = make("li", { id, className: option.isNew ? "picker-option create" : "picker-option", role: "option" });
    element.setAttribute("aria-selected", "false");
    element.append(make("span", { textContent: option.isNew ? create.replace("{name}", option.name) : option.name }));
    if (option.detail) element.append(make("span", { className: "detail", textContent: option.detail }));
    // The field keeps the focus; a press that would take it is answered at once.
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    element.addEventListener("click", () => choose(option));
    return element;
  };

  const search = async () => {
    const typed = input.value.trim();
    request?.abort();
    const { signal } = (request = new AbortController());
    try {
      const response = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(typed)}`, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) return close();
      const { items } = await response.json();
      // Whoever has moved on isn't interrupted by a late answer.
      if (!signal.aborted && input.matches(":focus")) show(items, typed);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    setID("");
    creation.disabled = true;
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(search, PAUSE);
    else (state.textContent = ""), close();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) search();
      else mark(active < 0 ? (by > 0 ? 0 : options.length - 1) : (active + by + options.length) % options.length);
    } else if (event.key === "Enter" && isOpen && active >= 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === "Tab" && isOpen && active >= 0) {
      choose(options[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  });
}

function make(tag, properties) {
  const element = document.createElement(tag);
  const { role, ...rest } = properties;
  if (role) element.setAttribute("role", role);
  return Object.assign(element, rest);
}
