"""The smallest usual server with python websockets: says what the application was shown."""

import asyncio
import json
import logging

from websockets.asyncio.server import serve

logging.disable()


def say(**line):
    print(json.dumps(line), flush=True)


async def handle(connection):
    path = connection.request.path
    _, section, what, *_ = path.split("/")
    if section == "send":
        try:
            if what == "no-code":
                await connection.close()
            elif what == "reason-of-124":
                await connection.close(1000, "r" * 124)
            else:
                await connection.close(int(what))
            say(path=path, call="ok")
        except Exception:
            say(path=path, call="refused")
            # A handler that returns closes with 1000.
            await connection.wait_closed()
        return
    try:
        async for _ in connection:
            say(path=path, delivered=True)
    except Exception:
        pass
    say(path=path, shown=connection.close_code)


async def main():
    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        say(port=server.sockets[0].getsockname()[1])
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
