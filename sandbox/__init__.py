"""An in-memory emulator of conversational-messaging provider APIs."""
