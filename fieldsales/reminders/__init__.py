"""Reminders: what is due today and tomorrow, in the calendar, by mail, in the team's chat group, by web push."""
