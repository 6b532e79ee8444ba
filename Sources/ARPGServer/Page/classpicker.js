import { element, newID } from './dom.js';

const most = 60;

/** A text field with a list of names under it: type to search, arrows and Enter to choose. */
export function classPicker(names, { id, label, change }) {
  const listID = newID('classes');
  let shown = [];
  let active = -1;

  const input = element('input', {
    id, type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: false, placeholder: 'any',
    aria: { label, expanded: false, controls: listID, autocomplete: 'list' },
  });
  const list = element('ul', { id: listID, role: 'listbox', className: 'choices', hidden: true, aria: { label } });
  const picker = element('div', { className: 'picker' }, input, list);

  const valid = () => names.find((name) => name.toLowerCase() === input.value.trim().toLowerCase());
  const check = () => {
    const isWrong = input.value.trim() !== '' && valid() === undefined;
    input.setAttribute('aria-invalid', isWrong);
    change?.();
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', false);
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (name) => {
    input.value = name;
    close();
    check();
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, place) => item.setAttribute('aria-selected', place === index));
    const item = list.children[index];
    item?.scrollIntoView({ block: 'nearest' });
    if (item) input.setAttribute('aria-activedescendant', item.id);
  };
  const open = (isSearch) => {
    const text = isSearch ? input.value.trim().toLowerCase() : '';
    const found = names.filter((name) => name.toLowerCase().includes(text));
    shown = found.sort((a, b) => rank(a, text) - rank(b, text)).slice(0, most);
    list.replaceChildren(...shown.map((name) => element('li', {
      id: newID('class'), role: 'option', aria: { selected: false },
      on: {
        pointerdown: (event) => event.preventDefault(),
        click: () => choose(name),
      },
    }, name)));
    const { bottom } = input.getBoundingClientRect();
    list.classList.toggle('up', bottom + 260 > innerHeight);
    list.hidden = shown.length === 0;
    input.setAttribute('aria-expanded', !list.hidden);
    mark(isSearch && text && shown.length ? 0 : shown.indexOf(valid()));
  };

  input.addEventListener('input', () => {
    open(true);
    check();
  });
  input.addEventListener('pointerdown', () => { if (list.hidden) open(false); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) open(false);
      const way = event.key === 'ArrowDown' ? 1 : -1;
      if (shown.length) mark((Math.max(active, way < 0 ? 0 : -1) + way + shown.length) % shown.length);
    } else if (event.key === 'Enter' && !event.ctrlKey && !list.hidden) {
      event.preventDefault();
      if (shown[active] !== undefined) choose(shown[active]);
      else close();
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  return {
    element: picker,
    /** The chosen name; an empty text for none. Throws where the text is no name. */
    get value() {
      const text = input.value.trim();
      if (text === '') return '';
      const name = valid();
      if (name === undefined) throw new Error(`${label}: '${text}' is none of the names. Choose one from the list.`);
      return name;
    },
    set value(name) {
      input.value = name;
      check();
    },
  };
}

/** Names that begin with the text come first. */
function rank(name, text) {
  return name.toLowerCase().startsWith(text) ? 0 : 1;
}
