"""The clients of Python's websockets, that of asyncio and that of threads: `websockets_client.py ws://HOST:PORT`."""

import asyncio
import sys
import threading

import websockets
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connect_sync

from facts import pattern, tell

url = sys.argv[1]


def messages(count):
    """Texts and bytes by turns, of all lengths up to a few frames' worth; each third one in fragments."""
    for i in range(count):
        length = i * i % 3001
        whole = "✓" * length if i % 2 else pattern(length)
        yield whole, [whole[: length // 3], whole[length // 3 : length // 2], whole[length // 2 :]] if i % 3 == 0 else whole


async def echoes(path, **settings):
    """How many messages came back as they were."""
    same = 0
    async with connect(url + path, **settings) as socket:
        for whole, sent in messages(300):
            await socket.send(sent)
            same += await socket.recv() == whole
    return same


async def ended(socket):
    """How a connection ended that is to end by itself."""
    try:
        while True:
            await socket.recv()
    except ConnectionClosed as e:
        return f"{e.rcvd.code} {e.rcvd.reason}" if e.rcvd else "without a close"


async def main():
    tell("compressed echoes", await echoes("/echo"))
    tell("plain echoes", await echoes("/echo", compression=None))
    tell("echoes where nothing is compressed", await echoes("/plain-echo"))

    async with connect(url + "/echo", subprotocols=["v9.echo", "v1.echo"], max_size=None) as socket:
        tell("extensions", socket.protocol.extensions)
        tell("subprotocol", socket.subprotocol)
        answered = [await socket.ping() for _ in range(20)]
        await asyncio.gather(*answered)
        tell("pongs", len(answered))
        big = pattern(10_000_000)
        await socket.send(big[i : i + 70_000] for i in range(0, len(big), 70_000))
        tell("10 MB in fragments", await socket.recv() == big)
        await socket.close(4000, "I have seen enough ✓")
        tell("close agreed", socket.close_code)

    async with connect(url + "/echo", max_size=1000) as socket:
        await socket.send(pattern(1001))
        await ended(socket)
        tell("close of a client that got too much", socket.protocol.close_sent.code)
    async with connect(url + "/echo") as socket:
        await socket.send(bytes(17_000_000))
        tell("close of a client that sent too much", await ended(socket))
    for code in 1000, 1011, 3000, 4999:
        async with connect(url + f"/close/{code}") as socket:
            tell(f"close {code}", await ended(socket))
    async with connect(url + "/round-trip") as socket:
        tell("close after round trips", await ended(socket))
    try:
        async with connect(url + "/refused"):
            tell("refused", "no")
    except InvalidStatus as e:
        tell("refused", f"{e.response.status_code} {e.response.body.decode()}")

    async def talker(number):
        async with connect(url + "/echo") as socket:
            for i in range(20):
                await socket.send(f"{number} {i}")
                assert await socket.recv() == f"{number} {i}"

    await asyncio.gather(*(talker(number) for number in range(50)))
    tell("talkers at once", 50)

    vanishing = [await connect(url + "/echo") for _ in range(10)]
    for socket in vanishing:
        socket.transport.abort()
    tell("vanished", len(vanishing))


def with_threads():
    same = 0
    with connect_sync(url + "/echo", subprotocols=["v2.echo"]) as socket:
        tell("sync subprotocol", socket.subprotocol)
        for whole, sent in messages(300):
            socket.send(sent)
            same += socket.recv() == whole
        pong = socket.ping()
        taker = threading.Thread(target=lambda: [None for _ in socket])
        taker.start()
        tell("sync pong", pong.wait(10))
        socket.close(4001, "by threads")
        taker.join()
    tell("sync echoes", same)


asyncio.run(main())
with_threads()
