"""What plugins do by the hour (定时任务): when it is due, in a process of its own, and what came of it."""
