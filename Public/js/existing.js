// [data-existing] is a form for a new record: each e-mail address and phone number that is typed into it is looked up there, and who has it already is
// named under it, with a link. data-existing-text precedes the names.

const PAUSE = 300;

export function existing(root) {
  for (const form of root.querySelectorAll("[data-existing]")) {
    let timer;
    form.addEventListener("input", ({ target }) => {
      if (!target.matches("input[name=channel_value], input[type=email], input[type=tel]")) return;
      clearTimeout(timer);
      timer = setTimeout(() => look(form, target), PAUSE);
    });
  }
}

async function look(form, input) {
  const typed = input.value.trim();
  let items = [];
  if (/@.+\.|\d{2}.*\d{3}/.test(typed)) {
    const response = await fetch(`${form.dataset.existing}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok) ({ items } = await response.json());
  }
  if (input.value.trim() === typed) show(form, input, items);
}

function show(form, input, items) {
  const field = input.closest(".field") ?? input.parentElement;
  let note = field.querySelector(".existing");
  if (!note) {
    if (items.length === 0) return;
    note = document.createElement("span");
    note.className = "existing";
    note.setAttribute("role", "status");
    field.append(note);
  }
  const links = items.flatMap(({ name, detail, href }) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = detail ? `${name} · ${detail}` : name;
    return [" ", link];
  });
  note.replaceChildren(...(items.length ? [form.dataset.existingText, ...links] : []));
}
