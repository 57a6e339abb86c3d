// <form data-unsaved>: asks before typed text is lost. [data-save-keys] (a form, or a field of one): Ctrl or Cmd with Enter or S saves.

export function unsaved(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) guard(form);

  root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const isSave = event.key === "Enter" || event.key.toLowerCase() === "s";
    const marked = event.target.closest("[data-save-keys]") ?? (event.target === root.body ? root.querySelector("form[data-save-keys]") : null);
    if (!isSave || !marked) return;
    event.preventDefault();
    (marked.form ?? marked).requestSubmit();
  });

  // A failed form says at its top what is wrong; that is where reading goes on.
  root.querySelector("[data-problems]")?.focus();
}

function guard(form) {
  const original = contents(form);
  let isLeavingWell = false;
  form.addEventListener("submit", () => (isLeavingWell = true));
  // Back from a page that the browser kept: typing may go on.
  addEventListener("pageshow", () => (isLeavingWell = false));
  addEventListener("beforeunload", (event) => {
    const isChanged = "changed" in form.dataset || contents(form) !== original;
    if (isChanged && !isLeavingWell) event.preventDefault();
  });
}

function contents(form) {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === "string"));
}
