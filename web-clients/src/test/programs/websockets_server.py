"""The server of Python's websockets, which tells its port, and at the end what it saw: an echo, in fragments where the path says so; /close/CODE closes with it."""

import asyncio
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from facts import tell


async def main():
    seen = {"texts": 0, "bytes": 0, "pings answered": 0}
    ends = []

    async def handle(socket):
        path = socket.request.path
        if path.startswith("/close/"):
            await socket.close(int(path.rpartition("/")[2]), "as you like it ✓")
            return
        try:
            if path == "/pings":
                for _ in range(10):
                    await (await socket.ping())
                    seen["pings answered"] += 1
                await socket.send("ten pings")
            async for message in socket:
                if isinstance(message, str):
                    seen["texts"] += 1
                else:
                    seen["bytes"] += len(message)
                third = len(message) // 3
                parts = [message[:third], message[third : 2 * third], message[2 * third :]]
                await socket.send(parts if path == "/fragments" else message)
        finally:
            await socket.wait_closed()
            ends.append(f"{path} {socket.subprotocol} {socket.close_code} {socket.close_reason}".strip())

    def only_with_the_word(connection, request):
        if request.path == "/secret" and request.headers.get("Authorization") != "Bearer the word":
            return connection.respond(401, "say the word")

    def the_one(connection, offered):
        return "v1.echo" if "v1.echo" in offered else None

    async with serve(
        handle, "127.0.0.1", 0, select_subprotocol=the_one, max_size=None, process_request=only_with_the_word
    ) as server:
        tell("port", server.sockets[0].getsockname()[1])
        await asyncio.to_thread(sys.stdin.read)
    for name, value in seen.items():
        tell(name, value)
    tell("ends", ", ".join(sorted(ends)))


asyncio.run(main())
