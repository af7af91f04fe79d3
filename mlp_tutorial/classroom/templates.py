"""The room's templates, which escape all text that no filter has made HTML."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

FOLDER = Path(__file__).with_name("template")


def template(name: str, filters: Mapping[str, Callable[..., object]] | None = None) -> Template:
    """Return a template of the folder, with filters of its own beside jinja2's."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= filters or {}
    return environment.get_template(name)
