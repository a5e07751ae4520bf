"""Spec to bytes."""
