// <input type="hidden" data-time-zone>: the browser's time zone, which an account gets that has none yet.

export function timeZone(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) for (const input of root.querySelectorAll("[data-time-zone]")) input.value = zone;
}
