"""The outbox: planning, deliveries and obligations over one transaction."""

from storage.deliveries import Deliveries
from storage.obligations import Obligations
from storage.planning import Planning


class Outbox(Planning, Deliveries, Obligations):
    pass
