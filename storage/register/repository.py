"""The register over one transaction: consents, contacts, codes, preferences."""

from storage.register.codes import Codes
from storage.register.consents import Consents
from storage.register.contacts import Contacts
from storage.register.preferences import Preferences


class SqlRegister(Consents, Contacts, Codes, Preferences):
    pass
