// <form data-upload>: files are sent as soon as they are chosen, dropped or pasted, several one after the other, each in pieces, so that a broken
// connection costs one piece. When all are there, the form itself files them (fields named "upload"). Without scripts it sends them itself.
// In a form that has more to say (data-upload="stage") they wait until it is sent.

const RETRY_DELAYS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export function upload(root) {
  for (const field of root.querySelectorAll("[data-upload]")) start(field);
}

function start(field) {
  const form = field.closest("form");
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-upload-list]");
  const waits = field.dataset.upload === "stage";
  const name = input.name.replace(/file$/, "upload");
  const token = form.elements.csrf_token.value;
  let queue = Promise.resolve(), open = 0;

  const add = (files) => {
    for (const file of files) {
      const line = new Line(file, list, field.dataset);
      open += 1;
      queue = queue.then(() => send(file, line, field.dataset, token)).then((id) => {
        open -= 1;
        if (id) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: id, id: `upload-${id}` }));
        if (!open && !waits && form.querySelector("input[name=upload]")) form.submit();
      });
    }
  };

  input.addEventListener("change", () => {
    add(input.files);
    // They are on their way; the form must not send them again.
    input.value = "";
  });
  form.addEventListener("submit", (event) => {
    if (!open) return;
    // What is under way is waited for.
    event.preventDefault();
    queue.then(() => form.requestSubmit(event.submitter ?? undefined));
  });
  // Of several inputs in a form each takes what comes to it alone.
  const own = form.querySelectorAll("[data-upload]").length > 1 ? field : form;
  own.addEventListener("paste", ({ clipboardData }) => {
    if (clipboardData.files.length) add(clipboardData.files);
  });

  const target = waits ? own : document.querySelector(".sheet") ?? document.body;
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  target.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    field.classList.add("dropping");
  });
  target.addEventListener("dragleave", (event) => {
    if (!target.contains(event.relatedTarget)) field.classList.remove("dropping");
  });
  target.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    field.classList.remove("dropping");
    add(event.dataTransfer.files);
  });
}

// A file's line in the list: its name, how much of it is there, a button to let it be.
class Line {
  constructor(file, list, texts) {
    this.texts = texts;
    this.abort = new AbortController();
    this.element = document.createElement("li");
    this.element.className = "upload-line";
    const name = Object.assign(document.createElement("span"), { className: "file-name", textContent: file.name });
    this.bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    this.bar.setAttribute("aria-label", file.name);
    this.state = Object.assign(document.createElement("span"), { className: "upload-state" });
    this.state.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip-remove", textContent: "×" });
    button.setAttribute("aria-label", texts.cancel.replace("{name}", () => file.name));
    button.addEventListener("click", () => {
      this.abort.abort();
      this.drop?.();
      this.element.remove();
    });
    this.element.append(name, this.bar, this.state, button);
    list.append(this.element);
  }

  progress(sent, size) {
    this.bar.value = sent;
    this.state.textContent = sent < size ? this.texts.sending.replace("{n}", bytes(sent)).replace("{of}", bytes(size)) : "✓";
  }

  fail(message) {
    this.element.classList.add("failed");
    this.bar.hidden = true;
    this.state.textContent = message;
  }
}

// Sends a file; gives its id, or nothing if it finally failed.
async function send(file, line, { url, failed, broken }, token) {
  const { signal } = line.abort;
  const post = (address, body, headers = {}) => fetch(address, { method: "POST", body, signal, headers: { Accept: "application/json", "X-CSRF-Token": token, ...headers } });
  try {
    let answer = await retried(() => post(url, new URLSearchParams({ csrf_token: token, name: file.name, size: file.size })), line, broken);
    let state = await json(answer);
    if (answer.status !== 201) return line.fail(state.error ?? failed.replace("{name}", () => file.name)), null;
    const here = `${url}/${state.id}`;
    line.drop = () => {
      document.getElementById(`upload-${state.id}`)?.remove();
      fetch(`${here}/cancel`, { method: "POST", body: new URLSearchParams({ csrf_token: token }), keepalive: true });
    };
    while (state.offset < file.size) {
      line.progress(state.offset, file.size);
      const from = state.offset;
      answer = await retried(async () => {
        // After a break nobody knows how much of the piece arrived: the server does.
        if (line.isBroken) state = await json(await fetch(here, { signal, headers: { Accept: "application/json" } }));
        line.isBroken = false;
        return post(`${here}/bytes?offset=${state.offset}`, file.slice(state.offset, state.offset + state.piece), { "Content-Type": "application/octet-stream" });
      }, line, broken);
      const next = await json(answer);
      if (![200, 409].includes(answer.status) || (answer.status === 200 && !(next.offset > from))) return line.fail(next.error ?? failed.replace("{name}", () => file.name)), null;
      state = next;
    }
    line.progress(file.size, file.size);
    return state.id;
  } catch (error) {
    if (error.name !== "AbortError") line.fail(failed.replace("{name}", () => file.name));
    return null;
  }
}

// Tries again when the connection breaks or the server is busy, and says so.
async function retried(attempt, line, broken) {
  for (const pause of [...RETRY_DELAYS, null]) {
    try {
      const answer = await attempt();
      if (![502, 503, 504].includes(answer.status)) return answer;
    } catch (error) {
      if (error.name === "AbortError" || pause === null) throw error;
    }
    line.isBroken = true;
    line.state.textContent = broken;
    await new Promise((resolve) => setTimeout(resolve, pause ?? 0));
  }
  throw new Error("given up");
}

async function json(answer) {
  return answer.headers.get("Content-Type")?.startsWith("application/json") ? answer.json() : {};
}

function bytes(count) {
  const [size, unit, digits] = count < 1_000_000 ? [count / 1_000, "KB", 0] : [count / 1_000_000, "MB", 1];
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${new Intl.NumberFormat(document.documentElement.lang, options).format(size)} ${unit}`;
}
