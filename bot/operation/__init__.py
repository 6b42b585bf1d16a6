"""Running as a service: unit files for systemd, its notices, and the health page for an administrator."""
