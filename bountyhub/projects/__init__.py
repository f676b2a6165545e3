"""Projects, their repositories and the App's installations; who may decide there."""
