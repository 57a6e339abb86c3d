"""A proxy between a browser and the server that can be told to be slow or to fail, as those do that stand in front of a server which restarts."""
import socket
import threading
import time


class Proxy:
    """Hands on what comes. `delay` holds each answer up, in seconds; `answer` (bytes) is given in the server's place; `refuses` takes nobody."""

    def __init__(self, port):
        self.target, self.delay, self.answer, self.refuses = port, 0, None, False
        self.open = set()
        self.asked = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        self.asked += 1
        if self.refuses:
            return client.close()
        if self.answer is not None:
            # A browser opens connections in advance: it may ask when all is well again.
            asked, answer = client.recv(65_536), self.answer
            if asked and answer:
                client.sendall(b"HTTP/1.1 " + answer.replace(b"\n", b"\r\n"))
            return client.close()
        server = socket.create_connection(("127.0.0.1", self.target))
        self.open |= {client, server}
        threading.Thread(target=self.copy, args=(client, server, False), daemon=True).start()
        self.copy(server, client, True)

    def copy(self, source, target, is_answer):
        try:
            while data := source.recv(65_536):
                if is_answer and self.delay:
                    time.sleep(self.delay)
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            self.open.discard(end)
            cut(end)
            end.close()

    def fail(self, answer=None):
        """From now on every request fails, and those under way are cut off."""
        self.answer, self.refuses = answer, answer is None
        for end in list(self.open):
            cut(end)

    def mend(self):
        self.answer, self.refuses = None, False

    def close(self):
        self.listener.close()
        self.fail()


def cut(end):
    """Ends a connection although another thread reads from it: to close it is not enough."""
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def html(status, text="The server is away"):
    return f"{status}\nContent-Type: text/html\nContent-Length: {len(text)}\nConnection: close\n\n{text}".encode()
