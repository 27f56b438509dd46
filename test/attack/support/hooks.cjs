// Loaded into our own programs by NODE_OPTIONS, to bring about what a test cannot wait for: a main thread that is
// in a loop or in native code, and a read of a disk that does not answer.
const fs = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const { OVERREAD_TEST_STUCK: stuck, OVERREAD_TEST_BUSY: busy, OVERREAD_TEST_CRASH: crash } = process.env;

if (stuck) {
  // Images are read on threads as well. `folder=pipe`: to open a file below the folder is to open the pipe, in which a
  // thread of the pool then stays.
  const [folder, pipe] = stuck.split('=');
  const { open } = fs.promises;
  fs.promises.open = (file, ...rest) => {
    if (!String(file).startsWith(folder)) return open(file, ...rest);
    fs.writeFileSync(`${pipe}.waiting`, '');
    return open(pipe, 'r');
  };
}
if (crash && isMainThread) {
  // A file that ends the program that opens it, as one does on which a decoder crashes.
  const { open } = fs.promises;
  fs.promises.open = (file, ...rest) => {
    if (String(file).endsWith(crash)) process.kill(process.pid, 'SIGSEGV');
    return open(file, ...rest);
  };
}
if (busy && isMainThread) {
  // `program=how=file`: begins when the file is there, so that the program can get ready first.
  const [program, how, sign] = busy.split('=');
  if (process.argv[1]?.endsWith(program)) {
    setInterval(() => {
      if (!fs.existsSync(sign)) return;
      fs.writeFileSync(`${sign}.busy`, '');
      if (how === 'loop') for (;;);
      fs.readFileSync(how);
    }, 20).unref();
  }
}
