"""How a setting is called in the environment."""

PREFIX = "VESTNIK_"


def setting_variable_name(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()
