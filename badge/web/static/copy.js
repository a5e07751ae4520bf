// Copies the text field that a button names. Where the browser refuses (no permission, plain HTTP), the text is
// selected instead and the button says which keys to press.
const SAID_MS = 4000;

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.firstElementChild;
  button.dataset.label ??= label.textContent;
  const done = await put(field);
  label.textContent = done ? button.dataset.done : button.dataset.byHand;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    label.textContent = button.dataset.label;
  }, SAID_MS);
}

async function put(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand('copy');
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.firstElementChild.setAttribute('aria-live', 'polite');
  button.addEventListener('click', () => copy(button));
}
