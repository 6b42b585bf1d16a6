"""The outbox: planning, deliveries and obligations over one transaction."""

from storage.delivery.deliveries import Deliveries
from storage.delivery.obligations import Obligations
from storage.delivery.planning import Planning


class Outbox(Planning, Deliveries, Obligations):
    pass
