"""The room's templates, which escape all text that no filter has made HTML."""

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

CREDIT = "PyTorch로 배우는 다층 퍼셉트론, mlp-tutorial contributors. 글과 그림은 CC BY 4.0, 코드는 MIT 라이선스입니다."
FOLDER = Path(__file__).with_name("template")


def template(name: str, filters: Mapping[str, Callable[..., object]] | None = None) -> Template:
    """Return a template of the folder, with filters of its own beside jinja2's."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= filters or {}
    environment.globals["credit"] = CREDIT
    return environment.get_template(name)
