"""Encoding and length of SMS: GSM alphabet or UCS-2, one part or several (3GPP TS 23.038 and 23.040)."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape and the character."""


def sms_part_fits_gsm(text: str) -> bool:
    """True where every character is in the GSM alphabet, which holds more than twice as many a part."""
    return set(text) <= _GSM | _GSM_EXTENDED


def sms_part_count(text: str) -> int:
    """Parts that the operator bills: 160 or 153 characters each in GSM, 70 or 67 in UCS-2."""
    if sms_part_fits_gsm(text):
        length, whole, part = len(text) + sum(character in _GSM_EXTENDED for character in text), 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else -(-length // part)
