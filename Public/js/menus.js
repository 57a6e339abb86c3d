// <details data-menu>: closes on Escape, on a click elsewhere and when the focus leaves; one is open at a time.
// [data-close] closes the dialog around it.

export function menus(root) {
  const open = () => root.querySelectorAll("details[data-menu][open]");

  root.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
    event.target.closest("[data-close]")?.closest("dialog")?.close();
    // A click on the backdrop has the dialog itself as its target: everything inside is a child.
    if (event.target instanceof HTMLDialogElement && event.target.open) closeIfOutside(event.target, event);
  });

  root.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });

  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
}

function closeIfOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  const isInside = clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom;
  if (!isInside) dialog.close();
}
