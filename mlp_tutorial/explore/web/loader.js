// Turns modules that are kept as text into modules that can be imported: in a notebook and in a page without a server
// there is no address to import them from, so each gets a Blob's, and its imports name the Blobs of the others.

export function load(texts, file) {
  const urls = {};
  const url = (name) => {
    const source = () => texts[name].replace(/from "\.\/([\w-]+\.js)"/g, (_, other) => `from "${url(other)}"`);
    urls[name] ??= URL.createObjectURL(new Blob([source()], { type: "text/javascript" }));
    return urls[name];
  };
  return import(url(file));
}

export default {
  async render({ model, el }) {
    const { render } = await load(model.get("modules"), `${model.get("name").toLowerCase()}.js`);
    return render({ model, el });
  },
};
