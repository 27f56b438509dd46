import { nativeConfig } from './scripts/lint/native.mjs';

export default nativeConfig();
