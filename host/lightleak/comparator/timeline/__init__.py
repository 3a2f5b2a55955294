"""What happened in each app and when it was watched, on one clock."""
