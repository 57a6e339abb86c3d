// Type-ahead: comboboxes after WAI-ARIA 1.2. The server answers ?q= with {items: [{id, name, detail, icon}]}; an item may have a href, which it is a link
// to, a group, which is named above its items, and a passage, which is shown below its name.
// [data-picker data-url] picks one record: it holds an input (what is typed) and a hidden input (the id picked). "Create" puts the typed name into a
// hidden field named by data-create-name.
// [data-parties data-url] picks several: contacts, companies and users, or tags. They become chips. A chip is a checked box named "party", or by
// data-name; without scripts the box itself is unchecked, with them a button takes the chip away.

const PAUSE = 150;
let lists = 0;

export function picker(root) {
  root.querySelectorAll("[data-picker]").forEach(one);
  root.querySelectorAll("[data-parties]").forEach(several);
  root.addEventListener("roost:row", (event) => event.target.querySelectorAll("[data-picker]").forEach(one));
}

function one(box) {
  const input = box.querySelector("input:not([type=hidden])");
  const hiddenID = box.querySelector("input[type=hidden]");
  const { url, create, createName, none, countOne, countMany } = box.dataset;
  const state = make("span", { className: "picker-state", role: "status" });
  const creation = make("input", { type: "hidden", name: createName ?? "", disabled: true });

  const setID = (id) => {
    hiddenID.value = id;
    hiddenID.dispatchEvent(new Event("change", { bubbles: true }));
  };

  combobox(input, {
    url,
    label: box.querySelector("label")?.textContent.trim() ?? "",
    offer(items, typed) {
      state.textContent = items.length === 0 ? (typed ? none ?? "" : "") : items.length === 1 ? countOne ?? "" : (countMany ?? "").replace("{n}", items.length);
      const isThere = items.some((item) => item.name.localeCompare(typed, undefined, { sensitivity: "base" }) === 0);
      return create && typed && !isThere ? [...items, { name: typed, words: create.replace("{name}", () => typed), isNew: true }] : items;
    },
    choose({ id, name: offered, isNew }) {
      // More may have been typed since it was offered.
      const name = isNew ? input.value.trim() || offered : offered;
      input.value = name;
      setID(id ?? "");
      creation.disabled = !isNew;
      creation.value = isNew ? name : "";
      state.textContent = isNew ? create.replace("{name}", () => name) : "";
      // A box that offered to create what was typed before has been answered.
      for (const old of box.closest("[data-row]")?.querySelectorAll(`input[type=checkbox][name="${createName}"]`) ?? []) old.checked = false;
    },
  });
  box.append(state, creation);
  input.addEventListener("input", () => {
    setID("");
    creation.disabled = true;
    if (!input.value.trim()) state.textContent = "";
  });
}

function several(field) {
  const input = field.querySelector(".picker input");
  const chips = field.querySelector("[data-chips]");
  const { url, none, text, remove, added, removed, name: boxes } = field.dataset;
  const state = make("span", { className: "visually-hidden", role: "status" });
  const find = field.querySelector("[data-find]");
  if (find) find.hidden = true;
  field.append(state);

  const changed = () => field.dispatchEvent(new Event("input", { bubbles: true }));

  const removable = (chip) => {
    const name = chip.querySelector("span").textContent;
    chip.querySelector("input").hidden = true;
    const button = make("button", { type: "button", className: "chip-remove" });
    button.setAttribute("aria-label", remove.replace("{name}", () => name));
    button.append(icon("x-lg"));
    button.addEventListener("click", () => {
      chip.remove();
      state.textContent = removed.replace("{name}", () => name);
      changed();
      input.focus();
    });
    chip.append(button);
  };

  combobox(input, {
    url,
    id: boxes ? undefined : "parties-list",
    label: input.labels[0].textContent.trim(),
    offer(items, words) {
      if (boxes) {
        const isThere = items.some((item) => item.name.localeCompare(words, undefined, { sensitivity: "base" }) === 0);
        return isThere ? items : [...items, { id: words, name: words, icon: "tag", words: text.replace("{name}", () => words), isNew: true }];
      }
      if (items.length <= 1) state.textContent = none;
      return items.map((item) => (item.id.startsWith("text:") ? { ...item, words: text.replace("{name}", () => item.name), isNew: true } : item));
    },
    // Enter never sends the form: what is typed becomes somebody first.
    typed: (words) => words && (boxes ? { id: words, name: words } : { id: `text:${words}`, name: words, icon: "chat-left-text" }),
    choose: add,
  });
  function add({ id, name, detail, icon: symbol, tint }, leavesText = false) {
    if (!leavesText) input.value = "";
    // A box's value has no commas of its own: they stand between several.
    if (boxes && id.includes(",")) return id.split(",").map((part) => part.trim()).filter(Boolean).forEach((part) => add({ id: part, name: part }, leavesText));
    if (![...chips.querySelectorAll("input")].some((box) => box.value === id)) {
      const chip = make("span", { className: boxes ? `chip tag ${tint ?? ""}` : "chip" });
      chip.append(make("input", { type: "checkbox", name: boxes ?? "party", value: id, checked: true }));
      if (!boxes) chip.append(icon(symbol));
      chip.append(make("span", { textContent: name }));
      if (detail) chip.append(make("span", { className: "chip-detail", textContent: detail }));
      chips.append(chip);
      removable(chip);
      state.textContent = added.replace("{name}", () => name);
    }
    changed();
  }
  chips.querySelectorAll(".chip").forEach(removable);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && !input.value && !event.isComposing) chips.lastElementChild?.querySelector(".chip-remove")?.click();
  });
}

