"""A coroutine does nothing by itself; a task runs at the loop's next turn, and a cancel is an exception that is raised where it waits."""

import asyncio
import gc
import json
import platform
import time


class Ticks:
    def __init__(self):
        self.seen = 0
        self.ended_at = None


async def noting(ran):
    ran.append(True)


async def ticking(ticks):
    try:
        for _ in range(20):
            await asyncio.sleep(0.01)
            ticks.seen += 1
    finally:
        ticks.ended_at = time.perf_counter()


async def computing(ticks):
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end:
        pass  # nobody else runs meanwhile, who could cancel it
    ticks.ended_at = time.perf_counter()


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


async def creation(begin):
    ran = []
    work = begin(noting(ran))
    await asyncio.sleep(0.05)
    result = bool(ran)
    await work
    return result


async def dropped_task():
    ticks = Ticks()
    task = asyncio.create_task(ticking(ticks))
    await until(lambda: ticks.seen >= 5)
    del task
    gc.collect()
    before = ticks.seen
    await asyncio.sleep(0.3)
    return ticks.seen - before


async def dropped_coroutine():
    """It is driven by hand for five ticks, since nothing else drives one that no task owns."""
    ticks = Ticks()
    coroutine = ticking(ticks)
    while ticks.seen < 5:
        waits = coroutine.send(None)
        while waits is not None and not waits.done():
            await asyncio.sleep(0.001)
    before = ticks.seen
    at = time.perf_counter()
    del coroutine, waits
    stopped_on_return = ticks.ended_at is not None
    gc.collect()
    await asyncio.sleep(0.3)
    return ticks.seen - before, {
        "microsToStop": -1 if ticks.ended_at is None else round((ticks.ended_at - at) * 1e6),
        "stoppedOnReturn": stopped_on_return,
    }


async def cancellation():
    ticks = Ticks()
    task = asyncio.create_task(ticking(ticks))
    await until(lambda: ticks.seen >= 5)
    at = time.perf_counter()
    task.cancel()
    stopped_on_return = ticks.ended_at is not None
    try:
        await task
    except asyncio.CancelledError:
        pass
    return round((ticks.ended_at - at) * 1e6), stopped_on_return


async def cancellations():
    """The middle one of five: the first runs code that has never run."""
    runs = sorted([await cancellation() for _ in range(5)])
    return {"microsToStop": runs[2][0], "stoppedOnReturn": all(stopped for _, stopped in runs)}


async def computation():
    ticks = Ticks()
    asked = time.perf_counter() + 0.05
    task = asyncio.create_task(computing(ticks))
    asyncio.get_running_loop().call_at(asyncio.get_running_loop().time() + 0.05, task.cancel)
    await task
    return round((ticks.ended_at - asked) * 1000)


async def main():
    version = f"Python {platform.python_version()}"
    ticks_after_drop, stopped = await dropped_coroutine()
    print(json.dumps({
        "form": "coroutine",
        "version": version,
        "ranBeforeAwait": await creation(lambda coroutine: coroutine),
        "ticksAfterDrop": ticks_after_drop,
        "cancelledBy": "close(), or when nobody refers to it any more",
        **stopped,
        "computesOnMillis": None,
        "runner": "whoever awaits it",
        "startsRuntime": True,
    }))
    print(json.dumps({
        "form": "task",
        "version": version,
        "ranBeforeAwait": await creation(asyncio.create_task),
        "ticksAfterDrop": await dropped_task(),
        "cancelledBy": "Task.cancel(), an exception where it awaits next",
        **await cancellations(),
        "computesOnMillis": await computation(),
        "runner": "asyncio's loop, part of the language",
        "startsRuntime": True,
    }))


asyncio.run(main())
