"""Kills, full disks, crowds and odd repositories: what happens to files when everything goes wrong."""
