"""Measures the engine: the floor, whole renders, and the reference recipes beside ours."""

from worker.process.limits import limit_spinning

limit_spinning()  # every module here is a program that loads torch next, and is to measure what a worker does
