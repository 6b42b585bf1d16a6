"""Unit files by which systemd runs a school: the process, and a copy of the database each night.

systemd.service(5), systemd.exec(5), systemd.timer(5). A percent sign is doubled, since systemd expands `%x`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

_SHARED = """\
User=$user
Environment=$data_variable
WorkingDirectory=$data
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ReadWritePaths=$writable
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
"""

_UNITS = {
    "vestnik.service": """\
[Unit]
Description=Vestnik: notices of a school
Wants=network-online.target
After=network-online.target postgresql.service
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=$program run
Restart=on-failure
RestartSec=10
# 2: a wrong setting or database; 75: no messenger accepts its token. A person must mend both.
RestartPreventExitStatus=2 75
WatchdogSec=60
TimeoutStopSec=20
$shared
[Install]
WantedBy=multi-user.target
""",
    "vestnik-backup.service": """\
[Unit]
Description=Vestnik: copy of the database

[Service]
Type=oneshot
ExecStart=$program backup
$shared""",
    "vestnik-backup.timer": """\
[Unit]
Description=Vestnik: copy of the database each night

[Timer]
OnCalendar=*-*-* 03:30:00
RandomizedDelaySec=10min
Persistent=yes

[Install]
WantedBy=timers.target
""",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a school is installed: the program, its data folder, all folders that it writes to, the user it runs as."""

    program: Path
    data: Path
    written: Sequence[Path]
    user: str


def systemd_units(installed: Installation) -> Mapping[str, str]:
    """The unit files by name."""
    words = {
        "program": _quoted(installed.program),
        "data": _doubled(str(installed.data)),
        "data_variable": _quoted(f"VESTNIK_DATA={installed.data}"),
        "writable": " ".join(_quoted(f"-{folder}") for folder in dict.fromkeys(installed.written)),
        "user": installed.user,
    }
    shared = Template(_SHARED).substitute(words)
    return {name: Template(unit).substitute(words, shared=shared) for name, unit in _UNITS.items()}


def _quoted(word: str | Path) -> str:
    """One word of a unit file, whatever stands in it."""
    escaped = _doubled(str(word)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _doubled(word: str) -> str:
    return word.replace("%", "%%")
