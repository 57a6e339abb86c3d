"""The client for test setup: it reconnects where a browser would, and nowhere else."""
import socket
import threading

import pytest

from roost_client import Client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def serving():
    """serving([1, 0, 2]) answers one request on the first connection and closes it when the second arrives, and so on; yields the port and the requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    got, ended = [], threading.Event()

    def serve(counts, ends_first):
        for count in counts:
            connection, _ = listener.accept()
            with connection:
                for _ in range(count):
                    got.append(connection.recv(65_536).split(b" ")[0].decode())
                    connection.sendall(ANSWER)
                # Either it ends before the next request, or the next request ends it.
                if not ends_first and (more := connection.recv(65_536)):
                    got.append(more.split(b" ")[0].decode())
            ended.set()

    def begin(counts, ends_first):
        threading.Thread(target=serve, args=(counts, ends_first), daemon=True).start()
        return listener.getsockname()[1], got, ended

    yield begin
    listener.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_has_ended_is_not_used_again(serving, method):
    port, got, ended = serving([1, 1], ends_first=True)
    client = Client(port)
    assert client.request("GET", "/")[0] == 200
    assert ended.wait(30)
    assert client.request(method, "/", [("a", "b")] if method == "POST" else None)[0] == 200
    assert got == ["GET", method]


def test_what_may_be_asked_twice_is_asked_again_when_an_old_connection_ends(serving):
    port, got, _ = serving([1, 1], ends_first=False)
    client = Client(port)
    assert [client.request("GET", "/")[0] for _ in range(2)] == [200, 200]
    assert got == ["GET", "GET", "GET"]


def test_what_may_have_been_done_is_not_asked_again(serving):
    port, got, _ = serving([1], ends_first=False)
    client = Client(port)
    assert client.request("GET", "/")[0] == 200
    with pytest.raises(ConnectionError):
        client.request("POST", "/", [("a", "b")])
    assert got == ["GET", "POST"]


def test_a_new_connection_that_ends_is_an_error(serving):
    port, got, _ = serving([0], ends_first=False)
    with pytest.raises(ConnectionError):
        Client(port).request("GET", "/")
    assert got == ["GET"]
