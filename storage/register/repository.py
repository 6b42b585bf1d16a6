"""The register over one transaction: consents, contacts, codes, preferences."""

from storage.register.codes import SqlCodes
from storage.register.consents import SqlConsents
from storage.register.contacts import SqlContacts
from storage.register.preferences import SqlPreferences


class SqlRegister(SqlConsents, SqlContacts, SqlCodes, SqlPreferences):
    pass
