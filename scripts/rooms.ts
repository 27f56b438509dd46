// Draws docs/images/rooms.svg from the imports of src/core: `npm run rooms`. A test fails while it differs.
import { writeFileSync } from 'node:fs';
import { readImports } from './rooms/imports';
import { drawRooms } from './rooms/picture';

writeFileSync('docs/images/rooms.svg', drawRooms(readImports('src/core')));
console.log('wrote docs/images/rooms.svg');
