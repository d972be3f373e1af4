"""One process that keeps connections alive, as the other servers do. The default worker closes each."""

bind = "127.0.0.1:0"
worker_class = "gthread"
threads = 4
keepalive = 75
loglevel = "warning"


def when_ready(server):
    """Tells the port to flask-server.ts."""
    print(server.LISTENERS[0].sock.getsockname()[1], flush=True)
