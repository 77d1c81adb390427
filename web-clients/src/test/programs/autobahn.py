"""Autobahn's cases: against a server, `autobahn.py client URL AT_ONCE MESSAGES CASE…`, or against a client, `autobahn.py server MESSAGES CASE…`, which tells its port
and ends once the client asks for the reports.

What runs them is kosoku, since Autobahn's own runner needs Python 2; the cases are Autobahn's. Each is told by its number, behaviour and close. In the cases of compression
MESSAGES go to and fro; 1,000 are Autobahn's own number.
"""

import asyncio
import os
import sys

from kosoku import FailureError, run_fuzzingclient, run_fuzzingserver
from kosoku._caseindex import initialize_shims

initialize_shims()
import case12_x_x as compression  # found by the shims


def as_bytes(on_message):
    """These cases take a message for bytes, as Python 2 did; kosoku gives them text where it came without compression."""

    def on_message_of_bytes(case, message, binary):
        if isinstance(message, str):
            message = message.encode("latin-1")
        on_message(case, message, binary)

    return on_message_of_bytes


def set_up(messages):
    for case in compression.Case12_X_X + compression.Case13_X_X:
        case.COUNT = messages
        case.onMessage = as_bytes(case.onMessage)


async def results_of(run):
    try:
        return await run
    except FailureError as e:
        return e.results


async def main(side, *arguments):
    if side == "client":
        url, at_once, messages, *cases = arguments
        set_up(int(messages))
        results = await results_of(run_fuzzingclient(url, cases, concurrency=int(at_once)))
    else:
        messages, *cases = arguments
        set_up(int(messages))
        async with run_fuzzingserver(cases, port=0) as server:
            print(f"port: {server.port}")
            results = await results_of(server.get_result())
    for result in results:
        print(f"{result.case_id}: {result.behavior.value} {result.behavior_close.value}")


asyncio.run(main(*sys.argv[1:]))
sys.stdout.flush()
os._exit(0)  # kosoku's threads now and then crash an interpreter that ends
