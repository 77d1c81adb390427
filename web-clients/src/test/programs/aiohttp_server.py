"""The server of aiohttp, which tells its port, and at the end what it saw: WebSockets at /echo, bytes in and out at /body and /bytes, /never and /trickle."""

import asyncio
import hashlib
import sys

from aiohttp import WSMsgType, web

from facts import pattern, tell

seen = {}


def count(name, more=1):
    seen[name] = seen.get(name, 0) + more


async def echo(request):
    socket = web.WebSocketResponse(protocols=["v1.echo"], max_msg_size=0)
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            count("texts")
            await socket.send_str(message.data)
        else:
            count("bytes", len(message.data))
            await socket.send_bytes(message.data)
    count(f"closed {socket.close_code}")
    return socket


async def body(request):
    digest = hashlib.sha1()
    length = 0
    async for piece in request.content.iter_any():
        digest.update(piece)
        length += len(piece)
    count("body bytes", length)
    return web.Response(text=f"{length} {digest.hexdigest()}")


async def stream(request):
    answer = web.StreamResponse()
    await answer.prepare(request)
    data = pattern(int(request.match_info["length"]))
    for i in range(0, len(data), 10_007):
        await answer.write(data[i : i + 10_007])
    return answer


async def trickle(request):
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(b"tick\n")
            await asyncio.sleep(0.002)
    except ConnectionError:
        count("trickles left")
        raise


async def main():
    app = web.Application(client_max_size=1 << 30)
    app.add_routes([
        web.get("/echo", echo),
        web.post("/body", body),
        web.get("/bytes/{length}", stream),
        web.get("/trickle", trickle),
    ])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    tell("port", runner.addresses[0][1])
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    for name in sorted(seen):
        tell(name, seen[name])


asyncio.run(main())
