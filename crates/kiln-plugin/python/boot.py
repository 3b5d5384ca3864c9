import marshal, os, sys


def _read(file, size):
    pieces = []
    while size:
        try:
            piece = os.read(file, min(size, 1 << 20))
        except OSError:
            piece = b""
        if not piece:
            os._exit(1)
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


_socket, _lifeline = map(int, sys.argv[1:])
_parts = dict(marshal.loads(_read(_socket, int.from_bytes(_read(_socket, 8), "little"))))
_names = {"__name__": "kiln", "SOCKET": _socket, "LIFELINE": _lifeline, "PARTS": _parts, "read": _read}
exec(compile(_parts["shim"], "<kiln/shim.py>", "exec"), _names)
