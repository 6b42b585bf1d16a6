"""The outbox: planning, deliveries and obligations over one transaction."""

from storage.delivery.deliveries import Deliveries
from storage.delivery.obligations import SqlObligations
from storage.delivery.planning import Planning


class SqlOutbox(Planning, Deliveries, SqlObligations):
    pass
