/** Chromium for the tests, and what its pages complain about. */
import { chromium, type Browser, type BrowserContext, type ConsoleMessage } from 'playwright-core';

/**
 * What of Chrome is left out. It listens to the last such list alone, so most of these are Playwright's own
 * (chromiumSwitches.ts). Ours are the pages that Chrome keeps ready under its address bar, two for every window: without
 * them a window takes half the processor time.
 */
const disabledFeatures = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'PaintHolding'],
  ...['HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'LensOverlay', 'MediaRouter', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
];

/** Quiet on a machine without a display or a network. */
const browserArguments = [
  `--disable-features=${disabledFeatures.join(',')}`,
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // Shared memory of containers is too small for large pages.
  '--disable-dev-shm-usage',
];

/** Starts the browser without a window. */
export function launchBrowser(
  executablePath: string,
  extraArguments: readonly string[] = [],
): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: [...browserArguments, ...extraArguments] });
}

let shared: Promise<Browser> | undefined;

/** The browser that the files of a worker share, since it takes longer to start than many a file; it ends with the worker. */
export async function sharedBrowser(executablePath: string): Promise<Browser> {
  shared ??= launchBrowser(executablePath);
  if (!(await shared).isConnected()) shared = launchBrowser(executablePath);
  return shared;
}

/** A page's breach of its Content Security Policy, as the browser reports it. */
export interface CspViolation {
  readonly page: string;
  readonly directive: string;
  readonly blocked: string;
  readonly source: string;
}

export interface Complaints {
  /** Breaches inside webviews (the workbench's own are not ours). */
  readonly cspViolations: CspViolation[];
  /** Errors printed or thrown in webviews. */
  readonly webviewErrors: string[];
  /** Everything printed, for the log of a failed test. */
  readonly console: string[];
}

const violationTag = 'overread-csp-violation:';

/** Listens to every page and frame of `context` from its first moment on. */
export async function collectComplaints(context: BrowserContext): Promise<Complaints> {
  const complaints: Complaints = { cspViolations: [], webviewErrors: [], console: [] };
  await context.addInitScript((tag) => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(
        tag +
          JSON.stringify({
            page: location.href,
            directive: event.effectiveDirective,
            blocked: event.blockedURI,
            source: `${event.sourceFile}:${String(event.lineNumber)}`,
          }),
      );
    });
  }, violationTag);
  context.on('console', (message) => note(complaints, message));
  context.on('weberror', (error) => {
    const text = error.error().stack ?? error.error().message;
    complaints.console.push(`thrown: ${text}`);
    if (text.includes('webview-')) complaints.webviewErrors.push(text);
  });
  return complaints;
}

function note(complaints: Complaints, message: ConsoleMessage): void {
  const text = message.text();
  complaints.console.push(`${message.type()}: ${text}`);
  if (text.startsWith(violationTag)) {
    const violation = JSON.parse(text.slice(violationTag.length)) as CspViolation;
    if (isWebview(violation.page)) complaints.cspViolations.push(violation);
    return;
  }
  if (message.type() === 'error' && isWebview(message.location().url)) complaints.webviewErrors.push(text);
}

/** Content of a webview runs in a frame named so by VS Code; its scripts are served as resources of the extension. */
function isWebview(url: string): boolean {
  return /\/fake\.html|vscode-resource|\/webview-[\w-]+\.js/.test(url);
}
