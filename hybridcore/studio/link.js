// The address of this very view, copied; a button says that it is done.

const SAID = 1500; // milliseconds

/** `frame`: where a player stands, which the address may not say yet; undefined: there is none. */
export async function copyLink(button, frame) {
  const address = new URL(location.href);
  if (frame !== undefined) address.searchParams.set("frame", frame);
  await copy(address.href);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), SAID);
}

/** Browsers have a clipboard only for pages of this machine or of HTTPS. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return;
    } catch {
      // Not allowed here: the old way may be.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
