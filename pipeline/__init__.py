"""What happens to bytes and text: no network, no clock of its own."""
