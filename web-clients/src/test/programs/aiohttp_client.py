"""The client of aiohttp, for HTTP and for WebSockets: `aiohttp_client.py http://HOST:PORT`."""

import asyncio
import io
import json
import sys

import aiohttp

from facts import pattern, summary, tell

url = sys.argv[1]


async def pieces(data, size):
    for i in range(0, len(data), size):
        yield data[i : i + size]


async def uploads(session):
    data = pattern(5_000_003)
    async with session.post("/body", data=pieces(data, 30_011)) as answer:
        tell("chunked upload", await answer.text() == summary(data))
    async with session.put("/body", data=data) as answer:
        tell("upload of a known length", await answer.text() == summary(data))
    async with session.put("/body", data=data, expect100=True) as answer:
        tell("upload that asked first", await answer.text() == summary(data))
    async with session.post("/body", data=b"") as answer:
        tell("nothing uploaded", await answer.text() == summary(b""))
    async with session.post("/fields", data={"a": "1 & 2", "ü": "✓"}) as answer:
        tell("fields", await answer.text())

    async def given_up():
        for _ in range(3):
            yield b"one piece"
            await asyncio.sleep(0.01)
        raise RuntimeError("no more")

    try:
        async with session.post("/body", data=given_up()):
            tell("upload given up", "no")
    except (aiohttp.ClientError, RuntimeError):
        tell("upload given up", "yes")


async def forms(session):
    picture = pattern(3_000_000)
    form = aiohttp.FormData()
    form.add_field("name", "Ada ✓")
    form.add_field("notes", io.BytesIO(b"line\r\nline\r\n--"), filename="notes.txt", content_type="text/plain")
    form.add_field("picture", pieces(picture, 10_000), filename="ü.png", content_type="image/png")
    async with session.post("/form", data=form) as answer:
        for line in (await answer.text()).splitlines():
            tell(*line.replace("=", ": ", 1).split(": ", 1))


async def downloads(session):
    async with session.get("/bytes/3000001") as answer:
        read = b""
        async for piece in answer.content.iter_chunked(1024):
            read += piece
        tell("chunked download", read == pattern(3_000_001))
        tell("its coding", answer.headers["Transfer-Encoding"])
    for _ in range(5):
        async with session.get("/trickle") as answer:
            await answer.content.readline()
            await answer.content.readline()
            answer.close()
    tell("trickles left", 5)
    late = 0
    for _ in range(3):
        try:
            async with session.get("/never", timeout=aiohttp.ClientTimeout(total=0.05)):
                pass
        except TimeoutError:
            late += 1
    tell("timeouts", late)


async def connections():
    """One request after another on a single connection, then many at once on a few."""
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=1)) as session:
        ports = set()
        for _ in range(50):
            async with session.get("/answer") as answer:
                ports.add(await answer.text())
        tell("connections of 50 requests", len(ports))

    async def port(session):
        async with session.get("/answer") as answer:
            return await answer.text()

    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=4)) as session:
        tell("connections of 200 at once", len(set(await asyncio.gather(*(port(session) for _ in range(200))))))


async def sockets(session):
    async with session.ws_connect("/echo", protocols=["v1.echo"], compress=15) as socket:
        tell("subprotocol", socket.protocol)
        tell("compressed", socket.compress)
        same = 0
        for i in range(300):
            data = pattern(i * i % 3001)
            await socket.send_bytes(data)
            same += await socket.receive_bytes() == data
            await socket.send_json({"number": i, "text": "✓" * i})
            same += json.loads(await socket.receive_str()) == {"number": i, "text": "✓" * i}
        tell("echoes", same)
        await socket.ping(b"are you there?")
        await socket.close(code=4002, message=b"done")
    async with session.ws_connect("/close/4003") as socket:
        await socket.receive()
        end = await socket.receive()
        tell("close", f"{end.type.name} {end.data} {end.extra}")
    try:
        await session.ws_connect("/refused")
        tell("refused", "no")
    except aiohttp.WSServerHandshakeError as e:
        tell("refused", e.status)
    async with session.ws_connect("/round-trip") as socket:
        tell("close after round trips", (await socket.receive()).data)


async def main():
    async with aiohttp.ClientSession(url) as session:
        await uploads(session)
        await forms(session)
        await downloads(session)
        await sockets(session)
    await connections()


asyncio.run(main())
