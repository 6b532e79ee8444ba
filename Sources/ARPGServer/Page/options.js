import { choice, element, field, slider } from './dom.js';
import { dataURL } from './pictures.js';

const inputTypes = ['image', 'tensor', 'file'];

/** A field for each option of an adapter, drawn from its description. */
export function optionFields(descriptor, change) {
  const fields = (descriptor.options ?? []).map((option) => ({ option, ...fieldFor(option, change) }));
  return {
    elements: fields.map(({ option, element: input }) => {
      const unit = option.unit ? ` (${option.unit})` : '';
      const needed = option.required ? ', needed' : '';
      return field(`${option.name}${unit}${needed}`, input, { title: option.summary, className: 'field option' });
    }),
    /** What differs from the defaults: `{ options, inputs }`. */
    async read() {
      const options = {}, inputs = {};
      for (const { option, value, file } of fields) {
        if (file) {
          const chosen = file();
          if (chosen) inputs[option.name] = { [option.type]: chosen.url ?? await dataURL(chosen) };
          else if (option.required) throw missing(descriptor, option);
        } else {
          const text = value();
          if (text !== '' && text !== (option.default ?? '')) options[option.name] = text;
          else if (option.required && text === '') throw missing(descriptor, option);
        }
      }
      return { options, inputs };
    },
    /** Sets what a request had, the rest to the defaults. */
    restore(options = {}, inputs = {}) {
      for (const { option, set, setFile } of fields) {
        if (setFile) setFile(inputs?.[option.name]?.[option.type] ?? null);
        else set(String(options?.[option.name] ?? option.default ?? ''));
      }
    },
  };
}

function missing(descriptor, option) {
  return new Error(`${descriptor.name} needs ${option.name}: ${option.summary}. Give it under options.`);
}

/** An input and how its value is read, by the type of the option. Unknown types are texts. */
function fieldFor(option, change) {
  if (inputTypes.includes(option.type)) return fileField(option, change);
  const start = option.default ?? '';
  const on = { input: change };
  const label = option.name;
  switch (option.type) {
    case 'number':
    case 'whole': {
      const { minimum, maximum } = option;
      const step = option.step ?? (option.type === 'whole' ? 1 : undefined);
      if (Number.isFinite(minimum) && Number.isFinite(maximum)) {
        const both = slider({ minimum, maximum, step, value: start, label, change });
        return { element: both.element, value: () => both.value, set: (text) => { both.value = text; } };
      }
      return plain(element('input', {
        type: 'number', min: minimum, max: maximum, step: step ?? 'any', value: start, aria: { label }, on,
      }));
    }
    case 'choice': {
      const unset = start === '' ? [['', '–']] : [];
      return plain(choice([...unset, ...option.values], { value: start, on }));
    }
    case 'toggle': {
      const box = element('input', { type: 'checkbox', checked: start === 'true', on });
      return { element: box, value: () => String(box.checked), set: (text) => { box.checked = text === 'true'; } };
    }
    case 'colour': return colourField(option, change);
    default: return plain(element('input', {
      type: 'text', value: start, maxLength: option.limit ?? undefined, placeholder: option.example ?? '', on,
    }));
  }
}

function plain(input) {
  return { element: input, value: () => input.value, set: (text) => { input.value = text; } };
}

/** A colour by name or number, and a picker beside it. */
function colourField(option, change) {
  const text = element('input', {
    type: 'text', value: option.default ?? '', placeholder: option.example ?? '#rrggbb', aria: { label: option.name },
  });
  const picker = element('input', { type: 'color', aria: { label: `${option.name}: pick` } });
  const follow = () => {
    if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
  };
  text.addEventListener('input', () => {
    follow();
    change();
  });
  picker.addEventListener('input', () => {
    text.value = picker.value;
    change();
  });
  follow();
  return {
    element: element('span', { className: 'slider' }, picker, text),
    value: () => text.value.trim(),
    set: (value) => {
      text.value = value;
      follow();
    },
  };
}

/** A file chooser that also holds what an earlier request had. */
function fileField(option, change) {
  let kept = null;
  const input = element('input', {
    type: 'file', accept: option.type === 'image' ? 'image/*' : undefined,
    on: {
      change: () => {
        kept = null;
        change();
      },
    },
  });
  return {
    element: input,
    file: () => input.files[0] ?? (kept && { url: kept }),
    setFile: (url) => {
      input.value = '';
      kept = url;
    },
  };
}
