"""Forms as data: the files, how they are read, and how their answers are understood."""
