/**
 * The controls of @vscode/webview-ui-toolkit, which the project's brief names. Upstream archived it in
 * January 2025: it is imported in this file only, so that replacing it means rewriting this file. Its badge
 * and its determinate progress ring set inline styles, which our content security policy refuses; they are
 * not used.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { Button, Checkbox, Dropdown, TextArea, TextField } from '@vscode/webview-ui-toolkit';
import { element, setAttribute } from './dom';

/** Defines the elements; once per page, before any is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextArea(),
    vsCodeTextField(),
  );
}

/** Controls in which keys are text, or a search by letters: no key in them is a command. */
export const textControls = 'vscode-text-field, vscode-text-area, vscode-dropdown, input, textarea, select';

/** The parts of the toolkit's elements that are used here. */
type ButtonElement = HTMLElement & Pick<Button, 'appearance' | 'disabled'>;
type DropdownElement = HTMLElement & Pick<Dropdown, 'value' | 'disabled'>;
type FieldElement = HTMLElement & Pick<TextField, 'value' | 'disabled' | 'placeholder'>;
type AreaElement = HTMLElement & Pick<TextArea, 'value' | 'disabled' | 'placeholder' | 'rows'>;
type CheckboxElement = HTMLElement & Pick<Checkbox, 'checked' | 'disabled'>;

let nextId = 1;

export interface ButtonControl {
  readonly root: HTMLElement;
  setEnabled(enabled: boolean): void;
  setLabel(label: string): void;
  /** For buttons that are on or off. */
  setPressed(pressed: boolean): void;
}

