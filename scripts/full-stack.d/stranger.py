"""Dials an agent with a key that is not its guest's, by the rules of GuestProtocol's WireFormat.

Prints what the agent answered to the wrong proof, such as `refused: authentication …`, or `ended` where it hung up.
Usage: stranger.py CID
"""

import os
import socket
import struct
import sys

MAGIC = b"\x89NSTR\r\n\x1a"


def field(number, value):
    """A field of a message: bytes, or a number below 128."""
    if isinstance(value, bytes):
        return bytes([number << 3 | 2, len(value)]) + value
    return bytes([number << 3, value])


def fields(body):
    """The fields of a message, by number; numbers as they are, everything else as bytes."""
    found, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = body[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(body):
        tag = varint()
        value = varint()
        if tag & 7 == 2:
            value, at = body[at : at + value], at + value
        found[tag >> 3] = value
    return found


def packet(kind, body):
    return MAGIC + struct.pack("<BH", kind, len(body)) + body


def receive(stream):
    """The next packet's kind and body; None where the peer hung up."""
    header = stream.read(11)
    if len(header) < 11:
        return None
    kind, length = struct.unpack("<BH", header[8:])
    return kind, stream.read(length)


with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as connection:
    connection.settimeout(60)
    connection.connect((int(sys.argv[1]), 1024))
    stream = connection.makefile("rwb")
    hello = field(1, 1) + field(2, 1) + field(3, 127) + field(4, os.urandom(32)) + field(5, 127) + field(6, b"stranger")
    stream.write(packet(1, hello))
    stream.flush()
    kinds = [receive(stream), receive(stream)]
    if [kind for kind, _ in filter(None, kinds)] != [2, 3]:
        sys.exit(f"the agent did not answer the hello: {kinds}")
    stream.write(packet(4, os.urandom(32)))
    stream.flush()
    answer = receive(stream)
    if answer is None:
        print("ended")
    elif answer[0] == 5:
        refusal = fields(answer[1])
        print(f"refused: {refusal.get(2, b'').decode()}")
        if receive(stream) is not None:
            sys.exit("the agent went on after its refusal")
    else:
        sys.exit(f"the agent took a wrong proof: {answer}")
