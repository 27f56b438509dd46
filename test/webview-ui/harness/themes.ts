/** The theme variables that VS Code puts on a webview's root, for the themes the page is looked at in. */
import type { Page } from 'playwright-core';

export type ThemeName = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** How VS Code names their kinds, on a webview's body. */
export const themeKinds: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
};

const fonts = {
  'font-family': 'system-ui, "DejaVu Sans", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
};

const themes: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    errorForeground: '#f85149',
    focusBorder: '#0078d4',
    'editor-background': '#1f1f1f',
    'editor-foreground': '#cccccc',
    'editorWidget-background': '#202020',
    'widget-border': '#313131',
    'badge-background': '#616161',
    'badge-foreground': '#f8f8f8',
    'button-background': '#0078d4',
    'button-border': '#ffffff1a',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-secondaryBackground': '#00000000',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#2b2b2b',
    'checkbox-background': '#313131',
    'checkbox-border': '#3c3c3c',
    'checkbox-foreground': '#cccccc',
    'dropdown-background': '#313131',
    'dropdown-border': '#3c3c3c',
    'dropdown-foreground': '#cccccc',
    'input-background': '#313131',
    'input-border': '#3c3c3c',
    'input-foreground': '#cccccc',
    'input-placeholderForeground': '#989898',
    'inputValidation-errorBackground': '#5a1d1d',
    'inputValidation-errorBorder': '#be1100',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'list-inactiveSelectionBackground': '#37373d',
    'list-hoverBackground': '#2a2d2e',
    'settings-dropdownListBorder': '#454545',
    'charts-red': '#f14c4c',
    'charts-blue': '#3794ff',
    'sash-hoverBorder': '#0078d4',
    'scrollbarSlider-background': '#79797966',
    'scrollbarSlider-hoverBackground': '#646464b3',
    'scrollbarSlider-activeBackground': '#bfbfbf66',
    'textBlockQuote-border': '#616161',
    'textLink-foreground': '#4daafc',
  },
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    errorForeground: '#f85149',
    focusBorder: '#005fb8',
    'editor-background': '#ffffff',
    'editor-foreground': '#3b3b3b',
    'editorWidget-background': '#f8f8f8',
    'widget-border': '#e5e5e5',
    'badge-background': '#cccccc',
    'badge-foreground': '#3b3b3b',
    'button-background': '#005fb8',
    'button-border': '#0000001a',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'checkbox-background': '#f8f8f8',
    'checkbox-border': '#cecece',
    'checkbox-foreground': '#3b3b3b',
    'dropdown-background': '#ffffff',
    'dropdown-border': '#cecece',
    'dropdown-foreground': '#3b3b3b',
    'input-background': '#ffffff',
    'input-border': '#cecece',
    'input-foreground': '#3b3b3b',
    'input-placeholderForeground': '#767676',
    'inputValidation-errorBackground': '#f2dede',
    'inputValidation-errorBorder': '#be1100',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'list-inactiveSelectionBackground': '#e4e6f1',
    'list-hoverBackground': '#f2f2f2',
    'settings-dropdownListBorder': '#cecece',
    'charts-red': '#e51400',
    'charts-blue': '#1a85ff',
    'sash-hoverBorder': '#005fb8',
    'scrollbarSlider-background': '#64646466',
    'scrollbarSlider-hoverBackground': '#646464b3',
    'scrollbarSlider-activeBackground': '#00000099',
    'textBlockQuote-border': '#e5e5e5',
    'textLink-foreground': '#005fb8',
  },
  'hc-dark': {
    foreground: '#ffffff',
    descriptionForeground: '#ffffffb3',
    errorForeground: '#f48771',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    'editor-background': '#000000',
    'editor-foreground': '#ffffff',
    'editorWidget-background': '#0c141f',
    'badge-background': '#000000',
    'badge-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-foreground': '#ffffff',
    'button-secondaryForeground': '#ffffff',
    'checkbox-background': '#000000',
    'checkbox-border': '#6fc3df',
    'checkbox-foreground': '#ffffff',
    'dropdown-background': '#000000',
    'dropdown-border': '#6fc3df',
    'dropdown-foreground': '#ffffff',
    'input-background': '#000000',
    'input-border': '#6fc3df',
    'input-foreground': '#ffffff',
    'input-placeholderForeground': '#ffffffb3',
    'inputValidation-errorBackground': '#000000',
    'inputValidation-errorBorder': '#6fc3df',
    'settings-dropdownListBorder': '#ffffff',
    'charts-red': '#f14c4c',
    'charts-blue': '#3794ff',
    'scrollbarSlider-background': '#6fc3df99',
  },
  'hc-light': {
    foreground: '#292929',
    descriptionForeground: '#292929b3',
    errorForeground: '#b5200d',
    focusBorder: '#006bbd',
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    'editor-background': '#ffffff',
    'editor-foreground': '#292929',
    'editorWidget-background': '#ffffff',
    'badge-background': '#0f4a85',
    'badge-foreground': '#ffffff',
    'button-background': '#0f4a85',
    'button-border': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'checkbox-background': '#ffffff',
    'checkbox-border': '#0f4a85',
    'checkbox-foreground': '#292929',
    'dropdown-background': '#ffffff',
    'dropdown-border': '#0f4a85',
    'dropdown-foreground': '#292929',
    'input-background': '#ffffff',
    'input-border': '#0f4a85',
    'input-foreground': '#292929',
    'input-placeholderForeground': '#292929b3',
    'inputValidation-errorBackground': '#ffffff',
    'inputValidation-errorBorder': '#0f4a85',
    'charts-red': '#b5200d',
    'charts-blue': '#1a85ff',
    'scrollbarSlider-background': '#0f4a8566',
  },
};

/** What VS Code gives every webview of scroll bars and focus (its `pre/index.html`). */
const ofEditor = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  a:focus, input:focus, select:focus, textarea:focus {
    outline: 1px solid -webkit-focus-ring-color;
    outline-offset: -1px;
  }
}`;

/** The style sheet that stands in for the variables VS Code sets. */
export function themeSheet(name: ThemeName): string {
  const variables = Object.entries({ ...fonts, ...themes[name] });
  return `${ofEditor} html { ${variables.map(([key, value]) => `--vscode-${key}: ${value};`).join(' ')} }`;
}

/** Changes the theme under an open page, as a person changes that of the editor. */
export async function showTheme(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(
    async ([name, kind]) => {
      if (document.body.className === kind) return;
      const sheet = document.querySelector<HTMLLinkElement>('link[href^="/theme.css"]')!;
      // Beside the one that is there, so that the page is never without.
      const next = sheet.cloneNode() as HTMLLinkElement;
      await new Promise((resolve, reject) => {
        next.addEventListener('load', resolve, { once: true });
        next.addEventListener('error', reject, { once: true });
        next.href = `/theme.css?theme=${name}`;
        sheet.after(next);
      });
      sheet.remove();
      document.body.className = kind;
      document.body.dataset['vscodeThemeKind'] = kind;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    },
    [theme, themeKinds[theme]] as const,
  );
}
