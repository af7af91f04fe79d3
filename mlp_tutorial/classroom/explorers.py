"""The explorers in a page that has no kernel: as a part of a handout, and all of them in a page of their own.

The page holds their modules as text, from the folder that the package's explorers have them in.
"""

import ast
import json
import re
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup

from mlp_tutorial.classroom import fonts, templates

WEB = Path(__file__).resolve().parents[1] / "explore" / "web"
CALL = re.compile(r"([A-Z]\w*)\(.*\)", re.DOTALL)  # what an explorer's output says in text
IMPORT = re.compile(r'from "\./([\w-]+\.js)"')
COMMENT = re.compile(r"(^|\s)// .*$")  # no string of a module holds one
FONTS_MARK = "/* fonts */"
SPACE = re.compile(r'("[^"]*")| ?([=<>(){},;:?*&|]) ?')  # a string, or what JavaScript needs no spaces beside
CLOSED = (  # until the explorer takes its place; JupyterLab asks before it runs what an HTML file holds
    "열리지 않으면 자바스크립트를 켜십시오(주피터랩에서는 위의 ‘HTML 신뢰함’을 누르십시오). 그래도 열리지 않으면 "
    "브라우저를 새 판으로 바꾸십시오."
)
START = """
const files = [...document.querySelectorAll("script[data-file]")];
const texts = Object.fromEntries(files.map((script) => [script.dataset.file, script.textContent]));
const controls = JSON.parse(document.getElementById("explorer-controls").textContent);
const loader = URL.createObjectURL(new Blob([texts["loader.js"]], { type: "text/javascript" }));
import(loader).then(({ load }) => load(texts, "page.js")).then(({ start }) => start(document, texts, controls));
"""


def controls() -> dict[str, Any]:
    """Return explorer → its title, controls and missions, in the order in which the notebooks come to them."""
    return json.loads((WEB / "controls.json").read_text(encoding="utf-8"))


def place(text: str) -> Markup:
    """Return where the explorer goes that an output's text names, such as Losses(label=0, logit=4.0); else nothing."""
    found, known = CALL.fullmatch(text.strip()), controls()
    if found is None or found[1] not in known:
        return Markup("")
    given = {one.arg: ast.literal_eval(one.value) for one in ast.parse(text.strip(), mode="eval").body.keywords}
    controlled = known[found[1]]["controls"].items()
    state = {name: given.get(name, control["value"]) for name, control in controlled}
    sentence = f'<p class="closed">{CLOSED}</p>'
    return Markup(f'<div data-explorer="{found[1]}" data-state="{escape(json.dumps(state))}">{sentence}</div>')


def scripts_for(page: str) -> Markup:
    """Return the style and scripts that bring to life the explorers with a place in the page; nothing for none."""
    names = sorted({*re.findall(r'<div data-explorer="(\w+)"', page)})
    if not names:
        return Markup("")
    wanted, needed = ["page.js", *(f"{name.lower()}.js" for name in names)], {}
    while wanted:
        file = wanted.pop()
        if file not in needed:
            lines = (COMMENT.sub("", line).strip() for line in (WEB / file).read_text(encoding="utf-8").splitlines())
            short = (line if "`" in line else SPACE.sub(r"\1\2", line) for line in lines if line)
            needed[file] = "\n".join(short)
            wanted += IMPORT.findall(needed[file])
    if "program.js" in needed:
        for path in (WEB / "program.txt", WEB.with_name("points.py")):
            needed[path.name] = path.read_text(encoding="utf-8")
    known = {name: {key: part for key, part in controls()[name].items() if key != "missions"} for name in names}
    shown = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    parts = [
        f"<style>{(WEB / 'explorer.css').read_text(encoding='utf-8')}</style>",
        f'<script type="application/json" id="explorer-controls">{shown}</script>',
        *(f'<script type="text/plain" data-file="{file}">{text}</script>' for file, text in needed.items()),
        f'<script type="module">{START}</script>',
    ]
    return Markup("\n".join(parts))


def playground() -> str:
    """Return the page of all explorers, each with its missions, for a first lesson without any Python."""
    parts = [(spec["title"], place(f"{name}()"), spec["missions"]) for name, spec in controls().items()]
    scripts = scripts_for("".join(where for _, where, _ in parts))
    text = templates.template("playground.html.j2").render(explorers=parts, scripts=scripts)
    return text.replace(FONTS_MARK, fonts.faces(text), 1)