/** A list of options under an input, the first of which is marked: Enter takes it. `offer(items, typed)` makes them of what the server found, `typed(words)`
  * of what Enter is pressed on where nothing is found, if that will do. */
export function combobox(input, { url, id = `picker-${++lists}`, label, offer, typed, choose, opensEmpty = false }) {
  const list = make("div", { className: "picker-list", id, role: "listbox", hidden: true });
  list.setAttribute("aria-label", label);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) input.setAttribute(name, value);
  input.parentElement.append(list);
  // `isSearching`: the options are not those for what is typed. `hasMoved`: somebody has chosen the mark.
  let options = [], elements = [], active = -1, timer, request, isSearching = false, hasMoved = false;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    active = -1;
    isSearching = false;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = index;
    elements.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = elements[index];
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const take = (option) => {
    close();
    if (option.href) location.assign(option.href);
    else choose(option);
  };

  const show = (items) => {
    options = offer(items, input.value.trim());
    elements = options.map(optionElement);
    list.replaceChildren(...grouped());
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    list.classList.remove("at-end");
    list.classList.toggle("at-end", list.getBoundingClientRect().right > document.documentElement.clientWidth);
    isSearching = hasMoved = false;
    mark(0);
  };

  const optionElement = (option, i) => {
    const className = option.isNew ? "picker-option create" : "picker-option";
    const element = make(option.href ? "a" : "div", { id: `${id}-${i}`, className, role: "option", tabIndex: -1 });
    element.setAttribute("aria-selected", "false");
    if (option.icon) element.append(icon(option.icon));
    const text = make("span", { textContent: option.words ?? option.name });
    if (option.passage) text.append(make("span", { className: "passage", textContent: option.passage }));
    element.append(text);
    if (option.detail) element.append(make("span", { className: "detail", textContent: option.detail }));
    // The field keeps the focus; a press that would take it is answered at once.
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    if (option.href) element.href = option.href;
    else element.addEventListener("click", () => take(option));
    return element;
  };

  /** The options, those of a group together under its name. */
  const grouped = () => {
    const children = [];
    options.forEach(({ group }, i) => {
      if (!group) return children.push(elements[i]);
      let box = children.at(-1);
      if (box?.ariaLabel !== group) {
        box = make("div", { role: "group", ariaLabel: group });
        box.append(make("div", { className: "picker-group", role: "presentation", textContent: group }));
        children.push(box);
      }
      box.append(elements[i]);
    });
    return children;
  };

  const find = async (words, signal) => {
    const response = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { signal, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return (await response.json()).items;
  };

  // Where a text is wanted at the moment, nothing is offered for it.
  const isOff = () => Boolean(input.closest("[data-picker-off]"));

  const search = async () => {
    request?.abort();
    if (isOff()) return close();
    const { signal } = (request = new AbortController());
    try {
      const items = await find(input.value.trim(), signal);
      // A late answer doesn't interrupt a user who has moved on.
      if (!signal.aborted && input.matches(":focus")) show(items);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  // Enter came before the answer: its best match is taken on arrival, unless more is typed.
  const takeBest = async (words) => {
    close();
    if (typed) input.value = "";
    const items = await find(words).catch(() => []);
    if (!typed && input.value.trim() !== words) return;
    const option = offer(items, words)[0] ?? typed?.(words);
    if (option?.href) location.assign(option.href);
    else if (option) choose(option, true);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    // What is shown, or on its way, is of other words.
    request?.abort();
    isSearching = !isOff() && (opensEmpty || Boolean(input.value.trim()));
    if (isSearching) timer = setTimeout(search, PAUSE);
    else close();
  });
  if (opensEmpty) input.addEventListener("focus", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    const marked = isOpen ? options[active] : undefined;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) search();
      // The first step down goes into the list, whose first option is marked already.
      else if (hasMoved || by < 0) mark((active + by + options.length) % options.length);
      hasMoved = isOpen;
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      const words = input.value.trim();
      if (isSearching) {
        event.preventDefault();
        if (words) takeBest(words);
        return;
      }
      const option = marked ?? typed?.(input.value.trim());
      if (!option) return;
      event.preventDefault();
      take(option);
    } else if (event.key === "Tab" && marked && !marked.href && hasMoved) {
      take(marked);
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
