import { checkArchitecture } from './checks';
import { architecturesOf } from './groups';

for (const name of architecturesOf('big')) checkArchitecture(name);
