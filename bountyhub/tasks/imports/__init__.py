"""Many issues become tasks at once: imports that a maintainer begins, and labels that are followed."""
