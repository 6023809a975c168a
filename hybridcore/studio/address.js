// The browser's address follows the view, without a message to the server.

export default function mount({ data, parentElement }) {
  const root = parentElement.querySelector(".address");
  const news = JSON.stringify(data);
  // Streamlit calls again when the theme changes; the address has gone on since.
  if (root.written === news) return;
  root.written = news;
  const here = location.pathname.replace(/\/+$/, "");
  if (!here.endsWith(`/${data.page}`)) return; // another page was opened meanwhile
  const query = new URLSearchParams(location.search);
  for (const name of data.names) query.delete(name);
  for (const [name, value] of Object.entries(data.values)) query.set(name, value);
  const address = `${location.pathname}?${query}${location.hash}`;
  if (address !== location.pathname + location.search + location.hash) {
    history.replaceState(history.state, "", address);
  }
}
