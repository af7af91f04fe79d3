#!/usr/bin/env bash
# JupyterLab 4.6.6 (its package @jupyterlab/rendermime): fenced code in a quotation loses what lies between two dollars.
# Before markdown is parsed, mathematics is taken out; fenced code is passed over only where the fence begins the line.
# R code has dollars in most lines (model$parameters), and a quotation is a usual way to set an example apart.
# Seen: of a block at the line's start nothing is taken; of the same block behind "> " the text from the first dollar to
# the second becomes @@0@@, which the page shows in place of the code. GitHub and nbconvert show both whole.
# One would expect no mathematics in code, quoted or not, as CommonMark has it.
set -euo pipefail
version=${1:-4.6.6}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "@jupyterlab/rendermime@$version" > name
tar xzf "$(cat name)"
cp package/lib/latex.js latex.mjs
cat > try.mjs <<'JS'
import { removeMath } from "./latex.mjs";

globalThis.navigator ??= { appName: "" }; // a browser has one

const code = ["```r", "optimizer <- optim_sgd(model$parameters)", "optimizer$step()", "```"];
const plain = removeMath(code.join("\n"));
const quoted = removeMath(code.map((line) => `> ${line}`).join("\n"));
console.log(plain.text, plain.math);
console.log(quoted.text, quoted.math);
const same = plain.math.length === 0 && quoted.math.length === 1 && quoted.text.includes("model@@0@@step()");
if (!same) {
  console.error("JupyterLab does something else now");
  process.exit(1);
}
JS
node try.mjs
