# SPDX-License-Identifier: LGPL-2.1-or-later
"""A proxy that makes a near server far: every byte travels half a round trip in each direction.

delay.py ROUND-TRIP-MS ADDRESS:PORT:TARGET …   listens on the port of each address for what listens on the target of 127.0.0.1,
and prints "ready" when all listen.
"""

import asyncio
import sys


async def carry(reader, writer, seconds):
    """Passes on what comes, each piece after its time, in order and without holding up the next."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def deliver():
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)

    delivery = asyncio.create_task(deliver())
    try:
        while True:
            piece = await reader.read(65536)
            pieces.put_nowait((loop.time() + seconds, piece))
            if not piece:
                break
        await delivery
    except (ConnectionError, asyncio.CancelledError):
        writer.close()


async def serve(address, port, target, seconds):
    async def accept(reader, writer):
        await asyncio.sleep(2 * seconds)        # the handshake of TCP, which the proxy answers at once
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(carry(reader, far_writer, seconds), carry(far_reader, writer, seconds))

    return await asyncio.start_server(accept, address, port, backlog=1024)


async def main():
    seconds = float(sys.argv[1]) / 2000
    for pair in sys.argv[2:]:
        address, port, target = pair.split(":")
        await serve(address, int(port), int(target), seconds)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
