import { element, field } from './dom.js';

/** Asks for an API key in a dialog: the key, or null. */
export function askForKey(wasRefused) {
  const dialog = document.querySelector('#key-dialog');
  const input = element('input', { type: 'password', name: 'key', required: true, autocomplete: 'off', autofocus: true });
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close();
      dialog.replaceChildren();
      resolve(answer);
    };
    const form = element('form', {
      on: {
        submit: (event) => {
          event.preventDefault();
          finish(input.value.trim());
        },
      },
    },
    element('h2', { id: 'key-title' }, 'API key'),
    element('p', {}, wasRefused ? 'The server refused that key. Give another one.' : 'This server asks for a key.'),
    field('Key', input),
    element('p', { className: 'hint' }, 'It is kept until this tab is closed.'),
    element('div', { className: 'row' },
      element('button', { className: 'primary' }, 'Use key'),
      element('button', { type: 'button', on: { click: () => finish(null) } }, 'Cancel')));
    dialog.replaceChildren(form);
    dialog.oncancel = (event) => {
      event.preventDefault();
      finish(null);
    };
    dialog.showModal();
  });
}
