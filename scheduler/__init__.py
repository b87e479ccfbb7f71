"""When things happen: an alarm clock, and one file a job."""
