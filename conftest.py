"""Loads the plugin that runs the notebooks and sets what every test and every kernel inherits."""

pytest_plugins = ["nbcheck.plugin"]
