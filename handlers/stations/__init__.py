"""Stations in a talk: the nearest for people, leads and the half-year report for heads."""
