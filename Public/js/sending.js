// A form that is on its way isn't sent again: until the answer is there its button is disabled and the form says that it is busy. Back from another page,
// after a failure, or when nothing comes for long, it can be sent again; the key in each form keeps the server from doing it twice.

const TIMEOUT = 20_000;

export function sending(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    // Another script sends it, or waits for something first.
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.ariaBusy === "true") return event.preventDefault();
    begin(form);
    const over = new AbortController(), { signal } = over;
    const stop = () => {
      clearTimeout(timer);
      over.abort();
      end(form);
    };
    const timer = setTimeout(stop, TIMEOUT);
    addEventListener("pageshow", stop, { signal });
    window.navigation?.addEventListener("navigateerror", stop, { signal });
  });
}

export function begin(form) {
  form.ariaBusy = "true";
  // Only now: a disabled button's own value would not be sent.
  setTimeout(() => form.ariaBusy && buttons(form, true));
}

export function end(form) {
  form.ariaBusy = null;
  buttons(form, false);
}

function buttons(form, isBusy) {
  for (const button of form.elements) {
    if (button.type !== "submit" || (isBusy ? button.disabled : !("sending" in button.dataset))) continue;
    button.disabled = isBusy;
    if (isBusy) button.dataset.sending = "";
    else delete button.dataset.sending;
  }
}