export function createButton(init: {
  readonly label: string;
  readonly title?: string;
  readonly primary?: boolean;
  /** It keeps the focus when its own work disables it: what is disabled has none. */
  readonly keepsFocus?: boolean;
  readonly onClick: () => void;
}): ButtonControl {
  const button = document.createElement('vscode-button') as ButtonElement;
  button.appearance = init.primary === true ? 'primary' : 'secondary';
  button.textContent = init.label;
  if (init.title !== undefined) button.title = init.title;
  let isEnabled = true;
  const update = (): void => {
    const isSaid = init.keepsFocus === true && !isEnabled && document.activeElement === button;
    const isDisabled = !isEnabled && !isSaid;
    if (button.disabled !== isDisabled) button.disabled = isDisabled;
    if (isSaid !== (button.ariaDisabled === 'true')) button.ariaDisabled = isSaid ? 'true' : null;
  };
  if (init.keepsFocus === true) button.addEventListener('blur', update);
  button.addEventListener('click', () => {
    if (isEnabled) init.onClick();
  });
  return {
    root: button,
    setEnabled: (enabled) => {
      isEnabled = enabled;
      update();
    },
    setLabel: (label) => {
      if (button.textContent !== label) button.textContent = label;
    },
    setPressed: (pressed) => {
      // The property, which the toolkit hands on to the button inside; the attribute alone stays outside.
      if (button.ariaPressed !== String(pressed)) button.ariaPressed = String(pressed);
      button.classList.toggle('pressed', pressed);
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownControl {
  readonly root: HTMLElement;
  /** Replaces the choices where they differ, and chooses without telling `onChange`. */
  set(choices: readonly Choice[], value: string): void;
  setEnabled(enabled: boolean): void;
}

export function createDropdown(init: {
  readonly label: string;
  readonly class?: string;
  /** What is shown of the choice in place of its text; its slot is `selected-value`. */
  readonly face?: HTMLElement;
  readonly onChange: (value: string) => void;
}): DropdownControl {
  const dropdown = document.createElement('vscode-dropdown') as DropdownElement;
  dropdown.setAttribute('aria-label', init.label);
  let shown: readonly Choice[] = [];
  const options: HTMLElement[] = [];
  const name = (option: HTMLElement, { label }: Choice): void => {
    if (option.textContent === label) return;
    option.textContent = label;
    option.title = label;
    // The toolkit names an option to screen readers once, when it is made.
    option.setAttribute('aria-label', label);
  };
  const replace = (choices: readonly Choice[], value: string): void => {
    const made = choices.map((choice) => {
      const option = element('vscode-option' as 'option', {});
      name(option, choice);
      option.setAttribute('value', choice.value);
      if (choice.value === value) option.setAttribute('selected', '');
      return option;
    });
    options.splice(0, options.length, ...made);
    dropdown.replaceChildren(...(init.face ? [init.face] : []), ...made);
  };
  dropdown.addEventListener('change', () => init.onChange(dropdown.value));
  return {
    root: withCaption(init.label, dropdown, init.class),
    set: (choices, value) => {
      const same = (part: keyof Choice): boolean =>
        choices.length === shown.length && choices.every((choice, i) => choice[part] === shown[i]?.[part]);
      // A list that is open stays while counts in it change: its options are named anew, not replaced. Without a face the
      // toolkit shows the name that its option had when it was chosen.
      if (!same('value') || (init.face === undefined && !same('label'))) replace(choices, value);
      else if (!same('label')) {
        for (const [i, choice] of choices.entries()) {
          const option = options[i];
          if (option) name(option, choice);
        }
      }
      shown = choices;
      // The options are taken up by a slot change, after which a value can be chosen.
      queueMicrotask(() => {
        if (dropdown.value !== value) dropdown.value = value;
      });
    },
    setEnabled: (enabled) => {
      if (dropdown.disabled === enabled) dropdown.disabled = !enabled;
    },
  };
}

export interface TextControl {
  readonly root: HTMLElement;
  readonly input: HTMLElement;
  value: string;
  setEnabled(enabled: boolean): void;
  /** Marks the content as wrong, with the id of the element that says why. */
  setInvalid(describedBy: string | null): void;
}

export function createTextField(init: {
  readonly label: string;
  readonly class?: string;
  readonly title?: string;
  readonly placeholder: string;
  /** Enter was pressed, or the field was left after a change. */
  readonly onCommit: (value: string, byEnter: boolean) => void;
}): TextControl {
  const field = document.createElement('vscode-text-field') as FieldElement;
  field.textContent = init.label;
  field.placeholder = init.placeholder;
  if (init.title !== undefined) field.title = init.title;
  field.addEventListener('change', () => init.onCommit(field.value, false));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') init.onCommit(field.value, true);
  });
  return textControl(field, element('div', { class: `field ${init.class ?? ''}` }, field));
}

export function createTextArea(init: {
  readonly label: string;
  readonly placeholder: string;
  readonly onInput: (value: string) => void;
}): TextControl {
  const area = document.createElement('vscode-text-area') as AreaElement;
  area.textContent = init.label;
  area.placeholder = init.placeholder;
  area.rows = 2;
  area.addEventListener('input', () => init.onInput(area.value));
  return textControl(area, element('div', { class: 'field' }, area));
}

function textControl(input: FieldElement | AreaElement, root: HTMLElement): TextControl {
  return {
    root,
    input,
    get value() {
      return input.value;
    },
    set value(value: string) {
      if (input.value !== value) input.value = value;
    },
    setEnabled: (enabled) => {
      if (input.disabled === enabled) input.disabled = !enabled;
    },
    setInvalid: (describedBy) => {
      input.classList.toggle('invalid', describedBy !== null);
      // The toolkit hands these on to the control inside its shadow root.
      setAttribute(input, 'aria-invalid', describedBy === null ? null : 'true');
      setAttribute(input, 'aria-errormessage', describedBy);
    },
  };
}

export interface CheckboxControl {
  readonly root: HTMLElement;
  set(checked: boolean): void;
  setEnabled(enabled: boolean): void;
}

export function createCheckbox(init: {
  readonly label: string;
  readonly title: string;
  readonly onChange: (checked: boolean) => void;
}): CheckboxControl {
  const checkbox = document.createElement('vscode-checkbox') as CheckboxElement;
  checkbox.textContent = init.label;
  checkbox.title = init.title;
  let told = false;
  checkbox.addEventListener('change', () => {
    if (checkbox.checked !== told) {
      told = checkbox.checked;
      init.onChange(told);
    }
  });
  return {
    root: checkbox,
    set: (checked) => {
      told = checked;
      if (checkbox.checked !== checked) checkbox.checked = checked;
    },
    setEnabled: (enabled) => {
      if (checkbox.disabled === enabled) checkbox.disabled = !enabled;
    },
  };
}

/** The toolkit has no slider: a plain range input with the toolkit's caption. */
export interface SliderControl {
  readonly root: HTMLElement;
  set(value: number, range?: { readonly least: number; readonly most: number }): void;
}

export function createSlider(init: {
  readonly label: string;
  readonly class?: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly onInput: (value: number) => void;
}): SliderControl {
  const input = element('input', {
    attributes: {
      type: 'range',
      min: String(init.least),
      max: String(init.most),
      step: String(init.step),
      'aria-label': init.label,
    },
  });
  input.addEventListener('input', () => init.onInput(input.valueAsNumber));
  return {
    root: withCaption(init.label, input, init.class),
    set: (value, range) => {
      if (range) {
        input.min = String(range.least);
        input.max = String(range.most);
      }
      input.value = String(value);
    },
  };
}

/**
 * A control under a small caption. The caption is for the eye: the control has its own name. (Text controls
 * have captions of their own, and take their name from nothing else.)
 */
function withCaption(caption: string, control: HTMLElement, className = ''): HTMLElement {
  control.id ||= `control-${nextId++}`;
  return element(
    'div',
    { class: `field ${className}`.trim() },
    element('span', { class: 'caption', text: caption, attributes: { 'aria-hidden': 'true' } }),
    control,
  );
}
