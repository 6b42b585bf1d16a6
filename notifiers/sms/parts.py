"""How a text travels as SMS: in the GSM alphabet or in UCS-2, whole or in parts (3GPP TS 23.038 and 23.040)."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


def fits_gsm(text: str) -> bool:
    """Whether every character is in the GSM alphabet, which is cheaper by half."""
    return set(text) <= _GSM | _GSM_EXTENDED


def part_count(text: str) -> int:
    """Parts the phone company bills: 160 or 153 characters each in GSM, 70 or 67 in UCS-2."""
    if fits_gsm(text):
        length, whole, part = len(text) + sum(character in _GSM_EXTENDED for character in text), 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else -(-length // part)
