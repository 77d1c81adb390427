import asyncio


async def handle():
    return await load("order 7")


async def load(name):
    return await query(name)


async def query(name):
    return await connection(name)


async def connection(name):
    await asyncio.sleep(0.001)
    raise RuntimeError(f"no connection for {name}")


asyncio.run(handle())
