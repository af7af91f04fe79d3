// Turns modules that are kept as text into modules that can be imported: in a notebook and in a page without a server
// there is no address to import them from, so each gets a Blob's, and its imports name the Blobs of the others.
// Written for older browsers than the other modules are, so that it can tell of those that a browser doesn't take.

export async function load(texts, file) {
  const urls = {};
  const url = (name) => {
    const source = () => texts[name].replace(/from "\.\/([\w-]+\.js)"/g, (_, other) => `from "${url(other)}"`);
    urls[name] = urls[name] || URL.createObjectURL(new Blob([source()], { type: "text/javascript" }));
    return urls[name];
  };
  return import(url(file));
}

// Says in the explorer's place that it stopped, above its still picture; a page has that one beside the place.
export function fail({ model, el }, error) {
  const told = document.createElement("p"), still = model.get("still");
  console.error(error);
  told.setAttribute("role", "alert");
  told.textContent = `오류로 멈추었으니 다시 열고, 또 멈추면 브라우저를 새 판으로 바꾸어 여십시오 (${error}).`;
  el.textContent = "";
  el.appendChild(told);
  if (still) el.appendChild(Object.assign(document.createElement("img"), still)).style.maxWidth = "100%";
}

export default {
  async render(widget) {
    const { model } = widget;
    try {
      const { render } = await load(model.get("modules"), `${model.get("name").toLowerCase()}.js`);
      return render(widget);
    } catch (error) {
      return fail(widget, error);
    }
  },
};
