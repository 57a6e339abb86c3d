"""A Roost server for crash tests, measurements and browser tests, and a small HTTP client that signs in. Standard library only."""
import html.parser
import http.client
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

EMAIL = "owner@example.com"
PASSWORD = "correct horse battery staple"
FORM = "application/x-www-form-urlencoded"


def stop_when_told():
    """Makes SIGTERM run `finally` blocks, so that no server is left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))


def free_port():
    """A port that stays free until somebody listens there, also during a restart: the kernel gives ephemeral ports to any
    outgoing connection, so it isn't one of them."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as limits:
        first = int(limits.read().split()[0])
    while True:
        port = random.randrange(10_000, max(first, 11_000))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Server:
    """One data folder and the process that serves it."""

    def __init__(self, binary, folder, checkout):
        self.binary, self.checkout, self.process = os.path.abspath(binary), checkout, None
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log_path = os.path.join(folder, "server.log")
        self.environment = dict(os.environ, ROOST_DATA=os.path.join(folder, "data"), ROOST_LISTEN=f"127.0.0.1:{self.port}")
        os.makedirs(self.environment["ROOST_DATA"], exist_ok=True)

    def run(self, *arguments, text=None, check=True):
        """Runs a command of the binary on this data folder."""
        done = subprocess.run([self.binary, *arguments], input=text, capture_output=True, text=True, env=self.environment, cwd=self.checkout)
        if check and done.returncode != 0:
            raise RuntimeError(f"roost {' '.join(arguments)} exited {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def add_owner(self, email=EMAIL, name="Olga Owner"):
        self.add_user(email, "owner", name)

    def add_user(self, email, role, name):
        self.run("user", "add", email, "--role", role, "--name", name, "--password-stdin", text=PASSWORD + "\n")

    def start(self, within=60):
        """Starts the server and returns the seconds until its first response."""
        began = time.perf_counter()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([self.binary, "serve"], stdout=log, stderr=log, env=self.environment, cwd=self.checkout)
        while time.perf_counter() - began < within:
            if self.process.poll() is not None:
                raise RuntimeError(f"roost serve ended with {self.process.returncode}:\n{self.log()}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.001)
            finally:
                connection.close()
        raise RuntimeError(f"no answer on {self.base} within {within} s:\n{self.log()}")

    def stop(self):
        """Stops the server as `systemctl stop` would; returns its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        return code

    def restart(self):
        self.stop()
        self.start()

    def kill(self):
        """Kills the server as a power failure would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()[-4000:]


class Page(html.parser.HTMLParser):
    """The links and forms of a page; a form is {"attributes": …, "fields": [(name, value), …]} as a browser would send it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.forms, self.buttons, self._form, self._select, self._area = [], [], [], None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "a" and "href" in a:
            self.links.append(a)
        if tag == "form":
            self._form = {"attributes": a, "fields": []}
            self.forms.append(self._form)
        if tag == "button" and a.get("name"):
            self.buttons.append((a["name"], a.get("value") or ""))
        if self._form is None or not (a.get("name") or tag == "option") or "disabled" in a:
            return
        kind = (a.get("type") or "text").lower()
        if tag == "input" and kind not in ("submit", "button", "image", "file", "reset") and (kind not in ("checkbox", "radio") or "checked" in a):
            self._form["fields"].append((a["name"], a.get("value") or ("on" if kind == "checkbox" else "")))
        elif tag == "select":
            self._select = [a["name"], None]
        elif tag == "option" and self._select and ("selected" in a or self._select[1] is None):
            self._select[1] = a.get("value") or ""
        elif tag == "textarea":
            self._area = [a["name"], ""]

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            self._form and self._form["fields"].append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "textarea" and self._area:
            self._form and self._form["fields"].append(tuple(self._area))
            self._area = None

    def form(self, action):
        """The POST form with this action."""
        for form in self.forms:
            if (form["attributes"].get("action") or "").split("?")[0] == action and form["attributes"].get("method", "").lower() == "post":
                return form
        raise RuntimeError(f"no form that posts to {action}; there are {[f['attributes'] for f in self.forms]}")


class Client:
    """A browser's cookies on one kept-alive connection."""

    def __init__(self, port):
        self.port, self.cookies, self.connection = port, {}, None

    def request(self, method, path, fields=None, files=None, token=None):
        """(status, location, text). `files` are (field, name, bytes); with bytes for fields, they are the body and the token is a header."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if files is not None:
            body, kind = multipart(fields, files)
            headers |= {"Content-Type": kind}
        elif isinstance(fields, bytes):
            body = fields
            headers |= {"Content-Type": "application/octet-stream", "X-CSRF-Token": token}
        elif fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": FORM, "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            answer = self.exchange(method, path, body, headers)
            self.body = answer.read()
            text = self.body.decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = re.match(r"\s*([^=;]+)=([^;]*)", cookie).groups()
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location"), text

    def exchange(self, method, path, body, headers):
        """Sends a request and reads the head of its response. A server can close an idle connection just as it is reused: as browsers do, a
        new one is opened if the old one was already closed, or if nothing came back and the request is safe to repeat."""
        is_reused = self.connection is not None and self.connection.sock is not None
        if is_reused and select.select([self.connection.sock], [], [], 0)[0]:
            self.hang_up()
            is_reused = False
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except ConnectionError:
            if not is_reused or method != "GET":
                raise
            self.hang_up()
            return self.exchange(method, path, body, headers)

    def hang_up(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def get(self, path):
        status, location, text = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status} {location or ''}")
        return text

    def token(self, path="/admin/crm"):
        """A form token of the session."""
        return dict(Page(self.get(path)).form("/sign-out")["fields"])["csrf_token"]

    def sign_in(self, email=EMAIL, password=PASSWORD):
        form = Page(self.get("/sign-in")).form("/sign-in")
        fields = [(n, v) for n, v in form["fields"] if n not in ("email", "password")] + [("email", email), ("password", password)]
        status, location, _ = self.request("POST", "/sign-in", fields)
        if status != 303 or "sign-in" in (location or ""):
            raise RuntimeError(f"signing in answered {status} {location or ''}")
        return self

    def contact_form(self):
        """The fields of the form for a new contact, to be posted repeatedly with other names."""
        return Page(self.get("/admin/crm/contacts/new")).form("/admin/crm/contacts")["fields"]


def multipart(fields, files, boundary="roost-edge-7d1f"):
    """A multipart/form-data body and its Content-Type (RFC 7578)."""
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for field, name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    return b"".join(parts + [f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def filled(fields, **values):
    """Form fields with these replacing those of the same names."""
    return [(n, v) for n, v in fields if n not in values] + list(values.items())
