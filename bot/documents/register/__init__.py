"""Documents of the register: forms to sign, sheets of invitations, its export, acts of erasure."""
