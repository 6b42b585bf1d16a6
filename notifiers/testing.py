"""The channel kit under its earlier name, by which packages of third parties import it."""

from notifiers.channel_kit import (
    ChannelContract,
    Peer,
    RefusingChannel,
    RefusingPeer,
    RemoteChannel,
    RemotePeer,
    RepeatableChannel,
    text_of,
)

__all__ = [
    "ChannelContract",
    "Peer",
    "RefusingChannel",
    "RefusingPeer",
    "RemoteChannel",
    "RemotePeer",
    "RepeatableChannel",
    "text_of",
]
