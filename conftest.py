"""Loads the plugin that runs the notebooks, and sets what every test and every kernel inherits."""

import os

from nbcheck import ENVIRONMENT

os.environ.update(ENVIRONMENT)

pytest_plugins = ["nbcheck.plugin"]
