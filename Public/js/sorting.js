// Children of a list that are dragged by their [data-handle], with the mouse and by touch. By Sortable when the server has it; the other ways work without.

/** Calls back when one has been dropped. Says whether they can be dragged. */
export async function sorting(list, options = {}) {
  if (!window.Sortable) {
    try {
      await import("../vendor/sortable.js");
    } catch {
      return false;
    }
  }
  if (!window.Sortable) return false;
  window.Sortable.create(list, { handle: "[data-handle]", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, ...options });
  return true;
}
