// [data-parties]: who was there. A combobox after WAI-ARIA 1.2 over contacts, companies and users; what is chosen becomes a chip. A chip is a
// checked box named "party"; without scripts the box itself is unchecked, with them a button takes the chip away.

const PAUSE = 150;

export function parties(root) {
  for (const field of root.querySelectorAll("[data-parties]")) start(field);
}

function start(field) {
  const input = field.querySelector("input[name=party_text]");
  const chips = field.querySelector("[data-chips]");
  const { url, none, text, remove, added, removed } = field.dataset;
  const list = make("ul", { className: "picker-list", id: "parties-list", role: "listbox", hidden: true });
  const state = make("span", { className: "visually-hidden", role: "status" });
  list.setAttribute("aria-label", input.labels[0].textContent.trim());
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  field.querySelector("[data-find]").hidden = true;
  input.parentElement.append(list);
  field.append(state);
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

  const removable = (chip) => {
    const name = chip.querySelector("span").textContent;
    chip.querySelector("input").hidden = true;
    const button = make("button", { type: "button", className: "chip-remove" });
    button.setAttribute("aria-label", remove.replace("{name}", name));
    button.append(icon("x-lg"));
    button.addEventListener("click", () => {
      chip.remove();
      state.textContent = removed.replace("{name}", name);
      changed();
      input.focus();
    });
    chip.append(button);
  };

  const changed = () => field.dispatchEvent(new Event("input", { bubbles: true }));

  const add = ({ id, name, detail, icon: symbol }) => {
    const present = [...chips.querySelectorAll("input")].some((box) => box.value === id);
    if (!present) {
      const chip = make("span", { className: "chip" });
      chip.append(make("input", { type: "checkbox", name: "party", value: id, checked: true }), icon(symbol), make("span", { textContent: name }));
      if (detail) chip.append(make("span", { className: "chip-detail", textContent: detail }));
      chips.append(chip);
      removable(chip);
      state.textContent = added.replace("{name}", name);
    }
    input.value = "";
    close();
    changed();
  };

  const show = (items) => {
    options = items;
    list.replaceChildren(
      ...items.map((item, i) => {
        const element = make("li", { id: `${list.id}-${i}`, className: item.id.startsWith("text:") ? "picker-option create" : "picker-option", role: "option" });
        element.setAttribute("aria-selected", "false");
        element.append(icon(item.icon), make("span", { textContent: item.id.startsWith("text:") ? text.replace("{name}", item.name) : item.name }));
        if (item.detail) element.append(make("span", { className: "detail", textContent: item.detail }));
        // The field keeps the focus; a press that would take it is answered at once.
        element.addEventListener("pointerdown", (event) => event.preventDefault());
        element.addEventListener("click", () => add(item));
        return element;
      }),
    );
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    if (items.length <= 1) state.textContent = none;
    mark(-1);
  };

  const search = async () => {
    const typed = input.value.trim();
    request?.abort();
    const { signal } = (request = new AbortController());
    try {
      const response = await fetch(`${url}?q=${encodeURIComponent(typed)}`, { signal, headers: { Accept: "application/json" } });
      if (!response.ok) return close();
      const { items } = await response.json();
      if (!signal.aborted && input.matches(":focus")) show(items);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  chips.querySelectorAll(".chip").forEach(removable);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(search, PAUSE);
    else close();
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
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && input.value.trim()) {
      // Never sends the form: what is typed becomes somebody first.
      event.preventDefault();
      const words = input.value.trim();
      add(isOpen && active >= 0 ? options[active] : { id: `text:${words}`, name: words, icon: "chat-left-text" });
    } else if (event.key === "Backspace" && !input.value) {
      chips.lastElementChild?.querySelector(".chip-remove")?.click();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  });
}

function icon(name) {
  const sprite = document.querySelector("use")?.getAttribute("href").split("#")[0] ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function make(tag, properties) {
  const element = document.createElement(tag);
  const { role, ...rest } = properties;
  if (role) element.setAttribute("role", role);
  return Object.assign(element, rest);
}
