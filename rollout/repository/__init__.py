"""The one place that runs git: what the repository of a folder says, and commits of exactly the files named."""

from rollout.repository.find import Repository

__all__ = ["Repository"]
