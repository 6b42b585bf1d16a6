"""The register over one transaction: consents, forms, contacts, erasures, codes, preferences."""

from storage.register.codes import SqlCodes
from storage.register.consents import SqlConsents
from storage.register.contacts import SqlContacts
from storage.register.erasures import SqlErasures
from storage.register.families import SqlFamilies
from storage.register.forms import SqlForms
from storage.register.preferences import SqlPreferences


class SqlRegister(SqlFamilies, SqlConsents, SqlForms, SqlContacts, SqlErasures, SqlCodes, SqlPreferences):
    pass
