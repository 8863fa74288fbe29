// The form of settings: reads it, and says beside each field what is wrong there.
import { defaults, type Faults, readSettings, type Settings } from '../training/settings.ts';
import { find } from './find.ts';

const fields = Object.keys(defaults) as (keyof Settings)[];

/** The form. */
export interface SettingsForm {
  /** Calls `start` with settings that are right; else shows what is not. */
  readonly onStart: (start: (settings: Settings) => void) => void;
  /** Whether it can be changed. */
  readonly enable: (enabled: boolean) => void;
}

/** Fills it with the defaults. */
export function openSettingsForm(): SettingsForm {
  const inputs = fields.map((field) => [field, find<HTMLInputElement | HTMLSelectElement>(field)] as const);
  for (const [field, input] of inputs) input.value = String(defaults[field]);
  const read = (): Settings | undefined => {
    const typed = Object.fromEntries(inputs.map(([field, input]) => [field, input.value]));
    const found = readSettings(typed);
    showFaults(inputs, 'faults' in found ? found.faults : {});
    return 'faults' in found ? undefined : found;
  };
  return {
    onStart: (start) =>
      find<HTMLFormElement>('settings').addEventListener('submit', (event) => {
        event.preventDefault();
        const settings = read();
        if (settings) start(settings);
        else inputs.find(([, input]) => input.ariaInvalid === 'true')?.[1].focus();
      }),
    enable: (enabled) => {
      for (const [, input] of inputs) input.disabled = !enabled;
    },
  };
}

type Input = HTMLInputElement | HTMLSelectElement;

function showFaults(inputs: readonly (readonly [keyof Settings, Input])[], faults: Faults): void {
  for (const [field, input] of inputs) {
    const id = `${field}-fault`;
    document.getElementById(id)?.remove();
    const fault = faults[field];
    input.ariaInvalid = String(fault !== undefined);
    input.removeAttribute('aria-describedby');
    if (fault === undefined) continue;
    const place = Object.assign(document.createElement('span'), { id, className: 'fault', textContent: fault });
    input.after(place);
    input.setAttribute('aria-describedby', id);
  }
}
