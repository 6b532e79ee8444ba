/** An element with properties and children; `data`, `aria` and `on` are objects of their own. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  const { data = {}, aria = {}, on = {}, ...rest } = properties;
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === null) continue;
    if (name in made && name !== 'list' && name !== 'role') made[name] = value;
    else made.setAttribute(name, value);
  }
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria)) made.setAttribute(`aria-${name}`, value);
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A symbol of icon.svg. */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  const use = document.createElementNS(space, 'use');
  picture.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `page/icon.svg#${name}`);
  picture.append(use);
  return picture;
}

/** A button with an icon alone; its label is read aloud and shown as a hint. */
export function iconButton(symbol, label, press, properties = {}) {
  return element('button', {
    type: 'button', className: 'icon', title: label, ...properties,
    aria: { label, ...properties.aria }, on: { click: press },
  }, icon(symbol));
}

/** A label over a field. */
export function field(label, input, properties = {}) {
  return element('label', { className: 'field', ...properties }, element('span', {}, label), input);
}

/** A select with values, each a text or a pair of value and label. */
export function choice(values, properties = {}) {
  const options = values.map((value) => {
    const [key, label] = Array.isArray(value) ? value : [value, value];
    return element('option', { value: key }, label);
  });
  const { value, ...rest } = properties;
  const select = element('select', rest, options);
  if (value !== undefined) select.value = value;
  return select;
}

/** A slider and a number that show the same value. */
export function slider({ minimum, maximum, step, value, label, change }) {
  const number = element('input', {
    type: 'number', min: minimum, max: maximum, step: step ?? 'any', value, aria: { label },
  });
  const range = element('input', {
    type: 'range', min: minimum, max: maximum, step: step ?? 'any', value, aria: { label },
  });
  range.addEventListener('input', () => {
    number.value = step ? range.value : Number(Number(range.value).toPrecision(3));
    change?.();
  });
  number.addEventListener('input', () => {
    if (number.value !== '') range.value = number.value;
    change?.();
  });
  return {
    element: element('div', { className: 'slider' }, range, number),
    get value() { return number.value; },
    set value(next) {
      number.value = next;
      range.value = next;
    },
  };
}

let count = 0;
/** A new id, for elements that refer to each other. */
export function newID(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}
