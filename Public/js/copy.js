// [data-copies] copies the text of the [data-copy] beside it.

export function copy(root) {
  // By delegation: a part of the page may be replaced while it is open.
  root.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copies]");
    const field = button?.parentElement.querySelector("[data-copy]");
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without TLS browsers have no clipboard for scripts, but the old command.
      root.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
  });
}
