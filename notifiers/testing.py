"""The channel kit under its earlier names, by which packages of third parties import it."""

from notifiers.channel_kit import ChannelKitContract as ChannelContract
from notifiers.channel_kit import ChannelKitPeer as Peer
from notifiers.channel_kit import ChannelKitRefusal as RefusingChannel
from notifiers.channel_kit import ChannelKitRemote as RemoteChannel
from notifiers.channel_kit import ChannelKitRemotePeer as RemotePeer
from notifiers.channel_kit import ChannelKitRepeats as RepeatableChannel
from notifiers.channel_kit import RefusingPeer
from notifiers.channel_kit import channel_kit_text as text_of

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
