"""The outbox: planning, deliveries and obligations over one transaction."""

from storage.delivery.deliveries import SqlDeliveries
from storage.delivery.obligations import SqlObligations
from storage.delivery.owed_results import SqlOwedResults
from storage.delivery.phone_calls import SqlPhoneCalls
from storage.delivery.planning import SqlPlanning


class SqlOutbox(SqlPlanning, SqlDeliveries, SqlObligations, SqlPhoneCalls, SqlOwedResults):
    pass
